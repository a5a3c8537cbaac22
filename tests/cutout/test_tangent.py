"""The quick ways to a box on a tangent plane against a look at every pixel."""

import numpy as np
import pytest
from cutout_samples import brute_box, pixel_sky_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soda_core.cutout.bent import bent_box
from soda_core.cutout.boxes import covering_box, searched_box
from soda_core.cutout.ellipse import NO_PIXEL, ellipse_box
from soda_core.cutout.sides import side_box
from soda_core.cutout.world import PixelSky
from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky import CircleRegion, lonlat_of, outline, sky_region


@st.composite
def planes(draw: st.DrawFn) -> PixelSky:
    """Draw a tangent plane in one of several frames, turned, flipped, with or without SIP."""
    size = draw(st.integers(60, 200)), draw(st.integers(60, 150))
    scale, turn = 10 ** draw(st.floats(-5, -1)), np.radians(draw(st.floats(0, 360)))
    parity, sip = draw(st.sampled_from([-1, 1])), draw(st.booleans())
    kind = "TAN-SIP" if sip else "TAN"
    frame = draw(st.sampled_from([("RA--", "DEC-"), ("GLON", "GLAT")]))
    cards: dict[str, object] = {"NAXIS": 2, "NAXIS1": size[0], "NAXIS2": size[1], "RADESYS": "ICRS"}
    cards |= {"CTYPE1": f"{frame[0]}-{kind}", "CTYPE2": f"{frame[1]}-{kind}"}
    cards |= {"CRPIX1": size[0] * draw(st.floats(-0.5, 1.5)), "CRPIX2": size[1] * draw(st.floats(-0.5, 1.5))}
    cards |= {"CRVAL1": draw(st.floats(0, 360)), "CRVAL2": draw(st.sampled_from([0.0, 45.0, -89.99, 90.0]))}
    cards |= {"CD1_1": parity * scale * np.cos(turn), "CD1_2": -scale * np.sin(turn)}
    cards |= {"CD2_1": parity * scale * np.sin(turn), "CD2_2": scale * np.cos(turn)}
    if sip:
        cards |= {"A_ORDER": 3, "B_ORDER": 2, "B_1_1": draw(st.floats(-1e-4, 1e-4)), "B_2_0": 1e-5}
        cards |= {
            "A_2_0": draw(st.floats(-2e-4, 2e-4)),
            "A_0_2": -3e-5,
            "A_3_0": draw(st.floats(-1e-8, 1e-8)),
        }
    return pixel_sky_of(cards)


@st.composite
def shapes_on(draw: st.DrawFn, sky: PixelSky) -> Shape:
    """Draw a shape on the image or near it."""
    place = (np.array([draw(st.floats(-9, size + 9))]) for size in sky.shape)
    lon, lat = (float(value[0]) for value in lonlat_of(sky.vectors(*place)))
    radius = min(50.0, float(np.abs(sky.wcs.wcs.cd).max()) * 10 ** draw(st.floats(-0.5, 2)))
    kind = draw(st.sampled_from(["circle", "polygon", "range", "rectangle"]))
    if kind == "circle":
        return Circle(lon, lat, radius)
    if kind == "polygon":
        rim = draw(st.permutations(outline(Circle(lon, lat, radius), draw(st.integers(3, 7))).tolist()))
        return Polygon(tuple((a, b) for a, b in rim))
    if kind == "range":
        return Range(lon - radius, lon + 2 * radius, max(-90.0, lat - radius), min(90.0, lat + radius))
    return BoundingRectangle(lon, lat, radius, radius * 1.5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_box_on_a_plane_is_that_of_all_pixels(data: st.DataObject) -> None:
    """Each quick way gives the exact box or says that it is not sure; the thorough one gives it always."""
    sky = data.draw(planes())
    region = sky_region(data.draw(shapes_on(sky)))
    expected = brute_box(sky, region)

    assert expected == searched_box(sky, region)
    if sky.plane is None:
        return
    assert side_box(sky.plane, sky.shape, region) in (expected or NO_PIXEL, None)
    if isinstance(region, CircleRegion):
        of_circle = bent_box if sky.plane.distortion else ellipse_box
        assert of_circle(sky.plane, sky.shape, region) in (expected or NO_PIXEL, None)


FIELD: dict[str, object] = {"NAXIS": 2, "NAXIS1": 400, "NAXIS2": 300, "CRPIX1": 190.0, "CRPIX2": 160.0}
FIELD |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
TAN: dict[str, object] = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN"}
SIP: dict[str, object] = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 2, "B_ORDER": 2}
SIP |= {"A_2_0": 1e-5, "B_1_1": 2e-5}
TPV: dict[str, object] = {"CTYPE1": "RA---TPV", "CTYPE2": "DEC--TPV", "PV1_1": 1.001, "PV2_1": 1.0}


