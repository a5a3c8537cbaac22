"""The catalogue of what shines in a field."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from soda_core.demo.band import BANDS
from soda_core.demo.grid import Vector

__all__ = ["DISC", "KNOT", "SPHEROID", "STAR", "Catalogue"]

STAR: Final = 0
DISC: Final = 1  # exponential profile
SPHEROID: Final = 2  # de Vaucouleurs profile
KNOT: Final = 3  # Gaussian profile


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Hold sources as columns: ICRS degrees, AB magnitudes by band, half-light radius in arcsec.

    *ratio* is minor to major axis, *angle* the position angle of the major axis from north to east, degrees.
    """

    ra: Vector
    dec: Vector
    g: Vector
    r: Vector
    i: Vector
    kind: NDArray[np.int64]
    radius: Vector
    ratio: Vector
    angle: Vector

    @classmethod
    def stars(cls, place: tuple[Vector, Vector], colours: tuple[Vector, Vector, Vector]) -> Self:
        """Make points of light at *place* (ra, dec) with magnitudes in g, r, i."""
        zero = np.zeros_like(place[0])
        return cls(*place, *colours, np.full(zero.size, STAR), zero, zero + 1.0, zero)

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Return one catalogue of the sources of all *parts*."""
        return cls(
            *(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(cls))
        )

    def __len__(self) -> int:
        return int(self.ra.size)

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Self:
        """Return the sources that the index *chosen* picks."""
        return type(self)(*(getattr(self, column.name)[chosen] for column in fields(self)))

    def magnitude(self, band: str) -> Vector:
        """Return the AB magnitudes in the band called *band*."""
        return {name.name: column for name, column in zip(BANDS, (self.g, self.r, self.i), strict=True)}[band]
