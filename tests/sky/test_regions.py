"""Regions of the sky against independent formulas."""

import math

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from hypothesis import given, settings
from hypothesis import strategies as st

from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky import Intersection, lonlat_of, outline, sky_region, unit_vectors
from soda_core.sky.vectors import angles

INF = math.inf
LON = st.floats(0, 360, exclude_max=True)
LAT = st.floats(-90, 90)


def inside(shape: Shape, lon: float, lat: float) -> bool:
    """Ask one position in degrees."""
    return bool(sky_region(shape).contains(unit_vectors([lon], [lat]))[0])


def random_directions(seed: int, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return directions that are even on the sphere."""
    values = np.random.default_rng(seed).normal(size=(count, 3))
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True))


@given(LON, LAT)
def test_vectors_round_trip(lon: float, lat: float) -> None:
    """Degrees survive the way to a unit vector and back, as a place on the sphere."""
    vector = unit_vectors(lon, lat)
    back = unit_vectors(*lonlat_of(vector))

    assert angles(vector, back) < 1e-14
    assert 0 <= lonlat_of(vector)[0] < 360


@given(LON, LAT, st.floats(1e-6, 180), LON, LAT)
def test_a_circle_is_what_the_separation_says(
    lon: float, lat: float, radius: float, other_lon: float, other_lat: float
) -> None:
    """A position is in a circle if astropy's separation from the centre is at most the radius."""
    separation = SkyCoord(lon, lat, unit="deg").separation(SkyCoord(other_lon, other_lat, unit="deg")).deg
    if abs(separation - radius) > 1e-10:
        assert (separation < radius) == inside(Circle(lon, lat, radius), other_lon, other_lat)


@pytest.mark.parametrize(
    ("shape", "lon", "lat", "expected"),
    [
        (Range(350, 10, -5, 5), 0, 0, True),
        (Range(350, 10, -5, 5), 20, 0, False),
        (Range(350, 10, -5, 5), 350, 5, True),
        (Range(10, 350, -5, 5), 0, 0, False),
        (Range(0, 360, -INF, INF), 123, -45, True),
        (Range(-INF, INF, 89, INF), 77, 90, True),
        (Range(-INF, INF, 89, INF), 77, 88, False),
        (Range(-INF, 10, -1, 1), 5, 0, True),
        (Range(-INF, 10, -1, 1), 350, 0, False),
        (Range(350, INF, -1, 1), 355, 0, True),
        (Range(350, INF, -1, 1), 5, 0, False),
        (Range(20, 30, 80, 90), 200, 90, True),
        (Range(20, 30, 80, 89), 200, 90, False),
        (Range(30, 30, 0, 1), 30, 0.5, True),
        (BoundingRectangle(10, 60, 2, 2), 11.9, 60, True),
        (BoundingRectangle(10, 60, 2, 2), 12.1, 60, False),
        (BoundingRectangle(10, 60, 120, 120, "arcmin"), 11.9, 60.9, True),
        (BoundingRectangle(10, 60, 7200, 7200, "arcsec"), 8.1, 60.9, True),
        (BoundingRectangle(10, 60, 7200, 7200, "arcsec"), 8.1, 61.1, False),
        (BoundingRectangle(10, 89.5, 2, 2), 190, 89.9, True),
        (BoundingRectangle(10, 90, 2, 2), 200, 89.1, True),
        (BoundingRectangle(10, 0, 400, 2), 190, 0, True),
    ],
)
def test_ranges_and_rectangles(shape: Shape, lon: float, lat: float, expected: bool) -> None:  # noqa: FBT001
    """Limits wrap at the meridian 0, are open at infinity and hold at the poles."""
    assert expected == inside(shape, lon, lat)


SQUARE = ((10, -5), (20, -5), (20, 5), (10, 5))
LETTER_C = ((0, 0), (30, 0), (30, 10), (10, 10), (10, 20), (30, 20), (30, 30), (0, 30))
OVER_POLE = ((0, 80), (90, 80), (180, 80), (270, 80))
MOST_OF_NORTH = ((0, -5), (60, -5), (120, -5), (180, -5), (240, -5), (300, -5))
ACROSS_ZERO = ((355, -5), (5, -5), (5, 5), (355, 5))


@pytest.mark.parametrize(
    ("vertices", "lon", "lat", "expected"),
    [
        (SQUARE, 15, 0, True),
        (SQUARE, 10, 0, True),
        (SQUARE, 10, -5, True),
        (SQUARE, 9.9, 0, False),
        (SQUARE, 195, 0, False),
        (SQUARE, 15, 5.01, True),
        (LETTER_C, 5, 15, True),
        (LETTER_C, 20, 15, False),
        (LETTER_C, 20, 5, True),
        (LETTER_C, 20, 25, True),
        (OVER_POLE, 33, 90, True),
        (OVER_POLE, 45, 75, False),
        (OVER_POLE, 33, -90, False),
        (MOST_OF_NORTH, 0, -90, True),
        (MOST_OF_NORTH, 0, 0, False),
        (MOST_OF_NORTH, 0, 90, False),
        (ACROSS_ZERO, 0, 0, True),
        (ACROSS_ZERO, 180, 0, False),
        ((*SQUARE, SQUARE[0]), 15, 0, True),
        ((*SQUARE, SQUARE[0]), 25, 0, False),
    ],
)
@pytest.mark.parametrize("winding", [1, -1])
def test_polygons(
    vertices: tuple[tuple[float, float], ...],
    lon: float,
    lat: float,
    expected: bool,  # noqa: FBT001
    winding: int,
) -> None:
    """A polygon is the smaller part of the sphere, whatever its winding, concave or not."""
    assert expected == inside(Polygon(vertices[::winding]), lon, lat)


@settings(max_examples=60, deadline=None)
@given(LON, LAT, st.integers(3, 9), st.floats(0.001, 88), st.integers(0, 10**6), st.sampled_from([1, -1]))
def test_convex_polygons_are_intersections_of_hemispheres(
    lon: float, lat: float, corners: int, radius: float, seed: int, winding: int
) -> None:
    """A point is in a regular polygon if it lies on the inner side of every edge."""
    vertices = outline(Circle(lon, lat, radius), corners)
    region = sky_region(Polygon(tuple((float(a), float(b)) for a, b in vertices[::winding])))
    edge_start = unit_vectors(*vertices.T)
    normals = np.cross(edge_start, np.roll(edge_start, -1, axis=0))
    normals *= np.sign(normals @ unit_vectors(lon, lat))[:, None]
    points = random_directions(seed, 200)
    near = unit_vectors(lon, lat) + points * np.radians(radius)
    points = np.concatenate([points, near / np.linalg.norm(near, axis=1, keepdims=True)])
    side = (points @ normals.T / np.linalg.norm(normals, axis=1)).min(axis=1)
    clear = np.abs(side) > 1e-11

    assert np.array_equal((side > 0)[clear], region.contains(points)[clear])


@settings(max_examples=60, deadline=None)
@given(LON, LAT, st.floats(0.01, 60), st.integers(0, 10**6))
def test_star_polygons_agree_with_the_angle_sum(lon: float, lat: float, radius: float, seed: int) -> None:
    """A point is in a star-shaped polygon if the edges turn once around it on the tangent plane."""
    spread = np.random.default_rng(seed)
    rim = outline(Circle(lon, lat, radius), 11)
    centre = unit_vectors(lon, lat)
    spokes = unit_vectors(*rim.T)
    part = spread.uniform(0.2, 1.0, len(spokes))[:, None]
    corners = centre * (1 - part) + spokes * part
    corners /= np.linalg.norm(corners, axis=1, keepdims=True)
    region = sky_region(Polygon(tuple(zip(*(a.tolist() for a in lonlat_of(corners)), strict=True))))
    # gnomonic projection: great circles become straight lines
    east = np.cross(centre, np.eye(3)[np.argmin(np.abs(centre))])
    plane = np.stack([east, np.cross(centre, east)], axis=1)
    flat = corners @ plane / (corners @ centre)[:, None]
    points = centre + random_directions(seed, 300) * np.radians(radius)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points = points[points @ centre > 0.01]
    spot = points @ plane / (points @ centre)[:, None]
    rays = flat[None] - spot[:, None]
    turn = np.arctan2(rays[..., 1], rays[..., 0])
    steps = (np.roll(turn, -1, axis=1) - turn + np.pi) % (2 * np.pi) - np.pi

    assert np.array_equal(np.abs(steps.sum(axis=1)) > np.pi, region.contains(points))


SHAPES: tuple[Shape, ...] = (
    Circle(10, 20, 5),
    Circle(10, 89, 5),
    Circle(10, -20, 120),
    Range(350, 10, -5, 5),
    Range(-INF, INF, 80, INF),
    Range(20, 25, 60, 90),
    BoundingRectangle(5, 70, 10, 4),
    Polygon(SQUARE),
    Polygon(LETTER_C),
    Polygon(OVER_POLE),
    Polygon(MOST_OF_NORTH),
)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_caps_that_may_not_touch_hold_no_point_of_the_region(shape: Shape) -> None:
    """A refused cap is certain: no position in it lies in the region."""
    region = sky_region(shape)
    directions = random_directions(1, 400)
    radii = np.random.default_rng(2).uniform(0, 0.5, 400)
    refused = ~region.may_touch(directions, radii)
    points = random_directions(3, 20000)
    points = points[region.contains(points)]
    distance = np.arccos(np.clip(directions[refused] @ points.T, -1, 1))

    assert refused.any()
    assert (distance > radii[refused][:, None] - 1e-9).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_anchors_and_outline_belong_to_the_region(shape: Shape) -> None:
    """Every region has anchors, all inside it, and the outline lies on its rim."""
    region = sky_region(shape)
    rim = unit_vectors(*outline(shape, 40).T)
    outside = rim[~region.contains(rim)]

    assert len(region.anchors()) > 0
    assert region.contains(region.anchors()).all()
    assert region.may_touch(outside, np.full(len(outside), 1e-9)).all()


def test_an_intersection_is_what_all_share() -> None:
    """A point is in an intersection if it is in every part."""
    parts = [sky_region(Circle(10, 0, 10)), sky_region(Range(0, 12, -90, 90))]
    both = Intersection(parts)
    points = unit_vectors(np.linspace(0, 30, 61), np.zeros(61))

    assert np.array_equal(parts[0].contains(points) & parts[1].contains(points), both.contains(points))
    assert both.contains(both.anchors()).all()


def test_a_rectangle_in_pixels_has_no_place_on_the_sky() -> None:
    """Only an image gives a rectangle in pixels its place."""
    with pytest.raises(ValueError, match="without an image"):
        sky_region(BoundingRectangle(1, 2, 3, 4, "pixel"))
