"""The engine at scale: workers elsewhere do the jobs, and are told through a broker."""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from .broker import Broker, BrokerAway, Line
from .tidy import House

if TYPE_CHECKING:
    from .results import ResultStore
    from .store import JobStore

__all__ = ["Sender"]

logger = logging.getLogger(__name__)

ROUND = 0.5
"""Seconds between two looks at the clock and the queue."""

AGAIN = 5.0
"""Seconds after which a job that still waits may be sent again."""


class Sender:
    """Sends the ids of queued jobs to workers, and again what a dead worker or an empty broker has lost.

    A message is no more than a hint that there is something to do: the broker should hold as many as jobs
    wait. Any number of servers may do this beside each other; what comes twice finds nothing to do.
    """

    def __init__(self, store: JobStore, results: ResultStore, broker: Broker) -> None:
        self._store = store
        self._house = House(store, results)
        self._broker = broker
        self._fresh: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._seen: frozenset[str] = frozenset()
        self._sent: dict[str, float] = {}
        self._missing = ""
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to send."""
        self._thread = threading.Thread(target=self._run, name="job-sender", daemon=True)
        self._thread.start()

    def submit(self, job_id: str) -> None:
        """Say that a job was queued; a broker that is away keeps nobody waiting."""
        self._fresh.put(job_id)

    def stop(self) -> None:
        """Send no more; the workers go on."""
        if self._thread is not None:
            self._fresh.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        line = Line(self._broker)
        looked = 0.0
        while (fresh := self._submitted()) is not None:
            now = time.monotonic()
            is_due = now - looked >= ROUND
            try:
                if is_due:  # first: it needs no broker
                    looked = now
                    fresh += self._house.keep().suspended
                self._send(line, fresh)
                if is_due:
                    self._send(line, self._lost(line, now))
            except SQLAlchemyError as error:
                self._note("the job store", error)
            except BrokerAway as error:
                self._note("the broker", error)
            else:
                self._note("")
        line.close()

    def _submitted(self) -> tuple[str, ...] | None:
        """Wait a moment for what was queued; None says that it is over."""
        found: list[str] = []
        try:
            entry = self._fresh.get(timeout=ROUND)
            while entry is not None:
                found.append(entry)
                entry = self._fresh.get_nowait()
        except queue.Empty:
            return tuple(found)
        return None

    def _lost(self, line: Line, now: float) -> tuple[str, ...]:
        """Return jobs that were waiting already at the last look, as many as messages are missing."""
        waiting = self._store.waiting()
        before, self._seen = self._seen, frozenset(waiting)
        self._sent = {job_id: when for job_id, when in self._sent.items() if now - when < AGAIN}
        stuck = [job_id for job_id in waiting if job_id in before and job_id not in self._sent]
        missing = len(waiting) - line.length() if stuck else 0
        return tuple(stuck[: max(0, missing)])

    def _send(self, line: Line, job_ids: tuple[str, ...]) -> None:
        if job_ids:
            line.send(job_ids)
            self._sent |= dict.fromkeys(job_ids, time.monotonic())

    def _note(self, missing: str, error: Exception | None = None) -> None:
        """Log once that something went away, and that it came back."""
        if missing and missing != self._missing:
            logger.warning("%s is away, jobs wait: %s", missing, error)
        elif self._missing and not missing:
            logger.info("%s is back", self._missing)
        self._missing = missing
