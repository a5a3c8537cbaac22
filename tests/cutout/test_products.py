"""Whole products: which HDUs an answer holds, what their headers say, and how answers are told apart."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from cutout_samples import image, opened, write

from soda_core.cutout import BadOption, Cutout, NothingSelected, cut
from soda_core.cutout.provenance import Stamp
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Circle, Shape

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 50.5, "CRPIX2": 40.25}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
SHAPES: list[Shape] = [Circle(10.02, 20.03, 0.15)]


def table(name: str, **columns: Any) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return a table of whole numbers."""
    made = [fits.Column(key, "K", array=np.array(values)) for key, values in columns.items()]
    return fits.BinTableHDU.from_columns(made, name=name)


def product(path: Path) -> Path:
    """Write two exposures of image and flags, a PSF model and a catalogue; a primary header with a card."""
    primary = fits.PrimaryHDU()
    primary.header["VERSION"] = ("2.7", "of the pipeline")
    hdus = [primary]
    for version in (1, 2):
        for name, dtype in (("SCI", "f4"), ("DQ", "i2")):
            hdus.append(image(TAN | {"EXTNAME": name, "EXTVER": version, "NOTE": name}, (80, 100), dtype))
    return write(path, *hdus, image({"EXTNAME": "PSF"}, (21, 21)), table("CATALOG", a=range(5)))


def names(cutout: Cutout) -> list[tuple[str, int]]:
    """Return names and versions of the HDUs of a cutout, which must be sound."""
    return [(hdu.name, hdu.ver) for hdu in opened(cutout)]


PRIMARY = ("PRIMARY", 1)
CHOICES = {
    "a name means all of that name": (["sci"], [("SCI", 1), ("SCI", 2)]),
    "a version means one": (["SCI,2"], [("SCI", 2)]),
    "a number": (["2"], [("DQ", 1)]),
    "several": (["PSF", "1", "catalog"], [("SCI", 1), ("PSF", 1), ("CATALOG", 1)]),
    "the first": (["0"], []),
    "no image": (["CATALOG"], [("CATALOG", 1)]),
}


@pytest.mark.parametrize(("hdus", "expected"), CHOICES.values(), ids=CHOICES)
@pytest.mark.parametrize("shapes", [SHAPES, []], ids=["cut", "whole"])
def test_hdus_are_chosen(
    hdus: list[str], expected: list[tuple[str, int]], shapes: list[Shape], tmp_path: Path
) -> None:
    """Names count in any case; the first header stays in any case."""
    with cut(product(tmp_path / "a.fits"), shapes, hdus=hdus) as cutout:
        assert [PRIMARY, *expected] == names(cutout)


@pytest.mark.parametrize("word", ["7", "SCI,3", "IMAGE", "-1", "", "9" * 5000])
def test_an_unknown_hdu_is_told_with_those_there_are(word: str, tmp_path: Path) -> None:
    """The client need not guess twice."""
    with pytest.raises(
        BadOption, match=r"there are: 0 PRIMARY, 1 SCI, 2 DQ, 3 SCI,2, 4 DQ,2, 5 PSF, 6 CATALOG$"
    ):
        cut(product(tmp_path / "a.fits"), SHAPES, hdus=[word])


def test_a_primary_image_that_is_not_chosen_keeps_its_header(tmp_path: Path) -> None:
    """Its pixels go, its cards stay."""
    first = image(TAN | {"OBJECT": "here"}, (80, 100), kind=fits.PrimaryHDU)
    source = write(tmp_path / "a.fits", first, image(TAN | {"EXTNAME": "SCI"}, (80, 100)))
    hdus = opened(cut(source, SHAPES, hdus=["SCI"]))

    assert [(0, "here"), (2, "SCI")] == [
        (hdu.header["NAXIS"], hdu.header.get("OBJECT", hdu.name)) for hdu in hdus
    ]


