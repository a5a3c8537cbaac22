"""Images whose pixels lie on a plane that touches the sphere, where great circles are straight lines."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from soda_core.sky import Vectors
from soda_core.sky.vectors import Floats

__all__ = ["TangentPlane", "tangent_plane"]

AGREEMENT = 2e-13
"""Radians to which the plane must give the directions of wcslib; regions are closed by five times as much."""

FINEST = 1e-8
"""Radians a pixel from which on that agreement is far below a pixel."""

SAMPLES = 17
ROOM = 0.25
"""Of the image: how far beyond it a distortion is still looked at."""

STEEPEST = 0.3
"""Change of a distortion in pixels a pixel up to which it can be undone step by step."""

BEND = 0.3
"""Pixels by which a straight line may be bent between two of its points."""

STEPS = 30
SETTLED = 0.01
SHALLOWEST = 0.02
"""Cosine of the angle from where the plane touches up to which it is used."""

LARGEST = 1024
"""Points of an outline beyond which it is not worth it."""


Rows: TypeAlias = tuple[tuple[float, ...], ...]
Polynomials: TypeAlias = tuple[tuple[tuple[float, float], ...], ...]
"""Coefficients of two polynomials in pairs, highest powers first; those of one power of x are a row."""


@dataclass(frozen=True, slots=True)
class Distortion:
    """SIP polynomials, with bounds over the image and some room around it.

    *steepness* bounds the first derivatives (pixels a pixel), *curvature* the second.
    """

    wcs: Any
    room: tuple[float, float, float, float]
    steepness: float
    curvature: float
    polynomials: Polynomials
    origin: tuple[float, float]
    """The pixel, 0-based, about which they count."""

    def moved(self, x: float, y: float) -> tuple[float, float, float, float, float, float]:
        """Return the place (u, v) of a pixel on the plane, and du/dx, du/dy, dv/dx, dv/dy."""
        u, v = x - self.origin[0], y - self.origin[1]
        one = one_u = one_v = two = two_u = two_v = 0.0
        for row in self.polynomials:
            p = p_v = q = q_v = 0.0
            for a, b in row:
                p_v, q_v = p_v * v + p, q_v * v + q
                p, q = p * v + a, q * v + b
            one_u, two_u = one_u * u + one, two_u * u + two
            one, two = one * u + p, two * u + q
            one_v, two_v = one_v * u + p_v, two_v * u + q_v
        return x + one, y + two, 1 + one_u, one_v, two_u, 1 + two_v

    def pixel_of(self, place: tuple[float, float]) -> tuple[float, float]:
        """Return the pixel of a place on the plane, about."""
        x, y = place
        for _ in range(STEPS):
            u, v, *_ = self.moved(x, y)
            x, y = x + place[0] - u, y + place[1] - v
            if abs(place[0] - u) + abs(place[1] - v) < SETTLED:
                break
        return x, y

    def holds(self, x: float, y: float) -> bool:
        """Tell whether the bounds hold in a pixel."""
        low_x, high_x, low_y, high_y = self.room
        return low_x <= x <= high_x and low_y <= y <= high_y

    def undone(self, focal: Floats) -> Floats | None:
        """Return the pixels of places on the plane, None if some lie too far out for the bounds to hold."""
        places = focal
        for _ in range(STEPS):
            moved = places - self.wcs.pix2foc(places, 0) + focal
            if not (self.holds(*moved.min(axis=0)) and self.holds(*moved.max(axis=0))):
                return None
            if np.abs(moved - places).max() < SETTLED:
                return np.asarray(moved, dtype=np.float64)
            places = moved
        return None


@dataclass(frozen=True)
class TangentPlane:
    """A gnomonic image: (x, y, 1) of a 0-based pixel times *matrix* points to its place on the sky, ICRS."""

    matrix: NDArray[np.float64]
    inverse: NDArray[np.float64]
    distortion: Distortion | None

    @cached_property
    def rows(self) -> Rows:
        """The matrix as plain numbers."""
        return _rows(self.matrix)

    @cached_property
    def inverse_rows(self) -> Rows:
        """The inverse as plain numbers."""
        return _rows(self.inverse)

    @cached_property
    def _across(self) -> Floats:
        return np.ascontiguousarray(self.matrix[:, :2].T)

    @cached_property
    def _origin(self) -> Floats:
        return np.ascontiguousarray(self.matrix[:, 2])

    def vectors(self, places: Floats) -> Vectors:
        """Return the directions of pixels (N, 2)."""
        if self.distortion:
            places = self.distortion.wcs.pix2foc(places, 0)
        found = places @ self._across + self._origin
        found /= np.sqrt(np.einsum("ij,ij->i", found, found))[:, None]
        return np.asarray(found, dtype=np.float64)

    def outline(self, corners: Vectors) -> Floats | None:
        """Return the pixels (N, 2) along a closed line of great circles between *corners*.

        Between two of the pixels the line is straight to half a pixel. None if the plane does not show all
        of it, or the distortion there is not under control.
        """
        seen = corners @ self.inverse.T
        depth = seen[:, 2]
        if depth.min() < SHALLOWEST:
            return None
        focal = seen[:, :2] / depth[:, None]
        if self.distortion is None:
            return focal
        parts = self._parts(focal, self.distortion)
        if parts * len(focal) > LARGEST:
            return None
        if parts > 1:
            part = np.linspace(0.0, 1.0, parts, endpoint=False)[:, None]
            after = np.roll(focal, -1, axis=0)
            focal = (focal[:, None] * (1 - part) + after[:, None] * part).reshape(-1, 2)
        return self.distortion.undone(focal)

    @staticmethod
    def _parts(focal: Floats, distortion: Distortion) -> int:
        """Return in how many parts each side must be divided to be straight enough."""
        longest = float(np.sqrt(((np.roll(focal, -1, axis=0) - focal) ** 2).sum(axis=1).max()))
        bent = distortion.curvature / (1 - distortion.steepness) ** 3
        return max(1, int(np.ceil(longest * np.sqrt(bent / (8 * BEND)))))


class Sky(Protocol):
    """Where the pixels of an image lie on the sky, by wcslib."""

    @property
    def wcs(self) -> Any:  # noqa: ANN401 - astropy is not typed
        """The world coordinates of the two axes."""
        ...

    @property
    def shape(self) -> tuple[int, int]:
        """The lengths of the two axes."""
        ...

    def vectors(self, x: Floats, y: Floats) -> Vectors:
        """Return the directions of pixels."""
        ...

    def undistorted(self, places: Floats) -> Vectors:
        """Return the directions of places (N, 2) on the plane of projection."""
        ...


def tangent_plane(sky: Sky) -> TangentPlane | None:
    """Return the plane of an image if it has one, to the last digits of wcslib, and at most SIP on it."""
    wcs = sky.wcs
    if wcs.cpdis1 or wcs.cpdis2 or wcs.det2im1 or wcs.det2im2 or min(sky.shape) < 1:
        return None
    distortion = _distortion(sky) if wcs.sip else None
    if wcs.sip and distortion is None:
        return None
    try:
        matrix = _matrix(sky)
        plane = TangentPlane(matrix, np.asarray(np.linalg.inv(matrix), dtype=np.float64), distortion)
    except (ValueError, RuntimeError):
        return None
    fine = np.isfinite(plane.inverse).all() and np.abs(plane.inverse[:2]).max() < 1 / FINEST
    return plane if fine and _agrees(sky, plane) else None


def _rows(matrix: NDArray[np.float64]) -> Rows:
    return tuple(tuple(float(value) for value in row) for row in matrix)


def _matrix(sky: Sky) -> NDArray[np.float64]:
    """Work the matrix out from three points of the plane, two of them a radian from where it touches."""
    wcs = sky.wcs
    scale = np.radians(np.asarray(wcs.pixel_scale_matrix, dtype=np.float64))
    origin = np.asarray(wcs.wcs.crpix, dtype=np.float64) - 1
    away = np.linalg.inv(scale)
    points = np.stack([origin, origin + away[:, 0], origin + away[:, 1]])
    centre, one, two = sky.undistorted(points)
    root = np.sqrt(2.0)
    axes = np.stack([one * root - centre, two * root - centre, centre], axis=-1)
    plane = np.zeros((3, 3))
    plane[:2, :2], plane[:2, 2], plane[2, 2] = scale, -scale @ origin, 1.0
    return np.asarray(axes @ plane, dtype=np.float64)


def _agrees(sky: Sky, plane: TangentPlane) -> bool:
    """Compare with wcslib all over the image."""
    x, y = np.meshgrid(*(np.linspace(0, size - 1, SAMPLES) for size in sky.shape))
    one, two = sky.vectors(x.ravel(), y.ravel()), plane.vectors(np.stack([x.ravel(), y.ravel()], axis=-1))
    if not np.isfinite(one).all() or not np.isfinite(two).all():
        return False
    return bool(np.linalg.norm(one - two, axis=1).max() <= AGREEMENT)


def _distortion(sky: Sky) -> Distortion | None:
    """Bound the SIP polynomials of an image, None if they cannot be undone step by step for certain."""
    sip = sky.wcs.sip
    if sip.a is None or sip.b is None:
        return None
    nx, ny = sky.shape
    room = (-ROOM * nx, (1 + ROOM) * nx, -ROOM * ny, (1 + ROOM) * ny)
    crpix = np.asarray(sip.crpix, dtype=np.float64) - 1
    u = max(abs(room[0] - crpix[0]), abs(room[1] - crpix[0]))
    v = max(abs(room[2] - crpix[1]), abs(room[3] - crpix[1]))
    first = [_bound(k, u, v, du, dv) for k in (sip.a, sip.b) for du, dv in ((1, 0), (0, 1))]
    second = [_bound(k, u, v, du, dv) for k in (sip.a, sip.b) for du, dv in ((2, 0), (1, 1), (1, 1), (0, 2))]
    steepness = float(np.hypot.reduce(first))
    if steepness > STEEPEST:
        return None
    polynomials = _descending(sip.a, sip.b)
    origin = float(crpix[0]), float(crpix[1])
    return Distortion(sky.wcs, room, steepness, float(np.hypot.reduce(second)), polynomials, origin)


def _descending(one: Floats, two: Floats) -> Polynomials:
    """Return the coefficients of both polynomials as plain numbers, highest powers first."""
    size = max(len(one), len(two))
    both = np.zeros((2, size, size))
    both[0, : len(one), : len(one)], both[1, : len(two), : len(two)] = one, two
    rows = both[:, ::-1, ::-1].transpose(1, 2, 0).tolist()
    return tuple(tuple((a, b) for a, b in row[at:]) for at, row in enumerate(rows[::-1]))[::-1]


def _bound(coefficients: Floats, u: float, v: float, du: int, dv: int) -> float:
    """Return a bound of a derivative of a polynomial where its arguments are at most *u* and *v*."""
    total = 0.0
    for p, q in zip(*np.nonzero(coefficients), strict=True):
        if p >= du and q >= dv:
            factor = np.prod(np.arange(p - du + 1, p + 1)) * np.prod(np.arange(q - dv + 1, q + 1))
            total += abs(float(coefficients[p, q])) * float(factor) * u ** float(p - du) * v ** float(q - dv)
    return total
