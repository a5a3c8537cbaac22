"""Names of filters, as headers spell them, and their wavelengths."""

import pytest

from soda_core.inventory.bands import BANDS, band_named

NAMES = {
    ("r", ""): (555, 690),
    ("R", ""): (576, 728),
    ("r'", ""): (555, 690),
    ("SDSS g", ""): (400, 538),
    ("i DECam SDSS c0003 7835.0 1470.0", "CTIO 4.0-m telescope DECam"): (710, 857),
    ("HSC-I", ""): (690, 848),
    ("HSC-I2", ""): (694, 847),
    ("g", "LSSTCam"): (402, 552),
    ("y_10", "LSST"): (925, 1025),
    ("g.00000", "PS1"): (405, 553),
    ("Ks", "VISTA VIRCAM"): (1992, 2303),
    ("K", "UKIRT WFCAM"): (2029, 2380),
    ("Johnson V", ""): (505, 595),
    ("W1", ""): (3000, 3760),
    ("2", "WISE"): (4080, 5150),
    ("NUV", "GALEX"): (177, 283),
    ("G", "Gaia"): (400, 865),
    ("F606W", "HST ACS"): (539, 673),
    ("F160W", "HST WFC3"): (1424, 1776),
    ("F200W", "JWST NIRCAM"): (1780, 2220),
    ("F2100W", "JWST MIRI"): (18690, 23310),
    ("F502N", "HST WFPC2"): (497, 507),
}


@pytest.mark.parametrize(("spelt", "nanometres"), NAMES.items(), ids=[" ".join(name) for name in NAMES])
def test_a_filter_is_known_by_its_name(spelt: tuple[str, str], nanometres: tuple[int, int]) -> None:
    """The name alone, or with telescope and instrument, gives the wavelengths."""
    found = band_named(*spelt)

    assert found is not None
    assert nanometres == pytest.approx((found.low * 1e9, found.high * 1e9), abs=0.6)


@pytest.mark.parametrize("name", ["", "open", "CLEAR", "B2 something", "17", "F850LP", "none"])
def test_an_unknown_filter_has_no_wavelengths(name: str) -> None:
    """No guess is made."""
    assert band_named(name) is None


def test_the_table_is_in_order() -> None:
    """Each band lies between 100 nm and 30 µm, the blue edge first."""
    assert all(1e-7 < band.low < band.high < 3e-5 for band in BANDS.values())