def test_a_chosen_image_outside_of_the_region_selects_nothing(tmp_path: Path) -> None:
    """Another image that overlaps does not answer for it."""
    far = image(TAN | {"CRVAL1": 90.0, "EXTNAME": "FAR"}, (80, 100))
    source = write(tmp_path / "a.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU), far)
    with pytest.raises(NothingSelected):
        cut(source, SHAPES, hdus=["FAR"])


def test_r22_a_light_answer_holds_only_what_is_cut(tmp_path: Path) -> None:
    """Request 22: images only on request, from memory and without a temporary file."""
    source = product(tmp_path / "a.fits")
    before = set(tmp_path.iterdir())
    with cut(source, SHAPES, planes="images") as cutout:
        found = names(cutout)
        size = cutout.size

    assert [PRIMARY, ("SCI", 1), ("DQ", 1), ("SCI", 2), ("DQ", 2)] == found
    assert size < cut(source, SHAPES).size
    assert before == set(tmp_path.iterdir())


def test_tables_that_coordinates_need_stay_with_the_image(tmp_path: Path) -> None:
    """A -TAB axis without its table would have no wavelengths."""
    cards = TAN | {"CTYPE3": "WAVE-TAB", "CUNIT3": "m", "CRPIX3": 1.0, "CRVAL3": 1.0, "CDELT3": 1.0}
    cards |= {"PS3_0": "WAVES", "PS3_1": "coords", "PV3_1": 1, "PV3_2": 1, "PV3_3": 1, "EXTNAME": "CUBE"}
    column = fits.Column("coords", "4D", dim="(1,4)", array=np.array([[[1e-7], [2e-7], [4e-7], [8e-7]]]))
    waves = fits.BinTableHDU.from_columns([column], name="WAVES")
    cube = image(cards, (4, 80, 100))
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), cube, waves, table("OTHER", a=[1]))
    for options in ({"planes": "images"}, {"hdus": ["CUBE"]}):
        with cut(source, SHAPES, **options) as cutout:
            hdus = opened(cutout)
            assert [PRIMARY, ("CUBE", 1), ("WAVES", 1)] == [(hdu.name, hdu.ver) for hdu in hdus]
            wave = WCS(hdus["CUBE"].header, hdus).all_pix2world([[0, 0, 3]], 0)[0, 2]
            assert pytest.approx(8e-7) == wave


def test_r19_every_header_of_a_product_stays(tmp_path: Path) -> None:
    """Request 19: the VERSION card of the primary header, the names, versions and cards of all others."""
    source = product(tmp_path / "a.fits")
    hdus = opened(cut(source, SHAPES))
    with fits.open(source) as parent:
        assert [hdu.name for hdu in parent] == [hdu.name for hdu in hdus]
        assert "2.7" == hdus[0].header["VERSION"]
        assert "of the pipeline" == hdus[0].header.comments["VERSION"]
        for before, after in zip(parent, hdus, strict=True):
            assert set(before.header) <= set(after.header)
            assert before.ver == after.ver


def test_r14_degenerate_axes_of_radio_images_stay(tmp_path: Path) -> None:
    """Request 14: four axes in, four axes out, their cards with them."""
    cards = TAN | {"CTYPE3": "FREQ", "CRPIX3": 1.0, "CRVAL3": 1.4e9, "CDELT3": 1e6, "CUNIT3": "Hz"}
    cards |= {"CTYPE4": "STOKES", "CRPIX4": 1.0, "CRVAL4": 1.0, "CDELT4": 1.0}
    source = write(tmp_path / "a.fits", image(cards, (1, 1, 80, 100), kind=fits.PrimaryHDU))
    header = opened(cut(source, SHAPES))[0].header

    assert (4, 1, 1) == (header["NAXIS"], header["NAXIS3"], header["NAXIS4"])
    assert ("FREQ", "STOKES", 1.4e9) == (header["CTYPE3"], header["CTYPE4"], header["CRVAL3"])


def test_r17_the_coordinates_have_the_size_of_the_cutout(tmp_path: Path) -> None:
    """Request 17: NAXISn is the cutout's; a reference pixel outside of it is no fault."""
    source = write(tmp_path / "a.fits", image(TAN | {"CRPIX1": -500.0}, (80, 100), kind=fits.PrimaryHDU))
    with fits.open(source) as parent:
        centre = WCS(parent[0].header).pixel_to_world(60, 30)
    with cut(source, [Circle(centre.ra.deg, centre.dec.deg, 0.1)]) as cutout:
        header, spans = opened(cutout)[0].header, cutout.parts[0].spans

    assert tuple(span.count for span in spans) == WCS(header).pixel_shape
    assert -500.0 - spans[0].start == header["CRPIX1"]
    assert WCS(header).pixel_to_world(60 - spans[0].start, 30 - spans[1].start).separation(centre).deg < 1e-9


