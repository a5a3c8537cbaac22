"""From a region of the sky to the box of pixels that it covers."""

import numpy as np
from numpy.typing import NDArray

from soda_core.cutout.bent import bent_box
from soda_core.cutout.blocks import LEAF, Blocks, sampled, split
from soda_core.cutout.ellipse import NO_PIXEL, ellipse_box
from soda_core.cutout.model import Box
from soda_core.cutout.sides import side_box
from soda_core.cutout.world import PixelSky
from soda_core.dali.shapes import Circle
from soda_core.sky import CircleRegion, SkyRegion, Vectors, lonlat_of
from soda_core.sky.vectors import Floats, angles

__all__ = ["Box", "covering_box", "rectangle_box", "searched_box"]

SPLIT = 4
"""Parts of a block along each axis at the next level."""

AT_ONCE = 1 << 12
"""Blocks that are sampled at once."""

NEAR = 3
"""Pixels around the outermost places that are tried first."""

HALF = 0.5
PIXELS_AT_ONCE = 1 << 20
CLOSE = 1e-3
"""Pixels by which the way to the sky and back may miss."""

SPOT = 1e-9
"""Radius in degrees of what stands for a point."""


def covering_box(sky: PixelSky, region: SkyRegion) -> Box | None:
    """Return the smallest box with all pixels whose centre lies in *region*.

    If there is none, the pixels that hold points of the region: one smaller than a pixel gives the pixel it
    lies in. None if the region does not touch the image.
    """
    box: Box | None = None
    if sky.plane and isinstance(region, CircleRegion):
        of_circle = bent_box if sky.plane.distortion else ellipse_box
        box = of_circle(sky.plane, sky.shape, region)
    if sky.plane and box is None:
        box = side_box(sky.plane, sky.shape, region)
    if box is None:
        box = searched_box(sky, region) or NO_PIXEL
    return box if box != NO_PIXEL else _holding_box(sky, region)


def searched_box(sky: PixelSky, region: SkyRegion) -> Box | None:
    """Return the box of the pixel centres in *region* for whatever the image shows of the sky."""
    found = _Found()
    blocks = sky.pyramid.touched(region)
    if len(blocks):
        _look_ahead(sky, region, found)
        blocks = found.outside(blocks)
    while len(blocks):
        leaf = (blocks[:, 1] - blocks[:, 0] < LEAF) & (blocks[:, 3] - blocks[:, 2] < LEAF)
        _try_pixels(sky, region, blocks[leaf], found)
        parts = found.outside(split(blocks[~leaf], SPLIT))
        blocks = found.outside(_touched(sky, region, parts, found))
    return found.box


def rectangle_box(sky: PixelSky, centre: Vectors, width: float, height: float) -> Box | None:
    """Return the box of *width* x *height* pixels about the pixel that holds *centre*, clipped."""
    places = _places_of(sky, centre[None])
    if not len(places):
        return None
    limits: list[int] = []
    for middle, length, size in zip(places[0], (width, height), sky.shape, strict=True):
        count = max(1, round(length))
        first = int(np.floor(middle + HALF)) - count // 2
        limits += [max(0, first), min(size - 1, first + count - 1)]
    box = (limits[0], limits[1], limits[2], limits[3])
    return box if box[0] <= box[1] and box[2] <= box[3] else None


class _Found:
    """The box around the pixels found so far."""

    def __init__(self) -> None:
        self.box: Box | None = None

    def add(self, x: NDArray[np.int64], y: NDArray[np.int64]) -> None:
        """Widen the box by pixels."""
        if not len(x):
            return
        new = (int(x.min()), int(x.max()), int(y.min()), int(y.max()))
        old = self.box or new
        self.box = (min(old[0], new[0]), max(old[1], new[1]), min(old[2], new[2]), max(old[3], new[3]))

    def outside(self, blocks: Blocks) -> Blocks:
        """Return the blocks that could still widen the box."""
        if self.box is None:
            return blocks
        x0, x1, y0, y1 = self.box
        within = (blocks[:, 0] >= x0) & (blocks[:, 1] <= x1) & (blocks[:, 2] >= y0) & (blocks[:, 3] <= y1)
        return blocks[~within]


def _touched(sky: PixelSky, region: SkyRegion, blocks: Blocks, found: _Found) -> Blocks:
    """Return the blocks that may hold pixels of the region, noting the samples that do."""
    kept = [blocks[:0]]
    for first in range(0, len(blocks), AT_ONCE):
        some = found.outside(blocks[first : first + AT_ONCE])
        capped, x, y, vectors = sampled(sky, some)
        known = np.isfinite(vectors[:, 0])
        inside = region.contains(vectors[known])
        found.add(x[known][inside], y[known][inside])
        kept.append(capped.blocks[capped.touched(region)])
    return np.concatenate(kept)


