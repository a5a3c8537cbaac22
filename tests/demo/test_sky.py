"""The made images show one consistent sky."""

from dataclasses import fields

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from soda_core.demo import Archive
from soda_core.demo.catalogue import STAR
from soda_core.demo.exposure import GRID
from soda_core.demo.render import positions
from soda_core.demo.survey import field_catalogue, tile_grid, tile_path

STARS = field_catalogue(20170517)


def shared_star() -> int:
    """Return the brightest star well inside both tile 00 and its neighbour 10."""
    inside = (STARS.kind == STAR) & (STARS.r > 14.5)
    for column in (0, 1):
        x, y = positions(STARS, tile_grid(column, 0).wcs())
        inside &= (x > 8) & (x < 503) & (y > 8) & (y < 503)
    chosen = np.flatnonzero(inside)
    return int(chosen[np.argmin(STARS.r[chosen])])


def peak(archive: Archive, column: int, band: str) -> tuple[float, float]:
    """Return how far, in pixels, the light near the shared star peaks from where the header puts the star."""
    star = shared_star()
    with fits.open(archive.directory / tile_path(column, 0, band)) as hdus:
        hdu = hdus[-1]
        x, y = (float(v) for v in WCS(hdu.header).all_world2pix(STARS.ra[star], STARS.dec[star], 0))
        left, low = round(x) - 5, round(y) - 5
        stamp = hdu.data[low : low + 11, left : left + 11]
        row, column = (int(v) for v in np.unravel_index(np.argmax(stamp), stamp.shape))
        assert stamp.max() > 1.5 * np.median(hdu.data)
    return left + column - x, low + row - y


@pytest.mark.parametrize("seed", range(0, 1000, 50))
def test_every_seed_makes_a_sky(seed: int) -> None:
    """Places, magnitudes and sizes are finite numbers whatever the seed."""
    sky = field_catalogue.__wrapped__(seed)

    for column in fields(sky):
        assert np.isfinite(getattr(sky, column.name)).all(), column.name


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("band", ["g", "r", "i"])
def test_star_stands_where_the_catalogue_says(archive: Archive, column: int, band: str) -> None:
    """A star in the overlap peaks within a pixel of its place, in both tiles and all bands, packed or not."""
    assert np.abs(peak(archive, column, band)).max() <= 1


def test_exposure_and_table_agree(archive: Archive) -> None:
    """The table's pixel of a bright star is the peak of the distorted and turned image."""
    with fits.open(archive.directory / "exposure" / "visit_0042_r.fits") as hdus:
        image, table = hdus["IMAGE"].data, hdus["SOURCES"].data
        star = table[~table["extended"] & (table["flux"] < 3e5)][0]
        x, y = (
            float(v) for v in WCS(hdus["IMAGE"].header).all_world2pix(star["coord_ra"], star["coord_dec"], 0)
        )
        low, left = round(y) - 6, round(x) - 6
        stamp = image[low : low + 13, left : left + 13]
        row, column = np.unravel_index(np.argmax(stamp), stamp.shape)

    assert (star["x"], star["y"]) == pytest.approx((x, y), abs=1e-3)
    assert (left + column, low + row) == pytest.approx((x, y), abs=1)


def test_exposure_is_laid_out_as_lsst_does(archive: Archive) -> None:
    """The planes share shape and sky; alternate A places them on the detector; the mask names its bits."""
    with fits.open(archive.directory / "exposure" / "visit_0042_r.fits") as hdus:
        assert [hdu.name for hdu in hdus] == ["PRIMARY", "IMAGE", "MASK", "VARIANCE", "SOURCES"]
        assert [hdus[name].header["BITPIX"] for name in ("IMAGE", "MASK", "VARIANCE")] == [-32, 32, -32]
        header = hdus["MASK"].header
        assert (header["CTYPE1A"], header["CRPIX1A"], header["CRVAL1A"]) == ("LINEAR", 1.0, 1524.0)
        assert header["MP_BAD"] == 0
        assert header["MP_DETECTED_NEGATIVE"] == 6
        assert WCS(header).sip.a_order == 3
        for name in ("BAD", "SAT", "CR", "EDGE", "DETECTED"):
            assert (hdus["MASK"].data & (1 << header[f"MP_{name}"])).any(), name


