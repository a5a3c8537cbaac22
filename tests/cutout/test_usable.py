"""Products of which only a part has coordinates that can be used."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from cutout_samples import image, opened, write

from soda_core.cutout import CannotFilter, NoSky, Span, cut, describe
from soda_core.cutout.quiet import quiet
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Circle

TAN: dict[str, object] = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 30.5, "CRPIX2": 20.5}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
SHAPE = (40, 60)
HERE = Circle(10.0, 20.0, 0.05)
NO_SUCH_PROJECTION = TAN | {"CTYPE1": "RA---ATF", "CTYPE2": "DEC--ATF"}
NO_SUCH_DISTORTION = TAN | {"CPDIS1": "Spline"}
SOLAR = TAN | {"CTYPE1": "HPLN-TAN", "CTYPE2": "HPLT-TAN"}
SINGULAR = TAN | {"CDELT1": 0.0}
BAD = {
    "projection": NO_SUCH_PROJECTION,
    "distortion": NO_SUCH_DISTORTION,
    "solar": SOLAR,
    "singular": SINGULAR,
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_one_bad_image_does_not_refuse_the_others(bad: dict[str, object], tmp_path: Path) -> None:
    """The image that is understood is cut; the other one is carried along unchanged."""
    path = write(
        tmp_path / "p.fits", fits.PrimaryHDU(), image(bad, (7, 9)), image(TAN, SHAPE), image(TAN, SHAPE, "i2")
    )
    with cut(path, [HERE]) as cutout, fits.open(path) as parent:
        assert ["carried", "carried", "cut", "cut"] == [part.treatment for part in cutout.parts]
        hdus = opened(cutout)
        assert np.array_equal(parent[1].data, hdus[1].data)
        y, x = (span.slice for span in reversed(cutout.parts[2].spans))
        for index in (2, 3):
            assert np.array_equal(parent[index].data[y, x], hdus[index].data)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_file_of_bad_images_alone_is_refused_with_the_first_reason(
    bad: dict[str, object], tmp_path: Path
) -> None:
    """The reason names the HDU, and no traceback is shown."""
    path = write(tmp_path / "p.fits", fits.PrimaryHDU(), image(bad, SHAPE), image(bad, SHAPE))
    with pytest.raises(NoSky, match=r"^HDU 1: ") as caught:
        cut(path, [HERE])

    assert "Traceback" not in str(caught.value)
    assert all(one.problem for one in describe(path).images)


def test_a_filter_passes_over_an_image_that_is_not_understood(tmp_path: Path) -> None:
    """BAND narrows the cube beside it."""
    axis: dict[str, object] = {
        "CTYPE3": "WAVE",
        "CUNIT3": "nm",
        "CRPIX3": 1.0,
        "CRVAL3": 500.0,
        "CDELT3": 1.0,
    }
    path = write(
        tmp_path / "p.fits",
        fits.PrimaryHDU(),
        image(NO_SUCH_PROJECTION, (7, 9)),
        image(TAN | axis, (10, 8, 10)),
    )
    with cut(path, band=Interval(501.6e-9, 503.4e-9)) as cutout:
        assert Span(2, 2) == cutout.parts[2].spans[2]
    with pytest.raises(CannotFilter):
        cut(path, time=Interval(1, 2))


def asdf_table() -> fits.BinTableHDU:
    """Return an extension like the one in which JWST keeps its tree."""
    tree = np.frombuffer(b"#ASDF 1.0.0\n--- {meta: {wcs: gwcs}}\n...\n", dtype="u1")
    return fits.BinTableHDU.from_columns(
        [fits.Column("ASDF_METADATA", format=f"{len(tree)}B", array=[tree])], name="ASDF"
    )


def test_request_20_a_product_with_gwcs_is_cut_by_its_fits_coordinates(tmp_path: Path) -> None:
    """In the style of JWST: SIP in the FITS header stands for the exact coordinates in the tree."""
    sip = TAN | {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 3, "B_ORDER": 3}
    sip |= {"A_2_0": 2e-4, "A_0_3": -3e-6, "B_1_1": 4e-4, "B_3_0": 1e-6}
    planes = [image(sip, SHAPE), image({}, SHAPE), image({}, SHAPE, "i4")]
    for plane, name in zip(planes, ("SCI", "ERR", "DQ"), strict=True):
        plane.name = name
    path = write(tmp_path / "jwst.fits", fits.PrimaryHDU(), *planes, asdf_table())
    with quiet(), fits.open(path) as parent, cut(path, [HERE]) as cutout:
        box = cutout.parts[1].spans
        assert [box] * 3 == [part.spans for part in cutout.parts[1:4]]
        hdus = opened(cutout)
        x, y = (axis.ravel() for axis in np.meshgrid(*(np.arange(span.count) for span in box)))
        before = WCS(parent["SCI"].header).all_pix2world(x + box[0].start, y + box[1].start, 0)
        after = WCS(hdus["SCI"].header).all_pix2world(x, y, 0)
        assert np.abs(np.subtract(before, after)).max() < 1e-12
        for name in ("SCI", "ERR", "DQ"):
            assert np.array_equal(parent[name].data[box[1].slice, box[0].slice], hdus[name].data)


def test_request_20_a_product_with_gwcs_alone_is_refused_in_words(tmp_path: Path) -> None:
    """Where only the tree has coordinates, the text says that it is not read."""
    path = write(tmp_path / "jwst.fits", fits.PrimaryHDU(), image({}, SHAPE), asdf_table())
    with pytest.raises(NoSky, match=r"those in its ASDF extension \(GWCS\) are not read"):
        cut(path, [HERE])


def test_exponents_in_lower_case_are_numbers(tmp_path: Path) -> None:
    """A reference pixel and a scale spelt with a small e move and count as any other."""
    path = write(tmp_path / "i.fits", image(TAN, SHAPE, kind=fits.PrimaryHDU))
    raw = path.read_bytes()
    for keyword, old, new in ((b"CRPIX1", b"30.5", b"3.05e+01"), (b"CDELT2", b"0.01", b"1.0e-02")):
        card = keyword.ljust(8) + b"= " + old.rjust(20)
        assert card in raw
        raw = raw.replace(card, keyword.ljust(8) + b"= " + new.rjust(20))
    path.write_bytes(raw)
    with cut(path, [HERE]) as cutout:
        x, y = cutout.parts[0].spans
        header = fits.Header.fromstring(bytes(cutout)[:2880])  # the small e of the parent stays

    assert (Span(25, 10), Span(15, 10)) == (x, y)
    assert (30.5 - 25, 0.01) == (header["CRPIX1"], header["CDELT2"])
