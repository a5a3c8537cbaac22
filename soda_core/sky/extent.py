"""Boxes about regions in the space of unit vectors: six numbers, lower and upper bound along each axis.

There is no seam at the meridian 0 and no pole, so any index of boxes can find regions of the sky.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky.footprints import Footprints
from soda_core.sky.regions import meridians, rectangle_range
from soda_core.sky.vectors import off_axes, unit_vectors

if TYPE_CHECKING:
    from soda_core.sky.vectors import Floats

__all__ = ["extent", "extents"]

ROOM = 1e-9
"""Radians added on each side: a box may be too large, never too small."""


def extent(shape: Shape) -> Floats:
    """Return the box (3, 2) about *shape*."""
    match shape:
        case Circle():
            return _about_circle(shape)
        case Polygon():
            return np.asarray(extents(Footprints.of_polygons([shape.vertices]))[0])
        case Range():
            return _about(shape)
        case BoundingRectangle():
            return _about(rectangle_range(shape))


def extents(areas: Footprints) -> Floats:
    """Return the boxes (N, 3, 2) about many areas; NaN where there is none."""
    least, most = areas.bounds()
    return np.stack([np.maximum(least - ROOM, -1.0), np.minimum(most + ROOM, 1.0)], axis=-1)


def _about_circle(shape: Circle) -> Floats:
    """Return the box about a circle: how near it comes to both ends of each axis."""
    turned = off_axes(unit_vectors(shape.lon, shape.lat))
    radius = np.radians(shape.radius)
    least, most = np.cos(np.minimum(turned + radius, np.pi)), np.cos(np.maximum(turned - radius, 0.0))
    return np.stack([np.maximum(least - ROOM, -1.0), np.minimum(most + ROOM, 1.0)], axis=-1)


def _about(shape: Range) -> Floats:
    """Return the box about a range, as products of what its longitudes and latitudes give."""
    west, east = meridians(shape)
    south, north = np.radians([max(-90.0, shape.lat_min), min(90.0, shape.lat_max)])
    level = [np.cos(south), np.cos(north), *([1.0] if south <= 0 <= north else [])]
    sides = []
    for turned in (0.0, 90.0):
        along = _cosines(west - turned, min(east, west + 360.0) - turned)
        products = [min(level) * side for side in along] + [max(level) * side for side in along]
        sides.append((min(products) - ROOM, max(products) + ROOM))
    return np.array([*sides, (np.sin(south) - ROOM, np.sin(north) + ROOM)])


def _cosines(low: float, high: float) -> tuple[float, float]:
    """Return the least and the greatest cosine between two angles in degrees."""
    ends = np.cos(np.radians([low, high]))
    has_top = np.floor(high / 360.0) >= np.ceil(low / 360.0)
    has_bottom = np.floor((high - 180.0) / 360.0) >= np.ceil((low - 180.0) / 360.0)
    return -1.0 if has_bottom else float(ends.min()), 1.0 if has_top else float(ends.max())
