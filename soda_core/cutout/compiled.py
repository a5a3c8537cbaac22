"""RICE_1 to pixels (FITS 4.0, 10.4.1), compiled by `numba`; loaded only where much is decoded.

Decoders elsewhere look at one byte after the other; here zeros are counted, and bits taken, in words of 64
bits. Numbers are unsigned words throughout, for a mixture with signed ones would be taken for floats. A pixel
may be too long for its kind: what is too much is cut off when it is stored.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

__all__ = ["AFTER", "WIDTHS", "rice"]

AFTER = 8
"""Bytes that must follow the data and do not count: words are read whole."""

WIDTHS = {1: (3, 6, 8), 2: (4, 14, 16), 4: (5, 25, 32)}
"""By the bytes of a pixel: bits that tell how a block is packed, the most low bits, bits of a pixel."""

Bytes: TypeAlias = NDArray[np.uint8]
Pixels: TypeAlias = NDArray[Any]
Word: TypeAlias = np.uint64

_Function = TypeVar("_Function", bound=Callable[..., Any])
_compiled: Callable[[_Function], _Function] = njit(nogil=True)
_instruction: Callable[[Any], Callable[[Word], Word]] = intrinsic

ZERO, ONE, THREE, SEVEN, LAST, ALL = (np.uint64(number) for number in (0, 1, 3, 7, 63, 64))


@_instruction
def _zeros(context: Any, word: Any) -> Any:  # noqa: ANN401, ARG001 - the form is numba's
    """Count the zeros before the first 1 of a word."""

    def code(_: Any, builder: Any, __: Any, words: Any) -> Any:  # noqa: ANN401 - the form is numba's
        return builder.ctlz(words[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), code


@_compiled
def _bits(data: Bytes, at: Word) -> Word:
    """Return a word that starts with bit *at*; of its end up to seven bits are 0 instead."""
    word = ZERO
    for place in range(AFTER):
        word = word << np.uint64(8) | np.uint64(data[(at >> THREE) + np.uint64(place)])
    return word << (at & SEVEN)


@_compiled
def _run(data: Bytes, at: Word, end: Word) -> Word:
    """Count the zeros from bit *at* on, at most up to bit *end* and a word."""
    start = at
    while at < end:
        known = ALL - (at & SEVEN)
        zeros = _zeros(_bits(data, at))
        if zeros < known:
            return at + zeros - start
        at += known
    return at - start


@_compiled
def _coded(data: Bytes, at: Word, end: Word, low: Word, pixels: tuple[Word, Pixels]) -> tuple[Word, Word]:
    """Fill a block from bit *at* on, given the pixel before; return where it ends and its last pixel.

    A difference is as many zeros as its high bits tell, a 1, and its *low* lowest bits.
    Of a word at most 63 bits are *known*, as one cannot be shifted by 64.
    """
    pixel, block = pixels
    word = known = ZERO
    for place in range(block.size):
        high = zeros = _zeros(word)
        if zeros + low >= known:
            if at >= end:
                return end + ONE, pixel
            word, known = _bits(data, at), LAST - (at & SEVEN)
            high = zeros = _zeros(word)
            if zeros + low >= known:
                high, zeros = _run(data, at, end), ZERO
                at += high
                if at >= end:
                    return end + ONE, pixel
                word, known = _bits(data, at), LAST - (at & SEVEN)
        value = high << low | word << zeros << ONE >> ONE >> (LAST - low)
        length = zeros + ONE + low
        word, known, at = word << length, known - length, at + length
        pixel += value >> ONE ^ (ZERO - (value & ONE))
        block[place] = pixel
    return at, pixel


@_compiled
def _plain(data: Bytes, at: Word, end: Word, width: Word, pixels: tuple[Word, Pixels]) -> tuple[Word, Word]:
    """Fill a block from bit *at* on of differences that are not packed, *width* bits each."""
    pixel, block = pixels
    for place in range(block.size):
        if at >= end:
            return end + ONE, pixel
        value = _bits(data, at) >> (ALL - width)
        pixel += value >> ONE ^ (ZERO - (value & ONE))
        block[place] = pixel
        at += width
    return at, pixel


@_compiled
def rice(data: Bytes, size: int, out: Pixels, widths: tuple[int, int, int]) -> bool:
    """Fill *out* with the first pixels of a tile in blocks of *size*; tell whether there were so many."""
    choice, most, width = np.uint64(widths[0]), np.uint64(widths[1]), np.uint64(widths[2])
    end = np.uint64(8 * (data.size - AFTER))
    pixel, at, done = _bits(data, ZERO) >> (ALL - width), width, 0
    while done < out.size and at < end:
        block = out[done : done + size]
        packing = _bits(data, at) >> (ALL - choice)
        at += choice
        if packing == ZERO:
            block[:] = pixel
        elif packing > most:
            at, pixel = _plain(data, at, end, width, (pixel, block))
        else:
            at, pixel = _coded(data, at, end, packing - ONE, (pixel, block))
        done += block.size
    return bool(done == out.size and at <= end)
