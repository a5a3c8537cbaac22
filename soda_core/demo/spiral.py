"""The grand-design spiral galaxy in the middle of the survey field."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from soda_core.demo.catalogue import DISC, KNOT, SPHEROID, Catalogue
from soda_core.demo.grid import Vector, offset

__all__ = ["SPIRAL", "Spiral", "spiral"]


@dataclass(frozen=True, slots=True)
class Spiral:
    """Give the galaxy its place (ICRS degrees) and its attitude, which light and gas share.

    *length* is the half-light radius of the disc in arcsec, *pitch* that of the arms in degrees,
    *angle* the position angle of the major axis in degrees, *ratio* minor to major axis.
    """

    ra: float
    dec: float
    length: float
    pitch: float
    angle: float
    ratio: float

    def on_sky(self, radius: Vector, azimuth: Vector) -> tuple[Vector, Vector]:
        """Return the offsets to east and north in arcsec of points in the plane of the galaxy."""
        along, across = radius * np.cos(azimuth), self.ratio * radius * np.sin(azimuth)
        sine, cosine = math.sin(math.radians(self.angle)), math.cos(math.radians(self.angle))
        return along * sine - across * cosine, along * cosine + across * sine

    def in_plane(self, east: Vector, north: Vector) -> tuple[Vector, Vector]:
        """Return radius in arcsec and azimuth in radians, in the galaxy's plane, of points on the sky."""
        sine, cosine = math.sin(math.radians(self.angle)), math.cos(math.radians(self.angle))
        along, across = east * sine + north * cosine, (north * sine - east * cosine) / self.ratio
        return np.hypot(along, across), np.arctan2(across, along)

    def arm(self, radius: Vector) -> Vector:
        """Return the azimuth in radians of the first arm at *radius* in arcsec; the second lies opposite."""
        return np.log(np.maximum(radius, 1.0)) / math.tan(math.radians(self.pitch))


SPIRAL: Final = Spiral(ra=150.1192, dec=2.2054, length=20.0, pitch=17.0, angle=38.0, ratio=0.72)


def spiral(rng: np.random.Generator, shape: Spiral) -> Catalogue:
    """Return bulge, disc, and arms of *shape*, the arms made of star clouds and young clusters."""
    clouds = _arms(rng, shape, count=700, light=(14.2, 0.22, 0.05), size=(1.5, 3.2))
    clusters = _arms(rng, shape, count=260, light=(15.6, -0.1, -0.15), size=(0.25, 0.6))
    return Catalogue.join([_body(shape), clouds, clusters])


def _body(shape: Spiral) -> Catalogue:
    """Return the smooth parts: a red bulge and the old disc."""
    r = np.array([15.1, 13.9])
    return Catalogue(
        np.full(2, shape.ra),
        np.full(2, shape.dec),
        r + np.array([0.95, 0.68]),
        r,
        r - np.array([0.45, 0.33]),
        kind=np.array([SPHEROID, DISC]),
        radius=np.array([3.0, shape.length]),
        ratio=np.array([0.9, shape.ratio]),
        angle=np.full(2, shape.angle),
    )


def _arms(
    rng: np.random.Generator,
    shape: Spiral,
    *,
    count: int,
    light: tuple[float, float, float],
    size: tuple[float, float],
) -> Catalogue:
    """Strew *count* knots along both arms; *light* is total r, g-r, r-i, *size* their radii in arcsec."""
    radius = 5.0 + rng.gamma(2.4, 0.36 * shape.length, count)
    azimuth = shape.arm(radius) + math.pi * rng.integers(0, 2, count) + rng.normal(0.0, 0.27, count)
    east, north = shape.on_sky(radius, azimuth)
    share = rng.lognormal(0.0, 0.7, count) * np.exp(-radius / (1.4 * shape.length))
    total, blue, red = light
    r = total - 2.5 * np.log10(share / share.sum())
    scatter = rng.normal(0.0, 0.06, count)
    return Catalogue(
        *offset((shape.ra, shape.dec), east, north),
        r + blue + scatter,
        r,
        r - red - scatter,
        kind=np.full(count, KNOT),
        radius=rng.uniform(*size, count),
        ratio=np.full(count, shape.ratio),
        angle=np.full(count, shape.angle),
    )
