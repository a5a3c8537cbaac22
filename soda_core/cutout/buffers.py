"""Memory for pixels, lent again and again: pages that were touched once need not be cleared anew."""

import threading
import weakref
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["buffer"]

LARGE = 1 << 18
"""Bytes from which on memory is kept."""

MOST = 32 << 20
"""Bytes that are kept at most."""


class _Buffers:
    """The memory that nobody looks at any more, the latest last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[NDArray[np.uint8]] = []
        self._size = 0

    def lend(self, size: int) -> memoryview:
        """Return memory that holds anything; it comes back when its last view goes."""
        if size < LARGE:
            return np.empty(size, dtype=np.uint8).data
        whole = self._taken(size)
        if whole is None:
            whole = np.empty(size, dtype=np.uint8)
        lent = whole[:size]
        weakref.finalize(lent, self._take_back, whole).atexit = False
        return lent.data

    def _taken(self, size: int) -> NDArray[np.uint8] | None:
        """Take out memory of at least that size and at most twice as much."""
        with self._lock:
            for at in range(len(self._kept) - 1, -1, -1):
                if size <= len(self._kept[at]) <= 2 * size:
                    found = self._kept.pop(at)
                    self._size -= len(found)
                    return found
        return None

    def _take_back(self, whole: NDArray[np.uint8]) -> None:
        """Keep memory, and let go of the oldest beyond the bound.

        Never waits: the collector of garbage may call this from within `lend`.
        """
        if len(whole) > MOST or not self._lock.acquire(blocking=False):
            return
        try:
            self._kept.append(whole)
            self._size += len(whole)
            while self._size > MOST:
                self._size -= len(self._kept.pop(0))
        finally:
            self._lock.release()


buffer: Callable[[int], memoryview] = _Buffers().lend
"""Return so many bytes of memory that hold anything."""
