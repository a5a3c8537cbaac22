"""Cutouts: pixels, sky and cards against the parent."""

from pathlib import Path
from typing import Any

import astropy
import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import brute_box, image, opened, sky_box, sky_difference, sky_of, write

from soda_core.cutout import (
    CannotCut,
    CannotFilter,
    Coverage,
    NoSky,
    NothingSelected,
    Span,
    UnreadableFile,
    cut,
)
from soda_core.cutout.source import Source
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Circle, Polygon, Range, Shape
from soda_core.sky import lonlat_of, sky_region

ASTROPY = Path(astropy.__file__).parent
COMPRESSED = ASTROPY / "io/fits/hdu/compressed/tests/data"

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 50.5, "CRPIX2": 40.25}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
GALACTIC = TAN | {"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN"}
ECLIPTIC = TAN | {"CTYPE1": "ELON-TAN", "CTYPE2": "ELAT-TAN"}
SIP = TAN | {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 2, "B_ORDER": 2}
SIP |= {"A_2_0": 2e-5, "A_0_2": -3e-5, "B_1_1": 4e-5, "B_2_0": 1e-5}
TPV = TAN | {"CTYPE1": "RA---TPV", "CTYPE2": "DEC--TPV", "PV1_0": 0.0, "PV1_1": 1.001, "PV1_4": 0.01}
TPV |= {"PV2_0": 0.0, "PV2_1": 0.999, "PV2_5": -0.02}
FK4 = TAN | {"RADESYS": "FK4", "EQUINOX": 1950.0}
EPOCH = {keyword: value for keyword, value in TAN.items() if keyword != "RADESYS"} | {"EPOCH": 1950.0}
SWAPPED = TAN | {"CTYPE1": "DEC--TAN", "CTYPE2": "RA---TAN", "CRVAL1": 20.0, "CRVAL2": 10.0}
HEADERS = {
    "tan": TAN,
    "turned": TAN | {"CROTA2": 33.0},
    "sip": SIP,
    "tpv": TPV,
    "galactic": GALACTIC,
    "ecliptic": ECLIPTIC,
    "fk5": TAN | {"RADESYS": "FK5", "EQUINOX": 1975.0},
    "fk4": FK4,
    "epoch": EPOCH,
    "latitude first": SWAPPED,
}


def middle(source: Path, index: int = 0, radius: float = 0.15) -> Circle:
    """Return a circle, in degrees, about a place a little off the middle of an image."""
    opened_source = Source(source)
    sky = sky_of(opened_source, index)
    vector = sky.vectors(np.array([sky.shape[0] * 0.55]), np.array([sky.shape[1] * 0.45]))
    opened_source.close()
    lon, lat = (float(value[0]) for value in lonlat_of(vector))
    return Circle(lon, lat, radius)


def check(source: Path, tmp_path: Path, shape: Shape) -> Any:  # noqa: ANN401 - astropy is not typed
    """Cut and compare every image with its parent: box, stored values, sky; return the HDUs."""
    with cut(source, [shape], origin="ivo://example.org/data?1") as cutout:
        hdus = opened(cutout)
        (tmp_path / "cutout.fits").write_bytes(bytes(cutout))
        parts = cutout.parts
    parent, child = Source(source), Source(tmp_path / "cutout.fits")
    assert [part.name for part in parent.parts if part.index in {p.index for p in parts}] == [
        part.name for part in child.parts
    ]
    for place, part in enumerate(parts):
        if part.treatment == "cut":
            one, two = sky_of(parent, part.index), sky_of(child, place)
            whole = tuple(Span(0, count) for count in part.shape)
            assert (
                parent.parts[part.index].pixels(part.spans).tobytes()
                == child.parts[place].pixels(whole).tobytes()
            )
            assert brute_box(one, sky_region(shape)) in (sky_box(one, part), None)
            assert sky_difference(one, two, part) < 1e-9
    parent.close()
    child.close()
    return hdus