def test_d12_cards_that_a_cut_does_not_touch_stay(tmp_path: Path) -> None:
    """Pitfall D12: PV cards stay, PC is not mixed with CD, EXTVER is not made of EXTNAME, scaling stays."""
    cards = TAN | {"CTYPE1": "RA---TPV", "CTYPE2": "DEC--TPV", "PV1_1": 1.0, "PV2_1": 1.0, "PV1_4": 1e-4}
    cards |= {"PC1_1": 0.8, "PC1_2": 0.6, "PC2_1": -0.6, "PC2_2": 0.8, "EXTNAME": "SCI2", "EXTVER": 3}
    hdu = fits.ImageHDU(np.arange(8000, dtype="i2").reshape(80, 100), do_not_scale_image_data=True)
    hdu.header.update(cards | {"BSCALE": 0.5, "BZERO": 7.0, "BLANK": -99})
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), hdu)
    with fits.open(source, do_not_scale_image_data=True) as parent:
        before = parent[1].header.copy()
    after = opened(cut(source, SHAPES))[1].header

    assert {"NAXIS1", "NAXIS2", "CRPIX1", "CRPIX2"} == {
        word for word in before if before[word] != after[word]
    }
    assert list(before) == list(after)


def test_d13_planes_of_another_grid_get_their_own_box(tmp_path: Path) -> None:
    """Pitfall D13: no stencil of the first plane is laid over one with other pixels."""
    coarse = TAN | {"CDELT1": -0.02, "CDELT2": 0.02, "CRPIX1": 25.5, "CRPIX2": 20.25, "EXTNAME": "COARSE"}
    moved = TAN | {"CRPIX1": 51.5, "EXTNAME": "MOVED"}
    planes = (image(TAN | {"EXTNAME": "FINE"}, (80, 100)), image(coarse, (40, 50)), image(moved, (80, 100)))
    with cut(write(tmp_path / "a.fits", fits.PrimaryHDU(), *planes), SHAPES) as cutout:
        fine, other, third = (part.spans for part in cutout.parts[1:])
        hdus = opened(cutout)
    centres = [
        WCS(hdu.header).pixel_to_world((hdu.shape[1] - 1) / 2, (hdu.shape[0] - 1) / 2) for hdu in hdus[1:]
    ]

    assert abs(fine[0].count / 2 - other[0].count) <= 1
    assert fine[0].start + 1 == third[0].start
    assert max(centre.separation(centres[0]).deg for centre in centres) < 0.02


def test_d14_a_cutout_of_zeros_is_not_empty(tmp_path: Path) -> None:
    """Pitfall D14: a mask of zeros and blank sky are data."""
    planes = [fits.ImageHDU(np.zeros((80, 100), "i4"), fits.Header(list(TAN.items()))) for _ in "ab"]
    hdus = opened(cut(write(tmp_path / "a.fits", fits.PrimaryHDU(), *planes), SHAPES))

    assert [None, (30, 30), (30, 30)] == [None if hdu.data is None else hdu.data.shape for hdu in hdus]
    assert not hdus[1].data.any()


def test_a_table_of_byte_addresses_is_left_out(tmp_path: Path) -> None:
    """The places of HDUs in the parent are false in a cutout: table and cards go, and the header says so."""
    primary = fits.PrimaryHDU()
    primary.header.update({"INDXADDR": 12345, "INDXSIZE": 5760, "FMTVER": 1})
    index = table("INDEX", HDRADDR=[0], DATADDR=[2880])
    source = write(tmp_path / "a.fits", primary, image(TAN, (80, 100)), table("CATALOG", a=[1]), index)
    hdus = opened(cut(source, SHAPES))

    assert [hdu.name for hdu in hdus] == ["PRIMARY", "", "CATALOG"]
    assert not {"INDXADDR", "INDXSIZE"} & set(hdus[0].header)
    assert "HDU 3 is left out: its byte addresses are those of the whole file" in str(
        hdus[0].header["HISTORY"]
    )


