"""Compressed tiles to pixels, with astropy's decoders (FITS 4.0, section 10)."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
from astropy.io.fits.hdu.compressed._compression import (
    decompress_hcompress_1_c,
    decompress_plio_1_c,
    decompress_rice_1_c,
    unquantize_double_c,
    unquantize_float_c,
)
from numpy.typing import NDArray

__all__ = ["CODECS", "DITHERS", "Coding", "Shape", "Window", "gunzipped", "unquantised"]

Shape: TypeAlias = tuple[int, ...]
"""Lengths of the axes, the slowest first."""

Window: TypeAlias = tuple[slice, ...]
"""A part of a tile, the slowest axis first."""

Values: TypeAlias = NDArray[Any]

DITHERS = {"NONE": 0, "NO_DITHER": -1, "SUBTRACTIVE_DITHER_1": 1, "SUBTRACTIVE_DITHER_2": 2}
HCOMPRESS_BYTES = 8
FLAT = 2


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


def gunzipped(data: bytes, shape: Shape, window: Window, *, bitpix: int, lossless: bool) -> Values:
    """Decode GZIP_1; the type is that of the pixels, or of integers they were quantised to."""
    plain = np.frombuffer(gzip.decompress(data), dtype=np.uint8)
    return _typed(plain.size, shape, bitpix, lossless=lossless, raw=plain)[window]


def unquantised(values: Values, tile: int, scale: Any, zero: Any, coding: Coding) -> Values:  # noqa: ANN401 - numbers of the type of their column
    """Turn integers to the floats they stand for; *tile* counts from 0."""
    native = values.astype(values.dtype.newbyteorder("="))
    if coding.dither == DITHERS["NO_DITHER"]:
        return np.asarray(native * scale + zero)
    decode, kind = (unquantize_float_c, "f4") if coding.bitpix == -32 else (unquantize_double_c, "f8")  # noqa: PLR2004 - BITPIX
    row, size = tile + coding.seed, native.dtype.itemsize
    floats = decode(native.tobytes(), row, native.size, scale, zero, coding.dither, 0, 0, 0.0, size)
    return np.frombuffer(floats, dtype=kind).reshape(values.shape)


def _typed(size: int, shape: Shape, bitpix: int, *, lossless: bool, raw: Values) -> Values:
    """Give bytes the type that their number and the type of the image tell."""
    kind = "f" if bitpix < 0 and lossless else "i"
    types = {2: ">i2", 4: f">{kind}4", 8: f">{kind}8"}
    item, rest = divmod(size, prod(shape))
    return raw.view(types[item] if not rest and item in types else ">u1").reshape(shape)


def _gzip_1(data: bytes, shape: Shape, window: Window, coding: Coding) -> Values:
    return gunzipped(data, shape, window, bitpix=coding.bitpix, lossless=not coding.quantised)


def _gzip_2(data: bytes, shape: Shape, window: Window, coding: Coding) -> Values:
    """Decode shuffled bytes, only those of the window put in order again."""
    planes = np.frombuffer(gzip.decompress(data), dtype=np.uint8)
    item = planes.size // prod(shape)
    wanted = planes.reshape(item, *shape)[(slice(None), *window)]
    part = wanted.shape[1:]
    raw = np.ascontiguousarray(np.moveaxis(wanted, 0, -1)).reshape(-1)
    return _typed(raw.size, part, coding.bitpix, lossless=not coding.quantised, raw=raw)


def _rice(data: bytes, shape: Shape, window: Window, coding: Coding) -> Values:
    count = prod(shape)
    plain = decompress_rice_1_c(data, coding.block_size, coding.byte_pix, count)
    kind = "u1" if coding.byte_pix == 1 else f"i{coding.byte_pix}"
    return np.frombuffer(plain, dtype=kind)[:count].reshape(shape)[window]


def _plio(data: bytes, shape: Shape, window: Window, coding: Coding) -> Values:  # noqa: ARG001 - all codecs have one form
    count = prod(shape)
    return np.frombuffer(decompress_plio_1_c(data, count), dtype="i4")[:count].reshape(shape)[window]


def _hcompress(data: bytes, shape: Shape, window: Window, coding: Coding) -> Values:
    lengths = tuple(length for length in shape if length != 1)
    if len(lengths) != FLAT:
        raise ValueError("a tile of HCOMPRESS_1 has two dimensions")
    plain = decompress_hcompress_1_c(data, *lengths, coding.scale, coding.smooth, HCOMPRESS_BYTES)
    return np.frombuffer(plain, dtype="i4").reshape(shape)[window]


def _plain(data: bytes, shape: Shape, window: Window, coding: Coding) -> Values:
    raw = np.frombuffer(data, dtype=np.uint8)
    return _typed(raw.size, shape, coding.bitpix, lossless=not coding.quantised, raw=raw)[window]


CODECS: Mapping[str, Callable[[bytes, Shape, Window, Coding], Values]] = {
    "RICE_1": _rice,
    "RICE_ONE": _rice,
    "GZIP_1": _gzip_1,
    "GZIP_2": _gzip_2,
    "PLIO_1": _plio,
    "HCOMPRESS_1": _hcompress,
    "NOCOMPRESS": _plain,
}
"""Decoders of ZCMPTYPE: bytes, shape of the tile, the part that is wanted, the coding."""