@pytest.mark.parametrize("cards", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("dtype", ["f4", "i2", "u1", "f8", "u2"])
def test_pixels_and_sky_are_those_of_the_parent(cards: dict[str, object], dtype: str, tmp_path: Path) -> None:
    """Whatever the projection, frame and type, stored values and sky positions stay."""
    source = write(tmp_path / "parent.fits", image(cards, (80, 100), dtype, kind=fits.PrimaryHDU))
    hdus = check(source, tmp_path, middle(source))

    assert 20 <= hdus[0].header["NAXIS1"] <= 40


@pytest.mark.parametrize(
    "name", ["m13.fits", "m13_rice.fits", "m13_gzip.fits", "m13_hcomp.fits", "m13_plio.fits"]
)
def test_compressed_images_come_out_plain(name: str, tmp_path: Path) -> None:
    """A compressed image is cut to a plain one with the values of the decoder."""
    index = 0 if name == "m13.fits" else 1
    hdus = check(COMPRESSED / name, tmp_path, middle(COMPRESSED / name, index, 0.01))
    cards = set(hdus[index].header)

    assert not any(card.startswith(("ZCMP", "ZTILE", "ZBITPIX", "TFORM", "ZNAME")) for card in cards)


@pytest.mark.parametrize(
    ("path", "index", "radius"),
    [
        ("io/fits/tests/data/comp.fits", 1, 0.05),
        ("wcs/tests/data/dist_lookup.fits.gz", 1, 0.0003),
        ("nddata/tests/data/sip-wcs.fits", 0, 0.001),
        ("modeling/tests/data/1904-66_AZP.fits", 0, 1.5),
    ],
)
def test_files_with_distortions(path: str, index: int, radius: float, tmp_path: Path) -> None:
    """Lookup tables, SIP and odd projections keep their sky to 1e-9 degrees."""
    check(ASTROPY / path, tmp_path, middle(ASTROPY / path, index, radius))


@pytest.mark.parametrize("quantize", [0, 16])
def test_compressed_floats_and_gaps(quantize: float, tmp_path: Path) -> None:
    """Quantised and lossless floats give the decoder's values, NaN included."""
    values = np.random.default_rng(1).normal(100, 5, (80, 100)).astype("f4")
    values[30:40, 50:60] = np.nan
    packed = fits.CompImageHDU(values, _header(TAN), compression_type="GZIP_2", quantize_level=quantize)
    source = write(tmp_path / "parent.fits", fits.PrimaryHDU(), packed)
    hdus = check(source, tmp_path, middle(source, 1))

    assert np.isnan(hdus[1].data).any()


def _header(cards: dict[str, object]) -> Any:  # noqa: ANN401 - astropy is not typed
    header = fits.Header()
    header.update(cards)
    return header


def mef(tmp_path: Path) -> Path:
    """Write a product: image, mask, variance on one grid, a fourth elsewhere, a PSF and a table."""
    elsewhere = TAN | {"CRVAL1": 50.0}
    table = fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(5))], name="CATALOG")
    hdus = [fits.PrimaryHDU()]
    for name, dtype, cards in (
        ("IMAGE", "f4", TAN),
        ("MASK", "i4", TAN),
        ("VARIANCE", "f8", TAN),
        ("FAR", "f4", elsewhere),
    ):
        hdu = image(cards, (80, 100), dtype)
        hdu.name = name
        hdus.append(hdu)
    psf = image({"EXTNAME": "PSF"}, (21, 21))
    bare = image({"EXTNAME": "NOISE"}, (80, 100))
    del bare.header["CTYPE*"]
    return write(tmp_path / "mef.fits", *hdus, psf, table)


