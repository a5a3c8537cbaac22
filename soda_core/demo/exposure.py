"""The exposure: image, mask, variance, and sources of one detector, laid out as LSST's pipelines do."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from soda_core.demo.headers import NIGHT, band_cards, mjd, origin_cards, primary, time_cards
from soda_core.demo.product import Product, expose, serialise
from soda_core.demo.render import View, positions, render
from soda_core.demo.spiral import SPIRAL
from soda_core.demo.survey import field_catalogue

__all__ = ["GRID", "PATH", "products"]

# So weak a distortion is undone, to a hundredth of a pixel, by its negative.
_DISTORTION: Final = {
    "A_2_0": 2.1e-06,
    "A_1_1": 1.2e-06,
    "A_0_2": 6.0e-07,
    "A_3_0": -1.1e-09,
    "B_2_0": 5.0e-07,
    "B_1_1": 1.9e-06,
    "B_0_2": 1.4e-06,
    "B_0_3": -9.0e-10,
}

PATH: Final = PurePosixPath("exposure", "visit_0042_r.fits")
GRID: Final = Grid(
    SPIRAL.ra + 0.0035,
    SPIRAL.dec - 0.0028,
    width=1024,
    height=1024,
    scale=0.2,
    rotation=30.0,
    sip=_DISTORTION | {f"{name[0]}P{name[1:]}": -value for name, value in _DISTORTION.items()},
)

_BAND: Final = BANDS[1]
_START: Final = NIGHT + timedelta(days=4, hours=1)
_SECONDS: Final = 30.0
_SEEING: Final = 0.78
_ZERO: Final = 31.4  # AB magnitude of 1 nJy
_GAIN: Final = 1.8
_READ_NOISE: Final = 9.0
_CORNER: Final = (1524, 1488)  # where the piece begins on the detector
_FULL: Final = 45000.0  # nJy in a pixel that is full
_PLANES: Final = {
    "BAD": 0,
    "SAT": 1,
    "INTRP": 2,
    "CR": 3,
    "EDGE": 4,
    "DETECTED": 5,
    "DETECTED_NEGATIVE": 6,
    "SUSPECT": 7,
    "NO_DATA": 8,
}

_Mask = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Planes:
    """Carry the three planes while defects are laid into them."""

    image: Vector
    mask: _Mask
    variance: Vector

    def flag(self, plane: str, where: NDArray[np.bool_] | tuple[slice, slice]) -> None:
        """Set the bit of *plane* in the pixels *where*."""
        self.mask[where] |= 1 << _PLANES[plane]


def products(seed: int) -> Iterator[Product]:
    """Yield the exposure."""
    yield Product(PATH, partial(_make, seed))


def _make(seed: int) -> bytes:
    """Return the bytes of the exposure."""
    rng = np.random.default_rng([seed, 3])
    catalogue = field_catalogue(seed)
    planes = _observe(rng, catalogue)
    _edges(planes)
    _bad_columns(planes)
    _cosmic_rays(rng, planes)
    planes.flag("DETECTED", planes.image > 5 * np.sqrt(planes.variance))
    return serialise(
        fits.PrimaryHDU(header=_primary_header()),
        _plane(planes.image.astype(np.float32), "IMAGE", BUNIT="nJy"),
        _plane(planes.mask, "MASK", **{f"HIERARCH MP_{name}": bit for name, bit in _PLANES.items()}),
        _plane(planes.variance.astype(np.float32), "VARIANCE", BUNIT="nJy**2"),
        _sources(catalogue),
    )


def _observe(rng: np.random.Generator, catalogue: Catalogue) -> _Planes:
    """Return the planes of a flawless detector, the sky taken off."""
    sky = GRID.scale**2 * 10 ** (-0.4 * (_BAND.sky - _ZERO))
    view = View(GRID, fwhm=_SEEING, zero=_ZERO, least=0.03 * np.sqrt(sky / _GAIN))
    light = render(catalogue, view, _BAND.name) + sky
    image, variance = expose(rng, light, gain=_GAIN, read_noise=_READ_NOISE)
    planes = _Planes(image - sky, np.zeros(GRID.shape, np.int32), variance)
    planes.flag("SAT", planes.image > _FULL)
    planes.flag("SUSPECT", planes.image > 0.9 * _FULL)
    np.minimum(planes.image, _FULL, out=planes.image)
    return planes


def _edges(planes: _Planes) -> None:
    """Mark the rim, where no object can be measured."""
    rim = np.ones(GRID.shape, bool)
    rim[4:-4, 4:-4] = False
    planes.flag("EDGE", rim)


def _bad_columns(planes: _Planes) -> None:
    """Fill two dead columns from their neighbours, and mark them."""
    for column in (211, 768):
        dead = (slice(300, None), slice(column, column + 1))
        planes.image[dead] = (planes.image[300:, [column - 1]] + planes.image[300:, [column + 1]]) / 2
        planes.flag("BAD", dead)
        planes.flag("INTRP", dead)


def _cosmic_rays(rng: np.random.Generator, planes: _Planes) -> None:
    """Draw the short straight tracks of a few cosmic rays, and mark them."""
    for x, y, turn, length in zip(
        *rng.uniform(40, 980, (2, 24)), rng.uniform(0, np.pi, 24), rng.uniform(3, 22, 24), strict=True
    ):
        steps = np.arange(0, length, 0.5)
        columns, rows = (x + steps * np.cos(turn)).astype(int), (y + steps * np.sin(turn)).astype(int)
        hit = np.zeros(GRID.shape, bool)
        hit[rows, columns] = True
        planes.image[hit] += rng.uniform(1200, 6000)
        planes.flag("CR", hit)


def _primary_header() -> fits.Header:
    """Return the cards of the observation, which the extensions inherit."""
    middle = _START + timedelta(seconds=_SECONDS / 2)
    return primary(
        origin_cards(telescope="Sodalite 6.5m", instrument="BIGCAM", target="Survey field, spiral galaxy"),
        time_cards(_START, _SECONDS),
        band_cards(_BAND),
        fits.Header(
            [
                ("MJD-AVG", mjd(middle), "[d] middle of the exposure"),
                ("OBSID", "SD_O_20170521_000042", "name of the exposure"),
                ("DAYOBS", "20170521", "night"),
                ("SEQNUM", 42, "number within the night"),
                ("VISIT", 2017052100042, "number of the visit"),
                ("IMGTYPE", "SCIENCE", "kind of exposure"),
                ("DETECTOR", 94, "number of the detector"),
                ("RAFTBAY", "R22", "raft"),
                ("CCDSLOT", "S11", "place in the raft"),
                ("RA", GRID.ra, "[deg] pointing"),
                ("DEC", GRID.dec, "[deg] pointing"),
                ("ROTPA", GRID.rotation, "[deg] rotation of the camera on the sky"),
                ("AIRMASS", 1.174, "airmass at mid-exposure"),
                ("SEEING", _SEEING, "[arcsec] FWHM of a star"),
                ("GAIN", _GAIN, "[electron/nJy]"),
                ("MAGZERO", _ZERO, "[mag] AB magnitude of 1 nJy"),
                ("AIRTEMP", 9.6, "[degC] outside air"),
                ("PRESSURE", 74450.0, "[Pa] outside air"),
                ("HUMIDITY", 21.0, "[%] outside air"),
                ("WINDSPD", 4.3, "[m/s] wind"),
                ("SHUTTIME", _SECONDS, "[s] shutter open"),
            ]
        ),
    )


def _plane(data: NDArray[np.float32] | _Mask, name: str, **cards: str | int) -> fits.ImageHDU:
    """Return one plane with its sky coordinates and, as alternate A, its place on the detector."""
    header = GRID.header()
    header["INHERIT"] = True
    header["EXTTYPE"] = name
    for axis, start in enumerate(_CORNER, start=1):
        header[f"LTV{axis}"] = -start
    for axis, start in enumerate(_CORNER, start=1):
        header[f"CTYPE{axis}A"] = "LINEAR"
        header[f"CRPIX{axis}A"] = 1.0
        header[f"CRVAL{axis}A"] = float(start)
        header[f"CUNIT{axis}A"] = "pixel"
    for keyword, value in cards.items():
        header[keyword] = value
    return fits.ImageHDU(data, header, name=name)


def _sources(catalogue: Catalogue) -> fits.BinTableHDU:
    """Return the table of the brightest sources on the detector."""
    x, y = positions(catalogue, GRID.wcs())
    inside = np.flatnonzero((x > 0) & (x < GRID.width - 1) & (y > 0) & (y < GRID.height - 1))
    chosen = inside[np.argsort(catalogue.r[inside])][:200]
    seen = catalogue.select(chosen)
    columns = [
        fits.Column("id", "K", array=np.arange(1, chosen.size + 1)),
        fits.Column("coord_ra", "D", unit="deg", array=seen.ra),
        fits.Column("coord_dec", "D", unit="deg", array=seen.dec),
        fits.Column("x", "D", unit="pixel", array=x[chosen]),
        fits.Column("y", "D", unit="pixel", array=y[chosen]),
        fits.Column("flux", "E", unit="nJy", array=10 ** (-0.4 * (seen.r - _ZERO))),
        fits.Column("extended", "L", array=seen.radius > 0),
    ]
    return fits.BinTableHDU.from_columns(columns, name="SOURCES")
