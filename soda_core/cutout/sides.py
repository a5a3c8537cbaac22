"""The box of a region on a plane, found by looking along its four sides only."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from soda_core.cutout.ellipse import NO_PIXEL

if TYPE_CHECKING:
    from soda_core.cutout.model import Box
    from soda_core.cutout.tangent import TangentPlane
    from soda_core.sky import SkyRegion
    from soda_core.sky.vectors import Flags, Floats

__all__ = ["side_box"]

MARGIN = 1.0
"""Pixels by which a region may reach over the outline that is drawn around it."""

ROWS = 3
"""Rows that are tried at once on each side, twice as many each further time."""

TRIES = 4
MOST = 1 << 18
"""Pixels that are tried at once at most."""


def side_box(plane: TangentPlane, shape: tuple[int, int], region: SkyRegion) -> Box | None:
    """Return the box of the pixel centres in *region*, NO_PIXEL if there are none; None if it is not sure.

    All of the region lies within its outline. So a row beyond the outline holds none of it, and of a row near
    the end only the part that the outline reaches there can: a row is out if that part has no pixel inside,
    and the first row with one is the side of the box.
    """
    corners = region.hull()
    outline = plane.outline(corners) if corners is not None else None
    if outline is None:
        return None
    ring = np.concatenate([outline[-1:], outline, outline[:1]])
    low = np.minimum(np.minimum(ring[:-2], ring[2:]), outline)
    high = np.maximum(np.maximum(ring[:-2], ring[2:]), outline)
    sides = [
        _Side(axis, sign, outline[:, axis] * sign, (low[:, 1 - axis], high[:, 1 - axis]), shape)
        for axis in (0, 1)
        for sign in (1, -1)
    ]
    looking = sides
    for _ in range(TRIES):
        looking = [side for side in looking if side.goes_on]
        if not looking:
            break
        _look(plane, region, looking)
    if any(side.found is None and (side.lost or side.goes_on) for side in sides):
        return None
    limits = [side.found for side in sides if side.found is not None]
    return (limits[0], limits[1], limits[2], limits[3]) if len(limits) == len(sides) else NO_PIXEL


def _look(plane: TangentPlane, region: SkyRegion, sides: list[_Side]) -> None:
    """Try the next rows of some sides, all by one turn to the sky."""
    tried = [(side, places) for side in sides if (places := side.next_places()) is not None]
    if not tried:
        return
    inside = region.contains(plane.vectors(np.concatenate([places for _, places in tried])))
    at = 0
    for side, places in tried:
        side.take(inside[at : at + len(places)])
        at += len(places)


class _Side:
    """The view along *axis* from its start (*sign* 1) or its end.

    *along* tells for each point of the outline how far along it lies, *across* from where to where across the
    axis the lines to both its neighbours run.
    """

    def __init__(
        self, axis: int, sign: int, along: Floats, across: tuple[Floats, Floats], shape: tuple[int, int]
    ) -> None:
        self._axis, self._sign = axis, sign
        self._along, self._across = along, across
        self._width = shape[1 - axis]
        first, last = (0, shape[axis] - 1) if sign > 0 else (1 - shape[axis], 0)
        self._next = max(first, ceil(float(along.min()) - MARGIN))
        self._last = min(last, floor(float(along.max()) + MARGIN))
        self._rows = ROWS
        self._window = (0, 0)
        self.found: int | None = None
        """The first row with a pixel inside, counted from the start of the axis."""
        self.lost = False
        """Whether there are too many pixels to try."""

    @property
    def goes_on(self) -> bool:
        """Whether there are rows to try."""
        return self.found is None and not self.lost and self._next <= self._last

    def next_places(self) -> Floats | None:
        """Return the pixels (N, 2) of the next rows, None where the outline reaches none of them."""
        last = min(self._last, self._next + self._rows - 1)
        low, high = self._reach(last + MARGIN)
        count, width = last - self._next + 1, high - low + 1
        self._window = (self._next, max(0, width))
        self._next, self._rows = last + 1, self._rows * 8
        if width <= 0:
            return None
        if count * width > MOST:
            self.lost = True
            return None
        places = np.empty((count, width, 2))
        places[..., self._axis] = np.arange(last - count + 1, last + 1)[:, None] * self._sign
        places[..., 1 - self._axis] = np.arange(low, high + 1)
        return places.reshape(-1, 2)

    def take(self, inside: Flags) -> None:
        """Learn which of them are inside."""
        at = int(inside.argmax())
        if inside[at]:
            first, width = self._window
            self.found = (first + at // width) * self._sign

    def _reach(self, level: float) -> tuple[int, int]:
        """Return the first and last pixel that the part of the outline up to *level* reaches."""
        near = self._along <= level
        first = float(self._across[0].min(where=near, initial=self._width)) - MARGIN
        last = float(self._across[1].max(where=near, initial=-1.0)) + MARGIN
        return max(0, ceil(first)), min(self._width - 1, floor(last))
