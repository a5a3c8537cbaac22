"""Many great-circle arcs at once, none longer than half a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from soda_core.sky.vectors import angles, cross

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soda_core.sky.vectors import Flags, Floats, Vectors

__all__ = ["Arcs", "Indexes", "crossed"]

Indexes: TypeAlias = "NDArray[np.intp]"

LEVEL = 1e-15
"""An arc whose normal is nearer to the pole than this keeps one height."""

SLACK = 1e-14
"""Radians by which a point may lie beyond the end of an arc."""


def crossed(one: Vectors, other: Vectors) -> Vectors:
    """Return the cross products, with full precision also for neighbouring vectors."""
    return np.asarray(cross(one + other, other - one) / 2.0, dtype=np.float64)


class Arcs:
    """Arcs from *start* to *end*, unit vectors of shape (N, 3)."""

    def __init__(self, start: Vectors, end: Vectors) -> None:
        self.start, self.end = start, end
        self.normal = crossed(start, end)
        length = np.linalg.norm(self.normal, axis=-1, keepdims=True)
        self._real = length[:, 0] > 0
        self.unit = self.normal / np.where(length > 0, length, 1.0)

    def distance(self, points: Vectors) -> Floats:
        """Return the angles (N, M) in radians between arcs and points (M, 3)."""
        beside = cross(self.unit, self.start) @ points.T >= 0
        beside &= cross(self.end, self.unit) @ points.T >= 0
        beside &= self._real[:, None]
        to_arc = np.abs(np.arcsin(np.clip(self.unit @ points.T, -1.0, 1.0)))
        to_ends = np.minimum(_apart(self.start, points), _apart(self.end, points))
        return np.asarray(np.minimum(np.where(beside, to_arc, np.pi), to_ends), dtype=np.float64)

    def apart(self, points: Vectors) -> Floats:
        """Return the angles (N,) in radians between each arc and a point (N, 3) of its own."""
        beside = np.einsum("ij,ij->i", np.cross(self.unit, self.start), points) >= 0
        beside &= np.einsum("ij,ij->i", np.cross(self.end, self.unit), points) >= 0
        to_arc = np.abs(np.arcsin(np.clip(np.einsum("ij,ij->i", self.unit, points), -1.0, 1.0)))
        to_ends = np.minimum(angles(self.start, points), angles(self.end, points))
        return np.minimum(np.where(beside & self._real, to_arc, np.pi), to_ends)

    def cross(self, other: Arcs) -> Flags:
        """Tell which arcs (N, M) cross those of *other* in a point inside of both."""
        other_start, other_end = self.normal @ other.start.T, self.normal @ other.end.T
        own_start, own_end = self.start @ other.normal.T, self.end @ other.normal.T
        down = (other_start < 0) & (other_end > 0) & (own_end < 0) & (own_start > 0)
        up = (other_start > 0) & (other_end < 0) & (own_end > 0) & (own_start < 0)
        return np.asarray(down | up, dtype=np.bool_)

    def at_height(self, height: float) -> tuple[Vectors, Indexes]:
        """Return the points (M, 3) of the arcs whose third coordinate is *height*, and the arc of each."""
        steep = np.hypot(self.unit[:, 0], self.unit[:, 1])
        some = np.flatnonzero(self._real & (steep >= max(abs(height), LEVEL)))
        unit, cosine = self.unit[some], height / steep[some, None]
        top = (np.array([0.0, 0.0, 1.0]) - unit[:, 2:] * unit) / steep[some, None]
        aside = cross(unit, top) * np.sqrt(np.maximum(1.0 - cosine**2, 0.0))
        points = np.concatenate([top * cosine + aside, top * cosine - aside])
        arcs = np.concatenate([some, some])
        after = np.einsum("ij,ij->i", cross(self.unit[arcs], self.start[arcs]), points) >= -SLACK
        before = np.einsum("ij,ij->i", cross(self.end[arcs], self.unit[arcs]), points) >= -SLACK
        return points[after & before], arcs[after & before]

    def extremes(self) -> tuple[Floats, Floats]:
        """Return the least and the greatest coordinates (N, 3) along each arc."""
        least, most = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        for axis in range(3):
            top = np.eye(3)[axis] - self.unit[:, axis, None] * self.unit
            before = np.einsum("ij,ij->i", cross(self.unit, self.start), top)
            after = np.einsum("ij,ij->i", cross(self.end, self.unit), top)
            height = np.sqrt(np.maximum(1.0 - self.unit[:, axis] ** 2, 0.0))
            most[:, axis] = np.where(self._real & (before > 0) & (after > 0), height, most[:, axis])
            least[:, axis] = np.where(self._real & (before < 0) & (after < 0), -height, least[:, axis])
        return least, most


def _apart(one: Vectors, other: Vectors) -> Floats:
    """Return the angles (N, M) between two lists of unit vectors."""
    chord = np.linalg.norm(one[:, None, :] - other[None], axis=-1)
    return np.asarray(2.0 * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0)), dtype=np.float64)
