"""The pixel grid of an image on the sky."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

__all__ = ["Grid", "Vector", "offset"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Lay *width* x *height* pixels of *scale* arcsec round an ICRS centre in degrees.

    *rotation* turns the image, in degrees; *sip* holds distortion coefficients by keyword, such as `A_2_0`.
    """

    ra: float
    dec: float
    width: int
    height: int
    scale: float
    rotation: float = 0.0
    sip: Mapping[str, float] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """The numpy shape: rows, columns."""
        return (self.height, self.width)

    def header(self) -> fits.Header:
        """Return the cards of the sky coordinates."""
        step = self.scale / 3600
        cosine = step * math.cos(math.radians(self.rotation))
        sine = step * math.sin(math.radians(self.rotation))
        suffix = "-SIP" if self.sip else ""
        return fits.Header(
            [
                ("CTYPE1", f"RA---TAN{suffix}", "gnomonic projection"),
                ("CTYPE2", f"DEC--TAN{suffix}", "gnomonic projection"),
                ("CRVAL1", self.ra, "[deg] right ascension of the reference point"),
                ("CRVAL2", self.dec, "[deg] declination of the reference point"),
                ("CRPIX1", (self.width + 1) / 2, "[pixel] column of the reference point"),
                ("CRPIX2", (self.height + 1) / 2, "[pixel] row of the reference point"),
                ("CUNIT1", "deg"),
                ("CUNIT2", "deg"),
                ("CD1_1", -cosine, "[deg/pixel]"),
                ("CD1_2", sine, "[deg/pixel]"),
                ("CD2_1", sine, "[deg/pixel]"),
                ("CD2_2", cosine, "[deg/pixel]"),
                ("RADESYS", "ICRS", "celestial reference system"),
                ("EQUINOX", 2000.0, "[yr]"),
                *self._distortion(),
            ]
        )

    def _distortion(self) -> list[tuple[str, Any]]:
        """Return the SIP cards, each polynomial led by its order."""
        orders: dict[str, int] = {}
        for keyword in self.sip:
            name, first, second = keyword.split("_")
            orders[name] = max(orders.get(name, 0), int(first) + int(second))
        return [*((f"{name}_ORDER", order) for name, order in orders.items()), *self.sip.items()]

    def wcs(self) -> WCS:
        """Return the coordinates as astropy sees them in the header."""
        return WCS(self.header())


def offset(centre: tuple[float, float], east: Vector, north: Vector) -> tuple[Vector, Vector]:
    """Return ra and dec in degrees of points in arcsec on the plane that touches the sky at *centre*."""
    plane = Grid(*centre, width=1, height=1, scale=1.0).wcs()
    ra, dec = plane.wcs_pix2world(-east, north, 0)
    return np.asarray(ra), np.asarray(dec)