@pytest.mark.parametrize("cards", [TAN, SIP], ids=["tan", "sip"])
@pytest.mark.parametrize(
    "shape",
    [
        Circle(10.1, 20.1, 0.4),
        Polygon(((10.0, 20.0), (10.9, 20.2), (10.3, 20.9))),
        Range(9.5, 10.4, 19.6, 20.3),
    ],
    ids=["circle", "polygon", "range"],
)
def test_usual_requests_take_the_quick_way(cards: dict[str, object], shape: Shape) -> None:
    """A region within the image is found without a search."""
    sky = pixel_sky_of(FIELD | cards)
    region = sky_region(shape)
    assert sky.plane is not None

    assert brute_box(sky, region) == side_box(sky.plane, sky.shape, region) == covering_box(sky, region)


@pytest.mark.parametrize("radius", [0.02, 0.3, 1.0])
@pytest.mark.parametrize("x", [-40.0, 3.0, 190.0, 396.0, 425.0])
@pytest.mark.parametrize("y", [-35.0, 5.0, 150.0, 297.0, 320.0])
def test_a_circle_cut_by_the_edge_is_found_as_quickly(x: float, y: float, radius: float) -> None:
    """Where a side or a corner of a bent image cuts a circle, or holds all of it, no pixel is searched."""
    sky = pixel_sky_of(FIELD | SIP)
    lon, lat = (float(value[0]) for value in lonlat_of(sky.vectors(np.array([x]), np.array([y]))))
    region = sky_region(Circle(lon, lat, radius))
    assert sky.plane is not None
    assert isinstance(region, CircleRegion)
    expected = brute_box(sky, region)

    assert expected == bent_box(sky.plane, sky.shape, region)


@pytest.mark.parametrize(
    "cards",
    [
        TPV | {"PV1_4": 0.1},
        TAN | {"RADESYS": "FK4"},
        SIP | {"A_2_0": 1e-2},
        {"CTYPE1": "RA---SIN", "CTYPE2": "DEC--SIN"},
    ],
    ids=["tpv", "fk4", "steep sip", "sin"],
)
def test_what_is_no_plane_to_the_last_digits_is_not_taken_for_one(cards: dict[str, object]) -> None:
    """Other projections, polynomials, frames with aberration and wild distortions are searched."""
    assert pixel_sky_of(FIELD | cards).plane is None


def test_a_circle_just_touching_a_centre_holds_it() -> None:
    """A pixel on the rim is inside, whichever way is taken."""
    sky = pixel_sky_of(FIELD | TAN)
    (one, two) = sky.vectors(np.array([100.0, 130.0]), np.array([90.0, 90.0]))
    lon, lat = (float(value) for value in lonlat_of(one))
    radius = float(np.degrees(2 * np.arcsin(np.linalg.norm(one - two) / 2)))
    box = covering_box(sky, sky_region(Circle(lon, lat, radius)))

    assert box is not None
    assert box[:2] == (70, 130)


def test_a_circle_behind_the_plane_is_not_seen() -> None:
    """The plane shows one half of the sphere; the other half would be drawn on it upside down."""
    sky = pixel_sky_of(FIELD | TAN)

    assert covering_box(sky, sky_region(Circle(190.0, -20.0, 0.5))) is None
