"""Requests that wait for news: bounded for each caller, and nothing runs while they do."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soda_core.registry import Caller, Later

__all__ = ["EACH", "LEAVING", "Waiting"]

EACH = 16
"""Requests of one caller that may wait at a time; further ones are answered at once (UWS 1.1, 2.2.1.2)."""

LEAVING = "sodalite.leaving"
"""Under which name the state of the application has what a server calls when it begins to shut down."""


class Waiting:
    """Who waits at the moment, for the news that they wait for."""

    def __init__(self, each: int = EACH) -> None:
        self._each = each
        self._waiting: Counter[str] = Counter()
        self._awaited: set[asyncio.Future[None]] = set()
        self._ended = False

    async def wait(self, later: Later, caller: Caller) -> bool:
        """Return at the news or after the time asked for.

        False, at once, if the caller waits too much or the server is about to end.
        """
        key = caller.identity or caller.host
        if self._ended or self._waiting[key] >= self._each:
            return False
        news = asyncio.wrap_future(later.news())
        self._waiting[key] += 1
        self._awaited.add(news)
        try:
            await asyncio.wait((news,), timeout=later.seconds)
        finally:
            news.cancel()  # or it would be looked for until it comes
            self._awaited.remove(news)
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key]
        return not self._ended

    def end(self) -> None:
        """Let everybody go, and let nobody wait any more; called in the thread of the loop."""
        self._ended = True
        for news in self._awaited:
            news.cancel()
