"""What a shape means for points and caps on the sphere."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np

from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky.polygon import TOLERANCE, PolygonRegion
from soda_core.sky.vectors import Flags, Floats, Vectors, angles, lonlat_of, unit_vectors

__all__ = [
    "CircleRegion",
    "Intersection",
    "RangeRegion",
    "SkyRegion",
    "meridians",
    "rectangle_range",
    "sky_region",
]

Triple: TypeAlias = tuple[float, float, float]
TURN = 360.0
PER_DEGREE = {"deg": 1.0, "arcmin": 60.0, "arcsec": 3600.0}
DEGREES = float(np.degrees(TOLERANCE))
RIM = 16
HULL = 48
PARTS = 16
WIDEST = float(np.radians(50.0))
STEEPEST = 85.0
_ANGLES = np.arange(HULL) * (2 * np.pi / HULL)
_TURN = np.stack([np.cos(_ANGLES), np.sin(_ANGLES), np.ones(HULL)], axis=-1)


class SkyRegion(Protocol):
    """A part of the sphere, ICRS."""

    def contains(self, vectors: Vectors) -> Flags:
        """Tell which unit vectors (N, 3) lie inside or on the outline."""
        ...

    def may_touch(self, directions: Vectors, radii: Floats) -> Flags:
        """Tell which caps (N, 3), radii in radians, could share a point with the region; False is certain."""
        ...

    def anchors(self) -> Vectors:
        """Return points (M, 3) of the region, enough to find one smaller than a pixel."""
        ...

    def hull(self) -> Vectors | None:
        """Return the vertices (M, 3) of great circles around the region, None if it is too large.

        On every plane that touches the sphere and shows all the vertices the polygon holds the region.
        """
        ...


class CircleRegion:
    """All points within a radius of a centre."""

    def __init__(self, shape: Circle) -> None:
        lon, lat = math.radians(shape.lon), math.radians(shape.lat)
        self.place = (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
        self.radius = self._radius = math.radians(shape.radius)
        self._chord = (2 * math.sin(min(self.radius + TOLERANCE, math.pi) / 2)) ** 2

    @cached_property
    def _centre(self) -> Vectors:
        return np.array(self.place)

    @property
    def axes(self) -> tuple[Triple, Triple, Triple]:
        """Three directions at right angles, the last to the centre."""
        x, y, z = self.place
        level = math.hypot(x, y)
        one = (-y / level, x / level, 0.0) if level > 0 else (1.0, 0.0, 0.0)
        two = (y * one[2] - z * one[1], z * one[0] - x * one[2], x * one[1] - y * one[0])
        return one, two, self.place

    @property
    def square(self) -> float:
        """The square of the tangent of the radius."""
        return math.tan(self.radius + TOLERANCE) ** 2

    def contains(self, vectors: Vectors) -> Flags:
        """Tell which unit vectors lie inside or on the rim."""
        if self._radius < math.pi / 2:
            apart = vectors - self._centre
            return np.asarray(np.einsum("ij,ij->i", apart, apart) <= self._chord, dtype=np.bool_)
        return np.asarray(angles(vectors, self._centre) <= self._radius + TOLERANCE, dtype=np.bool_)

    def may_touch(self, directions: Vectors, radii: Floats) -> Flags:
        """Tell which caps overlap the circle."""
        limit = self._radius + radii + TOLERANCE
        return np.asarray(angles(directions, self._centre) <= limit, dtype=np.bool_)

    def anchors(self) -> Vectors:
        """Return the centre and points on the rim."""
        across = np.cross(self._centre, np.eye(3)[np.argmin(np.abs(self._centre))])
        across /= np.linalg.norm(across)
        turn = np.arange(RIM) * (2 * np.pi / RIM)
        spoke = np.outer(np.cos(turn), across) + np.outer(np.sin(turn), np.cross(self._centre, across))
        rim = self._centre * np.cos(self._radius) + spoke * np.sin(self._radius)
        return np.concatenate([self._centre[None], rim])

    def hull(self) -> Vectors | None:
        """Return a polygon whose edges touch the rim."""
        if self._radius > WIDEST:
            return None
        reach = math.tan(self._radius + 2 * TOLERANCE) / math.cos(math.pi / HULL)
        base = np.array(self.axes)
        base[:2] *= reach
        return np.asarray(_TURN @ base, dtype=np.float64)


class RangeRegion:
    """All points between two meridians and two parallels; degrees, open ends at 0, 360 and the poles."""

    def __init__(self, shape: Range) -> None:
        west, east = meridians(shape)
        self._west = west % TURN
        self._width = min(east - west, TURN)
        self._south = max(-90.0, shape.lat_min)
        self._north = min(90.0, shape.lat_max)

    def contains(self, vectors: Vectors) -> Flags:
        """Tell which unit vectors lie between the limits; a pole lies on every meridian."""
        lon, lat = lonlat_of(vectors)
        polar = np.hypot(vectors[..., 0], vectors[..., 1]) <= TOLERANCE
        slack = DEGREES / np.maximum(np.cos(np.radians(lat)), TOLERANCE)
        in_lat = (lat >= self._south - DEGREES) & (lat <= self._north + DEGREES)
        return np.asarray(in_lat & (polar | self._near_lon(lon, slack)), dtype=np.bool_)

    def may_touch(self, directions: Vectors, radii: Floats) -> Flags:
        """Tell which caps reach both the band of latitudes and that of longitudes."""
        lon, lat = lonlat_of(directions)
        reach = np.degrees(radii) + DEGREES
        in_lat = (lat + reach >= self._south) & (lat - reach <= self._north)
        polar = np.abs(lat) + reach >= 90.0  # noqa: PLR2004 - the pole
        sine = np.sin(np.radians(np.minimum(reach, 90.0))) / np.maximum(np.cos(np.radians(lat)), TOLERANCE)
        slack = np.degrees(np.arcsin(np.clip(sine, 0.0, 1.0))) + DEGREES
        return np.asarray(in_lat & (polar | self._near_lon(lon, slack)), dtype=np.bool_)

    def anchors(self) -> Vectors:
        """Return a grid of points that spans the range, its corners among them."""
        if not self._south <= self._north:
            return np.empty((0, 3))
        lon = self._west + np.linspace(0.0, self._width, 9)
        lat = np.linspace(self._south, self._north, 9)
        grid_lon, grid_lat = np.meshgrid(lon, lat)
        return unit_vectors(grid_lon.ravel(), grid_lat.ravel())

    def hull(self) -> Vectors | None:
        """Return a polygon of both meridians and of great circles at or beyond both parallels."""
        degrees = np.degrees(WIDEST)
        if self._width > degrees or max(abs(self._south), abs(self._north)) > STEEPEST:
            return None
        slack = 4 * DEGREES / np.cos(np.radians(STEEPEST))
        steps = (self._width + 2 * slack) * np.arange(PARTS + 1) / PARTS + self._west - slack
        north = _beyond(steps, self._north + slack, toward_equator=self._north < 0)
        south = _beyond(steps, self._south - slack, toward_equator=self._south > 0)
        return np.concatenate([south, north[::-1]]) if self._south <= self._north else None

    def _near_lon(self, lon: Floats, slack: Floats) -> Flags:
        """Tell which longitudes lie within *slack* degrees of the range."""
        east = (lon - self._west) % TURN
        return np.asarray((east <= self._width + slack) | (east >= TURN - slack), dtype=np.bool_)


class Intersection:
    """The points that all of several regions share."""

    def __init__(self, regions: Sequence[SkyRegion]) -> None:
        self._regions = tuple(regions)

    def contains(self, vectors: Vectors) -> Flags:
        """Tell which unit vectors lie in all regions."""
        inside = np.ones(len(vectors), dtype=np.bool_)
        for region in self._regions:
            inside[inside] = region.contains(vectors[inside])
        return inside

    def may_touch(self, directions: Vectors, radii: Floats) -> Flags:
        """Tell which caps could touch every one of the regions."""
        touched = np.ones(len(directions), dtype=np.bool_)
        for region in self._regions:
            touched[touched] = region.may_touch(directions[touched], radii[touched])
        return touched

    def anchors(self) -> Vectors:
        """Return those anchors of each region that lie in all of them."""
        points = np.concatenate([np.empty((0, 3)), *(region.anchors() for region in self._regions)])
        return points[self.contains(points)]

    def hull(self) -> Vectors | None:
        """Return the polygon around one of the regions."""
        return next((hull for region in self._regions if (hull := region.hull()) is not None), None)


def _beyond(lon: Floats, lat: float, *, toward_equator: bool) -> Vectors:
    """Return points along a parallel, none of whose connections by great circles runs on its other side.

    A great circle bends to the pole away from the parallel through two of its points; one that touches a
    parallel bends to the equator.
    """
    if not toward_equator:
        return unit_vectors(lon, lat)
    middle = (lon[1:] + lon[:-1]) / 2
    half = np.radians(lon[1] - lon[0]) / 2
    lower = np.degrees(np.arctan(np.tan(np.radians(lat)) * np.cos(half)))
    lons = np.concatenate([lon[:1], middle, lon[-1:]])
    return unit_vectors(lons, np.concatenate([[lat], np.full(len(middle), lower), [lat]]))


def sky_region(shape: Shape) -> SkyRegion:
    """Give *shape* its geometry; a rectangle in pixels has none without an image."""
    match shape:
        case Circle():
            return CircleRegion(shape)
        case Polygon():
            return PolygonRegion(shape)
        case Range():
            return RangeRegion(shape)
        case BoundingRectangle():
            return RangeRegion(rectangle_range(shape))


def meridians(shape: Range) -> tuple[float, float]:
    """Return the finite limits in longitude in degrees, the first not above the second."""
    west = shape.lon_min if np.isfinite(shape.lon_min) else 0.0
    east = shape.lon_max if np.isfinite(shape.lon_max) else TURN
    return west, east if east >= west else west + (east - west) % TURN


def rectangle_range(shape: BoundingRectangle) -> Range:
    """Return the meridians and parallels that bound a rectangle given in an angle.

    Half the width is divided by the cosine of the centre's declination. If it reaches a pole, all right
    ascensions count.
    """
    if shape.unit == "pixel":
        raise ValueError("a rectangle in pixels has no place on the sky without an image")
    half_width = shape.width / PER_DEGREE[shape.unit] / 2
    half_height = shape.height / PER_DEGREE[shape.unit] / 2
    south, north = max(-90.0, shape.lat - half_height), min(90.0, shape.lat + half_height)
    cosine = float(np.cos(np.radians(shape.lat)))
    half_turn = TURN / 2
    half_lon = half_width / cosine if cosine > TOLERANCE else half_turn
    if south <= -90.0 or north >= 90.0 or half_lon >= half_turn:  # noqa: PLR2004 - the poles
        return Range(0.0, TURN, south, north)
    return Range(shape.lon - half_lon, shape.lon + half_lon, south, north)
