"""Small results on their way to the store: what comes while some are written goes with the next ones."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Outbox"]

Item = TypeVar("Item")

LINGER = 0.1
"""Seconds that the first one waits for company."""

MOST = 16 << 20
"""Bytes that wait at a time; who brings more waits too."""


class Outbox(Generic[Item]):
    """Hands results to *deliver*, many at a time, in a thread of its own, in the order in which they came.

    Once that has failed, every further call raises the same error.
    """

    def __init__(self, deliver: Callable[[Sequence[Item]], None]) -> None:
        self._deliver = deliver
        self._changed = threading.Condition()
        self._waiting: list[Item] = []
        self._size = 0
        self._is_urgent = False
        self._is_busy = False
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None

    def put(self, item: Item, size: int) -> None:
        """Take something of so many bytes along, and return at once unless there are too many already."""
        with self._changed:
            self._wait(lambda: self._size < MOST)
            self._waiting.append(item)
            self._size += size
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="job-outbox", daemon=True)
                self._thread.start()
            if self._size >= MOST:
                self._changed.notify_all()

    def flush(self) -> None:
        """Return once all is delivered."""
        with self._changed:
            self._is_urgent = True
            self._changed.notify_all()
            try:
                self._wait(lambda: not (self._waiting or self._is_busy))
            finally:
                self._is_urgent = False

    def _wait(self, condition: Callable[[], bool]) -> None:
        self._changed.wait_for(lambda: self._error or condition())
        if self._error:
            raise self._error

    def _run(self) -> None:
        while batch := self._next():
            try:
                self._deliver(batch)
            except Exception as error:  # noqa: BLE001 - raised again where the results come from
                self._error = error
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _next(self) -> Sequence[Item]:
        """Return what is to be delivered now; nothing ends the thread, another one is begun if need be."""
        with self._changed:
            if self._error or not self._waiting:
                self._thread = None
                return ()
            self._changed.wait_for(lambda: self._is_urgent or self._size >= MOST, LINGER)
            batch, self._waiting, self._size = self._waiting, [], 0
            self._is_busy = True
            self._changed.notify_all()
            return batch
