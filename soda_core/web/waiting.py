"""Requests that wait for news: bounded for each caller, and nothing runs while they do."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soda_core.registry import Caller, Later

__all__ = ["EACH", "Waiting"]

EACH = 16
"""Requests of one caller that may wait at a time; further ones are answered at once (UWS 1.1, 2.2.1.2)."""


class Waiting:
    """Who waits at the moment."""

    def __init__(self, each: int = EACH) -> None:
        self._each = each
        self._waiting: Counter[str] = Counter()

    async def wait(self, later: Later, caller: Caller) -> bool:
        """Return at the news or after the time asked for; False, at once, if the caller waits too much."""
        key = caller.identity or caller.host
        if self._waiting[key] >= self._each:
            return False
        self._waiting[key] += 1
        try:
            await asyncio.wait((asyncio.wrap_future(later.news()),), timeout=later.seconds)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key]
        return True
