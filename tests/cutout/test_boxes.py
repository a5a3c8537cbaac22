"""Boxes of pixels against a look at every pixel."""

from pathlib import Path

import numpy as np
import pytest
from cutout_samples import brute_box, pixel_sky_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soda_core.cutout.boxes import covering_box, rectangle_box
from soda_core.cutout.world import PixelSky
from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky import lonlat_of, outline, sky_region, unit_vectors

ALL_SKY = ("AIT", "MOL", "CAR", "HPX", "SFL", "ARC", "ZEA")
NARROW = ("TAN", "SIN", "STG", "ARC", "ZEA", "TAN-SIP")


@st.composite
def skies(draw: st.DrawFn) -> PixelSky:
    """Draw an image: a whole sky or a field, turned, flipped, anywhere."""
    whole = draw(st.booleans())
    projection = draw(st.sampled_from(ALL_SKY if whole else NARROW))
    size = draw(st.integers(90, 200)), draw(st.integers(60, 160))
    scale = draw(st.floats(0.6, 1.2)) * 360 / size[0] if whole else draw(st.floats(0.0001, 0.3))
    turn = np.radians(draw(st.floats(0, 360)))
    parity = draw(st.sampled_from([-1, 1]))
    cards: dict[str, object] = {"NAXIS": 2, "NAXIS1": size[0], "NAXIS2": size[1]}
    cards |= {"CTYPE1": f"RA---{projection}", "CTYPE2": f"DEC--{projection}"}
    cards |= {"CRPIX1": size[0] * draw(st.floats(-0.5, 1.5)) if not whole else size[0] / 2 + 0.5}
    cards |= {"CRPIX2": size[1] * draw(st.floats(-0.5, 1.5)) if not whole else size[1] / 2 + 0.5}
    cards |= {"CRVAL1": draw(st.floats(0, 360)), "RADESYS": "ICRS"}
    zenithal = projection not in ("AIT", "MOL", "CAR", "HPX", "SFL")
    cards |= {"CRVAL2": draw(st.sampled_from([0.0, 45.0, -89.9, 90.0, -33.0])) if zenithal else 0.0}
    cards |= {"CD1_1": parity * scale * np.cos(turn), "CD1_2": -scale * np.sin(turn)}
    cards |= {"CD2_1": parity * scale * np.sin(turn), "CD2_2": scale * np.cos(turn)}
    if projection.endswith("SIP"):
        cards |= {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 2e-5, "A_0_2": -3e-5, "B_1_1": 4e-5, "B_2_0": 1e-5}
    return pixel_sky_of(cards)


