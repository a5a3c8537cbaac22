"""MASK=shape: what lies outside of a shape loses its value, and nothing else does."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, opened, sky_of, write

from soda_core.cutout import BadOption, CannotCut, Cutout, cut
from soda_core.cutout.source import Source
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky import Intersection, lonlat_of, sky_region

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 50.5, "CRPIX2": 40.25}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.1, "CDELT2": 0.1, "RADESYS": "ICRS"}
WIDE = {"CDELT1": -4.0, "CDELT2": 4.0, "CRPIX1": 48.0, "CRPIX2": 32.0, "CRVAL1": 0.0, "CRVAL2": 0.0}
SIP = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 2, "B_ORDER": 2, "A_2_0": 2e-4}


def of_type(code: str, **more: object) -> dict[str, object]:
    """Return the cards of one projection."""
    return TAN | {"CTYPE1": f"RA---{code}", "CTYPE2": f"DEC--{code}"} | more


PROJECTIONS = {
    "TAN": TAN,
    "TAN over the pole": TAN | {"CRVAL2": 90.0, "CROTA2": 20.0},
    "SIP": TAN | SIP | {"B_0_2": -1e-4},
    "SIN": of_type("SIN"),
    "ARC": of_type("ARC", CRVAL2=-89.0),
    "ZEA": of_type("ZEA"),
    "STG": of_type("STG"),
    "AIT": of_type("AIT", **WIDE),
    "MOL": of_type("MOL", **WIDE),
    "CAR": of_type("CAR", **WIDE),
    "HPX": of_type("HPX", **WIDE),
    "galactic": TAN | {"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN"},
    "latitude first": TAN | {"CTYPE1": "DEC--TAN", "CTYPE2": "RA---TAN", "CRVAL1": 20.0, "CRVAL2": 10.0},
}


def values_of(path: Path, cutout: Cutout, place: int = 0) -> tuple[Any, Any]:
    """Return stored values of one image of a cutout and those of its parent at the same pixels."""
    part = cutout.parts[place]
    source = Source(path)
    before = source.parts[part.index].pixels(part.spans)
    source.close()
    return opened(cutout)[place].data, before


def inside(path: Path, cutout: Cutout, shapes: list[Shape], place: int = 0) -> Any:  # noqa: ANN401 - an array
    """Try the centre of every pixel of a cutout, rows along axis 2."""
    part = cutout.parts[place]
    source = Source(path)
    sky = sky_of(source, part.index)
    one, two = (part.spans[axis] for axis in sky.axes)
    x, y = np.meshgrid(one.start + np.arange(one.count), two.start + np.arange(two.count))
    vectors = sky.vectors(x.ravel().astype(float), y.ravel().astype(float))
    source.close()
    known = np.isfinite(vectors[:, 0])
    known[known] = Intersection([sky_region(shape) for shape in shapes]).contains(vectors[known])
    return known.reshape(x.shape)


def near(path: Path, radius: float) -> list[Shape]:
    """Return a circle near the middle of an image."""
    source = Source(path)
    vector = sky_of(source, 0).vectors(np.array([53.0]), np.array([37.0]))
    source.close()
    lon, lat = (float(value[0]) for value in lonlat_of(vector))
    return [Circle(lon, lat, radius)]


@pytest.mark.parametrize("cards", PROJECTIONS.values(), ids=PROJECTIONS)
def test_every_pixel_outside_is_nan_whatever_the_projection(cards: dict[str, object], tmp_path: Path) -> None:
    """Each centre by itself decides."""
    source = write(tmp_path / "a.fits", image(cards, (80, 100), kind=fits.PrimaryHDU))
    shapes = near(source, 30.0 if abs(float(str(cards["CDELT1"]))) > 1 else 1.5)
    with cut(source, shapes, mask="shape") as cutout:
        after, before = values_of(source, cutout)
        expected = inside(source, cutout, shapes)

    assert 0.3 < expected.mean() < 0.95
    assert np.array_equal(expected, ~np.isnan(after))
    assert np.array_equal(before[expected], after[expected])


TRIANGLE = Polygon(((9.0, 19.0), (11.5, 19.5), (10.0, 21.5)))
SHAPES: dict[str, list[Shape]] = {
    "polygon": [TRIANGLE],
    "range": [Range(9.5, 10.5, 19.5, 20.75)],
    "brect": [BoundingRectangle(10, 20, 60, 90, "arcmin")],
    "two": [Circle(10, 20, 1.0), Circle(10.5, 20.5, 1.0)],
}


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
def test_the_mask_is_what_the_shapes_share(shapes: list[Shape], tmp_path: Path) -> None:
    """Whatever the shape, and of several their intersection."""
    source = write(tmp_path / "a.fits", image(TAN | {"CROTA2": 30.0}, (80, 100), kind=fits.PrimaryHDU))
    with cut(source, shapes, mask="shape") as cutout:
        after, _ = values_of(source, cutout)

        assert np.array_equal(inside(source, cutout, shapes), ~np.isnan(after))
        assert np.isnan(after).any()


INTEGERS = {
    "8 bits with BLANK": ("u1", {"BLANK": 255}, 255),
    "16 bits": ("i2", {}, -32768),
    "16 bits with BLANK": ("i2", {"BLANK": -99}, -99),
    "unsigned 16 bits": ("u2", {}, 32767),
    "32 bits": ("i4", {}, -(1 << 31)),
    "unsigned 32 bits": ("u4", {}, (1 << 31) - 1),
    "64 bits": ("i8", {}, -(1 << 63)),
}


@pytest.mark.parametrize(("dtype", "more", "blank"), INTEGERS.values(), ids=INTEGERS)
def test_integers_get_blank(dtype: str, more: dict[str, object], blank: int, tmp_path: Path) -> None:
    """The stored value of a hidden pixel is BLANK, which the header says; BZERO stays."""
    source = write(tmp_path / "a.fits", image(TAN | more, (80, 100), dtype, kind=fits.PrimaryHDU))
    with cut(source, [Circle(10, 20, 1.5)], mask="shape") as cutout:
        after, before = values_of(source, cutout)
        expected = inside(source, cutout, [Circle(10, 20, 1.5)])
        header = opened(cutout)[0].header

    assert blank == header["BLANK"]
    assert {blank} == set(after[~expected].tolist())
    assert np.array_equal(before[expected], after[expected])


def test_bytes_without_blank_stay_and_the_header_says_so(tmp_path: Path) -> None:
    """A plane of flags beside an image has no number to spare."""
    flags = image(TAN | {"EXTNAME": "FLAGS"}, (80, 100), "u1")
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU), flags)
    with cut(source, [Circle(10, 20, 1.5)], mask="shape") as cutout:
        after, before = values_of(source, cutout, 1)
        history = str(opened(cutout)[0].header["HISTORY"])

    assert np.array_equal(before, after)
    assert "HDU 1 has no room for BLANK and is not masked" in history


def test_bytes_alone_are_refused(tmp_path: Path) -> None:
    """A mask that nothing can take is an error, not a silence."""
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), "u1", kind=fits.PrimaryHDU))
    with pytest.raises(CannotCut, match="8 bits"):
        cut(source, [Circle(10, 20, 1.5)], mask="shape")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (0, 2, 1)], ids=str)
def test_every_plane_of_a_cube_is_masked_in_pieces_of_any_size(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    """The sky axes may be any two; a stream gives what one piece of memory does."""
    axes = (
        ("RA---TAN", 50.5, 10.0, -0.1, 100),
        ("DEC--TAN", 40.25, 20.0, 0.1, 80),
        ("FREQ", 1.0, 1e9, 1e6, 7),
    )
    cards: dict[str, object] = {}
    for place, axis in enumerate(order, start=1):
        keys = ("CTYPE", "CRPIX", "CRVAL", "CDELT")
        cards |= {f"{key}{place}": value for key, value in zip(keys, axes[axis], strict=False)}
    shape = tuple(axes[axis][4] for axis in reversed(order))
    source = write(tmp_path / "a.fits", image(cards, shape, kind=fits.PrimaryHDU))
    circle = Circle(10, 20, 1.5)
    with cut(source, [circle], mask="shape") as cutout:
        after, before = values_of(source, cutout)
        expected = inside(source, cutout, [circle])
        whole = bytes(cutout)
        pieces = [b"".join(cutout.plan.chunks(size, cutout.account)) for size in (400, 2880, 100_000)]
    hidden = np.moveaxis(np.isnan(after), 2 - order.index(2), 0)
    expected = expected if order.index(0) < order.index(1) else expected.T

    assert all(np.array_equal(~expected, plane) for plane in hidden)
    assert np.array_equal(before[~np.isnan(after)], after[~np.isnan(after)])
    assert [whole] * 3 == pieces


def test_rows_at_once_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A box too large to remember its mask is worked out piece by piece, with the same bytes."""
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    with cut(source, [TRIANGLE], mask="shape") as one:
        expected = bytes(one)
    monkeypatch.setattr("soda_core.cutout.mask.KEPT", 10)
    monkeypatch.setattr("soda_core.cutout.mask.AT_ONCE", 50)
    with cut(source, [TRIANGLE], mask="shape") as other:
        assert expected == bytes(other) == b"".join(other.plan.chunks(1000, other.account))


