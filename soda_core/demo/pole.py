"""The pole: a field that holds the north celestial pole."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Final

import numpy as np
from astropy.io import fits

from soda_core.demo.band import BANDS
from soda_core.demo.catalogue import Catalogue
from soda_core.demo.grid import Grid
from soda_core.demo.headers import NIGHT, band_cards, origin_cards, primary, time_cards
from soda_core.demo.population import Field, galaxies, stars
from soda_core.demo.product import Product, expose, serialise
from soda_core.demo.render import View, render

__all__ = ["GRID", "PATH", "products"]

PATH: Final = PurePosixPath("pole", "north_pole_r.fits")
GRID: Final = Grid(30.0, 89.9, width=512, height=512, scale=1.8)

_BAND: Final = BANDS[1]
_ZERO: Final = 26.8
_GAIN: Final = 1.4
_SEEING: Final = 4.1


def products(seed: int) -> Iterator[Product]:
    """Yield the image of the pole."""
    yield Product(PATH, partial(_make, seed))


def _make(seed: int) -> bytes:
    """Return the bytes of the image of the pole."""
    rng = np.random.default_rng([seed, 5])
    field = Field(GRID.ra, GRID.dec, half=480.0)
    catalogue = Catalogue.join([stars(rng, field, 2200, bright=10.5), galaxies(rng, field, 500)])
    sky = GRID.scale**2 * 10 ** (-0.4 * (_BAND.sky - _ZERO))
    view = View(GRID, fwhm=_SEEING, zero=_ZERO, least=0.03 * np.sqrt(sky / _GAIN))
    light = render(catalogue, view, _BAND.name) + sky
    data, _ = expose(rng, light, gain=_GAIN, read_noise=7.0)
    header = primary(
        origin_cards(telescope="Sodalite 0.2m", instrument="PATROL", target="North celestial pole"),
        time_cards(NIGHT + timedelta(days=11), 120.0),
        band_cards(_BAND),
        fits.Header(
            [
                ("BUNIT", "adu", "unit of the pixels"),
                ("AIRMASS", 1.62, "airmass at mid-exposure"),
                ("SEEING", _SEEING, "[arcsec] FWHM of a star"),
                ("GAIN", _GAIN, "[electron/adu]"),
                ("MAGZERO", _ZERO, "[mag] AB magnitude of 1 adu"),
            ]
        ),
        GRID.header(),
    )
    return serialise(fits.PrimaryHDU(data.astype(np.float32), header))
