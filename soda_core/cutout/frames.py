"""Celestial frames of images, to ICRS and back."""

from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from astropy import units
from astropy.coordinates import (
    FK4,
    FK5,
    ICRS,
    BarycentricMeanEcliptic,
    CartesianRepresentation,
    FK4NoETerms,
    Galactic,
    Supergalactic,
)
from astropy.time import Time
from numpy.typing import NDArray

from soda_core.cutout.errors import NoSky
from soda_core.sky import Vectors

__all__ = ["Frame", "frame_of"]

FK4_UNTIL = 1984.0
"""An equinox before this year means FK4 where RADESYS says nothing (FITS 4.0, 8.3)."""


class Frame(Protocol):
    """A way from one set of axes to ICRS; unit vectors (N, 3)."""

    def to_icrs(self, vectors: Vectors) -> Vectors:
        """Express vectors of this frame in ICRS."""
        ...

    def from_icrs(self, vectors: Vectors) -> Vectors:
        """Express ICRS vectors in this frame."""
        ...


class Rotation:
    """A frame that is ICRS turned."""

    def __init__(self, matrix: NDArray[np.float64]) -> None:
        self._matrix = matrix

    def to_icrs(self, vectors: Vectors) -> Vectors:
        """Express vectors of this frame in ICRS."""
        return np.asarray(vectors @ self._matrix, dtype=np.float64)

    def from_icrs(self, vectors: Vectors) -> Vectors:
        """Express ICRS vectors in this frame."""
        return np.asarray(vectors @ self._matrix.T, dtype=np.float64)


class Besselian:
    """A frame of the FK4 family, whose aberration terms are no rotation."""

    def __init__(self, frame: Any) -> None:  # noqa: ANN401 - astropy is not typed
        self._frame = frame

    def to_icrs(self, vectors: Vectors) -> Vectors:
        """Express vectors of this frame in ICRS."""
        return _moved(vectors, self._frame, ICRS())

    def from_icrs(self, vectors: Vectors) -> Vectors:
        """Express ICRS vectors in this frame."""
        return _moved(vectors, ICRS(), self._frame)


def frame_of(kind: str, system: str, equinox: float) -> Frame:
    """Return the frame for the longitude type of CTYPE, RADESYS ('' if absent) and EQUINOX (or NaN)."""
    year = equinox if equinox > 0 else float("nan")
    if kind == "RA":
        return _equatorial(system.strip().upper(), year)
    if kind in ("GLON", "SLON"):
        return _rotation(kind, 2000.0)
    if kind == "ELON":
        return _rotation(kind, 2000.0 if np.isnan(year) else year)
    raise NoSky(f"the coordinates of the image ({kind}) are none of the sky that can be turned to ICRS")


def _equatorial(system: str, year: float) -> Frame:
    """Return the frame of right ascension and declination (FITS 4.0, 8.3)."""
    if not system:
        system = "ICRS" if np.isnan(year) else "FK4" if year < FK4_UNTIL else "FK5"
    if system == "ICRS":
        return _rotation("ICRS", 2000.0)
    if system == "FK5":
        return _rotation("FK5", 2000.0 if np.isnan(year) else year)
    if system in ("FK4", "FK4-NO-E"):
        kind = FK4 if system == "FK4" else FK4NoETerms
        return Besselian(kind(equinox=Time(1950.0 if np.isnan(year) else year, format="byear")))
    raise NoSky(f"the image is in the frame RADESYS={system!r}, which cannot be turned to ICRS")


@lru_cache(maxsize=64)
def _rotation(kind: str, year: float) -> Rotation:
    """Return the rotation of a frame that has one, from the images of its three axes."""
    makers = {
        "ICRS": ICRS,
        "FK5": lambda: FK5(equinox=Time(year, format="jyear")),
        "GLON": Galactic,
        "SLON": Supergalactic,
        "ELON": lambda: BarycentricMeanEcliptic(equinox=Time(year, format="jyear")),
    }
    return Rotation(_moved(np.eye(3), makers[kind](), ICRS()))


def _moved(vectors: Vectors, start: Any, end: Any) -> Vectors:  # noqa: ANN401 - astropy is not typed
    """Express vectors of the frame *start* in the frame *end*."""
    place = start.realize_frame(CartesianRepresentation(vectors.T * units.one, copy=False))
    directions = place.represent_as("unitspherical")
    moved = start.realize_frame(directions).transform_to(end)
    return np.asarray(moved.cartesian.xyz.value.T, dtype=np.float64)
