"""The meridian: a field across right ascension zero, stored as unsigned integers with blank pixels."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Final

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from soda_core.demo.band import BANDS
from soda_core.demo.catalogue import Catalogue
from soda_core.demo.grid import Grid, Vector
from soda_core.demo.headers import NIGHT, band_cards, origin_cards, primary, time_cards
from soda_core.demo.population import Field, cluster, galaxies, stars
from soda_core.demo.product import Product, expose, serialise
from soda_core.demo.render import View, render

__all__ = ["BLANK", "GRID", "PATH", "products"]

PATH: Final = PurePosixPath("meridian", "ra_zero_g.fits")
GRID: Final = Grid(0.0, 12.0, width=512, height=512, scale=0.5)
BLANK: Final = -32768

_BAND: Final = BANDS[0]
_BZERO: Final = 32768
_ZERO: Final = 28.9
_GAIN: Final = 1.3
_SEEING: Final = 1.3


def products(seed: int) -> Iterator[Product]:
    """Yield the image of the meridian."""
    yield Product(PATH, partial(_make, seed))


def _make(seed: int) -> bytes:
    """Return the bytes of the image of the meridian."""
    rng = np.random.default_rng([seed, 6])
    field = Field(GRID.ra, GRID.dec, half=145.0)
    group = Field(359.995, 12.008, half=70.0)
    catalogue = Catalogue.join([stars(rng, field, 150), galaxies(rng, field, 340), cluster(rng, group, 24)])
    sky = GRID.scale**2 * 10 ** (-0.4 * (_BAND.sky - _ZERO))
    view = View(GRID, fwhm=_SEEING, zero=_ZERO, least=0.03 * np.sqrt(sky / _GAIN))
    light = render(catalogue, view, _BAND.name) + sky
    data, _ = expose(rng, light, gain=_GAIN, read_noise=5.0)
    image = fits.PrimaryHDU(_stored(data), _header())
    # Set after the array is: astropy takes the scaling of a new array from its type.
    image.header.update(
        BSCALE=(1.0, "pixel = BZERO + BSCALE * stored"),
        BZERO=(float(_BZERO), "unsigned 16-bit integers"),
        BLANK=(BLANK, "stored value of pixels without data"),
    )
    return serialise(image)


def _stored(data: Vector) -> NDArray[np.int16]:
    """Return the integers that the file holds; a dead row and a dead corner are blank."""
    stored: NDArray[np.int16] = np.clip(np.rint(data) - _BZERO, BLANK + 1, 32767).astype(np.int16)
    stored[97:99] = BLANK
    rows, columns = np.indices(stored.shape)
    stored[rows + columns < 60] = BLANK  # noqa: PLR2004 - the size of the corner
    return stored


def _header() -> fits.Header:
    """Return the cards but those of the storage."""
    return primary(
        origin_cards(telescope="Sodalite 1.5m", instrument="OLDCAM", target="Galaxy group at RA 0"),
        time_cards(NIGHT + timedelta(days=23, hours=6), 240.0),
        band_cards(_BAND),
        fits.Header(
            [
                ("BUNIT", "adu", "unit of the pixels"),
                ("AIRMASS", 1.31, "airmass at mid-exposure"),
                ("SEEING", _SEEING, "[arcsec] FWHM of a star"),
                ("GAIN", _GAIN, "[electron/adu]"),
                ("MAGZERO", _ZERO, "[mag] AB magnitude of 1 adu"),
            ]
        ),
        GRID.header(),
    )
