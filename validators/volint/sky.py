"""Angles between directions."""

from __future__ import annotations

import math

__all__ = ["apart"]


def apart(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the angle between two directions, degrees."""
    one, two, between = map(math.radians, (lat, other_lat, lon - other_lon))
    half = math.sin((one - two) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(between / 2) ** 2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(half))))
