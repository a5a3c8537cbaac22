"""One attempt at a job: a child process that is watched from claim to finish."""

from __future__ import annotations

import logging
import select
import time
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from .aside import Aside
from .child import Task, failure_of
from .errors import ResultsTooLarge
from .forked import Forked
from .tidy import clean, sweep, tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import Work
    from .messages import Inbox
    from .model import Failure, Job
    from .results import ResultStore
    from .store import JobStore

__all__ = ["Supervision"]

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

TICK = 0.2
"""Seconds between two looks at the row and two reports."""

PATIENCE = 10
"""How many times the lease the end of a job is tried to be written while the store is away."""


def _go_on(seconds: float, pipe: int) -> bool:
    """Wait, and do not stop."""
    select.select([pipe] if pipe >= 0 else (), (), (), seconds)
    return False


class End(Enum):
    """Why a child is watched no longer."""

    OVER = auto()
    LOST = auto()
    STOPPED = auto()


@dataclass
class Supervision:
    """Runs jobs that a worker has claimed, one at a time, in children of this process of one thread.

    A child does a further job if the one before was completed. *stopping* is asked often, with seconds to
    wait and a pipe (-1 for none) that may end the wait: once it is true, the job is given back.
    """

    store: JobStore
    results: ResultStore
    work: Work
    lease_seconds: float
    stopping: Callable[[float, int], bool] = _go_on
    _job: Job = field(init=False)
    _renewed: float = field(init=False)
    _looked: float = field(init=False)
    _swept: float = field(init=False)
    _verdict: Failure | None = field(init=False)
    _child: Forked | None = field(default=None, init=False)
    _aside: Aside = field(default_factory=Aside, init=False)

    def run(self, job: Job) -> None:
        """Do a claimed job; when this returns it is finished, given back or somebody else's."""
        self._job, self._verdict = job, None
        self._renewed = self._looked = self._swept = time.monotonic()
        child = self._child = self._ready_child()
        try:
            end = self._watch(child)
        finally:
            if self._can_go_on(child):
                child.pause()
            else:
                self.rest()
        all_is_listed = False
        if end is End.STOPPED:
            self._insist(lambda: self.store.release(job.id, job.attempt, died=False))
        elif end is End.OVER:
            all_is_listed = bool(self._insist(lambda: self._conclude(child.inbox)))
        self._aside.end(self.lease_seconds)
        if not all_is_listed:
            self.rest()
        if job.attempt > 1 or not all_is_listed:
            self._do_aside(lambda: tidy(self.store, self.results, (job.id,)))
            self._aside.end(self.lease_seconds)

    def rest(self) -> None:
        """Let go of the child that waits for a further job, if there is one."""
        if self._child:
            self._child.end()
            self._child = None

    def _ready_child(self) -> Forked:
        """Give the job to the child of the last one, or else to a new one."""
        if self._child and self._child.take(self._job):
            return self._child
        self.rest()
        self.store.close()
        return Forked.of(Task(self.work, self._job, self.results, self.store.limits.result_bytes))

    def _watch(self, child: Forked) -> End:
        """Wait until the child is over, the job is not ours any more, or we are to stop."""
        while not (child.inbox.is_over or child.is_dead()):
            if self.stopping(TICK, child.inbox.pipe):
                return End.STOPPED
            child.inbox.read()
            if not self._goes_on(child.inbox):
                return End.OVER if self._verdict else End.LOST
        return End.OVER

    def _can_go_on(self, child: Forked) -> bool:
        """Tell whether the child waits for a further job."""
        done = child.inbox.done
        return self._verdict is None and done is not None and done.again

    def _goes_on(self, inbox: Inbox) -> bool:
        """Report, renew and look at the row, each in its time; tell whether the job is still ours."""
        now = time.monotonic()
        if now - self._looked < TICK:
            return True
        self._looked = now
        try:
            if now - self._swept >= 1:
                self._swept = now
                self._keep_house()
            if not self._tell(inbox, now):
                return False
        except ResultsTooLarge as error:
            self._verdict = failure_of(error, self._job)
            return False
        except SQLAlchemyError as error:
            logger.warning("the job store is away; job %s goes on: %s", self._job.id, error)
            return now - self._renewed < self.lease_seconds
        return True

    def _keep_house(self) -> None:
        """Sweep here, and let another process remove files."""
        if self._aside.is_busy():
            return
        _, chores = sweep(self.store)
        if chores:
            self._do_aside(lambda: clean(self.store, self.results, chores))

    def _do_aside(self, deed: Callable[[], None]) -> None:
        self.store.close()
        self._aside.begin(deed)

    def _tell(self, inbox: Inbox, now: float) -> bool:
        job = self._job
        if now - self._renewed >= self.lease_seconds / 3:
            if not self.store.renew(job.id, job.attempt, self.lease_seconds):
                return False
            self._renewed = now
        if inbox.has_news:
            return self._report(inbox)
        return self.store.holds(job.id, job.attempt)

    def _report(self, inbox: Inbox) -> bool:
        """Write what the child has told; it is kept until that is done."""
        done = self.store.report(self._job.id, self._job.attempt, inbox.progress, inbox.results)
        inbox.clear()
        return done

    def _conclude(self, inbox: Inbox) -> bool:
        """Write how a job ended; tell whether all its files are listed then."""
        job = self._job
        if not (self._verdict or inbox.done or inbox.failure):
            logger.warning("the child of job %s died", job.id)
            self.store.release(job.id, job.attempt, died=True)
            return False
        try:
            failure = self._verdict or inbox.failure
            done = self.store.finish(
                job.id, job.attempt, progress=inbox.progress, results=inbox.results, failure=failure
            )
        except ResultsTooLarge as error:
            self.store.finish(job.id, job.attempt, failure=failure_of(error, job))
            return False
        return done and failure is None

    def _insist(self, deed: Callable[[], Answer]) -> Answer | None:
        """Do it, again and again while the store is away; the lease sees to what cannot be written."""
        last = time.monotonic() + PATIENCE * self.lease_seconds
        while True:
            try:
                return deed()
            except SQLAlchemyError:
                if time.monotonic() > last or self.stopping(TICK, -1):
                    logger.exception("the job store is away; the end of job %s is lost", self._job.id)
                    return None
