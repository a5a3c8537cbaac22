"""The sky that an image covers, as a polygon and as a circle."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from soda_core.cutout.world import PixelSky
from soda_core.sky import Vectors, lonlat_of, unit_vectors
from soda_core.sky.vectors import Floats, angles

__all__ = ["Cap", "Footprint", "around", "cap_of", "footprint_of"]

Footprint: TypeAlias = tuple[tuple[float, float], ...]
"""Vertices in ICRS degrees, empty if there is no such polygon."""

Cap: TypeAlias = tuple[float, float, float]
"""Longitude, latitude and radius in ICRS degrees."""

SAMPLES = 33
SMALL = 3.0
"""Radius in degrees up to which four corners describe an image."""

LARGE = 60.0
"""Radius in degrees from which on a polygon is not trusted."""

SIDE = 4
"""Edges a side of a larger image."""


def footprint_of(sky: PixelSky) -> tuple[Footprint, Cap]:
    """Return the outline of an image, through the outer edges of its pixels, and a circle that covers it."""
    x, y = (np.linspace(-0.5, size - 0.5, SAMPLES) for size in sky.shape)
    grid_x, grid_y = np.meshgrid(x, y)
    vectors = sky.vectors(grid_x.ravel(), grid_y.ravel()).reshape(SAMPLES, SAMPLES, 3)
    known = np.isfinite(vectors[..., 0])
    if not known.any():
        return (), (0.0, 0.0, 180.0)
    steps = np.concatenate(
        [angles(vectors[1:], vectors[:-1]).ravel(), angles(vectors[:, 1:], vectors[:, :-1]).ravel()]
    )
    steps = steps[np.isfinite(steps)]
    whole = bool(known.all())
    slack = (0.02 if whole else 1.0) * float(steps.max() if len(steps) else np.pi)
    circle = cap_of(vectors[known], np.full(int(known.sum()), slack))
    if not whole or circle[2] > LARGE:
        return (), circle
    every = (SAMPLES - 1) // (1 if circle[2] <= SMALL else SIDE)
    rim = np.concatenate(
        [vectors[0, :-1:every], vectors[:-1:every, -1], vectors[-1, :0:-every], vectors[:0:-every, 0]]
    )
    lon, lat = lonlat_of(_turning_left(rim))
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True)), circle


def _turning_left(rim: Vectors) -> Vectors:
    """Return the vertices counter-clockwise as seen from inside the sphere (DALI 1.1, 3.3.7)."""
    area = np.cross(rim, np.roll(rim, -1, axis=0)).sum(axis=0) @ rim.mean(axis=0)
    return rim[::-1] if area > 0 else rim


def cap_of(directions: Vectors, radii: Floats) -> Cap:
    """Return a circle in degrees around caps with radii in radians."""
    mean = directions.sum(axis=0)
    length = float(np.linalg.norm(mean))
    if length < 1e-3 * len(directions):
        return (0.0, 0.0, 180.0)
    lon, lat = lonlat_of(mean)
    radius = np.degrees((angles(directions, mean / length) + radii).max())
    return (float(lon), float(lat), float(min(radius, 180.0)))


def around(footprints: Sequence[Footprint]) -> Footprint:
    """Return the one footprint, or the smallest convex polygon around several; empty if one is empty."""
    if len(footprints) <= 1 or not all(footprints):
        return footprints[0] if len(footprints) == 1 else ()
    lon, lat = np.asarray([vertex for footprint in footprints for vertex in footprint]).T
    vectors = unit_vectors(lon, lat)
    middle = np.asarray(cap_of(vectors, np.zeros(len(vectors))))
    if middle[2] > LARGE:
        return ()
    centre = unit_vectors(middle[0], middle[1])
    east = unit_vectors(middle[0] + 90, 0.0)
    north = np.cross(centre, east)
    depth = vectors @ centre  # great circles are straight on the plane that touches the sphere
    corners = _hull(np.stack([vectors @ east / depth, vectors @ north / depth], axis=-1))
    lon, lat = lonlat_of(_turning_left(centre + corners[:, :1] * east + corners[:, 1:] * north))
    return tuple(zip(lon.tolist(), lat.tolist(), strict=True))


def _hull(points: Floats) -> Floats:
    """Return the corners of the convex hull of points (N, 2), counter-clockwise (Andrew's chain)."""
    ordered = [points[at] for at in np.lexsort((points[:, 1], points[:, 0]))]
    return np.asarray(_chain(ordered) + _chain(ordered[::-1]))


def _chain(ordered: list[Floats]) -> list[Floats]:
    """Return the half of a hull below its points, the last one left out."""
    chain: list[Floats] = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turn(one: Floats, two: Floats, three: Floats) -> float:
    """Return how far a path of three points turns to the left."""
    (ax, ay), (bx, by) = two - one, three - one
    return float(ax * by - ay * bx)
