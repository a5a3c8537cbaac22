"""The engine that needs nothing else: supervisor processes on this machine."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from .post import Post, find_work
from .tidy import House, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .results import ResultStore
    from .store import JobStore

__all__ = ["LEASE", "LocalEngine"]

logger = logging.getLogger(__name__)

LEASE = 10.0
"""Seconds after which a worker that does not answer loses its job."""

RUN = "from soda_core.jobs.supervisor import main; main()"
"""Not `-m`, which warns of a module that its package has imported already; warnings may be errors."""

ROUND = 0.5
"""Seconds between two looks at the supervisors and the clock."""

PATIENCE = 5
"""Seconds that a supervisor may take to give its job back."""


@dataclass
class Slot:
    """One supervisor."""

    worker: str
    process: subprocess.Popen[bytes]

    def tell(self) -> None:
        """Say that there may be something to do."""
        if self.process.stdin is not None:
            with suppress(
                OSError, ValueError
            ):  # it is just dying, its pipe is full of such news, or is closed
                os.write(self.process.stdin.fileno(), b"\n")


class LocalEngine:
    """Runs jobs, *work* the `module:function` of an `Opener`, in children of *slots* supervisor processes.

    They have *environment* beside that of this process, and are started when there is a first job to do.
    Any number of servers on one machine may have an engine over the same store.
    """

    def __init__(
        self,
        store: JobStore,
        results: ResultStore,
        work: str,
        *,
        slots: int = 0,
        lease_seconds: float = LEASE,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._store = store
        self._results = results
        self._work = work
        self._count = slots or os.cpu_count() or 1
        self._lease = lease_seconds
        self._environment = dict(environment or {})
        self._slots: list[Slot] = []
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._keeper: threading.Thread | None = None

    def start(self) -> None:
        """Begin to take jobs, also those that a dead server left; raises what importing the work raises."""
        find_work(self._work)
        self._stopping.clear()
        # A thread of its own: the kernel ends the supervisors with the thread that made them.
        self._keeper = threading.Thread(target=self._keep, name="job-keeper", daemon=True)
        self._keeper.start()

    def submit(self, job_id: str) -> None:  # noqa: ARG002 - the protocol's; any supervisor takes the oldest job
        """Say that a job was queued."""
        slots = tuple(self._slots)
        for slot in slots:
            slot.tell()
        if not slots:
            self._news.set()

    def stop(self) -> None:
        """End all work; what is not finished goes on under the next server."""
        self._stopping.set()
        self._news.set()
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None

    def pids(self) -> tuple[int, ...]:
        """Return the processes of the supervisors."""
        return tuple(slot.process.pid for slot in self._slots)

    def _keep(self) -> None:
        """Keep the slots filled and the house in order until told to stop."""
        try:
            house = House(self._store, self._results)
            while not self._stopping.is_set():
                if self._slots:
                    self._fill()
                with suppress(SQLAlchemyError):  # the next round may find the store again
                    house.keep()
                    if not self._slots and self._store.queue_length():
                        self._fill()
                self._news.wait(ROUND)
                self._news.clear()  # before the next look, so that no news is lost
        finally:
            self._end()

    def _fill(self) -> None:
        """Start the supervisors that are missing; what a dead one had waits for another at once."""
        living = [slot for slot in self._slots if slot.process.poll() is None]
        for slot in self._slots:
            if slot not in living:
                logger.warning("a job supervisor ended, status %s", slot.process.returncode)
                _close(slot)
                self._give_back(slot)
        missing = self._count - len(living)
        self._slots = living + [self._new() for _ in range(missing)]

    def _give_back(self, slot: Slot) -> None:
        try:
            swept = self._store.release_worker(slot.worker)
            tidy(self._store, self._results, swept.suspended + swept.failed)
        except SQLAlchemyError:
            logger.warning("the job store is away; the lease sees to the job", exc_info=True)

    def _new(self) -> Slot:
        """Start a supervisor in a session of its own: what the terminal sends is for the server."""
        post = Post(
            worker=f"{socket.gethostname()[:64]}/{uuid.uuid4().hex}",
            parent=os.getpid(),
            store=self._store.place,
            results=self._results.place,
            work=self._work,
            lease_seconds=self._lease,
            limits=asdict(self._store.limits),
        )
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", RUN],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | self._environment,
        )
        slot = Slot(post.worker, process)
        if process.stdin is not None:
            with suppress(BrokenPipeError):  # it ended at once, which the next round sees
                process.stdin.write(post.line())
                process.stdin.flush()
            os.set_blocking(process.stdin.fileno(), False)
        return slot

    def _end(self) -> None:
        """Let the supervisors give back what they have, and end."""
        for slot in self._slots:
            _close(slot)
        for slot in self._slots:
            try:
                slot.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                slot.process.kill()
                slot.process.wait()
                self._give_back(slot)
        self._slots = []


def _close(slot: Slot) -> None:
    if slot.process.stdin is not None:
        with suppress(OSError):
            slot.process.stdin.close()
