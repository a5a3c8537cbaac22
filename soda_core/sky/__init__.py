"""Geometry on the unit sphere; ICRS throughout."""

from soda_core.sky.extent import extent, extents
from soda_core.sky.footprints import Footprints
from soda_core.sky.outline import outline
from soda_core.sky.regions import CircleRegion, Intersection, SkyRegion, sky_region
from soda_core.sky.vectors import Vectors, lonlat_of, unit_vectors

__all__ = [
    "CircleRegion",
    "Footprints",
    "Intersection",
    "SkyRegion",
    "Vectors",
    "extent",
    "extents",
    "lonlat_of",
    "outline",
    "sky_region",
    "unit_vectors",
]
