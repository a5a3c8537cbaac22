"""Compressed tiles to pixels (FITS 4.0, section 10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from astropy.io.fits.hdu.compressed._compression import decompress_hcompress_1_c, decompress_plio_1_c
from numpy.typing import NDArray

from soda_core.cutout.decoders import DECODERS, Buffer, Decoders

__all__ = ["CODECS", "DITHERS", "Codec", "Coding", "Raw", "Shape", "Window", "unquantised"]

Shape: TypeAlias = tuple[int, ...]
"""Lengths of the axes, the slowest first."""

Window: TypeAlias = tuple[slice, ...]
"""A part of a tile, the slowest axis first."""

Values: TypeAlias = NDArray[Any]

DITHERS = {"NONE": 0, "NO_DITHER": -1, "SUBTRACTIVE_DITHER_1": 1, "SUBTRACTIVE_DITHER_2": 2}
HCOMPRESS_BYTES = 8
INTEGERS = 4
FLAT = 2
RANDOMS = 10_000
MODULUS = 2**31 - 1
ZERO = -2147483646
"""The integer that stands for 0.0 exactly (SUBTRACTIVE_DITHER_2)."""


@dataclass(frozen=True, slots=True)
class Coding:
    """What the header says about the tiles of an image: pixel type, parameters of the method, dithering."""

    method: str
    bitpix: int
    quantised: bool
    block_size: int = 32
    byte_pix: int = 4
    scale: int = 0
    smooth: int = 0
    dither: int = -1
    seed: int = 0

    decoders: Decoders = DECODERS

    @property
    def item(self) -> int:
        """Bytes of what is compressed: pixels, or integers of four bytes that floats were turned into."""
        return INTEGERS if self.quantised else abs(self.bitpix) // 8


class Raw(NamedTuple):
    """A tile after the costly step: pixels or bytes in one dimension; the first *known* are right."""

    values: Values
    known: int


class Codec(NamedTuple):
    """A method in two steps: bytes of the file to raw ones, as far as needed; a window of these."""

    decode: Callable[[Buffer, Shape, int, Coding], Raw]
    window: Callable[[Raw, Shape, Window, Coding], Values]


@cache
def _randoms() -> tuple[Values, tuple[int, ...]]:
    """Return the sequence of dithering (FITS 4.0, appendix I) and where each seed starts in it."""
    seed, found = 1, np.empty(RANDOMS, dtype=np.float32)
    for place in range(RANDOMS):
        seed = 16807 * seed % MODULUS
        found[place] = seed / MODULUS
    starts = (found * np.float32(500)).astype(int)
    return found.astype(np.float64), tuple(starts.tolist())


def _dithers(row: int, first: int, last: int) -> Values:
    """Return the numbers for pixels *first* to *last* (exclusive) of the tile in a row of the table."""
    randoms, starts = _randoms()
    seed, at = (row - 1) % RANDOMS, 0
    pieces: list[Values] = []
    while at < last:
        start = starts[seed] - at
        end = at + RANDOMS - starts[seed]
        if end > first:
            pieces.append(randoms[start + max(first, at) : start + min(last, end)])
        seed, at = (seed + 1) % RANDOMS, end
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def unquantised(
    values: Values, place: tuple[list[int], Shape, Window], scale: Values, zero: Values, coding: Coding
) -> Values:
    """Turn integers to the floats they stand for, in the order of steps that decides the last bit.

    *values* are one window of several tiles; *place* is the numbers of these from 0, their shape, the window.
    """
    floats = values.astype(np.float64)
    if coding.dither != DITHERS["NO_DITHER"]:
        tiles, shape, window = place
        below, slowest = prod(shape[1:]), window[0]
        first, last = slowest.start * below, slowest.stop * below
        part = (slice(None, None, slowest.step), *window[1:])
        for at, tile in enumerate(tiles):
            floats[at] -= _dithers(tile + coding.seed, first, last).reshape(-1, *shape[1:])[part]
        floats += 0.5
    floats *= scale
    floats += zero
    if coding.dither == DITHERS["SUBTRACTIVE_DITHER_2"]:
        floats[values == ZERO] = 0.0
    return floats


def _typed(item: int, coding: Coding, *, lossless: bool) -> str:
    """Return the type that the bytes of a pixel and the type of the image tell."""
    kind = "f" if coding.bitpix < 0 and lossless else "i"
    return {2: ">i2", 4: f">{kind}4", 8: f">{kind}8"}.get(item, ">u1")


def _inflated(data: Buffer, shape: Shape, needed: int, coding: Coding) -> Raw:  # noqa: ARG001 - all codecs have one form
    plain = coding.decoders.inflate(data, prod(shape) * coding.item)
    values = np.frombuffer(plain, dtype=np.uint8)
    return Raw(values, values.size)


def _plain(data: Buffer, shape: Shape, needed: int, coding: Coding) -> Raw:  # noqa: ARG001 - all codecs have one form
    values = np.frombuffer(
        data, dtype=np.uint8
    ).copy()  # not the view: it would keep all that was read with it
    return Raw(values, values.size)


def _window(raw: Raw, shape: Shape, window: Window, coding: Coding) -> Values:
    """Take a window of bytes in the order of pixels."""
    item, rest = divmod(raw.values.size, prod(shape))
    kind = "u1" if rest else _typed(item, coding, lossless=not coding.quantised)
    return raw.values.view(kind).reshape(shape)[window]


def _window_of_shuffled(raw: Raw, shape: Shape, window: Window, coding: Coding) -> Values:
    """Take a window of bytes that are shuffled, first all first ones, and put them in order."""
    item = raw.values.size // prod(shape)
    planes = raw.values.reshape(item, *shape)[(slice(None), *window)]
    ordered = np.empty((*planes.shape[1:], item), dtype=np.uint8)
    for place in range(item):
        ordered[..., place] = planes[place]
    return ordered.view(_typed(item, coding, lossless=not coding.quantised))[..., 0]


def _riced(data: Buffer, shape: Shape, needed: int, coding: Coding) -> Raw:
    kind = "u1" if coding.byte_pix == 1 else f"i{coding.byte_pix}"
    values = np.empty(prod(shape), dtype=kind)
    return Raw(values, coding.decoders.rice(data, coding.block_size, values, needed))


def _plio(data: Buffer, shape: Shape, needed: int, coding: Coding) -> Raw:  # noqa: ARG001 - all codecs have one form
    count = prod(shape)
    return Raw(np.frombuffer(decompress_plio_1_c(bytes(data), count), dtype="i4")[:count], count)


def _hcompressed(data: Buffer, shape: Shape, needed: int, coding: Coding) -> Raw:  # noqa: ARG001 - all codecs have one form
    lengths = tuple(length for length in shape if length != 1)
    if len(lengths) != FLAT:
        raise ValueError("a tile of HCOMPRESS_1 has two dimensions")
    plain = decompress_hcompress_1_c(bytes(data), *lengths, coding.scale, coding.smooth, HCOMPRESS_BYTES)
    return Raw(np.frombuffer(plain, dtype="i4"), prod(shape))


def _window_of_integers(raw: Raw, shape: Shape, window: Window, coding: Coding) -> Values:  # noqa: ARG001 - all codecs have one form
    return raw.values.reshape(shape)[window]


CODECS: Mapping[str, Codec] = {
    "RICE_1": Codec(_riced, _window_of_integers),
    "RICE_ONE": Codec(_riced, _window_of_integers),
    "GZIP_1": Codec(_inflated, _window),
    "GZIP_2": Codec(_inflated, _window_of_shuffled),
    "PLIO_1": Codec(_plio, _window_of_integers),
    "HCOMPRESS_1": Codec(_hcompressed, _window_of_integers),
    "NOCOMPRESS": Codec(_plain, _window),
}
"""The methods by ZCMPTYPE."""
