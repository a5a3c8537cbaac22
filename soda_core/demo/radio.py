"""The radio cube: neutral hydrogen in the spiral galaxy, by frequency and polarisation."""

import math
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Final

import numpy as np
from astropy.io import fits

from soda_core.demo.grid import Vector
from soda_core.demo.headers import NIGHT, origin_cards, primary, time_cards
from soda_core.demo.product import Product, serialise
from soda_core.demo.spiral import SPIRAL

__all__ = ["CHANNELS", "PATH", "STOKES", "products"]

PATH: Final = PurePosixPath("radio", "hydrogen_iquv.fits")
CHANNELS: Final = 64
STOKES: Final = ("I", "Q", "U", "V")

_PIXELS: Final = 96
_SCALE: Final = 4.0
_BEAM: Final = (16.0, 13.0, 25.0)  # major and minor FWHM in arcsec, position angle in degrees
_REST: Final = 1420405751.786  # Hz, the hydrogen line
_LIGHT: Final = 299792.458  # km/s
_SYSTEM: Final = 1980.0  # km/s, radio convention, LSRK
_WIDTH: Final = 5.5  # km/s of a channel
_ROTATION: Final = 165.0  # km/s where the curve is flat
_DISPERSION: Final = 9.0  # km/s
_NOISE: Final = 6.0e-4  # Jy/beam in a channel
_CONTINUUM: Final = 4.0e-3  # Jy of the nucleus
_POLARISED: Final = {"Q": 0.06, "U": -0.04, "V": 0.0}


def products(seed: int) -> Iterator[Product]:
    """Yield the cube."""
    yield Product(PATH, partial(_make, seed))


def _make(seed: int) -> bytes:
    """Return the bytes of the cube."""
    rng = np.random.default_rng([seed, 4])
    noise = _convolve(rng.standard_normal((len(STOKES), CHANNELS, _PIXELS, _PIXELS)))
    cube = noise * (_NOISE / noise.std())
    cube[0] += _line()
    nucleus = np.zeros((_PIXELS, _PIXELS))
    nucleus[_PIXELS // 2, _PIXELS // 2] = _CONTINUUM
    core = _convolve(nucleus)
    for plane, share in enumerate((1.0, *_POLARISED.values())):
        cube[plane] += share * core
    return serialise(fits.PrimaryHDU(cube.astype(np.float32), _header()))


def _offsets() -> tuple[Vector, Vector]:
    """Return how far east and north of the reference pixel every pixel lies, in arcsec."""
    steps = _SCALE * (np.arange(_PIXELS, dtype=np.float64) - _PIXELS // 2)
    north, east = np.meshgrid(steps, -steps, indexing="ij")
    return east, north


def _plane() -> tuple[Vector, Vector]:
    """Return radius in arcsec and azimuth in radians of every pixel in the plane of the galaxy."""
    east, north = _offsets()
    return SPIRAL.in_plane(east, north)


def _line() -> Vector:
    """Return the hydrogen emission in Jy/beam: channels, rows, columns."""
    radius, azimuth = _plane()
    rotation = _ROTATION * (1 - np.exp(-radius / 14.0)) * math.sqrt(1 - SPIRAL.ratio**2)
    velocity = _SYSTEM + rotation * np.cos(azimuth)
    arms = 1 + 0.65 * np.cos(2 * (azimuth - SPIRAL.arm(radius)))
    column = arms * np.exp(-radius / 42.0) * (1 - 0.8 * np.exp(-((radius / 22.0) ** 2)))
    centres = _LIGHT * (1 - _frequencies() / _REST)
    profile = np.exp(-0.5 * ((centres[:, None, None] - velocity) / _DISPERSION) ** 2)
    return _convolve(4.5e-3 * column * profile)


def _frequencies() -> Vector:
    """Return the centre of every channel in Hz."""
    return np.asarray(_first_channel() + _channel_width() * np.arange(CHANNELS))


def _channel_width() -> float:
    """Return the width of a channel in Hz, to a tenth."""
    return round(_REST * _WIDTH / _LIGHT, 1)


def _first_channel() -> float:
    """Return the centre of the lowest channel in Hz, to a tenth."""
    middle = _REST * (1 - _SYSTEM / _LIGHT)
    return round(middle - (CHANNELS - 1) / 2 * _channel_width(), 1)


def _convolve(planes: Vector) -> Vector:
    """Blur the last two axes with the beam, whose peak is 1, as Jy/beam asks."""
    major, minor, angle = _BEAM
    turn = math.radians(angle)
    east, north = _offsets()
    along = north * math.cos(turn) + east * math.sin(turn)
    across = north * math.sin(turn) - east * math.cos(turn)
    beam = np.exp(-4 * math.log(2) * ((along / major) ** 2 + (across / minor) ** 2))
    transfer = np.fft.rfft2(np.fft.ifftshift(beam))
    return np.asarray(np.fft.irfft2(np.fft.rfft2(planes) * transfer, s=(_PIXELS, _PIXELS)))


def _header() -> fits.Header:
    """Return the cards of the cube."""
    major, minor, angle = _BEAM
    axes: list[tuple[str, str, float, float, float, str]] = [
        ("1", "RA---SIN", SPIRAL.ra, _PIXELS // 2 + 1.0, -_SCALE / 3600, "deg"),
        ("2", "DEC--SIN", SPIRAL.dec, _PIXELS // 2 + 1.0, _SCALE / 3600, "deg"),
        ("3", "FREQ", _first_channel(), 1.0, _channel_width(), "Hz"),
        ("4", "STOKES", 1.0, 1.0, 1.0, ""),
    ]
    names = ("CTYPE", "CRVAL", "CRPIX", "CDELT", "CUNIT")
    return primary(
        origin_cards(telescope="Sodalite Array", instrument="L-BAND", target="Spiral galaxy, H I"),
        time_cards(NIGHT + timedelta(days=40, hours=-4), 28800.0),
        fits.Header(
            [
                ("BUNIT", "Jy/beam", "unit of the pixels"),
                ("BTYPE", "Intensity"),
                ("BMAJ", major / 3600, "[deg] FWHM of the beam, major axis"),
                ("BMIN", minor / 3600, "[deg] FWHM of the beam, minor axis"),
                ("BPA", angle, "[deg] position angle of the beam"),
                *(
                    (f"{name}{axis[0]}", value)
                    for axis in axes
                    for name, value in zip(names, axis[1:], strict=True)
                ),
                ("RESTFRQ", _REST, "[Hz] hydrogen line"),
                ("SPECSYS", "LSRK", "frame of the frequencies"),
                ("RADESYS", "ICRS", "celestial reference system"),
                ("EQUINOX", 2000.0, "[yr]"),
            ]
        ),
    )
