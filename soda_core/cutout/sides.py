"""The box of a region on a plane, found by looking along its four sides only."""

import numpy as np

from soda_core.cutout.model import Box
from soda_core.cutout.tangent import TangentPlane
from soda_core.sky import SkyRegion
from soda_core.sky.vectors import Floats

__all__ = ["NO_PIXEL", "side_box"]

MARGIN = 1.0
"""Pixels by which a region may reach over the outline that is drawn around it."""

ROWS = 3
"""Rows that are tried at once on each side, twice as many each further time."""

TRIES = 4
MOST = 1 << 18
"""Pixels that are tried at once at most."""

NO_PIXEL: Box = (0, -1, 0, -1)
"""The box of a region without a pixel centre."""


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
        for sign in (1, -1):
            found = _side(plane, shape, region, outline, axis, sign)
            if found is None:
                return None
            limits.append(found)
            if found < 0:
                return NO_PIXEL
    return limits[0], limits[1], limits[2], limits[3]


def _side(
    plane: TangentPlane, shape: tuple[int, int], region: SkyRegion, outline: Floats, axis: int, sign: int
) -> int | None:
    """Return the first row across *axis* with a pixel inside, from below (sign 1) or above; -1 for none."""
    along, across = outline[:, axis] * sign, outline[:, 1 - axis]
    size, width = shape[axis], shape[1 - axis]
    lowest, highest = (0, size - 1) if sign > 0 else (1 - size, 0)
    first = max(lowest, int(np.ceil(along.min() - MARGIN)))
    end = min(highest, int(np.floor(along.max() + MARGIN)))
    rows = ROWS
    for _ in range(TRIES):
        if first > end:
            return -1
        last = min(end, first + rows - 1)
        window = _window(along, across, last + MARGIN, width)
        if window is not None:
            if (last - first + 1) * (window[1] - window[0] + 1) > MOST:
                return None
            hit = _hit(plane, region, (first, last), window, axis, sign)
            if hit is not None:
                return hit
        first, rows = last + 1, rows * 8
    return -1 if first > end else None


def _window(along: Floats, across: Floats, level: float, width: int) -> tuple[int, int] | None:
    """Return the first and last pixel that the part of the outline below *level* reaches."""
    below = along <= level
    beside = below | np.roll(below, 1) | np.roll(below, -1)
    reached = across[beside]
    if not len(reached):
        return None
    low = max(0, int(np.ceil(reached.min() - MARGIN)))
    high = min(width - 1, int(np.floor(reached.max() + MARGIN)))
    return (low, high) if low <= high else None


def _hit(
    plane: TangentPlane,
    region: SkyRegion,
    rows: tuple[int, int],
    window: tuple[int, int],
    axis: int,
    sign: int,
) -> int | None:
    """Return the first of some rows with a pixel inside, as counted from the start of the axis."""
    count, width = rows[1] - rows[0] + 1, window[1] - window[0] + 1
    along = np.repeat(np.arange(rows[0], rows[1] + 1, dtype=np.float64) * sign, width)
    across = np.tile(np.arange(window[0], window[1] + 1, dtype=np.float64), count)
    vectors = plane.vectors(along, across) if axis == 0 else plane.vectors(across, along)
    inside = np.flatnonzero(region.contains(vectors))
    return int(along[inside[0]]) if len(inside) else None