def _look_ahead(sky: PixelSky, region: SkyRegion, found: _Found) -> None:
    """Note pixels near the outermost places of the outline, so that few blocks remain that could add any."""
    middles = sky.pyramid.middles[region.contains(sky.pyramid.sights)]
    found.add(middles[:, 0], middles[:, 1])
    hull = region.hull()
    if hull is None:
        return
    x, y = sky.pixels(hull)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return
    x, y = x[known], y[known]
    ends = [at for axis in (x, y) for at in (int(axis.argmin()), int(axis.argmax()))]
    near = np.arange(-NEAR, NEAR + 1)
    step = np.stack([axis.ravel() for axis in np.meshgrid(near, near)], axis=-1)
    places = np.stack([x[ends], y[ends]], axis=-1)[:, None] + step
    limit = np.asarray(sky.shape) - 1
    pixels = np.clip(np.rint(places.reshape(-1, 2)), 0, limit)
    vectors = sky.vectors(pixels[:, 0], pixels[:, 1])
    sure = np.isfinite(vectors[:, 0])
    pixels = pixels[sure][region.contains(vectors[sure])].astype(np.int64)
    found.add(pixels[:, 0], pixels[:, 1])


def _try_pixels(sky: PixelSky, region: SkyRegion, blocks: Blocks, found: _Found) -> None:
    """Note every pixel of the blocks whose centre lies in the region."""
    step = max(1, PIXELS_AT_ONCE // LEAF**2)
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(LEAF), np.arange(LEAF)))
    while len(blocks):
        some, blocks = blocks[:step], found.outside(blocks[step:])
        xs, ys = some[:, :1] + x, some[:, 2:3] + y
        real = (xs <= some[:, 1:2]) & (ys <= some[:, 3:])
        xs, ys = xs[real], ys[real]
        vectors = sky.vectors(xs.astype(float), ys.astype(float))
        known = np.isfinite(vectors[:, 0])
        inside = region.contains(vectors[known])
        found.add(xs[known][inside], ys[known][inside])


def _holding_box(sky: PixelSky, region: SkyRegion) -> Box | None:
    """Return the box of the pixels that hold some points of a region, None if none does."""
    points = region.anchors()
    places = _places_of(sky, points)
    last = np.asarray(sky.shape) - 1
    on_image = ((places >= -HALF) & (places <= last + HALF)).all(axis=1)
    held = np.minimum(np.floor(places[on_image] + HALF).astype(np.int64), last)
    if not len(held) and not sky.plane and len(sky.pyramid.touched(region)):
        held = np.concatenate([np.empty((0, 2), dtype=np.int64), *(_nearest(sky, point) for point in points)])
    found = _Found()
    found.add(held[:, 0], held[:, 1])
    return found.box


def _places_of(sky: PixelSky, points: Vectors) -> Floats:
    """Return the places in pixels (M, 2) of those *points* that the way back finds, also beside the image."""
    if not len(points):
        return np.empty((0, 2))
    x, y = sky.pixels(points)
    known = np.isfinite(x) & np.isfinite(y)
    x, y, points = x[known], y[known], points[known]
    if not len(x):
        return np.empty((0, 2))
    back, beside = sky.vectors(x, y), sky.vectors(x + CLOSE, y + CLOSE)
    true = angles(back, points) <= np.maximum(angles(back, beside), 1e-12)
    return np.stack([x, y], axis=-1)[true]


def _nearest(sky: PixelSky, point: Vectors) -> NDArray[np.int64]:
    """Return the pixel (1, 2) whose centre is nearest to a point, none (0, 2) if that lies beside the image.

    For projections that show a place several times, and where the way back is inexact or not found.
    """
    lon, lat = (float(value) for value in lonlat_of(point))
    spot = CircleRegion(Circle(lon, lat, SPOT))
    blocks = sky.pyramid.touched(spot)
    pixels = [np.empty((0, 2), dtype=np.int64)]
    while len(blocks):
        leaf = (blocks[:, 1] - blocks[:, 0] < LEAF) & (blocks[:, 3] - blocks[:, 2] < LEAF)
        pixels += [np.mgrid[a : b + 1, c : d + 1].reshape(2, -1).T for a, b, c, d in blocks[leaf]]
        blocks = split(blocks[~leaf], SPLIT)
        blocks = blocks[:0] if not len(blocks) else _kept(sky, blocks, spot)
    every = np.concatenate(pixels)
    away = angles(sky.vectors(*every.T.astype(float)), point)
    if not np.isfinite(away).any():
        return every[:0]
    best = every[np.nanargmin(away)]
    corners = best + HALF * np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
    reach = angles(sky.vectors(*corners.T), sky.vectors(*best[:, None].astype(float)))
    return best[None] if np.nanmin(away) <= np.nanmax(reach, initial=0.0) else every[:0]


def _kept(sky: PixelSky, blocks: Blocks, region: SkyRegion) -> Blocks:
    """Return the blocks that may hold pixels of a region."""
    capped = sampled(sky, blocks)[0]
    return capped.blocks[capped.touched(region)]
