"""The survey: overlapping tiles of one field in three bands."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache, partial
from pathlib import PurePosixPath
from typing import Final

import numpy as np
from astropy.io import fits

from soda_core.demo.band import BANDS, Band
from soda_core.demo.catalogue import Catalogue
from soda_core.demo.grid import Grid, offset
from soda_core.demo.headers import NIGHT, band_cards, origin_cards, primary, time_cards
from soda_core.demo.population import Field, cluster, galaxies, stars
from soda_core.demo.product import Product, expose, serialise
from soda_core.demo.render import View, render
from soda_core.demo.spiral import SPIRAL, spiral

__all__ = ["CLUSTER", "FIELD", "field_catalogue", "products", "tile_grid", "tile_path"]

FIELD: Final = Field(ra=150.1192, dec=2.2054, half=330.0)
CLUSTER: Final = Field(ra=150.0667, dec=2.2526, half=110.0)

_SIDE: Final = 3  # tiles along each side of the field
_PIXELS: Final = 512
_SCALE: Final = 0.4
_STEP: Final = 0.9 * _PIXELS * _SCALE  # a tenth of each tile is shared with its neighbour
_ZERO: Final = 28.5
_GAIN: Final = 1.6
_READ_NOISE: Final = 5.0
_SECONDS: Final = 300.0
_COMPRESSED: Final = "i"


@cache
def field_catalogue(seed: int) -> Catalogue:
    """Return all that shines in the survey field."""
    rng = np.random.default_rng([seed, 1])
    return Catalogue.join(
        [
            stars(rng, FIELD, 520),
            galaxies(rng, FIELD, 1700),
            cluster(rng, CLUSTER, 70),
            spiral(rng, SPIRAL),
        ]
    )


def tile_grid(column: int, row: int) -> Grid:
    """Return the grid of a tile; columns grow to the west, rows to the north, (1, 1) is the middle."""
    east, north = np.array([(1.0 - column) * _STEP]), np.array([(row - 1.0) * _STEP])
    ra, dec = offset(FIELD.centre, east, north)
    return Grid(round(float(ra[0]), 7), round(float(dec[0]), 7), _PIXELS, _PIXELS, _SCALE)


def tile_path(column: int, row: int, band: str) -> PurePosixPath:
    """Return where the archive keeps one tile in one band."""
    ending = "fits.fz" if band == _COMPRESSED else "fits"
    return PurePosixPath("survey", f"tile_{column}{row}_{band}.{ending}")


def products(seed: int) -> Iterator[Product]:
    """Yield the tiles in all bands."""
    for band in BANDS:
        for row in range(_SIDE):
            for column in range(_SIDE):
                make = partial(_make, seed, band, column, row)
                yield Product(tile_path(column, row, band.name), make)


def _make(seed: int, band: Band, column: int, row: int) -> bytes:
    """Return the bytes of one tile in one band."""
    number = 1 + len(BANDS) * (_SIDE * row + column) + BANDS.index(band)
    rng = np.random.default_rng([seed, 2, number])
    seeing = band.seeing * rng.uniform(0.95, 1.1)
    grid = tile_grid(column, row)
    sky = _SCALE**2 * 10 ** (-0.4 * (band.sky - _ZERO))
    view = View(grid, fwhm=seeing, zero=_ZERO, least=0.03 * np.sqrt(sky / _GAIN))
    light = render(field_catalogue(seed), view, band.name) + sky
    data, _ = expose(rng, light, gain=_GAIN, read_noise=_READ_NOISE)
    header = _header(band, column, row)
    header.update(
        SEEING=(round(float(seeing), 3), "[arcsec] FWHM of a star"),
        AIRMASS=(round(float(rng.uniform(1.05, 1.6)), 3), "airmass at mid-exposure"),
    )
    return _file(data.astype(np.float32), header, number)


def _header(band: Band, column: int, row: int) -> fits.Header:
    """Return the cards of a tile that no chance decides."""
    night = BANDS.index(band)
    start = NIGHT + timedelta(days=night, minutes=7 * (_SIDE * row + column))
    calibration = fits.Header(
        [
            ("BUNIT", "adu", "unit of the pixels"),
            ("GAIN", _GAIN, "[electron/adu]"),
            ("RDNOISE", _READ_NOISE, "[electron] read noise"),
            ("MAGZERO", _ZERO, "[mag] AB magnitude of 1 adu"),
            ("TILE", f"{column}{row}", "column and row of the tile"),
        ]
    )
    return primary(
        origin_cards(
            telescope="Sodalite 1.5m", instrument="WIDECAM", target=f"Survey field, tile {column}{row}"
        ),
        time_cards(start, _SECONDS),
        band_cards(band),
        calibration,
        tile_grid(column, row).header(),
    )


def _file(data: np.ndarray[tuple[int, ...], np.dtype[np.float32]], header: fits.Header, number: int) -> bytes:
    """Return the file of a tile, plain or compressed tile by tile."""
    if header["FILTER"] != _COMPRESSED:
        return serialise(fits.PrimaryHDU(data, header))
    image = fits.CompImageHDU(
        data,
        header,
        compression_type="RICE_1",
        tile_shape=(32, _PIXELS),
        quantize_level=16.0,
        quantize_method=1,
        dither_seed=number,
    )
    image.name = "IMAGE"
    return serialise(fits.PrimaryHDU(), image)