def test_a_shape_between_the_centres_hides_nothing(tmp_path: Path) -> None:
    """The pixel that holds a source smaller than a pixel keeps its value."""
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    with cut(source, [Circle(10.003, 20.002, 1e-5)], mask="shape") as cutout:
        after, before = values_of(source, cutout)

    assert np.array_equal(before, after)


def test_a_rectangle_in_pixels_has_no_outside(tmp_path: Path) -> None:
    """Its box is the shape."""
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    with cut(source, [BoundingRectangle(10, 20, 20, 10, "pixel")], mask="shape") as cutout:
        after, before = values_of(source, cutout)

    assert np.array_equal(before, after)


def test_r18_gaps_of_the_parent_stay_gaps(tmp_path: Path) -> None:
    """Request 18: what is masked already stays so, what has a value keeps it, also in compressed parents."""
    values = np.random.default_rng(1).normal(100, 5, (80, 100)).astype("f4")
    values[35:45, 45:55] = np.nan
    header = fits.Header(list(TAN.items()))
    packed = fits.CompImageHDU(values, header, compression_type="GZIP_2", quantize_level=0)
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), packed)
    with cut(source, [Circle(10, 20, 1.5)], mask="shape") as cutout:
        after, before = values_of(source, cutout, 1)
        expected = inside(source, cutout, [Circle(10, 20, 1.5)], 1)

    assert np.isnan(before).any()
    assert np.array_equal(expected & ~np.isnan(before), ~np.isnan(after))


def test_a_mask_needs_a_shape(tmp_path: Path) -> None:
    """Without one there is nothing to mask by."""
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    with pytest.raises(BadOption, match="no shape"):
        cut(source, band=Interval(1, 2), mask="shape")


def test_a_masked_cutout_compresses_and_sums(tmp_path: Path) -> None:
    """The options work together."""
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), "i2", kind=fits.PrimaryHDU))
    plain = opened(cut(source, [TRIANGLE], mask="shape"))[0].data
    both = bytes(cut(source, [TRIANGLE], mask="shape", compress="rice", checksum=True))
    with fits.open(io.BytesIO(both), checksum=True, do_not_scale_image_data=True) as hdus:
        assert np.array_equal(plain, hdus[1].data)
        assert -32768 == hdus[1].header["BLANK"]
