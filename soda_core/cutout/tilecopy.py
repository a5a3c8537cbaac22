"""Compressed tiles as they are stored, in a table of their own."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soda_core.cutout.cards import Cards
from soda_core.cutout.codecs import DITHERS
from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.file import HDU
from soda_core.cutout.headers import CHECKSUMS, move_cards, moves_of
from soda_core.cutout.model import Span, Spans
from soda_core.cutout.tiles import Tiles
from soda_core.storage import Account, Reader, Run

__all__ = ["TileCopy", "copied", "rounded", "table_cards"]

SEEDS = 10_000
"""Sequences of dithering, which are used in turn (FITS 4.0, 10.2.1)."""

_FORM = re.compile(r"(\d*)([LXBIJKAEDCMPQ]).*")
WIDTHS = {"L": 1, "B": 1, "I": 2, "J": 4, "K": 8, "A": 1, "E": 4, "D": 8, "C": 8, "M": 16, "P": 8, "Q": 16}
ITEMS = {"L": 1, "B": 1, "I": 2, "J": 4, "K": 8, "A": 1, "E": 4, "D": 8}
BITS = 8

Table = NDArray[np.uint8]


def rounded(images: Collection[HDU], spans: Spans) -> Spans:
    """Return the smallest box around *spans* that ends where tiles of all *images* do."""
    while True:
        wider = spans
        for image in images:
            if tiles := image.tiles:
                wider = _whole_tiles(tiles, wider)
        if wider == spans:
            return spans
        spans = wider


def _whole_tiles(tiles: Tiles, spans: Spans) -> Spans:
    """Widen a box to whole tiles; where tiles are dithered, to tiles that follow each other.

    What was added to the pixels of a tile depends on its number, and only one number moves that of all tiles.
    """
    found = list(_edges(tiles, spans))
    coding = tiles.coding
    if coding.quantised and coding.dither in (
        DITHERS["SUBTRACTIVE_DITHER_1"],
        DITHERS["SUBTRACTIVE_DITHER_2"],
    ):
        several = [axis for axis, span in enumerate(found) if span.count > tiles.tile[axis]]
        for axis in range(max(several, default=0)):
            found[axis] = Span(0, tiles.shape[axis])
    return tuple(found)


def _edges(tiles: Tiles, spans: Spans) -> Iterator[Span]:
    """Yield each span moved out to where tiles end."""
    for span, side, size in zip(spans, tiles.tile, tiles.shape, strict=True):
        first = span.start // side * side
        last = min(size, -(-span.slice.stop // side) * side)
        yield Span(first, last - first)


@dataclass(frozen=True, slots=True)
class TileCopy:
    """Rows of a table of tiles, and the stretches of the file that become its heap."""

    reader: Reader
    table: Table
    runs: tuple[Run, ...]

    @property
    def heap(self) -> int:
        """Bytes of the heap."""
        return sum(run.size for run in self.runs)

    @property
    def size(self) -> int:
        """Bytes of data."""
        return self.table.nbytes + self.heap

    def fill(self, target: memoryview, account: Account) -> None:
        """Write the table and read the tiles."""
        at = self.table.nbytes
        target[:at] = self.table.reshape(-1).data
        for run in self.runs:
            self.reader.read_into(run, target[at : at + run.size], account)
            at += run.size

    @property
    def is_light(self) -> bool:
        """Bytes are read as they are."""
        return True

    def chunks(self, size: int, account: Account, start: int) -> Iterator[memoryview]:
        """Yield the table, and the tiles in pieces of at most *size* bytes, from byte *start* on."""
        table = self.table.reshape(-1).data
        for at in range(start, len(table), size):
            yield table[at : at + size]
        start = max(0, start - len(table))
        for run in self.runs:
            first, start = min(start, run.size), max(0, start - run.size)
            end = run.offset + run.size
            for at in range(run.offset + first, end, size):
                piece = np.empty(min(size, end - at), dtype=np.uint8).data
                self.reader.read_into(Run(at, len(piece)), piece, account)
                yield piece


def copied(image: HDU, tiles: Tiles, spans: Spans, account: Account) -> TileCopy:
    """Take the tiles of a box that consists of whole ones; only their rows of the table are read."""
    numbers = _numbers(tiles, spans)
    table = _rows(image, numbers, account)
    stretches: list[tuple[int, int]] = []
    at = 0
    columns = tuple(_heap_columns(image.place.cards))
    found = [_descriptors(table, place, kind) for place, kind, _ in columns]
    for row in range(len(table)):
        for pairs, (_, _, item) in zip(found, columns, strict=True):
            count, offset = (int(number) for number in pairs[row])
            if count > 0:
                stretches.append((tiles.heap + offset, count * item))
                pairs[row, 1] = at
                at += count * item
    for pairs, (place, kind, _) in zip(found, columns, strict=True):
        _set_descriptors(table, place, kind, pairs)
    return TileCopy(image.reader, table, tuple(_joined(stretches)))


def table_cards(image: HDU, tiles: Tiles, spans: Spans, copy: TileCopy) -> Cards:
    """Return the cards of the table for a box of the image."""
    cards = image.place.cards.copy()
    move_cards(cards, spans, image.shape, moves_of(cards, len(spans)))
    cards.set("NAXIS2", str(len(copy.table)))
    cards.set("PCOUNT", str(copy.heap))
    for axis, span in enumerate(spans, start=1):
        cards.set(f"ZNAXIS{axis}", str(span.count))
    cards.drop(("THEAP", *CHECKSUMS))
    if tiles.coding.quantised and cards.text("ZDITHER0") is not None:
        first = int(_numbers(tiles, spans)[0])
        cards.set("ZDITHER0", str((tiles.coding.seed - 1 + first) % SEEDS + 1))
    return cards


def _numbers(tiles: Tiles, spans: Spans) -> NDArray[np.int64]:
    """Return the numbers of the tiles of a box, in their order."""
    counts = [-(-size // side) for size, side in zip(tiles.shape, tiles.tile, strict=True)]
    sides = zip(spans, tiles.tile, strict=True)
    ranges = [range(s.start // side, (s.slice.stop - 1) // side + 1) for s, side in sides]
    pitches = [prod(counts[:axis]) for axis in range(len(counts))]
    places = product(*reversed(ranges))
    return np.array([sum(map(_times, place, reversed(pitches))) for place in places], dtype=np.int64)


def _times(one: int, other: int) -> int:
    return one * other


def _rows(image: HDU, numbers: NDArray[np.int64], account: Account) -> Table:
    """Read rows of the table of tiles, neighbours at once."""
    width = int(image.place.cards.number("NAXIS1") or 0)
    table = np.empty((len(numbers), width), dtype=np.uint8)
    breaks = np.flatnonzero(np.diff(numbers) != 1) + 1
    for first, last in zip([0, *breaks], [*breaks, len(numbers)], strict=True):
        run = Run(image.place.data_offset + int(numbers[first]) * width, (last - first) * width)
        image.reader.read_into(run, table[first:last].reshape(-1).data, account)
    return table


def _heap_columns(cards: Cards) -> Iterator[tuple[int, str, int]]:
    """Yield place in the row, type of the descriptor and bytes an item of the columns of variable length."""
    place = 0
    for number in range(1, int(cards.number("TFIELDS") or 0) + 1):
        form = cards.text(f"TFORM{number}") or ""
        match = _FORM.fullmatch(form)
        if match is None:
            raise UnreadableFile(f"the FITS file is damaged: TFORM{number}={form!r} is no format of a column")
        repeat, letter = int(match[1] or 1), match[2]
        if letter in "PQ" and repeat:
            yield place, ">i4" if letter == "P" else ">i8", ITEMS.get(form[match.end(2)], 1)
        place += -(-repeat // BITS) if letter == "X" else repeat * WIDTHS[letter]


def _descriptors(table: Table, place: int, kind: str) -> NDArray[np.int64]:
    """Return counts and offsets (N, 2) of a column."""
    width = 2 * np.dtype(kind).itemsize
    raw = np.ascontiguousarray(table[:, place : place + width])
    return raw.view(kind).reshape(-1, 2).astype(np.int64)


def _set_descriptors(table: Table, place: int, kind: str, pairs: NDArray[Any]) -> None:
    """Write counts and offsets of a column."""
    raw = np.ascontiguousarray(pairs.astype(kind)).view(np.uint8).reshape(len(table), -1)
    table[:, place : place + raw.shape[1]] = raw


def _joined(stretches: list[tuple[int, int]]) -> Iterator[Run]:
    """Yield stretches, those that follow each other in the file as one."""
    start = end = -1
    for offset, size in stretches:
        if offset != end:
            if end > start:
                yield Run(start, end - start)
            start = end = offset
        end += size
    if end > start:
        yield Run(start, end - start)
