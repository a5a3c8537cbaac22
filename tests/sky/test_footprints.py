"""Which footprints a region meets, against points strewn over the sphere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from soda_core.dali import Circle, Polygon, Range
from soda_core.sky import Footprints, extent, extents, lonlat_of, outline

Array = NDArray[np.float64]
Area = Circle | Polygon | Range

STREWN = 12_000
GAP = 3.0
"""Degrees between two sets of points that cannot be neighbours of each other."""


@cache
def strewn() -> Array:
    """Return unit vectors all over the sphere, about 1.8 degrees apart."""
    step = np.arange(STREWN) + 0.5
    height = 1 - 2 * step / STREWN
    turn = np.pi * (1 + 5**0.5) * step
    level = np.sqrt(1 - height**2)
    return np.stack([level * np.cos(turn), level * np.sin(turn), height], axis=-1)


def vectors(lonlat: Array) -> Array:
    """Return unit vectors of degrees (N, 2)."""
    lon, lat = np.radians(lonlat).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


@dataclass(frozen=True)
class Star:
    """A polygon whose vertices are seen from a centre in turn, so that its winding is plain."""

    centre: tuple[float, float]
    radii: tuple[float, ...]
    backwards: bool

    @property
    def polygon(self) -> Polygon:
        """The polygon, vertices in degrees."""
        centre = vectors(np.array([self.centre]))[0]
        across = np.cross(centre, np.eye(3)[np.argmin(np.abs(centre))])
        across /= np.linalg.norm(across)
        up = np.cross(centre, across)
        points = []
        for turn, radius in zip(
            np.linspace(0.3, 6.5, len(self.radii), endpoint=False), self.radii, strict=True
        ):
            side = np.cos(turn) * across + np.sin(turn) * up
            x, y, z = centre * np.cos(np.radians(radius)) + side * np.sin(np.radians(radius))
            points.append((float(np.degrees(np.arctan2(y, x)) % 360), float(np.degrees(np.arcsin(z)))))
        return Polygon(tuple(points[::-1] if self.backwards else points))


def inside(shape: Area, points: Array) -> NDArray[np.bool_]:
    """Tell which points lie inside, by other means than the product: azimuths, cosines, degrees."""
    match shape:
        case Circle():
            centre = vectors(np.array([[shape.lon, shape.lat]]))[0]
            return np.asarray(points @ centre >= np.cos(np.radians(shape.radius)))
        case Range():
            lon = np.degrees(np.arctan2(points[:, 1], points[:, 0])) % 360
            lat = np.degrees(np.arcsin(np.clip(points[:, 2], -1, 1)))
            in_lon = (shape.lon_min <= lon) & (lon <= shape.lon_max)
            if shape.lon_min > shape.lon_max:
                in_lon = (shape.lon_min <= lon) | (lon <= shape.lon_max)
            return np.asarray(in_lon & (shape.lat_min <= lat) & (lat <= shape.lat_max))
        case Polygon():
            corners = vectors(np.array(shape.vertices))
            mean = corners.mean(axis=0)
            near = points @ mean > 0
            return np.asarray(near & (np.abs(_winding(corners, points)) > 3))


def _winding(corners: Array, points: Array) -> Array:
    """Return the sum of the turns that an outline makes about each point, radians."""
    east = np.cross(np.array([0.1, 0.2, 0.97]), points)
    east /= np.linalg.norm(east, axis=-1, keepdims=True)
    north = np.cross(points, east)
    azimuth = np.arctan2(north @ corners.T, east @ corners.T)
    turns = np.diff(azimuth, axis=1, append=azimuth[:, :1])
    return np.asarray(((turns + np.pi) % (2 * np.pi) - np.pi).sum(axis=1))


centres = st.tuples(st.floats(0, 360, exclude_max=True), st.floats(-90, 90))
circles = st.builds(lambda at, radius: Circle(at[0], at[1], radius), centres, st.floats(0.5, 60))
stars = st.builds(
    Star, centres, st.lists(st.floats(4, 50), min_size=5, max_size=9).map(tuple), st.booleans()
).map(lambda star: star.polygon)
edges = st.integers(0, 36).map(lambda part: 10.0 * part)
ranges = st.builds(
    lambda lon, lat: Range(*lon, *sorted(lat)),
    st.tuples(edges, edges).filter(lambda pair: pair[0] != pair[1] and pair != (360.0, 0.0)),
    st.tuples(st.floats(-90, 90), st.floats(-90, 90)).filter(lambda pair: abs(pair[0] - pair[1]) > 2),
)


@settings(max_examples=150)
@given(area=circles | stars, region=circles | stars | ranges)
@example(Circle(10, 89, 3), Range(180, 200, 80, 90))
@example(Circle(0, 0, 180), Range(180, 200, 80, 90))
@example(Circle(180, 0, 60), Range(350, 10, -90, 90))
@example(Star((0, 90), (20, 9, 20, 9, 20, 9), backwards=True).polygon, Range(0, 360, 85, 90))
@example(Star((0, 0), (40,) * 6, backwards=False).polygon, Circle(359, 1, 0.5))
def test_what_meets_and_what_does_not(area: Area, region: Area) -> None:
    """Two areas with a point in common meet; those whose points are far from each other do not."""
    met = bool(footprint(area).meets(region)[0])
    rim_a, rim_b = (vectors(outline(shape, 720)) for shape in (area, region))
    common = inside(area, strewn()) & inside(region, strewn())
    near = [
        np.concatenate([rim, strewn()[inside(shape, strewn())]])
        for rim, shape in ((rim_a, area), (rim_b, region))
    ]

    if common.any():
        assert met
    elif (near[0] @ near[1].T).max() < np.cos(np.radians(GAP)):
        assert not met


@settings(max_examples=150)
@given(circles | stars | ranges)
@example(Range(0, 360, -90, 90))
@example(Circle(0, 1.192092896e-07, 29))
@example(Star((200, -88), (50, 9, 50, 9, 50, 9), backwards=False).polygon)
def test_a_box_holds_its_area(area: Area) -> None:
    """No point of an area lies outside of the box that an index has of it, and one outside is found."""
    box = extent(area)
    points = np.concatenate([vectors(outline(area, 200)), strewn()[inside(area, strewn())]])

    assert np.all((points >= box[:, 0]) & (points <= box[:, 1]))
    if not isinstance(area, Range):
        assert np.array_equal(box, extents(footprint(area))[0])


def footprint(area: Area) -> Footprints:
    """Return the area as one footprint of its own."""
    if isinstance(area, Polygon):
        return Footprints.of_polygons([area.vertices])
    assert isinstance(area, Circle)
    return Footprints.of_circles(np.array([[area.lon, area.lat, area.radius]]))


SQUARE = "10 10 20 10 20 20 10 20"


@pytest.mark.parametrize(
    ("region", "met"),
    [
        (Circle(15, 15, 0), True),
        (Circle(10, 10, 0), True),
        (Circle(9, 15, 1.01), True),
        (Circle(9, 15, 0.9), False),
        (Range(-np.inf, np.inf, -np.inf, np.inf), True),
        (Range(-np.inf, np.inf, 21, np.inf), False),
        (Range(15, 15, -90, 90), True),
        (Range(0, 40, 14, 16), True),
        # the upper edge is a great circle, which rises above the parallel of its ends
        (Range(0, 40, 20.01, 25), True),
        (Range(0, 40, 20.1, 25), False),
        (Range(350, 9.9, -90, 90), False),
        (Range(350, 10.1, -90, 90), True),
        (Polygon(((20, 12), (30, 12), (30, 15), (20, 15))), True),
        (Polygon(((20, 15), (30, 15), (30, 12), (20, 12))), True),
        (Polygon(((20.1, 15), (30, 15), (30, 12), (20.1, 12))), False),
        # a U about the square, open to the north
        (Polygon(((5, 30), (5, 5), (25, 5), (25, 30), (22, 30), (22, 8), (8, 8), (8, 30))), False),
        (Polygon(((5, 30), (5, 5), (25, 5), (25, 30), (22, 30), (22, 12), (8, 12), (8, 30))), True),
    ],
)
def test_a_square_and_regions_about_it(region: Area, met: bool) -> None:  # noqa: FBT001 - a column of the table
    """What touches the outline counts; a concave polygon does not reach into its bay."""
    areas = Footprints.read([SQUARE], np.full((1, 3), np.nan))

    assert met == areas.meets(region)[0]


def test_many_areas_are_told_one_by_one() -> None:
    """Polygons, circles and rows without any keep their order; a text goes before the circle beside it."""
    circles = np.array([[15, 15, 1], [15, 15, 1], [np.nan] * 3, [200, 0, 1], [200, 0, 180]], dtype=np.float64)
    areas = Footprints.read(["100 10 110 10 110 20", None, "15 15 2", None, None], circles)

    assert [False, True, True, False, True] == areas.meets(Circle(15, 15, 0.1)).tolist()
    assert [True, False, False, False, True] == areas.meets(Range(100, 120, 0, 30)).tolist()


def test_an_area_that_is_unknown_is_nowhere() -> None:
    """Without footprint and centre a row meets nothing and has no box."""
    areas = Footprints.read([None], np.full((1, 3), np.nan))

    assert not areas.meets(Circle(0, 0, 180))[0]
    assert np.isnan(extents(areas)).all()


@pytest.mark.parametrize("text", ["1 2 3 4", "a b c", "1 2 3 4 5 6 7", "CIRCLE 1 2 3"])
def test_a_text_that_is_no_region(text: str) -> None:
    """Neither an odd number of numbers nor words are an area."""
    with pytest.raises(ValueError, match=r"region|float"):
        Footprints.read([text], np.full((1, 3), np.nan))


@settings(max_examples=50)
@given(st.lists(circles | stars, min_size=1, max_size=6))
@example(
    [Circle(0, 90, 3), Circle(10, 0, 180), Star((0, -90), (50, 9, 50, 9, 50, 9), backwards=True).polygon]
)
def test_which_areas_hold_which_points(areas: list[Area]) -> None:
    """Many points at once are told of many areas as each point is of each area, on outlines too."""
    reach = 1e-7
    rims = np.concatenate([outline(area, 12) for area in areas])
    lonlat = np.concatenate([rims, np.stack(lonlat_of(strewn()[::100]), axis=-1)])
    known = Footprints.read(["", *(area_text(area) for area in areas)], np.full((len(areas) + 1, 3), np.nan))
    pairs = known.holders(vectors(lonlat), np.radians(reach))
    found = np.zeros((len(known), len(lonlat)), dtype=np.bool_)
    found[pairs] = True

    expected = [known.meets(Circle(lon, lat, reach)) for lon, lat in lonlat.tolist()]
    assert np.array_equal(np.stack(expected, axis=-1), found)
    assert len(pairs[0]) == found.sum()


def area_text(area: Area) -> str:
    """Return an area as rows tell it."""
    if isinstance(area, Polygon):
        return " ".join(repr(number) for vertex in area.vertices for number in vertex)
    assert isinstance(area, Circle)
    return f"{area.lon!r} {area.lat!r} {area.radius!r}"


def test_nothing_holds_nothing() -> None:
    """Without areas, or without points, there are no pairs."""
    none = Footprints.read([], np.empty((0, 3)))
    some = Footprints.read([SQUARE], np.full((1, 3), np.nan))

    assert 0 == len(none.holders(vectors(np.array([[15.0, 15.0]])), 0.0)[0])
    assert 0 == len(some.holders(np.empty((0, 3)), 0.0)[0])