def test_a_product_of_several_hdus_stays_together(tmp_path: Path) -> None:
    """Planes are cut by one box, what does not overlap is left out, the rest is carried byte for byte."""
    source = mef(tmp_path)
    hdus = check(source, tmp_path, middle(source, 1))

    with fits.open(source) as parent:
        assert [hdu.name for hdu in hdus] == ["PRIMARY", "IMAGE", "MASK", "VARIANCE", "PSF", "CATALOG"]
        assert hdus["IMAGE"].shape == hdus["MASK"].shape == hdus["VARIANCE"].shape
        assert np.array_equal(parent["PSF"].data, hdus["PSF"].data)
        assert np.array_equal(parent["CATALOG"].data, hdus["CATALOG"].data)


def test_a_plane_without_coordinates_follows_the_grid_of_the_file(tmp_path: Path) -> None:
    """An image of the size of the one grid there is, and no coordinates of its own, is cut with it."""
    source = write(
        tmp_path / "parent.fits",
        fits.PrimaryHDU(),
        image(TAN, (80, 100)),
        image({"EXTNAME": "DQ"}, (80, 100), "i2"),
    )
    with cut(source, [middle(source, 1)]) as cutout:
        assert cutout.parts[1].spans == cutout.parts[2].spans


def test_a_primary_image_that_does_not_overlap_keeps_its_header(tmp_path: Path) -> None:
    """The first HDU of the answer is a primary one, if need be without data."""
    far = image(TAN | {"CRVAL1": 90.0, "OBJECT": "far", "BZERO": 5.0}, (10, 10), kind=fits.PrimaryHDU)
    source = write(tmp_path / "parent.fits", far, image(TAN, (80, 100)))
    hdus = opened(cut(source, [middle(source, 1)]))

    assert (hdus[0].header["NAXIS"], hdus[0].header["OBJECT"]) == (0, "far")
    assert "BZERO" not in hdus[0].header
    assert len(hdus) == 2


HOUSEKEEPING = {
    "LTV1": -100.0,
    "LTV2": 5.0,
    "LTM1_1": 1.0,
    "DATASEC": "[1:100,1:80]",
    "CCDSEC": "[201:300,1:80]",
    "BIASSEC": "[101:120,1:80]",
    "DETSEC": "[4000:3901,1:80]",
    "DATAMIN": 0.0,
    "CHECKSUM": "0000000000000000",
    "CTYPE1A": "LINEAR",
    "CTYPE2A": "LINEAR",
    "CRPIX1A": 1.0,
    "CRPIX2A": 1.0,
    "CRVAL1A": 300.0,
    "CRVAL2A": 400.0,
    "CTYPE1P": "X",
    "CTYPE2P": "Y",
    "CRPIX1P": 7.5,
    "CRPIX2P": 8.5,
    "CDELT1P": 2.0,
}


def test_cards_follow_the_pixels(tmp_path: Path) -> None:
    """All that counts pixels is moved; what describes the whole image is dropped."""
    source = write(tmp_path / "parent.fits", image(TAN | HOUSEKEEPING, (80, 100), kind=fits.PrimaryHDU))
    with cut(source, [middle(source)]) as cutout:
        x, y = (span.start for span in cutout.parts[0].spans)
        columns, rows = (span.count for span in cutout.parts[0].spans)
        header = opened(cutout)[0].header
    expected = {
        "CRPIX1": 50.5 - x,
        "CRPIX2": 40.25 - y,
        "LTV1": -100.0 - x,
        "LTV2": 5.0 - y,
        "DATASEC": f"[1:{columns},1:{rows}]",
        "CCDSEC": f"[{201 + x}:{200 + x + columns},{1 + y}:{y + rows}]",
        "CRPIX1A": 1.0,
        "CRVAL1A": 300.0 + x,
        "CRVAL2A": 400.0 + y,
        "CRPIX1P": 7.5 - x,
        "CRPIX2P": 8.5 - y,
        "CDELT1P": 2.0,
    }

    assert expected == {keyword: header[keyword] for keyword in expected}
    assert not {"BIASSEC", "DETSEC", "DATAMIN", "CHECKSUM"} & set(header)


