"""Images to compressed tiles, without loss (FITS 4.0, section 10)."""

import gzip
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import IO, Any

import numpy as np
from astropy.io.fits.hdu.compressed._compression import compress_rice_1_c
from numpy.typing import NDArray

from soda_core.cutout.cards import Cards
from soda_core.cutout.model import Span, Spans
from soda_core.cutout.plan import Pixels
from soda_core.storage import Account, Run

__all__ = ["UNPACKABLE", "Packed"]

UNPACKABLE = 64
"""BITPIX of images that are not compressed: cfitsio unpacks no integers of 64 bits."""

TILE = (256, 128)
"""Longest sides of a tile along the first two axes; it is one pixel thick along all others."""

LEVEL = 4
"""How hard gzip tries; more than this costs twice the time for a few percent."""

BLOCK_SIZE = 32
"""Pixels that RICE codes together."""

IN_MEMORY = 64 << 20
"""Bytes of compressed tiles beyond which they go to a temporary file."""

LARGEST = (1 << 31) - 1
DROPPED = (
    "SIMPLE",
    "XTENSION",
    "BITPIX",
    "NAXIS",
    "PCOUNT",
    "GCOUNT",
    "EXTEND",
    "TFIELDS",
    "THEAP",
    "BLOCKED",
)


class _Spool:
    """Bytes in memory, or in a temporary file once they are many."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when nobody holds the spool
        weakref.finalize(self, self._file.close)
        self.size = 0

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        self._file.write(data)
        self.size += len(data)

    def chunks(self, size: int, start: int) -> Iterator[memoryview]:
        """Yield the bytes from *start* on in pieces of at most *size*."""
        self._file.seek(start)
        while piece := self._file.read(size):
            yield memoryview(piece)


@dataclass(frozen=True)
class Packed:
    """An image that is compressed when it is asked for: by GZIP_2, integers if so wished by RICE_1."""

    pixels: Pixels
    rice: bool
    account: Account

    @property
    def runs(self) -> tuple[Run, ...]:
        """The stretches of the source that are needed."""
        return self.pixels.runs

    @property
    def size(self) -> int:
        """Bytes of data; takes the work of compressing."""
        return self._table.nbytes + self._heap[0].size

    def fill(self, target: memoryview, account: Account) -> None:
        """Write table and heap."""
        at = 0
        for piece in self.chunks(IN_MEMORY, account, 0):
            target[at : at + len(piece)] = piece
            at += len(piece)

    @property
    def is_light(self) -> bool:
        """Compressing is work."""
        return False

    def chunks(self, size: int, account: Account, start: int) -> Iterator[memoryview]:  # noqa: ARG002 - all payloads have one form
        """Yield table and heap from byte *start* on in pieces of at most *size* bytes."""
        table = np.frombuffer(self._table.tobytes(), dtype=np.uint8).data
        for at in range(start, len(table), size):
            yield table[at : at + size]
        yield from self._heap[0].chunks(size, max(0, start - len(table)))

    def header(self, cards: Cards) -> bytes:
        """Return the header of the table for the image with these *cards*."""
        spool, counts = self._heap
        form = f"1{'P' if self._table.dtype == np.dtype('>i4') else 'Q'}B({max(counts)})"
        first = "".join(
            f"{keyword:8}= {value.ljust(20) if value[0] == chr(39) else value.rjust(20)}".ljust(80)
            for keyword, value in self._mandatory(cards, spool.size, form)
        )
        rest = cards.copy()
        rest.remove(lambda word: word in DROPPED or word[:5] == "NAXIS")
        return Cards(first + "".join(rest)).encoded()

    def _mandatory(self, cards: Cards, heap: int, form: str) -> Iterator[tuple[str, str]]:
        """Yield the cards of the table and those that describe the image in it."""
        spans, method = self.pixels.spans, self.method
        yield from (("XTENSION", "'BINTABLE'"), ("BITPIX", "8"), ("NAXIS", "2"))
        yield from (("NAXIS1", str(self._table.itemsize * 2)), ("NAXIS2", str(len(self._table))))
        yield from (("PCOUNT", str(heap)), ("GCOUNT", "1"), ("TFIELDS", "1"))
        yield from (("TTYPE1", "'COMPRESSED_DATA'"), ("TFORM1", f"'{form}'"), ("ZIMAGE", "T"))
        primary = cards.text("SIMPLE") is not None
        # funpack writes the image's first cards in the order in which it finds them
        yield ("ZSIMPLE", "T") if primary else ("ZTENSION", "'IMAGE   '")
        yield from (("ZBITPIX", str(self.pixels.image.place.bitpix)), ("ZNAXIS", str(len(spans))))
        yield from ((f"ZNAXIS{axis}", str(span.count)) for axis, span in enumerate(spans, start=1))
        yield from (("ZEXTEND", "T"),) if primary else (("ZPCOUNT", "0"), ("ZGCOUNT", "1"))
        yield from ((f"ZTILE{axis}", str(side)) for axis, side in enumerate(self.tile, start=1))
        yield "ZCMPTYPE", f"'{method}'"
        if method == "RICE_1":
            yield from (("ZNAME1", "'BLOCKSIZE'"), ("ZVAL1", str(BLOCK_SIZE)))
            yield from (("ZNAME2", "'BYTEPIX '"), ("ZVAL2", str(self.pixels.image.item_size)))
        if self.pixels.image.place.bitpix < 0:
            yield "ZQUANTIZ", "'NONE    '"

    @property
    def method(self) -> str:
        """The method as ZCMPTYPE spells it."""
        return "RICE_1" if self.rice and self.pixels.image.place.bitpix > 0 else "GZIP_2"

    @property
    def tile(self) -> tuple[int, ...]:
        """The sides of a tile, NAXIS1 first."""
        longest = TILE if len(self.pixels.spans) > 1 else (prod(TILE),)
        sides = (*longest, *(1 for _ in self.pixels.spans[len(longest) :]))
        return tuple(min(side, span.count) for side, span in zip(sides, self.pixels.spans, strict=True))

    @cached_property
    def _heap(self) -> tuple[_Spool, list[int]]:
        """The compressed tiles, and the bytes of each."""
        spool, counts = _Spool(), list[int]()
        for tile in self._tiles():
            data = _riced(tile) if self.method == "RICE_1" else _gzipped(tile)
            spool.append(data)
            counts.append(len(data))
        return spool, counts

    @cached_property
    def _table(self) -> NDArray[Any]:
        """Bytes and offset of each tile, (N, 2)."""
        spool, counts = self._heap
        offsets = np.cumsum([0, *counts[:-1]])
        return np.stack([counts, offsets], axis=1).astype(">i4" if spool.size <= LARGEST else ">i8")

    def _tiles(self) -> Iterator[NDArray[Any]]:
        """Yield the tiles in their order; as many are in memory as lie beside each other."""
        spans, tile = self.pixels.spans, self.tile
        for outer in product(
            *(list(_parts(s, side)) for s, side in zip(spans[:0:-1], tile[:0:-1], strict=True))
        ):
            box: Spans = (spans[0], *reversed(outer))
            values = self.pixels.loaded(box, self.account)
            for first in range(0, spans[0].count, tile[0]):
                yield values[..., first : first + tile[0]]


def _parts(span: Span, side: int) -> Iterator[Span]:
    """Yield a span in parts of *side* pixels."""
    for first in range(0, span.count, side):
        yield Span(span.start + first * span.step, min(side, span.count - first), span.step)


def _riced(tile: NDArray[Any]) -> bytes:
    """Compress integers of at most 4 bytes."""
    native = np.ascontiguousarray(tile, dtype=tile.dtype.newbyteorder("="))
    return bytes(compress_rice_1_c(native.tobytes(), BLOCK_SIZE, tile.dtype.itemsize))


def _gzipped(tile: NDArray[Any]) -> bytes:
    """Compress numbers byte by byte: all first bytes, all second ones, and so on."""
    raw = np.ascontiguousarray(tile).reshape(-1).view(np.uint8).reshape(-1, tile.dtype.itemsize)
    return gzip.compress(np.ascontiguousarray(raw.T).tobytes(), LEVEL, mtime=0)
