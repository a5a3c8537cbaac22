"""Blocks of pixels and the caps of sky that hold them."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from soda_core.sky import SkyRegion, Vectors
from soda_core.sky.vectors import Flags, Floats, angles

__all__ = ["LEAF", "Blocks", "Capped", "Pyramid", "Sky", "pyramid_of", "sampled", "split"]

Blocks: TypeAlias = NDArray[np.int64]
"""Boxes, one a row: first and last along the first, first and last along the second axis."""

SAMPLES = 5
"""Sky positions along each axis of a block."""

LEAF = 16
"""Size in pixels up to which every pixel of a block is tried."""

MARGIN = 0.75
"""Of the step between two samples: how far beyond a sample the sky of its block may reach."""

RIM_MARGIN = 4.0
"""The same for a block that is partly without sky."""

FEW = 4
"""Steps between samples along each axis below which nothing is concluded from them."""

HALF = 0.5
GAP = 64
"""A block without sky is given up if it is smaller than this part of the image."""

SPLIT = 8
"""Parts of the image, and of each of its parts, along each axis."""


class Sky(Protocol):
    """Where the pixels of an image lie on the sky."""

    @property
    def shape(self) -> tuple[int, int]:
        """The lengths of the two axes."""
        ...

    def vectors(self, x: Floats, y: Floats) -> Vectors:
        """Return the directions of pixels; NaN where there is no sky."""
        ...


@dataclass(frozen=True, slots=True)
class Capped:
    """Blocks with caps that hold their sky; where *unsure* a cap does not tell everything."""

    blocks: Blocks
    directions: Vectors
    radii: Floats
    unsure: Flags

    def touched(self, region: SkyRegion) -> Flags:
        """Tell which blocks may hold pixels of a region."""
        keep = self.unsure.copy()
        sure = ~keep
        keep[sure] = region.may_touch(self.directions[sure], self.radii[sure])
        return keep

    def some(self, rows: NDArray[np.int64] | slice) -> "Capped":
        """Return some of the blocks."""
        return Capped(self.blocks[rows], self.directions[rows], self.radii[rows], self.unsure[rows])


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The parts of an image and the parts of these; *starts* tells where those of each part begin.

    *middles* are the pixels (N, 2) in the middle of the smaller ones, *sights* their directions.
    """

    parts: Capped
    lower: Capped
    starts: NDArray[np.int64]
    middles: NDArray[np.int64]
    sights: Vectors

    def touched(self, region: SkyRegion) -> Blocks:
        """Return the blocks, as small as they are known, that may hold pixels of a region."""
        found = [self.parts.blocks[:0]]
        for part in np.flatnonzero(self.parts.touched(region)):
            some = self.lower.some(slice(int(self.starts[part]), int(self.starts[part + 1])))
            found.append(some.blocks[some.touched(region)])
        return np.concatenate(found)


def pyramid_of(sky: Sky) -> Pyramid:
    """Work out the upper levels of an image once."""
    whole = np.array([[0, sky.shape[0] - 1, 0, sky.shape[1] - 1]], dtype=np.int64)
    parts = capped(sky, split(whole, SPLIT))
    lower = [
        capped(sky, split(block[None], SPLIT) if _is_large(block) else block[None]) for block in parts.blocks
    ]
    starts = np.cumsum([0, *(len(some.blocks) for some in lower)])
    columns = (
        np.concatenate([getattr(some, name) for some in (parts.some(slice(0, 0)), *lower)])
        for name in ("blocks", "directions", "radii", "unsure")
    )
    below = Capped(*columns)
    middles = (below.blocks[:, ::2] + below.blocks[:, 1::2]) // 2
    sights = sky.vectors(middles[:, 0].astype(float), middles[:, 1].astype(float))
    seen = np.isfinite(sights[:, 0])
    return Pyramid(parts, below, starts, middles[seen], sights[seen])


def capped(sky: Sky, blocks: Blocks) -> Capped:
    """Sample blocks and return those that may have sky, with their caps."""
    return sampled(sky, blocks)[0]


