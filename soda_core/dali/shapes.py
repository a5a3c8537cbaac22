"""Regions of the sky as a client writes them; ICRS degrees throughout."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["BoundingRectangle", "Circle", "Polygon", "Range", "RectangleUnit", "Shape"]

RectangleUnit: TypeAlias = Literal["deg", "arcmin", "arcsec", "pixel"]


@dataclass(frozen=True, slots=True)
class Circle:
    """All positions within *radius* of a centre (DALI 1.1, 3.3.6)."""

    lon: float
    lat: float
    radius: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """The smaller part of the sphere inside great-circle edges, in either winding (DALI 1.1, 3.3.7)."""

    vertices: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Limits in longitude and latitude, both included; infinite limits are open (SODA 1.0, 3.3).

    A *lon_min* above *lon_max* crosses the meridian 0 (DALI 1.2, 3.11).
    """

    lon_min: float
    lon_max: float
    lat_min: float
    lat_max: float


@dataclass(frozen=True, slots=True)
class BoundingRectangle:
    """LSST's rectangle about a centre, *width* along right ascension measured on the sky.

    With the unit `pixel` it is a box of that many pixels about the pixel that holds the centre.
    """

    lon: float
    lat: float
    width: float
    height: float
    unit: RectangleUnit = "deg"


Shape: TypeAlias = Circle | Polygon | Range | BoundingRectangle
