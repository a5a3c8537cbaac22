"""The costly step of unpacking a tile, by the quickest means at hand; all give the same bytes.

`imagecodecs` inflates in half the time of zlib, and ends RICE where no more pixels are needed. What `numba`
compiles takes less than half the time for RICE; it is used once so much was decoded that this pays.
Without them astropy and zlib do the work.
"""

import gzip
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from astropy.io.fits.hdu.compressed._compression import decompress_rice_1_c
from numpy.typing import NDArray

__all__ = ["DECODERS", "RICE", "STANDARD", "Decoders", "Integers", "Rice", "RiceDecoder", "compiled_rice"]

WORTH = 1 << 27
"""Pixels after which the time that compiling takes would have been saved."""

Buffer: TypeAlias = Any
"""Whatever has a buffer: bytes, memory views, arrays."""

Integers: TypeAlias = NDArray[Any]

RiceDecoder: TypeAlias = Callable[[Buffer, int, Integers, int], int]
"""Takes pixels a block, the integers to be filled, how many are needed; returns how many are."""


class Decoders(NamedTuple):
    """How to inflate gzip, and how to fill the integers of a tile from RICE_1."""

    inflate: Callable[[Buffer, int], Buffer]
    """Takes the number of bytes that is expected; what comes out may still be of another."""

    rice: RiceDecoder


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


def _quick() -> Decoders:
    """Return those of imagecodecs, where it is installed."""
    try:
        from imagecodecs import gzip_decode, rcomp_decode  # noqa: PLC0415 - an optional package
    except ImportError:
        return STANDARD

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


def compiled_rice() -> RiceDecoder | None:
    """Return that of numba, if it is there; its first call for a kind of pixels takes half a second."""
    try:
        from soda_core.cutout import compiled  # noqa: PLC0415 - an optional package, and slow to load
    except ImportError:
        return None

    def rice(data: Buffer, block: int, out: Integers, needed: int) -> int:
        padded = np.empty(len(data) + compiled.AFTER, dtype=np.uint8)
        padded[: len(data)] = np.frombuffer(data, dtype=np.uint8)
        padded[len(data) :] = 0
        if not compiled.rice(padded, block, out[:needed], compiled.WIDTHS[out.itemsize]):
            raise zlib.error("a tile ends too early")
        return needed

    return rice


class Rice:
    """A decoder of RICE_1 that gives way to a compiled one after so many pixels."""

    def __init__(self, decoder: RiceDecoder, worth: int = WORTH) -> None:
        self._decoder = decoder
        self._left = worth

    def __call__(self, data: Buffer, block: int, out: Integers, needed: int) -> int:
        """Decode as others do."""
        if self._left > 0:
            self._left -= needed
            if self._left <= 0:
                self.settle()
        return self._decoder(data, block, out, needed)

    def settle(self) -> None:
        """Use the compiled decoder from now on, where there is one."""
        self._left = 0
        self._decoder = compiled_rice() or self._decoder


QUICK = _quick()
RICE = Rice(QUICK.rice)
"""The best for RICE_1."""

DECODERS = Decoders(QUICK.inflate, RICE)
"""The best that there are."""
