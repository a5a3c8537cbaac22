"""Many areas of the sky against one region: which of them share a point with it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky.arcs import Arcs, Indexes
from soda_core.sky.decimals import decimals
from soda_core.sky.polygon import CHUNK, NARROW, TOLERANCE, PolygonRegion
from soda_core.sky.regions import RangeRegion, meridians, rectangle_range, sky_region
from soda_core.sky.vectors import Flags, Floats, Vectors, angles, cross, lonlat_of, off_axes, unit_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Footprints"]

Vertices: TypeAlias = "Sequence[tuple[float, float]]"
Pairs: TypeAlias = "tuple[Indexes, Indexes]"
"""Numbers of areas, and of the points beside them."""

PAIRS = 20_000
"""Pairs of area and point that are looked at exactly at once."""


class Footprints:
    """Areas in the order given: each a polygon, a circle, or nothing at all.

    Two areas share a point if the outline of one enters the other, or one lies inside of the other.
    """

    def __init__(self, count: int, polygons: _Polygons, circles: tuple[Indexes, Vectors, Floats]) -> None:
        self._count, self._polygons, self._circles = count, polygons, circles
        self._bounds: tuple[Floats, Floats] | None = None

    @classmethod
    def of_circles(cls, circles: Floats) -> Footprints:
        """Take circles (N, 3): longitude, latitude, radius in degrees; NaN is nothing."""
        return cls._of(len(circles), np.empty(0, np.intp), np.empty(0, np.intp), np.empty((0, 2)), circles)

    @classmethod
    def of_polygons(cls, polygons: Sequence[Vertices]) -> Footprints:
        """Take the vertices of polygons, degrees."""
        sizes = np.array([len(vertices) for vertices in polygons], dtype=np.intp)
        flat = np.array([vertex for vertices in polygons for vertex in vertices], dtype=np.float64)
        return cls._of(
            len(polygons),
            np.arange(len(polygons)),
            sizes,
            flat.reshape(-1, 2),
            np.full((len(polygons), 3), np.nan),
        )

    @classmethod
    def read(cls, texts: Sequence[str | None], circles: Floats) -> Footprints:
        """Take polygons `lon lat …` or circles `lon lat radius` as text; where there is none, take *circles*.

        Raises `ValueError` where a text is something else.
        """
        circles = circles.copy()
        known = [text or "" for text in texts]
        sizes = np.array([len(text.split()) for text in known], dtype=np.intp)
        flat = decimals(" ".join(known))
        round_ = sizes == 3  # noqa: PLR2004 - a circle
        if round_.any():
            of_circles = np.repeat(round_, sizes)
            circles[round_] = flat[of_circles].reshape(-1, 3)
            flat, sizes[round_] = flat[~of_circles], 0
        if np.any(sizes % 2) or np.any((sizes > 0) & (sizes < 6)):  # noqa: PLR2004 - three vertices
            raise ValueError("a region is neither the vertices of a polygon nor a circle")
        rows = np.flatnonzero(sizes)
        circles[rows] = np.nan
        return cls._of(len(known), rows, sizes[rows] // 2, flat.reshape(-1, 2), circles)

    @classmethod
    def _of(cls, count: int, rows: Indexes, sizes: Indexes, flat: Floats, circles: Floats) -> Footprints:
        round_ = np.flatnonzero(np.isfinite(circles).all(axis=1))
        lon, lat, radius = circles[round_].T
        polygons = _Polygons(rows, sizes, unit_vectors(*flat.T))
        return cls(count, polygons, (round_, unit_vectors(lon, lat), np.radians(radius)))

    def __len__(self) -> int:
        return self._count

    def meets(self, shape: Shape) -> Flags:
        """Tell which areas share at least one point with *shape*; an outline belongs to its area."""
        found = np.zeros(self._count, dtype=np.bool_)
        rows, centres, radii = self._circles
        if len(rows):
            found[rows] = _circles_meet(shape, centres, radii)
        if len(self._polygons.rows):
            found[self._polygons.rows] = _polygons_meet(shape, self._polygons)
        return found

    def holders(self, points: Vectors, reach: float) -> Pairs:
        """Return which areas hold which *points* (M, 3), or are not farther away than *reach* radians."""
        found: list[Pairs] = [(np.empty(0, np.intp), np.empty(0, np.intp))]
        if self._bounds is None:
            self._bounds = self.bounds()
        boxes = self._bounds
        order = np.argsort(points[:, 2])
        step = max(1, CHUNK // max(1, len(points)))
        for first in range(0, self._count, step):
            rows = slice(first, first + step)
            areas, spots = _in_boxes((boxes[0][rows] - reach, boxes[1][rows] + reach), points, order)
            for start in range(0, len(areas), PAIRS):
                some, at = areas[start : start + PAIRS] + first, spots[start : start + PAIRS]
                held = self._each_holds(some, points[at], reach)
                found.append((some[held], at[held]))
        areas, spots = (np.concatenate(part) for part in zip(*found, strict=True))
        return areas, spots

    def _each_holds(self, areas: Indexes, points: Vectors, reach: float) -> Flags:
        """Tell which of *areas*, which may repeat, hold the point (N, 3) that each has beside it."""
        held = np.zeros(len(areas), dtype=np.bool_)
        place = np.empty(self._count, np.intp)
        rows, centres, radii = self._circles
        place[rows] = np.arange(len(rows))
        place[self._polygons.rows] = np.arange(len(self._polygons.rows))
        is_round = np.isin(areas, rows)
        some = place[areas[is_round]]
        held[is_round] = angles(centres[some], points[is_round]) <= radii[some] + reach
        if not is_round.all():
            polygons = self._polygons.take(place[areas[~is_round]])
            held[~is_round] = polygons.each_holds(points[~is_round], reach)
        return held

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the least and greatest coordinates (N, 3) of the unit vectors of each area, else NaN."""
        least, most = np.full((self._count, 3), np.nan), np.full((self._count, 3), np.nan)
        rows, centres, radii = self._circles
        turned = off_axes(centres)
        least[rows] = np.cos(np.minimum(turned + radii[:, None], np.pi))
        most[rows] = np.cos(np.maximum(turned - radii[:, None], 0.0))
        if len(self._polygons.rows):
            least[self._polygons.rows], most[self._polygons.rows] = self._polygons.bounds()
        return least, most


