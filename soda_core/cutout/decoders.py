"""The costly step of unpacking a tile, by the quickest means at hand; all give the same bytes.

`imagecodecs` stops where no more pixels are needed and inflates in half the time; else astropy and zlib do.
"""

import gzip
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from astropy.io.fits.hdu.compressed._compression import decompress_rice_1_c
from numpy.typing import NDArray

__all__ = ["DECODERS", "STANDARD", "Decoders"]

Buffer: TypeAlias = Any
"""Whatever has a buffer: bytes, memory views, arrays."""

Integers: TypeAlias = NDArray[Any]


class Decoders(NamedTuple):
    """How to inflate gzip, and how to fill the integers of a tile from RICE_1."""

    inflate: Callable[[Buffer, int], Buffer]
    """Takes the number of bytes that is expected; what comes out may still be of another."""

    rice: Callable[[Buffer, int, Integers, int], int]
    """Takes pixels a block, the integers to be filled, how many are needed; returns how many are."""


def _inflate(data: Buffer, size: int) -> Buffer:
    try:
        plain = zlib.decompress(data, zlib.MAX_WBITS | 16, size)
    except zlib.error:
        plain = b""
    return plain if len(plain) == size else gzip.decompress(data)


def _rice(data: Buffer, block: int, out: Integers, needed: int) -> int:  # noqa: ARG001 - astropy decodes all
    plain = decompress_rice_1_c(bytes(data), block, out.itemsize, out.size)
    out[:] = np.frombuffer(plain, dtype=out.dtype)[: out.size]
    return out.size


STANDARD = Decoders(_inflate, _rice)
"""Those that are always there."""


def _quick() -> Decoders | None:
    """Return those of imagecodecs, where it is installed."""
    try:
        from imagecodecs import gzip_decode, rcomp_decode  # noqa: PLC0415 - an optional package
    except ImportError:
        return None

    def inflate(data: Buffer, size: int) -> Buffer:
        try:
            plain = gzip_decode(data, out=np.empty(size, dtype=np.uint8))
        except (RuntimeError, ValueError):
            plain = b""
        return plain if len(plain) == size else gzip.decompress(data)

    def rice(data: Buffer, block: int, out: Integers, needed: int) -> int:
        try:
            rcomp_decode(data, nblock=block, out=out[:needed])
        except RuntimeError:
            raise zlib.error("a tile ends too early") from None
        return needed

    return Decoders(inflate, rice)


DECODERS = _quick() or STANDARD
"""The best that there are."""
