"""How far the work of a job has come, told now and then."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soda_core.jobs import Context

__all__ = ["Pace"]

EVERY = 0.5
"""Seconds between two reports."""


@dataclass(slots=True)
class Pace:
    """Counts cutouts, those that failed too."""

    context: Context
    total: int = 0
    done: int = 0
    _told: float = 0.0

    def prepare(self, count: int, what: str) -> None:
        """Tell of work before the first cutout, of which nobody knows how much there is."""
        if self._is_time():
            self.context.progress(0, 0, f"{count} {what}")

    def step(self) -> None:
        """Count one cutout more, and tell so once it is known how many there are."""
        self.done += 1
        if self.total and (self._is_time() or self.done == self.total):
            self.tell()

    def tell(self) -> None:
        """Tell how many cutouts are done."""
        self.context.progress(self.done, self.total, f"{self.done} of {self.total} cutouts")

    def _is_time(self) -> bool:
        now = time.monotonic()
        if now - self._told < EVERY:
            return False
        self._told = now
        return True
