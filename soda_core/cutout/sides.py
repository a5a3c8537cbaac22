"""The box of a region on a plane, found by looking along its four sides only."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from soda_core.cutout.ellipse import NO_PIXEL
from soda_core.cutout.model import Box
from soda_core.cutout.tangent import TangentPlane
from soda_core.sky import SkyRegion
from soda_core.sky.vectors import Floats

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
    limits: list[int] = []
    for axis in (0, 1):
        across = outline[:, 1 - axis]
        ring = np.concatenate([across[-1:], across, across[:1]])
        low = np.minimum(np.minimum(ring[:-2], ring[2:]), across)
        high = np.maximum(np.maximum(ring[:-2], ring[2:]), across)
        for sign in (1, -1):
            side = _Side(plane, region, axis, sign, (outline[:, axis] * sign, low, high))
            found = side.first(shape[axis], shape[1 - axis])
            if found is None:
                return None
            if found < 0:
                return NO_PIXEL
            limits.append(found)
    return limits[0], limits[1], limits[2], limits[3]


@dataclass(frozen=True, slots=True)
class _Side:
    """The view along *axis* from its start (*sign* 1) or its end.

    *outline* tells for each point how far along it lies, and from where to where across the axis the line to
    both its neighbours runs.
    """

    plane: TangentPlane
    region: SkyRegion
    axis: int
    sign: int
    outline: tuple[Floats, Floats, Floats]

    def first(self, size: int, width: int) -> int | None:
        """Return the first row with a pixel inside, -1 if there is none, None if it takes too long."""
        along = self.outline[0]
        start, stop = (0, size - 1) if self.sign > 0 else (1 - size, 0)
        start = max(start, ceil(float(along.min()) - MARGIN))
        stop = min(stop, floor(float(along.max()) + MARGIN))
        rows = ROWS
        for _ in range(TRIES):
            if start > stop:
                return -1
            last = min(stop, start + rows - 1)
            window = self._window(last + MARGIN, width)
            if (last - start + 1) * (window[1] - window[0] + 1) > MOST:
                return None
            hit = self._hit(start, last, window)
            if hit is not None:
                return hit
            start, rows = last + 1, rows * 8
        return -1 if start > stop else None

    def _window(self, level: float, width: int) -> tuple[int, int]:
        """Return the first and last pixel that the part of the outline up to *level* reaches."""
        along, low, high = self.outline
        near = along <= level
        first = float(low.min(where=near, initial=width)) - MARGIN
        last = float(high.max(where=near, initial=-1.0)) + MARGIN
        return max(0, ceil(first)), min(width - 1, floor(last))

    def _hit(self, first: int, last: int, window: tuple[int, int]) -> int | None:
        """Return the first of some rows with a pixel inside, counted from the start of the axis."""
        count, width = last - first + 1, window[1] - window[0] + 1
        if width <= 0:
            return None
        places = np.empty((count, width, 2))
        places[..., self.axis] = np.arange(first, last + 1)[:, None] * self.sign
        places[..., 1 - self.axis] = np.arange(window[0], window[1] + 1)
        inside = self.region.contains(self.plane.vectors(places.reshape(-1, 2)))
        at = int(inside.argmax())
        return (first + at // width) * self.sign if inside[at] else None
