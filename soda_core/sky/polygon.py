"""Polygons with great-circle edges, of any size, convex or not, in either winding."""

import numpy as np

from soda_core.dali.shapes import Polygon
from soda_core.sky.arcs import crossed
from soda_core.sky.vectors import Flags, Floats, Vectors, angles, cross, unit_vectors

__all__ = ["CHUNK", "NARROW", "TOLERANCE", "PolygonRegion"]

TOLERANCE = 1e-12
"""Radians by which a point may lie outside and still count as on the outline."""

CHUNK = 1 << 21
"""Pairs of point and edge that are worked on at once."""

NARROW = np.pi / 2 - 1e-3
"""Radius up to which all vertices lie within an open hemisphere, with some room."""

STEP = 1e-3
"""Largest step in radians off an edge to a point beside it."""


class PolygonRegion:
    """The smaller part of the sphere that the outline cuts off.

    A point is inside if the great circle from it to a point known to be outside crosses the outline an odd
    number of times. If a hemisphere holds all vertices, any point at 90 degrees from its centre is outside.
    Else the turns at the vertices tell the area on the left of the outline, and a point just beside the
    longest edge, on the side with more area, is outside.
    """

    def __init__(self, shape: Polygon) -> None:
        lon, lat = np.asarray(shape.vertices, dtype=np.float64).T
        corners = unit_vectors(lon, lat)
        self._start = corners[angles(corners, np.roll(corners, -1, axis=0)) > 0]
        if not len(self._start):
            self._start = corners[:1]
        self._end = np.roll(self._start, -1, axis=0)
        self._normal = crossed(self._start, self._end)
        self._centre, self._radius = _cap(self._start)
        self._outside = self._far_points() if self._radius < NARROW else self._near_points()

    def contains(self, vectors: Vectors) -> Flags:
        """Tell which unit vectors lie inside or on the outline."""
        inside = np.zeros(len(vectors), dtype=np.bool_)
        near = np.arange(len(vectors))
        if self._radius < NARROW:
            near = np.flatnonzero(vectors @ self._centre >= np.cos(self._radius + 1e-9) - 1e-15)
        step = max(1, CHUNK // len(self._start))
        for first in range(0, len(near), step):
            rows = near[first : first + step]
            inside[rows] = self._inside(vectors[rows])
        return inside

    def may_touch(self, directions: Vectors, radii: Floats) -> Flags:
        """Tell which caps (radii in radians) could share a point with the region."""
        found = self.contains(directions)
        step = max(1, CHUNK // len(self._start))
        for first in range(0, len(found), step):
            rows = slice(first, first + step)
            found[rows] |= self._distance(directions[rows]) <= radii[rows] + TOLERANCE
        return found

    def anchors(self) -> Vectors:
        """Return the centre of the vertices, the vertices and the middles of the edges."""
        middle = self._start + self._end
        middle = middle[np.linalg.norm(middle, axis=-1) > TOLERANCE]
        middle /= np.linalg.norm(middle, axis=-1, keepdims=True)
        points = np.concatenate([self._centre[None], self._start, middle])
        return points[self.contains(points)]

    def hull(self) -> Vectors | None:
        """Return the vertices if a hemisphere holds them."""
        return self._start if self._radius < NARROW else None

    def _inside(self, vectors: Vectors) -> Flags:
        """Count crossings from each vector to the outside point that is farther from its antipode."""
        first, second = self._outside
        use_first = vectors @ first >= vectors @ second
        outside = np.where(use_first[:, None], first, second)
        circle = crossed(vectors, outside)
        side_start = circle @ self._start.T >= 0
        side_end = np.roll(side_start, -1, axis=1)
        side_point = vectors @ self._normal.T >= 0
        side_outside = np.where(use_first[:, None], self._normal @ first >= 0, self._normal @ second >= 0)
        odd = (side_start != side_end) & (side_point != side_outside) & (side_point == side_end)
        odd = np.asarray(odd.sum(axis=1) % 2 == 1, dtype=np.bool_)
        return odd | (self._distance(vectors) <= TOLERANCE)

    def _distance(self, vectors: Vectors) -> Floats:
        """Return the angle in radians to the nearest point of the outline."""
        length = np.linalg.norm(self._normal, axis=-1, keepdims=True)
        normal = self._normal / np.where(length > 0, length, 1.0)
        beside = (vectors @ cross(normal, self._start).T >= 0) & (vectors @ cross(self._end, normal).T >= 0)
        beside &= length.T > 0
        to_edge = np.abs(np.arcsin(np.clip(vectors @ normal.T, -1.0, 1.0)))
        chord = np.linalg.norm(vectors[:, None, :] - self._start[None], axis=-1)
        to_vertex = 2.0 * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0))
        return np.asarray(
            np.minimum(np.where(beside, to_edge, np.pi), to_vertex).min(axis=1), dtype=np.float64
        )

    def _far_points(self) -> tuple[Vectors, Vectors]:
        """Return two opposite points at 90 degrees from the centre of the vertices."""
        axis = np.eye(3)[np.argmin(np.abs(self._centre))]
        across = cross(self._centre, axis)
        across /= np.linalg.norm(across)
        return across, -across

    def _near_points(self) -> tuple[Vectors, Vectors]:
        """Return two points beside the longest edges, on the side with the larger area."""
        side = -1.0 if _left_area(self._start) <= 2 * np.pi else 1.0
        order = np.argsort(-angles(self._start, self._end))
        first = self._beside(int(order[0]), side)
        others = [self._beside(int(edge), side) for edge in order[1:]]
        return first, min(others, key=lambda point: abs(float(point @ first)), default=first)

    def _beside(self, edge: int, side: float) -> Vectors:
        """Return a point just left (side 1) or right (side -1) of the middle of an edge."""
        middle = self._start[edge] + self._end[edge]
        middle = middle / np.linalg.norm(middle)
        normal = self._normal[edge] / np.linalg.norm(self._normal[edge])
        step = STEP
        for _ in range(40):
            point = middle * np.cos(step) + side * normal * np.sin(step)
            if self._distance(point[None])[0] >= step * (1 - 1e-9):
                return np.asarray(point, dtype=np.float64)
            step /= 2
        return np.asarray(point, dtype=np.float64)


def _cap(points: Vectors) -> tuple[Vectors, float]:
    """Return the mean direction and the largest angle to it."""
    mean = points.sum(axis=0)
    length = float(np.linalg.norm(mean))
    if length < 1e-9 * len(points):
        return points[0], float(np.pi)
    mean = mean / length
    return mean, float(angles(points, mean[None]).max())


def _left_area(points: Vectors) -> float:
    """Return the solid angle on the left of a closed outline, from its turns."""
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    arriving, leaving = crossed(before, points), crossed(points, after)
    sine = np.einsum("ij,ij->i", cross(arriving, leaving), points)
    cosine = np.einsum("ij,ij->i", arriving, leaving)
    return float((2 * np.pi - np.arctan2(sine, cosine).sum()) % (4 * np.pi))