@st.composite
def shapes_on(draw: st.DrawFn, sky: PixelSky) -> Shape:
    """Draw a region near a pixel of the image, from far below a pixel to most of the sky."""
    x = draw(st.floats(-3, sky.shape[0] + 2))
    y = draw(st.floats(-3, sky.shape[1] + 2))
    centre = sky.vectors(np.array([x]), np.array([y]))[0]
    if not np.isfinite(centre).all():
        centre = unit_vectors(draw(st.floats(0, 359)), draw(st.floats(-90, 90)))
    lon, lat = (float(value) for value in lonlat_of(centre))
    scale = float(np.sqrt(abs(np.linalg.det(sky.wcs.wcs.cd))))
    radius = min(100.0, scale * 10 ** draw(st.floats(-1, 2)))
    kind = draw(st.sampled_from(["circle", "polygon", "range", "rectangle"]))
    if kind == "circle":
        return Circle(lon, lat, radius)
    if kind == "polygon":
        rim = outline(Circle(lon, lat, min(radius, 80.0)), draw(st.integers(3, 7)))
        return Polygon(tuple((float(a), float(b)) for a, b in rim))
    if kind == "range":
        return Range(lon - radius, lon + radius, max(-90.0, lat - radius), min(90.0, lat + radius))
    return BoundingRectangle(lon, lat, radius, radius * 1.5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_box_is_that_of_all_pixel_centres_in_the_region(data: st.DataObject) -> None:
    """The box is the bounding box of the centres inside, for any projection, place, size and turn."""
    sky = data.draw(skies())
    region = sky_region(data.draw(shapes_on(sky)))
    expected = brute_box(sky, region)
    found = covering_box(sky, region)

    if expected is not None:
        assert expected == found
    elif found is not None:
        assert max(found[1] - found[0], found[3] - found[2]) < max(sky.shape)


FIELD: dict[str, object] = {
    "NAXIS": 2,
    "NAXIS1": 100,
    "NAXIS2": 80,
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRPIX1": 50.0,
    "CRPIX2": 40.0,
    "CRVAL1": 10.0,
    "CRVAL2": 20.0,
    "CDELT1": -0.01,
    "CDELT2": 0.01,
    "RADESYS": "ICRS",
}


@pytest.mark.parametrize("place", [(30.3, 20.7), (0.0, 0.0), (-0.4, 79.4), (99.3, 12.52)])
@pytest.mark.parametrize("side", [1e-7, 1e-4])
@pytest.mark.parametrize("turn", [0.0, 137.0])
def test_a_region_smaller_than_a_pixel_gives_the_pixel_it_lies_in(
    place: tuple[float, float], side: float, turn: float
) -> None:
    """No centre is inside, and yet the pixel that holds the region is found."""
    sky = pixel_sky_of(FIELD | {"CROTA2": turn})
    lon, lat = (float(v[0]) for v in lonlat_of(sky.vectors(np.array([place[0]]), np.array([place[1]]))))
    x, y = round(place[0]), round(place[1])

    for shape in (Circle(lon, lat, side), BoundingRectangle(lon, lat, side, side)):
        assert (x, x, y, y) == covering_box(sky, sky_region(shape))


@pytest.mark.parametrize("place", [(-0.7, 10.0), (100.0, 10.0), (3.0, 81.0), (5000.0, 3.0)])
def test_a_small_region_beside_the_image_is_outside(place: tuple[float, float]) -> None:
    """Half a pixel is where the image ends."""
    sky = pixel_sky_of(FIELD)
    lon, lat = (float(v[0]) for v in lonlat_of(sky.vectors(np.array([place[0]]), np.array([place[1]]))))

    assert covering_box(sky, sky_region(Circle(lon, lat, 1e-5))) is None


def test_the_far_side_of_the_sky_is_outside() -> None:
    """A tangent plane shows half of the sphere; what lies behind it is no part of the image."""
    assert covering_box(pixel_sky_of(FIELD), sky_region(Circle(190.0, -20.0, 5.0))) is None


def test_the_whole_sky_covers_the_whole_image() -> None:
    """A region around everything gives every pixel."""
    assert covering_box(pixel_sky_of(FIELD), sky_region(Circle(0, 0, 180))) == (0, 99, 0, 79)


@pytest.mark.parametrize(
    ("place", "size", "expected"),
    [
        ((50, 40), (10, 5), (45, 54, 38, 42)),
        ((50.4, 39.6), (1, 1), (50, 50, 40, 40)),
        ((2, 78), (10, 10), (0, 6, 73, 79)),
        ((-3, 10), (10, 3), (0, 1, 9, 11)),
        ((-30, 10), (10, 3), None),
    ],
)
def test_a_rectangle_in_pixels_is_a_box_about_a_pixel(
    place: tuple[float, float], size: tuple[float, float], expected: tuple[int, ...] | None
) -> None:
    """Width and height are pixels along axis 1 and 2, clipped to the image."""
    sky = pixel_sky_of(FIELD)
    centre = sky.vectors(np.array([place[0]]), np.array([place[1]]))[0]

    assert expected == rectangle_box(sky, centre, *size)


def test_a_disc_of_sky_in_a_large_blank_frame_is_found() -> None:
    """Sky that fills a small part of an image is not given up for blank."""
    cards = FIELD | {"NAXIS1": 2000, "NAXIS2": 2000, "CRPIX1": 1700.0, "CRPIX2": 333.0}
    sky = pixel_sky_of(cards | {"CTYPE1": "RA---SIN", "CTYPE2": "DEC--SIN", "CDELT1": -1.0, "CDELT2": 1.0})
    region = sky_region(Circle(10, 20, 3))

    assert brute_box(sky, region) == covering_box(sky, region)


def test_module_needs_no_web() -> None:
    """The core imports neither the web nor the database nor XML."""
    source = Path(__file__).parents[2] / "soda_core" / "cutout"
    text = "".join(path.read_text() for path in source.glob("*.py"))

    assert not any(f"import {name}" in text for name in ("starlette", "sqlalchemy", "lxml"))
