"""Threads for work that takes long, and a bounded queue before them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread

from soda_core.dali import ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Places", "Pool"]

T = TypeVar("T")


class Places:
    """So many requests at a time, and no queue before them."""

    def __init__(self, most: int) -> None:
        self._free = most

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have a place; raises `ServiceUnavailable` where all are taken."""
        if not self._free:
            raise ServiceUnavailable("too many files are being sent; send this one a little later")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class Pool:
    """So many *threads*, and so many requests that may wait for one of them."""

    def __init__(self, threads: int, queue: int) -> None:
        self._limiter = CapacityLimiter(threads)
        self._queue = queue

    async def begin(self, work: Callable[[], T]) -> T:
        """Do the first work for a request; raises `ServiceUnavailable` where too many wait already."""
        if self._limiter.statistics().tasks_waiting >= self._queue:
            raise ServiceUnavailable("too many requests wait for an answer; ask again a little later")
        return await self.run(work)

    async def run(self, work: Callable[[], T]) -> T:
        """Do more work for a request that was let in."""
        return await to_thread.run_sync(work, limiter=self._limiter)
