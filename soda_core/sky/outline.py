"""Outlines of shapes as points, for pictures and checks."""

import numpy as np

from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.sky.regions import meridians, rectangle_range
from soda_core.sky.vectors import Floats, Vectors, lonlat_of, unit_vectors

__all__ = ["outline"]


def outline(shape: Shape, n: int = 64) -> Floats:
    """Return about *n* points (M, 2) in ICRS degrees along the outline of *shape*."""
    match shape:
        case Circle():
            return _degrees(_rim(shape, n))
        case Polygon():
            return _degrees(_edges(shape, n))
        case Range():
            return _frame(shape, n)
        case BoundingRectangle():
            return _frame(rectangle_range(shape), n)


def _degrees(points: Vectors) -> Floats:
    return np.stack(lonlat_of(points), axis=-1)


def _rim(shape: Circle, n: int) -> Vectors:
    """Return points on the rim of a circle."""
    centre = unit_vectors(shape.lon, shape.lat)
    across = np.cross(centre, np.eye(3)[np.argmin(np.abs(centre))])
    across /= np.linalg.norm(across)
    turn = np.linspace(0.0, 2 * np.pi, n, endpoint=False)[:, None]
    spoke = np.cos(turn) * across + np.sin(turn) * np.cross(centre, across)
    radius = np.radians(shape.radius)
    return np.asarray(centre * np.cos(radius) + spoke * np.sin(radius), dtype=np.float64)


def _edges(shape: Polygon, n: int) -> Vectors:
    """Return points on the great-circle edges, the vertices among them."""
    start = unit_vectors(*np.asarray(shape.vertices, dtype=np.float64).T)
    end = np.roll(start, -1, axis=0)
    part = np.linspace(0.0, 1.0, max(1, n // len(start)), endpoint=False)[:, None]
    points = (start[:, None, :] * (1 - part) + end[:, None, :] * part).reshape(-1, 3)
    return np.asarray(points / np.linalg.norm(points, axis=-1, keepdims=True), dtype=np.float64)


def _frame(shape: Range, n: int) -> Floats:
    """Return points on the meridians and parallels of a range, open ends at the poles and a full turn."""
    side = max(2, n // 4)
    west, last = meridians(shape)
    width = min(last - west, 360.0)
    south, north = max(-90.0, shape.lat_min), min(90.0, shape.lat_max)
    lon = west + np.linspace(0.0, width, side, endpoint=False)
    lat = np.linspace(south, north, side, endpoint=False)
    back_lon, back_lat = 2 * west + width - lon, south + north - lat
    east = np.full(side, west + width)
    corners = [
        (lon, np.full(side, south)),
        (east, lat),
        (back_lon, np.full(side, north)),
        (east - width, back_lat),
    ]
    return np.concatenate([np.stack([a % 360.0, b], axis=-1) for a, b in corners])
