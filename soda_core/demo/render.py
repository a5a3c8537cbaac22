"""The rendering of a catalogue into the light that falls on a pixel grid.

Every profile is a sum of elliptical Gaussians, so that the blur of the atmosphere is a sum of covariances.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray

from soda_core.demo.catalogue import DISC, KNOT, SPHEROID, STAR, Catalogue
from soda_core.demo.grid import Grid, Vector

__all__ = ["View", "positions", "render"]

# Weights and variances for a half-light radius of 1, after Hogg & Lang 2013 (PASP 125, 719), scaled to sum 1.
_MIXTURES: Final[dict[int, tuple[tuple[float, ...], tuple[float, ...]]]] = {
    STAR: ((1.0,), (0.0,)),
    KNOT: ((1.0,), (0.5 / math.log(2.0),)),
    DISC: (
        (0.00019949, 0.00261613, 0.01897267, 0.10018654, 0.36853448, 0.50949069),
        (0.00120079, 0.00884526, 0.03914631, 0.13997682, 0.4609625, 1.50159566),
    ),
    SPHEROID: (
        (0.00201838, 0.01136789, 0.03247163, 0.07192882, 0.13427227, 0.21136265, 0.27099981, 0.26557856),
        (0.00022376, 0.0010022, 0.00418731, 0.01694326, 0.06848505, 0.28720708, 1.33320254, 8.40215071),
    ),
}
# Core and wings of a star, in units of the variance of the core: close to a Moffat profile.
_SEEING: Final = ((0.82, 0.155, 0.025), (1.0, 4.0, 30.0))
_PIXEL: Final = 1 / 12  # variance of a pixel's own width, in pixels²


@dataclass(frozen=True, slots=True)
class View:
    """Say how a grid sees: FWHM of a star in arcsec, magnitude of unit flux, least light worth drawing."""

    grid: Grid
    fwhm: float
    zero: float
    least: float


@dataclass(frozen=True, slots=True)
class _Blobs:
    """Hold sources of one profile as sums of Gaussians: rows are sources, columns are components."""

    x: Vector
    y: Vector
    peak: Vector
    inverse: NDArray[np.float64]
    reach: Vector


def positions(catalogue: Catalogue, wcs: WCS) -> tuple[Vector, Vector]:
    """Return the columns and rows, counted from 0, where the sources lie."""
    x, y = wcs.all_world2pix(catalogue.ra, catalogue.dec, 0)
    return np.asarray(x), np.asarray(y)


def render(catalogue: Catalogue, view: View, band: str) -> Vector:
    """Return the flux per pixel of the sources in one band, free of noise and of sky."""
    image = np.zeros(view.grid.shape)
    wcs = view.grid.wcs()
    for kind in _MIXTURES:
        chosen = catalogue.select(catalogue.kind == kind)
        if len(chosen):
            _paint(image, _blobs(chosen, view, wcs, band))
    return image


def _jacobian(catalogue: Catalogue, wcs: WCS, origin: tuple[Vector, Vector]) -> NDArray[np.float64]:
    """Return the pixels per arcsec at each source: rows are x and y, columns are east and north."""
    step = 1 / 3600
    # A step to the south stays on the sphere where one to the north could cross the pole.
    south = wcs.all_world2pix(catalogue.ra, catalogue.dec - step, 0)
    east = wcs.all_world2pix(catalogue.ra + step / np.cos(np.radians(catalogue.dec)), catalogue.dec, 0)
    columns = [[e - o, o - s] for o, e, s in zip(origin, east, south, strict=True)]
    return np.moveaxis(np.array(columns), -1, 0)


def _shapes(catalogue: Catalogue, jacobian: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance of each source in pixels² when its profile has unit variance."""
    angle = np.radians(catalogue.angle)
    major = catalogue.radius * np.array([np.sin(angle), np.cos(angle)])
    minor = catalogue.radius * catalogue.ratio * np.array([-np.cos(angle), np.sin(angle)])
    axes = jacobian @ np.moveaxis(np.array([major, minor]), -1, 0).transpose(0, 2, 1)
    shapes: NDArray[np.float64] = axes @ axes.transpose(0, 2, 1)
    return shapes


def _blobs(catalogue: Catalogue, view: View, wcs: WCS, band: str) -> _Blobs:
    """Spread sources of one profile into Gaussians on the grid."""
    x, y = positions(catalogue, wcs)
    shapes = _shapes(catalogue, _jacobian(catalogue, wcs, (x, y)))
    weights, variances = (np.array(column) for column in _MIXTURES[int(catalogue.kind[0])])
    blur, spread = (np.array(column) for column in _SEEING)
    core = (view.fwhm / view.grid.scale) ** 2 / (8 * math.log(2))
    covariance = (
        shapes[:, None, None] * variances[:, None, None, None]
        + np.eye(2) * (core * spread + _PIXEL)[:, None, None]
    ).reshape(len(catalogue), -1, 2, 2)
    flux = 10 ** (-0.4 * (catalogue.magnitude(band) - view.zero))
    area = math.tau * np.sqrt(np.linalg.det(covariance))
    peak = flux[:, None] * np.outer(weights, blur).ravel() / area
    widest = np.linalg.eigvalsh(covariance)[..., -1]
    reach = np.sqrt(2 * widest * np.log(np.maximum(peak / view.least, 1.0)))
    return _Blobs(x, y, peak, np.linalg.inv(covariance), reach)


def _paint(image: Vector, blobs: _Blobs) -> None:
    """Add every Gaussian that is bright enough to the pixels within its reach."""
    height, width = image.shape
    for index, component in _visible(blobs, height, width):
        x, y, reach = blobs.x[index], blobs.y[index], blobs.reach[index, component]
        left, right = max(math.floor(x - reach), 0), min(math.ceil(x + reach) + 1, width)
        low, high = max(math.floor(y - reach), 0), min(math.ceil(y + reach) + 1, height)
        (xx, xy), (_, yy) = -0.5 * blobs.inverse[index, component]
        dx, dy = np.arange(left, right) - x, np.arange(low, high) - y
        power = np.outer(dy, 2 * xy * dx) + (xx * dx**2) + (yy * dy**2)[:, None]
        image[low:high, left:right] += blobs.peak[index, component] * np.exp(power)


def _visible(blobs: _Blobs, height: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield source and component of each Gaussian that touches the image."""
    x, y = blobs.x[:, None], blobs.y[:, None]
    near = (blobs.reach > 0) & (abs(x - width / 2) < blobs.reach + width / 2)
    near &= abs(y - height / 2) < blobs.reach + height / 2
    for index, component in np.argwhere(near):
        yield int(index), int(component)
