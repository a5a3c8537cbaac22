"""News of changed jobs, for any number of waiting threads at the cost of one look a tick."""

from __future__ import annotations

import logging
import threading
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

PAUSE = 1.0
"""The same while the store is away."""


class Watcher:
    """Compares versions; *look* returns those of the jobs asked for, without those that are gone.

    Its thread lives only while somebody waits.
    """

    def __init__(self, look: Callable[[tuple[str, ...]], Mapping[str, int]]) -> None:
        self._look = look
        self._lock = threading.Condition()
        self._waiting: dict[str, set[tuple[int, Future[None]]]] = defaultdict(set)
        self._thread: threading.Thread | None = None

    def changed(self, job_id: str, version: int) -> Future[None]:
        """Return what is done once the job has another version, or is gone; cancel it to leave."""
        news: Future[None] = Future()
        with self._lock:
            self._waiting[job_id].add((version, news))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="job-watcher", daemon=True)
                self._thread.start()
            self._lock.notify()
        return news

    def nudge(self) -> None:
        """Look at once: this process has changed a job."""
        with self._lock:
            self._lock.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._leave_out_the_cancelled()
                if not self._waiting:
                    self._thread = None
                    return
                asked = tuple(self._waiting)
            pause = TICK
            try:
                self._tell(self._look(asked), asked)
            except SQLAlchemyError as error:
                logger.warning("the job store is away: %s", error)
                pause = PAUSE
            with self._lock:
                self._lock.wait(pause)

    def _leave_out_the_cancelled(self) -> None:
        for job_id in tuple(self._waiting):
            self._waiting[job_id] = {entry for entry in self._waiting[job_id] if not entry[1].done()}
            if not self._waiting[job_id]:
                del self._waiting[job_id]

    def _tell(self, versions: Mapping[str, int], asked: tuple[str, ...]) -> None:
        with self._lock:
            news = [
                future
                for job_id in asked
                for version, future in self._waiting.get(job_id, ())
                if versions.get(job_id) != version
            ]
        for future in news:
            if future.set_running_or_notify_cancel():
                future.set_result(None)
