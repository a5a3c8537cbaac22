"""News of changed jobs, for any number of waiting threads at the cost of one look a tick."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from concurrent.futures import Future
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Watcher"]

logger = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between two looks while somebody waits."""

SOON, FRACTION = 0.02, 0.25
"""The same for who has only just begun to wait: so many seconds, and this part of what was waited so far."""

PAUSE = 1.0
"""The same while the store is away."""


class Watcher:
    """Compares states; *look* returns version and phase of the jobs asked for, without those that are gone.

    Its thread lives only while somebody waits.
    """

    def __init__(self, look: Callable[[tuple[str, ...]], Mapping[str, tuple[int, str]]]) -> None:
        self._look = look
        self._lock = threading.Condition()
        self._waiting: dict[str, set[tuple[int | str, Future[None]]]] = defaultdict(set)
        self._thread: threading.Thread | None = None
        self._latest = 0.0
        self._is_nudged = False

    def changed(self, job_id: str, seen: int | str) -> Future[None]:
        """Return what is done once the version or phase *seen* is not the job's; cancel it to leave."""
        news: Future[None] = Future()
        with self._lock:
            self._waiting[job_id].add((seen, news))
            self._latest = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="job-watcher", daemon=True)
                self._thread.start()
            self._is_nudged = True
            self._lock.notify()
        return news

    def nudge(self) -> None:
        """Look at once: this process has changed a job."""
        with self._lock:
            self._is_nudged = True
            self._lock.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._leave_out_the_cancelled()
                if not self._waiting:
                    self._thread = None
                    return
                asked = tuple(self._waiting)
                self._is_nudged = False
            pause = min(TICK, SOON + FRACTION * (time.monotonic() - self._latest))
            try:
                self._tell(self._look(asked), asked)
            except SQLAlchemyError as error:
                logger.warning("the job store is away: %s", error)
                pause = PAUSE
            with self._lock:
                self._lock.wait_for(lambda: self._is_nudged, pause)

    def _leave_out_the_cancelled(self) -> None:
        for job_id in tuple(self._waiting):
            self._waiting[job_id] = {entry for entry in self._waiting[job_id] if not entry[1].done()}
            if not self._waiting[job_id]:
                del self._waiting[job_id]

    def _tell(self, states: Mapping[str, tuple[int, str]], asked: tuple[str, ...]) -> None:
        with self._lock:
            news = [
                future
                for job_id in asked
                for seen, future in self._waiting.get(job_id, ())
                if seen not in states.get(job_id, ())
            ]
        for future in news:
            if future.set_running_or_notify_cancel():
                future.set_result(None)
