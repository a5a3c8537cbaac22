"""Boxes on every projection against a look at every pixel, and the pitfalls of others by their number."""

import math
from typing import Any

import numpy as np
import pytest
from cutout_samples import brute_box, pixel_sky_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sweeping import sweep

from soda_core.cutout.boxes import covering_box
from soda_core.dali.shapes import Circle, Polygon, Range
from soda_core.sky import lonlat_of, sky_region, unit_vectors

INF = math.inf
TAN: dict[str, object] = {"NAXIS": 2, "NAXIS1": 120, "NAXIS2": 90, "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN"}
TAN |= {"CRPIX1": 60.5, "CRPIX2": 45.5, "CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01}
TAN |= {"RADESYS": "ICRS"}
AITOFF = TAN | {"CTYPE1": "RA---AIT", "CTYPE2": "DEC--AIT", "CRVAL2": 0.0, "CDELT1": -2.8, "CDELT2": 2.2}


@st.composite
def views(draw: st.DrawFn) -> Any:  # noqa: ANN401 - of a script
    """Draw an image: projection, size, scale, turn, parity, place on the sky, reference pixel and frame."""
    projection = draw(st.sampled_from(sweep.PROJECTIONS))
    whole = projection in sweep.WHOLE
    size = draw(st.integers(20, 160)), draw(st.integers(20, 160))
    scale = draw(st.floats(0.5, 1.3)) * 360 / max(size) if whole else 10 ** draw(st.floats(-4, -1))
    lat = draw(st.sampled_from([0.0, 45.0, -89.9, 90.0, -33.0])) if not whole else 0.0
    lat = {"COP": 45.0, "COE": 45.0, "NCP": 60.0}.get(projection, lat)
    centre = draw(st.sampled_from([0.0, 359.9999, 83.0, 266.4])), lat
    origin = (0.5, 0.5) if whole else (draw(st.floats(-0.3, 1.3)), draw(st.floats(-0.3, 1.3)))
    turn, parity = draw(st.floats(0, 360)), draw(st.sampled_from([-1, 1]))
    return sweep.View(projection, size, scale, turn, parity, centre, origin, draw(st.integers(0, 3)))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(views(), st.integers(0, 2**32 - 1))
def test_no_pixel_is_missed_on_any_projection(view: Any, seed: int) -> None:  # noqa: ANN401 - of a script
    """The box holds every pixel centre in the region and at most two pixels more a side."""
    sky = sweep.sky_of(view)
    shape = sweep.random_shape(sky, view, np.random.default_rng(seed))

    assert sweep.judge(sky, shape) == "", shape


@pytest.mark.parametrize("projection", sweep.PROJECTIONS)
def test_each_projection_is_right_for_regions_and_points(projection: str) -> None:
    """Three regions and a point smaller than a pixel on random images of each projection."""
    assert sweep.run(projection, 4, 11) == (0, 0)


SIZES = [0.004, 0.3, 5.0, 40.0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("lon", "lat"), [(0.0, 0.0), (359.99, 60.0), (12.0, 89.99), (12.0, -89.99), (180.0, 90.0), (77.0, -45.0)]
)
@pytest.mark.parametrize("kind", ["north to south", "wraps", "open west", "open east", "open pole"])
def test_d07_range_wraps_is_open_and_knows_the_poles(lon: float, lat: float, size: float, kind: str) -> None:
    """Limits in RA wrap at 360, infinite ones are open, and a pole lies on every meridian."""
    south, north = max(-90.0, lat - size), min(90.0, lat + size)
    west, east = (lon - size) % 360, (lon + size) % 360
    shape = {
        "north to south": Range(0, 360, south, north),
        "wraps": Range(west, east, south, north),
        "open west": Range(-INF, east, south, north),
        "open east": Range(west, INF, south, north),
        "open pole": Range(west, east, *((south, INF) if lat >= 0 else (-INF, north))),
    }[kind]
    region = sky_region(shape)
    for cards in (TAN | {"CRVAL1": lon, "CRVAL2": lat, "CDELT1": -size / 30, "CDELT2": size / 30}, AITOFF):
        sky = pixel_sky_of(cards)
        expected = brute_box(sky, region)
        if expected is not None:
            assert expected == covering_box(sky, region)


def test_d07_range_lower_above_upper_is_the_way_across_zero() -> None:
    """350 to 10 is twenty degrees about RA 0, and 10 to 350 all the rest; 360 is 0."""
    sky = pixel_sky_of(AITOFF | {"CRVAL1": 0.0})
    across, rest = (covering_box(sky, sky_region(Range(*pair, -5, 5))) for pair in ((350, 10), (10, 350)))

    assert across is not None
    assert rest is not None
    assert across[1] - across[0] <= 8
    assert rest[1] - rest[0] >= 110
    assert across == covering_box(sky, sky_region(Range(350, 370 - 360, -5, 5)))
    assert covering_box(sky, sky_region(Range(0, 20, -5, 5))) == covering_box(
        sky, sky_region(Range(360, 20, -5, 5))
    )


@pytest.mark.parametrize("lat", [0.0, 60.0, -75.0, 85.0])
def test_request_21_a_range_is_narrower_in_pixels_by_the_cosine_of_the_declination(lat: float) -> None:
    """Degrees of RA are not degrees on the sky."""
    sky = pixel_sky_of(TAN | {"CRVAL2": lat})
    box = covering_box(sky, sky_region(Range(10 - 0.3, 10 + 0.3, lat - 0.1, lat + 0.1)))

    assert box is not None
    assert box[1] - box[0] + 1 == pytest.approx(60 * np.cos(np.radians(abs(lat) - 0.1)), abs=1.5)
    assert box[3] - box[2] + 1 == pytest.approx(20, abs=2)


@pytest.mark.parametrize("projection", ["TAN", "ARC", "ZEA", "STG"])
def test_d08_a_cap_about_the_pole_is_not_cut_by_its_corners(projection: str) -> None:
    """A polygon of three corners around the pole bends beyond them, and holds the pole."""
    cards = {"CTYPE1": f"RA---{projection}", "CTYPE2": f"DEC--{projection}", "CRVAL2": 90.0}
    sky = pixel_sky_of(TAN | cards | {"CDELT1": -1.0, "CDELT2": 1.0})
    region = sky_region(Polygon(((0.0, 70.0), (120.0, 70.0), (240.0, 70.0))))
    found = covering_box(sky, region)

    assert found is not None
    assert brute_box(sky, region) == found
    assert found[0] <= 59 <= found[1]
    assert found[2] <= 44 <= found[3]


def test_d08_the_edges_of_a_large_polygon_are_curved() -> None:
    """An edge of 80 degrees at declination 60 reaches over 66: beyond the rows of its corners."""
    sky = pixel_sky_of(AITOFF | {"CTYPE1": "RA---CAR", "CTYPE2": "DEC--CAR", "CDELT1": -1.0, "CDELT2": 2.0})
    region = sky_region(Polygon(((330.0, 20.0), (50.0, 20.0), (50.0, 60.0), (330.0, 60.0))))
    found = covering_box(sky, region)
    top = 45.5 - 1 + 60 / 2

    assert found is not None
    assert brute_box(sky, region) == found
    assert found[3] > top + 2


@pytest.mark.parametrize("lat", [-33.0, -89.5, 45.0])
def test_d09_southern_fields_and_latitude_first_are_cut_alike(lat: float) -> None:
    """With the axes in the other order the box is the same with its sides changed."""
    plain = TAN | {"CRVAL2": lat, "NAXIS2": 120, "CRPIX2": 60.5}
    turned = plain | {"CTYPE1": "DEC--TAN", "CTYPE2": "RA---TAN", "CRVAL1": lat, "CRVAL2": 10.0}
    turned |= {"CDELT1": 0.01, "CDELT2": -0.01}
    region = sky_region(Circle(10.1, lat + 0.13, 0.2))
    one, two = covering_box(pixel_sky_of(plain), region), covering_box(pixel_sky_of(turned), region)

    assert one is not None
    assert two == (*one[2:], *one[:2])


@pytest.mark.parametrize("edge", [(119.49, 45.0), (60.0, 89.49), (-0.49, 45.0), (60.0, -0.49)])
def test_d10_a_box_that_touches_only_the_last_column_or_row_overlaps(edge: tuple[float, float]) -> None:
    """Pixels reach half a pixel beyond their centres, both ends are inclusive, and no axis is empty."""
    sky = pixel_sky_of(TAN)
    lon, lat = (float(v[0]) for v in lonlat_of(sky.vectors(*(np.array([value]) for value in edge))))
    x, y = (min(max(round(edge[k]), 0), sky.shape[k] - 1) for k in (0, 1))

    assert (x, x, y, y) == covering_box(sky, sky_region(Circle(lon, lat, 1e-6)))


@pytest.mark.parametrize("column", [0, 118])
def test_d10_a_centre_on_the_outline_is_inside(column: int) -> None:
    """A region that ends at the centre of a pixel has that pixel, and not the next one."""
    sky = pixel_sky_of(TAN | {"CTYPE1": "RA---CAR", "CTYPE2": "DEC--CAR", "CRVAL2": 0.0})
    ends = sky.vectors(np.array([column + 1.0, column]), np.array([44.5, 44.5]))
    west, east = lonlat_of(ends)[0]
    box = covering_box(sky, sky_region(Range(float(west), float(east), -0.1, 0.1)))

    assert box is not None
    assert box[:2] == (column, column + 1)


def test_request_23_a_request_slightly_outside_is_empty_and_no_error() -> None:
    """Beside every side, one pixel away and ten, nothing is selected."""
    for projection in ("TAN", "ZPN", "TPV", "CPDIS", "TNX"):
        view = sweep.View(projection, (60, 50), 1e-3, 30.0, -1, (10.0, 20.0), (0.5, 0.5))
        sky = sweep.sky_of(view)
        for x, y in ((-3.0, 20.0), (62.5, 20.0), (30.0, -3.0), (30.0, 53.0), (-12.0, -12.0)):
            place = sky.vectors(np.array([x]), np.array([y]))
            lon, lat = (float(value[0]) for value in lonlat_of(place))

            assert covering_box(sky, sky_region(Circle(lon, lat, 5e-4))) is None, (projection, x, y)


def test_a_point_is_found_where_the_way_back_is_inexact() -> None:
    """CSC has no exact inverse, and turned copies of a face show a place several times."""
    view = sweep.View("CSC", (91, 156), 2.9404867, 223.560954, 1, (41.6779, 0.0), (0.5, 0.5))
    sky = sweep.sky_of(view)
    lon, lat = (float(v[0]) for v in lonlat_of(sky.vectors(np.array([59.54]), np.array([47.03]))))

    assert (60, 60, 47, 47) == covering_box(sky, sky_region(Circle(lon, lat, 1e-6)))


def test_the_back_of_an_orthographic_map_is_not_shown() -> None:
    """SIN shows a hemisphere: the antipode of its centre is no part of it."""
    sky = pixel_sky_of(TAN | {"CTYPE1": "RA---SIN", "CTYPE2": "DEC--SIN", "CDELT1": -1.0, "CDELT2": 1.0})
    region = sky_region(Circle(190, -20, 30))

    assert covering_box(sky, region) is None
    assert not region.contains(unit_vectors([10.0], [20.0]))[0]
