"""The population of a field: stars, galaxies, clusters drawn at random."""

import math
from dataclasses import dataclass

import numpy as np

from soda_core.demo.catalogue import DISC, SPHEROID, Catalogue
from soda_core.demo.grid import Vector, offset

__all__ = ["Field", "cluster", "galaxies", "stars"]


@dataclass(frozen=True, slots=True)
class Field:
    """Name a square of the sky: ICRS centre in degrees and half its side in arcsec."""

    ra: float
    dec: float
    half: float

    @property
    def centre(self) -> tuple[float, float]:
        """The centre as a pair: ra, dec."""
        return (self.ra, self.dec)

    def scatter(self, rng: np.random.Generator, count: int) -> tuple[Vector, Vector]:
        """Return ra and dec of *count* points spread evenly."""
        east, north = rng.uniform(-self.half, self.half, (2, count))
        return offset(self.centre, east, north)


def _power_law(rng: np.random.Generator, count: int, *, bright: float, faint: float, slope: float) -> Vector:
    """Draw magnitudes whose cumulative counts grow as 10^(slope m)."""
    low, high = 10 ** (slope * bright), 10 ** (slope * faint)
    return np.log10(rng.uniform(low, high, count)) / slope


def stars(rng: np.random.Generator, field: Field, count: int, *, bright: float = 13.5) -> Catalogue:
    """Draw *count* stars, blue ones of the halo and red dwarfs, from magnitude *bright* in r to 23."""
    red = rng.random(count) < 0.55  # noqa: PLR2004 - the share of dwarfs
    colour = np.where(red, rng.normal(1.35, 0.12, count), rng.normal(0.5, 0.14, count)).clip(0.1)
    r = _power_law(rng, count, bright=bright, faint=23.0, slope=0.22)
    return Catalogue.stars(field.scatter(rng, count), (r + colour, r, r - 0.5 * colour**1.5))


def galaxies(rng: np.random.Generator, field: Field, count: int) -> Catalogue:
    """Draw *count* field galaxies, three in four of them discs, the fainter the smaller."""
    kind = np.where(rng.random(count) < 0.75, DISC, SPHEROID)  # noqa: PLR2004 - the share of discs
    late = kind == DISC
    r = _power_law(rng, count, bright=16.0, faint=24.0, slope=0.31)
    colour = np.where(late, rng.normal(0.55, 0.2, count), rng.normal(1.1, 0.2, count))
    redder = np.where(late, rng.normal(0.25, 0.12, count), rng.normal(0.45, 0.1, count))
    return Catalogue(
        *field.scatter(rng, count),
        r + colour,
        r,
        r - redder,
        kind=kind,
        radius=3.2 * 10 ** (-0.13 * (r - 17.0)) * rng.lognormal(0.0, 0.25, count),
        ratio=np.where(late, rng.uniform(0.2, 1.0, count), rng.uniform(0.6, 1.0, count)),
        angle=rng.uniform(0.0, 180.0, count),
    )


def cluster(rng: np.random.Generator, field: Field, count: int) -> Catalogue:
    """Draw a cluster of *count* red galaxies that crowd to the centre of *field*, one giant in the midst."""
    distance = field.half * rng.random(count) ** 1.6
    turn = rng.uniform(0.0, math.tau, count)
    r = _power_law(rng, count, bright=15.9, faint=20.5, slope=0.22)
    distance[0], r[0] = 0.0, 14.7
    colour = rng.normal(1.05, 0.04, count)
    radius = 2.2 * 10 ** (-0.15 * (r - 17.0)) * rng.lognormal(0.0, 0.2, count)
    return Catalogue(
        *offset(field.centre, 1.3 * distance * np.cos(turn), 0.8 * distance * np.sin(turn)),
        r + colour,
        r,
        r - 0.45,
        kind=np.full(count, SPHEROID),
        radius=radius,
        ratio=rng.uniform(0.6, 1.0, count),
        angle=rng.uniform(0.0, 180.0, count),
    )