def test_all_other_cards_stay_as_they_were_written(tmp_path: Path) -> None:
    """A card that is not touched keeps each of its 80 characters, lower-case exponents and all."""
    source = write(
        tmp_path / "parent.fits", image(TAN | {"CDELT2": 0.01, "ODD": 1}, (80, 100), kind=fits.PrimaryHDU)
    )
    odd = b"CDELT2  = 1.0e-2 / lower case".ljust(80)
    raw = source.read_bytes()
    at = raw.index(b"CDELT2")
    source.write_bytes(raw[:at] + odd + raw[at + 80 :])
    with cut(source, [middle(source)]) as cutout:
        data = bytes(cutout)

    assert odd in data
    (tmp_path / "cutout.fits").write_bytes(data)
    with fits.open(source) as parent, fits.open(tmp_path / "cutout.fits") as child:
        assert parent[0].header["CDELT2"] == child[0].header["CDELT2"] == 0.01


def test_stored_integers_keep_scale_and_blank(tmp_path: Path) -> None:
    """BSCALE, BZERO and BLANK stay and so do the stored integers."""
    cards = TAN | {"BSCALE": 0.5, "BZERO": 7.0, "BLANK": -99}
    hdu = fits.PrimaryHDU(np.arange(8000, dtype="i2").reshape(80, 100), do_not_scale_image_data=True)
    hdu.header.update(cards)
    source = write(tmp_path / "parent.fits", hdu)
    header = check(source, tmp_path, middle(source))[0].header

    assert tuple(header[word] for word in ("BSCALE", "BZERO", "BLANK", "BITPIX")) == (0.5, 7.0, -99, 16)


SMALL = Circle(10.003, 20.002, 1e-5)


