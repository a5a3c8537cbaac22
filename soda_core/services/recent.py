"""Answers that are good for a moment."""

from __future__ import annotations

from time import monotonic
from typing import Generic, TypeVar

__all__ = ["Recent"]

T = TypeVar("T")


class Recent(Generic[T]):
    """The last values by key: at most *size* of them, each for *seconds*."""

    def __init__(self, size: int, seconds: float) -> None:
        self._size = size
        self._seconds = seconds
        self._kept: dict[str, tuple[float, T]] = {}

    def get(self, key: str) -> T | None:
        """Return the value if it is known and not too old."""
        found = self._kept.get(key)
        return found[1] if found and monotonic() < found[0] else None

    def put(self, key: str, value: T) -> None:
        """Take a value in; all are forgotten when they become too many."""
        if len(self._kept) >= self._size:
            self._kept.clear()
        self._kept[key] = monotonic() + self._seconds, value