class _Polygons:
    """Polygons whose edges lie in one list, polygon after polygon."""

    def __init__(
        self, rows: Indexes, sizes: Indexes, vertices: Vectors, caps: tuple[Vectors, Floats] | None = None
    ) -> None:
        self.rows, self.sizes, self.vertices = rows, sizes, vertices
        self.first = np.cumsum(sizes) - sizes
        self.owner = np.repeat(np.arange(len(sizes)), sizes)
        self.centre, self.radius = caps or self._caps()

    @cached_property
    def arcs(self) -> Arcs:
        """The edges; those of polygons that are far away are never asked for."""
        following = np.arange(1, len(self.vertices) + 1)
        following[self.first + self.sizes - 1] = self.first
        return Arcs(self.vertices, self.vertices[following])

    def _caps(self) -> tuple[Vectors, Floats]:
        """Return centre and radius of the cap about each polygon."""
        vertices = self.vertices
        if not len(self.sizes):
            return np.empty((0, 3)), np.empty(0)
        total = np.add.reduceat(vertices, self.first)
        length = np.linalg.norm(total, axis=-1)
        vague = length < 1e-9 * self.sizes
        centre = np.where(vague[:, None], vertices[self.first], total / np.where(vague, 1.0, length)[:, None])
        radius = np.maximum.reduceat(angles(vertices, centre[self.owner]), self.first)
        radius[vague | (radius >= NARROW)] = np.pi
        return centre, radius

    def take(self, some: Indexes) -> _Polygons:
        """Return a part of the polygons, in their order."""
        if len(some) == len(self.sizes):
            return self
        sizes = self.sizes[some]
        inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        vertices = self.vertices[np.repeat(self.first[some], sizes) + inside]
        return _Polygons(self.rows[some], sizes, vertices, (self.centre[some], self.radius[some]))

    def any(self, flags: Flags) -> Flags:
        """Tell of which polygons any edge or vertex is marked."""
        return np.asarray(np.logical_or.reduceat(flags, self.first), dtype=np.bool_)

    def hold(self, point: Vectors) -> Flags:
        """Tell which polygons hold one point (3,), outlines left out."""
        held = np.zeros(len(self.sizes), dtype=np.bool_)
        near = np.flatnonzero(angles(self.centre, point[None]) <= self.radius)
        wide = self.radius[near] >= NARROW
        for index in near[wide]:
            held[index] = self._region(int(index)).contains(point[None])[0]
        if np.any(~wide):
            held[near[~wide]] = self.take(near[~wide]).narrow_hold(point)
        return held

    def each_holds(self, points: Vectors, reach: float) -> Flags:
        """Tell which polygons hold the point (N, 3) that each has, or are within *reach* radians of it."""
        held = self.any(self.arcs.apart(points[self.owner]) <= reach)
        wide = self.radius >= NARROW
        for index in np.flatnonzero(wide & ~held):
            held[index] = self._region(int(index)).contains(points[index, None])[0]
        near = np.flatnonzero(~(wide | held) & (angles(self.centre, points) <= self.radius))
        if len(near):
            held[near] = self.take(near).narrow_hold(points[near])
        return held

    def narrow_hold(self, points: Vectors) -> Flags:
        """Count how often the way from a point (3,), or one of each, to one outside crosses each outline."""
        points = np.broadcast_to(points, self.centre.shape)
        axis = np.eye(3)[np.argmin(np.abs(self.centre), axis=-1)]
        outside = cross(self.centre, axis)
        outside /= np.linalg.norm(outside, axis=-1, keepdims=True)
        outside *= np.where(np.einsum("ij,ij->i", outside, points) >= 0, 1.0, -1.0)[:, None]
        way, outside = cross(points, outside)[self.owner], outside[self.owner]
        arcs = self.arcs
        side_start = np.einsum("ij,ij->i", way, arcs.start) >= 0
        side_end = np.einsum("ij,ij->i", way, arcs.end) >= 0
        side_point = np.einsum("ij,ij->i", arcs.normal, points[self.owner]) >= 0
        side_outside = np.einsum("ij,ij->i", arcs.normal, outside) >= 0
        crossed = (side_start != side_end) & (side_point != side_outside) & (side_point == side_end)
        return np.asarray(np.add.reduceat(crossed.astype(np.intp), self.first) % 2 == 1, dtype=np.bool_)

    def _region(self, index: int) -> PolygonRegion:
        first = self.first[index]
        lon, lat = lonlat_of(self.vertices[first : first + self.sizes[index]])
        return PolygonRegion(Polygon(tuple(zip(lon.tolist(), lat.tolist(), strict=True))))

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the least and greatest coordinates: on an edge, or where an axis meets the sphere."""
        on_arcs = self.arcs.extremes()
        least = np.minimum.reduceat(on_arcs[0], self.first)
        most = np.maximum.reduceat(on_arcs[1], self.first)
        for axis in range(3):
            most[self.hold(np.eye(3)[axis]), axis] = 1.0
            least[self.hold(-np.eye(3)[axis]), axis] = -1.0
        return least, most


def _in_boxes(boxes: tuple[Floats, Floats], points: Vectors, order: Indexes) -> Pairs:
    """Return which boxes (N, 3), least and most, hold which points; *order* is that of their heights."""
    least, most = boxes
    heights = points[order, 2]
    first = np.searchsorted(heights, least[:, 2], "left")
    counts = np.maximum(np.searchsorted(heights, most[:, 2], "right") - first, 0)
    areas = np.repeat(np.arange(len(counts)), counts)
    spots = order[np.arange(len(areas)) + np.repeat(first - np.cumsum(counts) + counts, counts)]
    inside = (points[spots, :2] >= least[areas, :2]) & (points[spots, :2] <= most[areas, :2])
    held = inside.all(axis=1)
    return areas[held], spots[held]


def _circles_meet(shape: Shape, centres: Vectors, radii: Floats) -> Flags:
    """Tell which circles share a point with *shape*."""
    region = sky_region(shape)
    if not isinstance(region, RangeRegion):
        return region.may_touch(centres, radii)
    outline = _outline(_as_range(shape))
    found = region.contains(centres) | (
        outline.distance(centres).min(axis=0, initial=np.pi) <= radii + TOLERANCE
    )
    lon, lat = lonlat_of(centres)
    for edge in _parallels(_as_range(shape)):
        foot = region.contains(unit_vectors(lon, np.full_like(lat, edge)))
        found |= foot & (np.abs(lat - edge) <= np.degrees(radii + TOLERANCE))
    return np.asarray(found, dtype=np.bool_)


def _polygons_meet(shape: Shape, polygons: _Polygons) -> Flags:
    """Tell which polygons share a point with *shape*."""
    region = sky_region(shape)
    found = np.zeros(len(polygons.sizes), dtype=np.bool_)
    near = np.flatnonzero(region.may_touch(polygons.centre, polygons.radius))
    if not len(near):
        return found
    some = polygons.take(near)
    met = some.any(region.contains(some.vertices))
    left = np.flatnonzero(~met)
    if len(left):
        met[left] = _enters(shape, some.take(left))
    found[near] = met
    return found


def _enters(shape: Shape, polygons: _Polygons) -> Flags:
    """Tell which polygons share a point with *shape* though none of their vertices lies in it."""
    match shape:
        case Circle():
            centre = unit_vectors(shape.lon, shape.lat)
            reach = np.radians(shape.radius) + TOLERANCE
            return polygons.any(polygons.arcs.distance(centre[None])[:, 0] <= reach) | polygons.hold(centre)
        case Polygon():
            corners = unit_vectors(*np.asarray(shape.vertices, dtype=np.float64).T)
            outline = Arcs(corners, np.roll(corners, -1, axis=0))
            return polygons.any(_meet(polygons.arcs, outline)) | polygons.hold(corners[0])
        case _:
            return _enters_range(_as_range(shape), polygons)


def _enters_range(shape: Range, polygons: _Polygons) -> Flags:
    """Tell which polygons share a point with *shape* though none of their vertices lies in it."""
    region = RangeRegion(shape)
    anchors = region.anchors()
    if not len(anchors):
        return np.zeros(len(polygons.sizes), dtype=np.bool_)
    touched = _meet(polygons.arcs, _outline(shape))
    for edge in _parallels(shape):
        points, arcs = polygons.arcs.at_height(float(np.sin(np.radians(edge))))
        touched[arcs[region.contains(points)]] = True
    return polygons.any(touched) | polygons.hold(anchors[0])


def _meet(arcs: Arcs, outline: Arcs) -> Flags:
    """Tell which *arcs* cross or touch the outline."""
    found = np.zeros(len(arcs.start), dtype=np.bool_)
    step = max(1, CHUNK // max(1, 8 * len(arcs.start)))
    for first in range(0, len(outline.start), step):
        some = Arcs(outline.start[first : first + step], outline.end[first : first + step])
        found |= arcs.cross(some).any(axis=1) | (arcs.distance(some.start) <= TOLERANCE).any(axis=1)
    return found


def _as_range(shape: Shape) -> Range:
    """Return the range that *shape* is or stands for."""
    if isinstance(shape, Range):
        return shape
    if isinstance(shape, BoundingRectangle):
        return rectangle_range(shape)
    raise TypeError(shape)


def _parallels(shape: Range) -> tuple[float, float]:
    return max(-90.0, shape.lat_min), min(90.0, shape.lat_max)


def _outline(shape: Range) -> Arcs:
    """Return the meridians that bound a range, in parts below half a turn; none for a full turn."""
    west, east = meridians(shape)
    if east - west >= 360.0:  # noqa: PLR2004 - a full turn
        return Arcs(np.empty((0, 3)), np.empty((0, 3)))
    south, north = _parallels(shape)
    knots = [south, (south + north) / 2, north]
    lines = [unit_vectors(np.full(3, lon), knots) for lon in (west, east)]
    # each way there and back, so that both ends of each meridian are starts
    start = np.concatenate([part for line in lines for part in (line[:2], line[:0:-1])])
    end = np.concatenate([part for line in lines for part in (line[1:], line[1::-1])])
    return Arcs(start, end)
