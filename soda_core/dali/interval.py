"""Intervals of wavelength and time."""

from dataclasses import dataclass

__all__ = ["Interval"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends included; an infinite end is open (DALI 1.1, 3.3.4)."""

    low: float
    high: float

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two have a value in common."""
        return self.low <= other.high and other.low <= self.high