def test_inverse_distortion_undoes_the_distortion() -> None:
    """AP and BP bring a distorted pixel back to within a hundredth."""
    u, v = np.random.default_rng(1).uniform(-512, 512, (2, 200))

    def polynomial(name: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        total = np.zeros_like(x)
        for key, value in GRID.sip.items():
            letters, p, q = key.split("_")
            total += value * x ** int(p) * y ** int(q) * (letters == name)
        return total

    x, y = u + polynomial("A", u, v), v + polynomial("B", u, v)

    assert np.abs(x - u).max() > 0.5
    assert x + polynomial("AP", x, y) == pytest.approx(u, abs=0.01)
    assert y + polynomial("BP", x, y) == pytest.approx(v, abs=0.01)


def test_pole_lies_in_the_polar_field(archive: Archive) -> None:
    """Declination 90 is a pixel of the image, whatever the right ascension."""
    with fits.open(archive.directory / "pole" / "north_pole_r.fits") as hdus:
        wcs, (rows, columns) = WCS(hdus[0].header), hdus[0].shape
    for ra in (0.0, 123.0, 300.0):
        x, y = wcs.all_world2pix(ra, 90.0, 0)
        assert 0 < x < columns - 1
        assert 0 < y < rows - 1


def test_meridian_field_lies_on_both_sides_of_zero(archive: Archive) -> None:
    """The left edge has small right ascensions, the right edge those just short of 360."""
    with fits.open(archive.directory / "meridian" / "ra_zero_g.fits") as hdus:
        ra, _ = WCS(hdus[0].header).all_pix2world([0, 511], [256, 256], 0)

    assert 0 < ra[0] < 0.1
    assert 359.9 < ra[1] < 360


def test_meridian_field_is_stored_as_unsigned_integers(archive: Archive) -> None:
    """The stored words are 16 bits with BZERO, and BLANK marks pixels that read as NaN."""
    with fits.open(archive.directory / "meridian" / "ra_zero_g.fits", uint=False) as hdus:
        header = hdus[0].header.copy()
        data = hdus[0].data

    assert (header["BITPIX"], header["BZERO"], header["BLANK"]) == (16, 32768, -32768)
    assert np.isnan(data[97:99]).all()
    assert 0.9 < np.isfinite(data).mean() < 1


def test_cube_names_its_axes(archive: Archive) -> None:
    """The cube goes by sky, frequency round the shifted hydrogen line, and Stokes I to V."""
    with fits.open(archive.directory / "radio" / "hydrogen_iquv.fits") as hdus:
        wcs, data = WCS(hdus[0].header), hdus[0].data.astype(float)
        header = hdus[0].header

    frequencies = wcs.sub(["spectral"]).all_pix2world([0, 63], 0)[0]
    assert list(wcs.wcs.ctype) == ["RA---SIN", "DEC--SIN", "FREQ", "STOKES"]
    assert (header["SPECSYS"], header["BUNIT"]) == ("LSRK", "Jy/beam")
    assert frequencies[0] < 1420405751.786 * (1 - 1980 / 299792.458) < frequencies[1]
    assert wcs.sub(["stokes"]).all_pix2world([0, 1, 2, 3], 0)[0].tolist() == [1, 2, 3, 4]
    assert data[0].sum() > 10 * abs(data[3].sum())


def test_gas_turns_with_the_disc(archive: Archive) -> None:
    """The north-eastern half of the galaxy recedes: its light comes at the lower frequencies."""
    with fits.open(archive.directory / "radio" / "hydrogen_iquv.fits") as hdus:
        line = hdus[0].data[0].astype(float)

    low, high = line[8:24], line[40:56]
    assert low[:, 52:70, 28:45].sum() > 3 * abs(high[:, 52:70, 28:45].sum())
    assert high[:, 28:45, 52:70].sum() > 3 * abs(low[:, 28:45, 52:70].sum())
