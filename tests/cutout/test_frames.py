"""Frames of images against astropy's SkyCoord, from the cards alone."""

from typing import Any

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import (
    FK4,
    FK5,
    BarycentricMeanEcliptic,
    FK4NoETerms,
    Galactic,
    SkyCoord,
    Supergalactic,
)
from astropy.io import fits
from cutout_samples import image, opened, sky_of, write

from soda_core.cutout import NoSky, cut
from soda_core.cutout.source import Source
from soda_core.dali.shapes import Circle
from soda_core.sky import lonlat_of

FIELD: dict[str, object] = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 30.0, "CRPIX2": 20.0}
FIELD |= {"CRVAL1": 83.0, "CRVAL2": -5.0, "CDELT1": -0.01, "CDELT2": 0.01}
FRAMES: dict[str, tuple[dict[str, object], Any]] = {
    "radesys icrs": ({"RADESYS": "ICRS"}, "icrs"),
    "nothing": ({}, "icrs"),
    "radecsys fk5": ({"RADECSYS": "FK5"}, FK5(equinox="J2000")),
    "equinox 2000": ({"EQUINOX": 2000.0}, FK5(equinox="J2000")),
    "fk5 of 1950": ({"RADESYS": "FK5", "EQUINOX": 1950.0}, FK5(equinox="J1950")),
    "fk5 of date": ({"RADESYS": "FK5", "EQUINOX": 2023.7}, FK5(equinox="J2023.7")),
    "radesys fk4": ({"RADESYS": "FK4"}, FK4(equinox="B1950")),
    "radesys fk4-no-e": ({"RADESYS": "FK4-NO-E", "EQUINOX": 1950.0}, FK4NoETerms(equinox="B1950")),
    "equinox alone": ({"EQUINOX": 1950.0}, FK4(equinox="B1950")),
    "equinox 1979.9": ({"EQUINOX": 1979.9}, FK4(equinox="B1979.9")),
    "epoch alone": ({"EPOCH": 1950.0}, FK4(equinox="B1950")),
    "epoch 2000": ({"EPOCH": 2000.0}, FK5(equinox="J2000")),
    "galactic": ({"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN", "EQUINOX": 2000.0}, Galactic()),
    "supergalactic": ({"CTYPE1": "SLON-TAN", "CTYPE2": "SLAT-TAN"}, Supergalactic()),
    "ecliptic": ({"CTYPE1": "ELON-TAN", "CTYPE2": "ELAT-TAN"}, BarycentricMeanEcliptic(equinox="J2000")),
    "ecliptic 1990": (
        {"CTYPE1": "ELON-TAN", "CTYPE2": "ELAT-TAN", "EQUINOX": 1990.0},
        BarycentricMeanEcliptic(equinox="J1990"),
    ),
}
ARCSEC = 3600.0


def gnomonic(x: float, y: float) -> tuple[float, float]:
    """Return native longitude and latitude in degrees of a 0-based pixel of the field, by the textbook."""
    xi, eta = np.radians(-0.01 * (x - 29)), np.radians(0.01 * (y - 19))
    lon, lat = np.radians(83.0), np.radians(-5.0)
    depth = np.cos(lat) - eta * np.sin(lat)
    up = np.sin(lat) + eta * np.cos(lat)
    return float(np.degrees(lon + np.arctan2(xi, depth))), float(
        np.degrees(np.arctan2(up, np.hypot(xi, depth)))
    )


@pytest.mark.parametrize("name", FRAMES)
def test_positions_are_those_of_astropy_in_every_frame(name: str, tmp_path: Any) -> None:  # noqa: ANN401 - a path
    """A circle in ICRS about the place that SkyCoord gives for a pixel finds that pixel, to 0.1 mas."""
    cards, frame = FRAMES[name]
    path = write(tmp_path / "i.fits", image(FIELD | cards, (40, 60), kind=fits.PrimaryHDU))
    source = Source(path)
    sky = sky_of(source, 0)
    for x, y in ((29, 19), (0, 0), (59, 39), (7, 33)):
        expected = SkyCoord(*gnomonic(x, y), unit="deg", frame=frame).icrs
        lon, lat = (float(v[0]) for v in lonlat_of(sky.vectors(np.array([float(x)]), np.array([float(y)]))))
        found = SkyCoord(lon, lat, unit="deg")
        assert found.separation(expected).to_value(units.arcsec) < 1e-4

        circle = Circle(float(expected.ra.deg), float(expected.dec.deg), 0.001)
        with cut(path, [circle]) as cutout:
            assert [(span.start, span.count) for span in cutout.parts[0].spans] == [(x, 1), (y, 1)]
            assert opened(cutout)[0].data.size == 1
    source.close()


def test_a_frame_ignored_would_be_seen() -> None:
    """Equinox 1950 taken for 2000 is off by more than half a degree."""
    place = SkyCoord(83.0, -5.0, unit="deg")
    old = SkyCoord(83.0, -5.0, unit="deg", frame=FK4(equinox="B1950")).icrs

    assert place.separation(old).to_value(units.deg) > 0.5


@pytest.mark.parametrize(
    "cards",
    [{"RADESYS": "GAPPT", "MJD-OBS": 58000.0}, {"CTYPE1": "HPLN-TAN", "CTYPE2": "HPLT-TAN"}],
    ids=["apparent", "solar"],
)
def test_frames_that_cannot_be_turned_are_refused(cards: dict[str, object], tmp_path: Any) -> None:  # noqa: ANN401 - a path
    """Apparent places and the Sun's own coordinates are refused in words."""
    path = write(tmp_path / "i.fits", image(FIELD | cards, (40, 60), kind=fits.PrimaryHDU))
    with pytest.raises(NoSky, match=r"GAPPT|solar"):
        cut(path, [Circle(83, -5, 0.1)])
