"""From a region of the sky to the box of pixels that it covers."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from soda_core.cutout.ellipse import NO_PIXEL, ellipse_box
from soda_core.cutout.model import Box
from soda_core.cutout.sides import side_box
from soda_core.cutout.world import PixelSky
from soda_core.sky import CircleRegion, SkyRegion, Vectors
from soda_core.sky.vectors import Flags, Floats, angles

__all__ = ["Box", "covering_box", "rectangle_box", "searched_box"]

Blocks: TypeAlias = NDArray[np.int64]
"""Boxes, one a row."""

SPLIT = 8
"""Parts of a block along each axis at the next level."""

SAMPLES = 5
"""Sky positions along each axis of a block."""

LEAF = 16
"""Size in pixels up to which every pixel of a block is tried."""

MARGIN = 0.75
"""Of the step between two samples: how far beyond a sample the sky of its block may reach."""

GAP = 64
"""A block without sky is given up if it is smaller than this part of the image."""

HALF = 0.5
PIXELS_AT_ONCE = 1 << 20
CLOSE = 1e-3
"""Pixels by which the way to the sky and back may miss."""


def covering_box(sky: PixelSky, region: SkyRegion) -> Box | None:
    """Return the smallest box with all pixels whose centre lies in *region*.

    If there is none, the pixels that hold points of the region: one smaller than a pixel gives the pixel it
    lies in. None if the region does not touch the image.
    """
    box: Box | None = None
    if sky.plane and sky.plane.distortion is None and isinstance(region, CircleRegion):
        box = ellipse_box(sky.plane, sky.shape, region)
    if sky.plane and box is None:
        box = side_box(sky.plane, sky.shape, region)
    if box is None:
        box = searched_box(sky, region) or NO_PIXEL
    return box if box != NO_PIXEL else _holding_box(sky, region.anchors())


def searched_box(sky: PixelSky, region: SkyRegion) -> Box | None:
    """Return the box of the pixel centres in *region* for whatever the image shows of the sky."""
    found = _Found()
    blocks = np.array([[0, sky.shape[0] - 1, 0, sky.shape[1] - 1]], dtype=np.int64)
    while len(blocks):
        leaf = (blocks[:, 1] - blocks[:, 0] < LEAF) & (blocks[:, 3] - blocks[:, 2] < LEAF)
        _try_pixels(sky, region, blocks[leaf], found)
        parts = _split(blocks[~leaf])
        blocks = found.outside(_touched(sky, region, parts, found))
    return found.box


def rectangle_box(sky: PixelSky, centre: Vectors, width: float, height: float) -> Box | None:
    """Return the box of *width* x *height* pixels about the pixel that holds *centre*, clipped."""
    held = _pixels_of(sky, centre[None], inside=False)
    if not len(held):
        return None
    limits: list[int] = []
    for middle, length, size in zip(held[0], (width, height), sky.shape, strict=True):
        count = max(1, round(length))
        first = int(middle) - count // 2
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


def _split(blocks: Blocks) -> Blocks:
    """Cut each block in SPLIT x SPLIT parts, fewer where it is too thin."""
    part = np.arange(SPLIT + 1)
    x = blocks[:, :1] + (blocks[:, 1:2] + 1 - blocks[:, :1]) * part // SPLIT
    y = blocks[:, 2:3] + (blocks[:, 3:] + 1 - blocks[:, 2:3]) * part // SPLIT
    shape = (len(blocks), SPLIT, SPLIT)
    columns = (x[:, :-1, None], x[:, 1:, None] - 1, y[:, None, :-1], y[:, None, 1:] - 1)
    parts = np.stack([np.broadcast_to(column, shape) for column in columns], axis=-1).reshape(-1, 4)
    return parts[(parts[:, 0] <= parts[:, 1]) & (parts[:, 2] <= parts[:, 3])]


def _touched(sky: PixelSky, region: SkyRegion, blocks: Blocks, found: _Found) -> Blocks:
    """Return the blocks that may hold pixels of the region, noting the samples that do."""
    kept = [blocks[:0]]
    step = max(1, PIXELS_AT_ONCE // SAMPLES**2)
    for first in range(0, len(blocks), step):
        some = blocks[first : first + step]
        x, y, vectors = _sampled(sky, some)
        flat = vectors.reshape(-1, 3)
        known = np.isfinite(flat[:, 0])
        inside = np.zeros(len(flat), dtype=np.bool_)
        inside[known] = region.contains(flat[known])
        found.add(x.ravel()[inside], y.ravel()[inside])
        kept.append(some[_may_hold(sky, region, some, vectors)])
    return np.concatenate(kept)


def _sampled(sky: PixelSky, blocks: Blocks) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
    """Return sample pixels of each block and their directions, (blocks, SAMPLES, SAMPLES)."""
    part = np.arange(SAMPLES)
    last = SAMPLES - 1
    x = blocks[:, :1] + (blocks[:, 1:2] - blocks[:, :1]) * part // last
    y = blocks[:, 2:3] + (blocks[:, 3:] - blocks[:, 2:3]) * part // last
    shape = (len(blocks), SAMPLES, SAMPLES)
    grid_x = np.broadcast_to(x[:, :, None], shape)
    grid_y = np.broadcast_to(y[:, None, :], shape)
    vectors = sky.vectors(grid_x.ravel().astype(float), grid_y.ravel().astype(float))
    return grid_x, grid_y, vectors.reshape(*shape, 3)


def _may_hold(sky: PixelSky, region: SkyRegion, blocks: Blocks, vectors: Vectors) -> Flags:
    """Tell which blocks may hold pixels of the region, from caps around their samples."""
    samples = vectors.reshape(len(blocks), -1, 3)
    known = np.isfinite(samples[..., 0])
    whole, empty = known.all(axis=1), ~known.any(axis=1)
    small = np.maximum(blocks[:, 1] - blocks[:, 0], blocks[:, 3] - blocks[:, 2]) < max(sky.shape) / GAP
    keep: Flags = np.asarray(~whole & ~(empty & small), dtype=np.bool_)
    if whole.any():
        directions, radii = _caps(vectors[whole])
        keep[whole] = region.may_touch(directions, radii)
    return keep


def _caps(vectors: Vectors) -> tuple[Vectors, Floats]:
    """Return directions and radii in radians of caps that hold all the sky of the sampled blocks."""
    samples = vectors.reshape(len(vectors), -1, 3)
    mean = samples.sum(axis=1)
    length = np.linalg.norm(mean, axis=1)
    spread = length < 1e-3 * samples.shape[1]  # the samples go around the sphere
    mean = np.where(spread[:, None], samples[:, 0], mean)
    mean = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    reach = angles(samples, mean[:, None]).max(axis=1)
    along_x = angles(vectors[:, 1:], vectors[:, :-1]).max(axis=(1, 2))
    along_y = angles(vectors[:, :, 1:], vectors[:, :, :-1]).max(axis=(1, 2))
    radii = reach + MARGIN * np.maximum(along_x, along_y)
    return mean, np.where(spread, np.pi, np.minimum(radii, np.pi))


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


def _holding_box(sky: PixelSky, points: Vectors) -> Box | None:
    """Return the box of the pixels that hold some of *points*, None if none does."""
    held = _pixels_of(sky, points, inside=True)
    found = _Found()
    found.add(held[:, 0], held[:, 1])
    return found.box


def _pixels_of(sky: PixelSky, points: Vectors, *, inside: bool) -> NDArray[np.int64]:
    """Return the pixels (M, 2) that hold *points*, only those of the image if *inside*."""
    if not len(points):
        return np.empty((0, 2), dtype=np.int64)
    x, y = sky.pixels(points)
    limit = np.asarray(sky.shape) - HALF
    known = np.isfinite(x) & np.isfinite(y)
    if inside:
        known &= (x >= -HALF) & (y >= -HALF) & (x <= limit[0]) & (y <= limit[1])
    x, y, points = x[known], y[known], points[known]
    if not len(x):
        return np.empty((0, 2), dtype=np.int64)
    back, beside = sky.vectors(x, y), sky.vectors(x + CLOSE, y + CLOSE)
    true = angles(back, points) <= np.maximum(angles(back, beside), 1e-12)
    held = np.stack([np.floor(x + HALF), np.floor(y + HALF)], axis=-1)[true]
    if inside:
        held = np.minimum(held, np.asarray(sky.shape) - 1)
    return held.astype(np.int64)