def test_coordinates_in_asdf_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    """The ASDF table of a JWST file describes whole images; it stays if nothing is cut off, or if named."""
    asdf = fits.BinTableHDU.from_columns(
        [fits.Column("ASDF_METADATA", "9B", array=np.zeros((1, 9), "u1"))], name="ASDF"
    )
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), image(TAN | {"EXTNAME": "SCI"}, (80, 100)), asdf)
    everything: list[Shape] = [Circle(10, 20, 5)]

    assert [PRIMARY, ("SCI", 1)] == names(cut(source, SHAPES))
    assert [PRIMARY, ("SCI", 1), ("ASDF", 1)] == names(cut(source, everything))
    assert [PRIMARY, ("SCI", 1), ("ASDF", 1)] == names(cut(source, SHAPES, hdus=["SCI", "ASDF"]))


def test_provenance_tells_what_day_and_which_cutout(tmp_path: Path) -> None:
    """A UUID of version 8 (RFC 9562) and the day in UTC stand beside source, region and box."""
    source = product(tmp_path / "a.fits")
    text = str(opened(cut(source, SHAPES, origin="ivo://example.org/data?1"))[0].header["HISTORY"])
    again = str(opened(cut(source, SHAPES, origin="ivo://example.org/data?1"))[0].header["HISTORY"])
    other = str(opened(cut(source, SHAPES, origin="ivo://example.org/data?2"))[0].header["HISTORY"])
    found, second = (UUID(re.findall(r"UUID (\S+)", words)[0]) for words in (text, other))

    assert text == again
    assert (8, "specified in RFC 4122") == (found.version, found.variant)
    assert found != second
    assert re.search(r"Cutout made by Sodalite \S+ on \d{4}-\d\d-\d\d", text)


def test_provenance_can_be_left_out(tmp_path: Path) -> None:
    """Then the first header is that of the file."""
    source = product(tmp_path / "a.fits")
    data = bytes(cut(source, SHAPES, provenance=False))

    assert source.read_bytes()[:2880] == data[:2880]


REQUESTS: list[dict[str, Any]] = [
    {},
    {"shapes": SHAPES},
    {"shapes": [Circle(10.02, 20.03, 0.150001)]},
    {"shapes": SHAPES, "mask": "shape"},
    {"shapes": SHAPES, "compress": "rice"},
    {"shapes": SHAPES, "compress": "gzip"},
    {"shapes": SHAPES, "checksum": True},
    {"shapes": SHAPES, "provenance": False},
    {"shapes": SHAPES, "planes": "images"},
    {"shapes": SHAPES, "hdus": ["SCI"]},
    {"shapes": SHAPES, "origin": "ivo://example.org/data?1"},
]


def test_the_tag_is_the_same_as_long_as_the_bytes_are(tmp_path: Path) -> None:
    """Requests with other bytes have other tags; the same request has the same tag and bytes."""
    source = product(tmp_path / "a.fits")
    once, twice = (
        {cut(source, **words).tag: bytes(cut(source, **words)) for words in REQUESTS} for _ in "ab"
    )

    assert len(REQUESTS) == len(once) == len(set(once.values()))
    assert once == twice


def test_the_tag_follows_the_file_and_the_day(tmp_path: Path) -> None:
    """A changed file has another tag, and so has another day where the header tells the day."""
    source = product(tmp_path / "a.fits")
    before = cut(source, SHAPES).tag
    source.touch()

    assert before != cut(source, SHAPES).tag
    assert Stamp("seed", "2026-01-01").tag != Stamp("seed", "2026-01-02").tag
    assert Stamp("seed", "2026-01-01").uuid == Stamp("seed", "2026-01-02").uuid


def test_a_band_and_a_choice_go_together(tmp_path: Path) -> None:
    """Filters without a shape narrow what is chosen."""
    cards = TAN | {"CTYPE3": "WAVE", "CRPIX3": 1.0, "CRVAL3": 1e-7, "CDELT3": 1e-7, "CUNIT3": "m"}
    cube = image(cards | {"EXTNAME": "CUBE"}, (5, 80, 100))
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), cube, table("CATALOG", a=[1]))
    with cut(source, band=Interval(1.6e-7, 3.2e-7), hdus=["CUBE"], planes="images") as cutout:
        assert (100, 80, 2) == cutout.parts[1].shape
        assert [PRIMARY, ("CUBE", 1)] == names(cutout)