def test_a_region_smaller_than_a_pixel_gives_one_pixel(tmp_path: Path) -> None:
    """SODA asks for the best match, and that is a pixel."""
    source = write(tmp_path / "parent.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))

    assert opened(cut(source, [SMALL]))[0].shape == (1, 1)


def test_a_region_around_everything_gives_everything(tmp_path: Path) -> None:
    """What goes beyond the data is reduced to the data."""
    source = write(tmp_path / "parent.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    hdus = check(source, tmp_path, Range(0, 360, -90, 90))

    assert hdus[0].shape == (80, 100)


@pytest.mark.parametrize(
    "shapes",
    [
        [Circle(190, -20, 1)],
        [Circle(10, 20, 0.1), Circle(10, 21, 0.1)],
        [Polygon(((40, 0), (41, 0), (41, 1)))],
    ],
)
def test_a_region_outside_selects_nothing(shapes: list[Shape], tmp_path: Path) -> None:
    """No pixel selected is told apart from a mistake."""
    source = write(tmp_path / "parent.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    with pytest.raises(NothingSelected):
        cut(source, shapes)


def test_shapes_intersect(tmp_path: Path) -> None:
    """Two shapes give what they share."""
    source = write(tmp_path / "parent.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    both: list[Shape] = [Circle(10, 20, 0.2), Range(9.9, 10.0, 19, 21)]
    one = cut(source, both).parts[0].shape
    other = cut(source, both[:1]).parts[0].shape

    assert one[0] < other[0]


def test_without_filters_the_file_is_given_as_it_is(tmp_path: Path) -> None:
    """No filter, no change."""
    source = mef(tmp_path)
    with cut(source) as cutout:
        assert source.read_bytes() == bytes(cutout)
        assert source.stat().st_size == cutout.size
        assert {"kept"} == {part.treatment for part in cutout.parts}


def test_the_same_request_gives_the_same_bytes_in_any_chunks(tmp_path: Path) -> None:
    """Nothing in the file depends on the moment or on how it is read."""
    source = mef(tmp_path)
    where: list[Shape] = [middle(source, 1)]
    with cut(source, where) as one, cut(source, where) as other:
        assert bytes(one) == bytes(other) == b"".join(other.chunks(1000))
        assert all(len(piece) <= 8640 for piece in other.chunks(1000))


def test_the_header_tells_where_the_cutout_comes_from(tmp_path: Path) -> None:
    """Source, region and pixels stand in the first header, however long the identifier is."""
    source = mef(tmp_path)
    origin = "ivo://example.org/" + "long/" * 40 + "1"
    header = opened(cut(source, [SMALL], origin=origin))[0].header
    text = "".join(str(line) for line in header["HISTORY"])

    assert origin in text
    assert "CIRCLE 10.003 20.002 1e-05" in text
    assert "pixels [50:50,41:41]" in text or "pixels [50:50,40:40]" in text


BAD = {
    "no FITS": b"hello, this is no FITS file",
    "empty": b"",
    "cut off": None,
    "bad gzip": b"\x1f\x8b" + bytes(100),
    "header only half": b"SIMPLE  =                    T".ljust(80) * 3,
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_damaged_files_are_refused_without_their_path(content: bytes | None, tmp_path: Path) -> None:
    """What is not FITS, or not all of it, is named so."""
    source = write(tmp_path / "parent.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))
    source.write_bytes(source.read_bytes()[:-5000] if content is None else content)
    with pytest.raises(UnreadableFile) as caught:
        cut(source, [SMALL])

    assert str(tmp_path) not in str(caught.value)


REFUSED = {
    "none": {},
    "solar": {"CTYPE1": "HPLN-TAN", "CTYPE2": "HPLT-TAN"},
    "unknown projection": {"CTYPE1": "RA---XYZ", "CTYPE2": "DEC--XYZ"},
    "unknown frame": TAN | {"RADESYS": "GAPPT"},
    "polynomial": TAN | {"CPDIS1": "TPD", "CPDIS2": "TPD"},
    "helioecliptic": {"CTYPE1": "HLON-TAN", "CTYPE2": "HLAT-TAN"},
}


@pytest.mark.parametrize("cards", REFUSED.values(), ids=REFUSED)
def test_images_without_a_usable_sky_are_refused(cards: dict[str, object], tmp_path: Path) -> None:
    """A sky that cannot be turned to ICRS rightly is refused, never guessed."""
    source = write(tmp_path / "parent.fits", image(cards, (80, 100), kind=fits.PrimaryHDU))
    with pytest.raises(NoSky):
        cut(source, [SMALL])


def test_a_distortion_table_that_two_images_pull_apart_is_refused(tmp_path: Path) -> None:
    """One table cannot follow two boxes."""
    words = ("EXTVER: 1", "NAXES: 2", "AXIS.1: 1", "AXIS.2: 2")
    records = [f"DP{axis}     = '{word}'" for axis in "12" for word in words]
    one, other = (image(TAN | {"CRPIX1": x}, (80, 100)) for x in (50.5, 40.5))
    for hdu in (one, other):
        hdu.header.update({"CPDIS1": "LOOKUP", "CPDIS2": "LOOKUP"})
        for record in records:
            hdu.header.append(fits.Card.fromstring(record))
    table = image({"EXTNAME": "WCSDVARR", "EXTVER": 1, "CRVAL1": 1.0, "CDELT1": 50.0}, (3, 3))
    source = write(tmp_path / "parent.fits", fits.PrimaryHDU(), one, other, table)
    with pytest.raises(CannotCut, match="WCSDVARR"):
        cut(source, [Circle(10, 20, 0.1)])


def test_a_cutout_that_is_never_read_leaves_no_file_open(tmp_path: Path) -> None:
    """Whoever throws a cutout away need not close it."""
    source = mef(tmp_path)
    cut(source, [middle(source, 1)])
    with pytest.raises(CannotFilter):
        cut(source, band=Interval(1e-7, 1e-6), coverage=Coverage())