def sampled(sky: Sky, blocks: Blocks) -> tuple[Capped, NDArray[np.int64], NDArray[np.int64], Vectors]:
    """Return blocks that may have sky with their caps, and all sample pixels with their directions."""
    part = np.arange(SAMPLES)
    last = SAMPLES - 1
    x = blocks[:, :1] + (blocks[:, 1:2] - blocks[:, :1]) * part // last
    y = blocks[:, 2:3] + (blocks[:, 3:] - blocks[:, 2:3]) * part // last
    shape = (len(blocks), SAMPLES, SAMPLES)
    grid_x = np.broadcast_to(x[:, :, None], shape).ravel()
    grid_y = np.broadcast_to(y[:, None, :], shape).ravel()
    vectors = sky.vectors(grid_x.astype(float), grid_y.astype(float))
    known = np.isfinite(vectors[:, 0]).reshape(len(blocks), -1)
    whole, empty = known.all(axis=1), ~known.any(axis=1)
    small = np.maximum(blocks[:, 1] - blocks[:, 0], blocks[:, 3] - blocks[:, 2]) < max(sky.shape) / GAP
    directions, radii = np.zeros((len(blocks), 3)), np.full(len(blocks), np.pi)
    square = vectors.reshape(*shape, 3)
    if whole.any():
        directions[whole], radii[whole] = _caps(square[whole])
    partly = np.flatnonzero(~whole & ~empty)
    if len(partly):
        directions[partly], radii[partly] = _rim_caps(square[partly])
    kept = np.flatnonzero(~(empty & small))
    unsure = ~whole & ~(radii < np.pi)
    return Capped(blocks, directions, radii, unsure).some(kept), grid_x, grid_y, vectors


def split(blocks: Blocks, parts: int) -> Blocks:
    """Cut each block in *parts* x *parts*, fewer where it is too thin."""
    part = np.arange(parts + 1)
    x = blocks[:, :1] + (blocks[:, 1:2] + 1 - blocks[:, :1]) * part // parts
    y = blocks[:, 2:3] + (blocks[:, 3:] + 1 - blocks[:, 2:3]) * part // parts
    shape = (len(blocks), parts, parts)
    columns = (x[:, :-1, None], x[:, 1:, None] - 1, y[:, None, :-1], y[:, None, 1:] - 1)
    found = np.stack([np.broadcast_to(column, shape) for column in columns], axis=-1).reshape(-1, 4)
    return found[(found[:, 0] <= found[:, 1]) & (found[:, 2] <= found[:, 3])]


def _is_large(block: NDArray[np.int64]) -> bool:
    """Tell whether the parts of a block would have more pixels than samples, by far."""
    return bool(max(block[1] - block[0], block[3] - block[2]) >= LEAF * SPLIT // 2)


def _rim_caps(vectors: Vectors) -> tuple[Vectors, Floats]:
    """Return the same for blocks that are partly without sky; the radius is pi where too little is known.

    Towards the rim the sky changes ever faster, at worst like a square root: from the last sample on by less
    than two and a half times as much as in the step before.
    """
    samples = vectors.reshape(len(vectors), -1, 3)
    known = np.isfinite(samples[..., 0])
    mean = np.where(known[..., None], samples, 0.0).sum(axis=1)
    length = np.sqrt(np.einsum("ij,ij->i", mean, mean))
    lost = length < HALF * known.sum(axis=1)
    mean = np.where(lost[:, None], [1.0, 0.0, 0.0], mean) / np.where(lost, 1.0, length)[:, None]
    reach = np.where(known, angles(samples, mean[:, None]), 0.0).max(axis=1)
    along_x, along_y = angles(vectors[:, 1:], vectors[:, :-1]), angles(vectors[:, :, 1:], vectors[:, :, :-1])
    few = np.minimum(*(np.isfinite(along).sum(axis=(1, 2)) for along in (along_x, along_y))) < FEW
    steps = np.maximum(*(np.nan_to_num(along).max(axis=(1, 2)) for along in (along_x, along_y)))
    return mean, np.where(lost | few, np.pi, np.minimum(reach + RIM_MARGIN * steps, np.pi))


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
