"""Longitude and latitude as unit vectors, and back."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Flags", "Floats", "Vectors", "angles", "cross", "lonlat_of", "off_axes", "unit_vectors"]

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Vectors: TypeAlias = NDArray[np.float64]
"""Unit vectors along the last axis, which has the length 3."""


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> Vectors:
    """Turn degrees into unit vectors of shape (..., 3)."""
    lon_rad = np.radians(np.asarray(lon, dtype=np.float64))
    lat_rad = np.radians(np.asarray(lat, dtype=np.float64))
    cos_lat = np.cos(lat_rad)
    return np.stack(
        np.broadcast_arrays(cos_lat * np.cos(lon_rad), cos_lat * np.sin(lon_rad), np.sin(lat_rad)), axis=-1
    )


def lonlat_of(vectors: Vectors) -> tuple[Floats, Floats]:
    """Turn vectors of any length into degrees, longitude in [0, 360)."""
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    lon = np.degrees(np.arctan2(y, x)) % 360.0
    return np.where(lon >= 360.0, 0.0, lon), np.degrees(np.arctan2(z, np.hypot(x, y)))  # noqa: PLR2004 - -1e-17 % 360


def off_axes(vectors: Vectors) -> Floats:
    """Return the angles in radians to the three axes, exact also near to one, where a cosine tells little."""
    aside = np.hypot(vectors[..., [1, 2, 0]], vectors[..., [2, 0, 1]])
    return np.asarray(np.arctan2(aside, vectors), dtype=np.float64)


def cross(one: Vectors, other: Vectors) -> Vectors:
    """Return the cross products of vectors (..., 3), without the turning of axes that numpy does for each."""
    found = np.empty(np.broadcast(one, other).shape)
    x, y, z = one[..., 0], one[..., 1], one[..., 2]
    u, v, w = other[..., 0], other[..., 1], other[..., 2]
    found[..., 0] = y * w - z * v
    found[..., 1] = z * u - x * w
    found[..., 2] = x * v - y * u
    return found


def angles(one: Vectors, other: Vectors) -> Floats:
    """Return the angles in radians between unit vectors, exact also for tiny and straight ones."""
    apart, together = one - other, one + other
    apart_square = np.einsum("...i,...i->...", apart, apart)
    together_square = np.einsum("...i,...i->...", together, together)
    return np.asarray(2.0 * np.arctan2(np.sqrt(apart_square), np.sqrt(together_square)), dtype=np.float64)
