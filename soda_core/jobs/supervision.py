"""One attempt at a job: a child process that is watched from claim to finish."""

from __future__ import annotations

import logging
import os
import select
import time
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from .aside import Aside
from .child import PipeContext, be_child, failure_of
from .death import kill_group
from .errors import ResultsTooLarge
from .messages import Inbox
from .tidy import clean, sweep, tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import Work
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

    *stopping* is asked often, with seconds to wait and a pipe (-1 for none) that may end the wait: once it is
    true, the job is given back.
    """

    store: JobStore
    results: ResultStore
    work: Work
    lease_seconds: float
    stopping: Callable[[float, int], bool] = _go_on
    _job: Job = field(init=False)
    _inbox: Inbox = field(init=False)
    _renewed: float = field(init=False)
    _looked: float = field(init=False)
    _swept: float = field(init=False)
    _verdict: Failure | None = field(init=False)
    _aside: Aside = field(default_factory=Aside, init=False)

    def run(self, job: Job) -> None:
        """Do a claimed job; when this returns it is finished, given back or somebody else's."""
        self._job, self._verdict = job, None
        self._renewed = self._looked = self._swept = time.monotonic()
        child = self._fork()
        try:
            end = self._watch(child)
        finally:
            kill_group(child)
            os.waitpid(child, 0)
            self._inbox.read()
            os.close(self._inbox.pipe)
        all_is_listed = False
        if end is End.STOPPED:
            self._insist(lambda: self.store.release(job.id, job.attempt, died=False))
        elif end is End.OVER:
            all_is_listed = bool(self._insist(self._conclude))
        self._aside.end(self.lease_seconds)
        if job.attempt > 1 or not all_is_listed:
            self._do_aside(lambda: tidy(self.store, self.results, (job.id,)))
            self._aside.end(self.lease_seconds)

    def _fork(self) -> int:
        """Start the child, which inherits no connection to the store."""
        self.store.close()
        reading, writing = os.pipe()
        parent = os.getpid()
        child = os.fork()
        if not child:
            os.close(reading)
            context = PipeContext(self._job, self.results, writing, self.store.limits.result_bytes)
            be_child(self.work, self._job, context, parent, writing)
        os.close(writing)
        os.set_blocking(reading, False)
        self._inbox = Inbox(reading)
        return child

    def _watch(self, child: int) -> End:
        """Wait until the child is over, the job is not ours any more, or we are to stop."""
        while not (self._inbox.is_over or _is_dead(child)):
            if self.stopping(TICK, self._inbox.pipe):
                return End.STOPPED
            self._inbox.read()
            if not self._goes_on():
                return End.OVER if self._verdict else End.LOST
        return End.OVER

    def _goes_on(self) -> bool:
        """Report, renew and look at the row, each in its time; tell whether the job is still ours."""
        now = time.monotonic()
        if now - self._looked < TICK:
            return True
        self._looked = now
        try:
            if now - self._swept >= 1:
                self._swept = now
                self._keep_house()
            if not self._tell(now):
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

    def _tell(self, now: float) -> bool:
        job = self._job
        if now - self._renewed >= self.lease_seconds / 3:
            if not self.store.renew(job.id, job.attempt, self.lease_seconds):
                return False
            self._renewed = now
        if self._inbox.has_news:
            return self._report()
        return self.store.holds(job.id, job.attempt)

    def _report(self) -> bool:
        """Write what the child has told; it is kept until that is done."""
        inbox = self._inbox
        done = self.store.report(self._job.id, self._job.attempt, inbox.progress, inbox.results)
        inbox.clear()
        return done

    def _conclude(self) -> bool:
        """Write how a job ended whose child is no more; tell whether all its files are listed then."""
        job, inbox = self._job, self._inbox
        if not (self._verdict or inbox.done or inbox.failure):
            logger.warning("the child of job %s died", job.id)
            self.store.release(job.id, job.attempt, died=True)
            return False
        try:
            if inbox.progress:
                self._report()
            failure = self._verdict or inbox.failure
            done = self.store.finish(job.id, job.attempt, results=inbox.results, failure=failure)
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


def _is_dead(child: int) -> bool:
    """Tell whether a child has ended; it can still be waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
