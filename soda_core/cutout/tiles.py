"""Images in compressed tiles: where each tile lies, and boxes out of as few of them as hold the box."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, product
from math import prod
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from astropy.io import fits
from astropy.io.fits.hdu.compressed.header import _bintable_header_to_image_header
from numpy.typing import NDArray

from soda_core.cutout.cards import Cards
from soda_core.cutout.codecs import CODECS, DITHERS, Codec, Coding, Raw, Shape, Window, unquantised
from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.layout import Place
from soda_core.cutout.model import Span, Spans
from soda_core.cutout.source import DAMAGE
from soda_core.cutout.tilecache import TILES
from soda_core.storage import Account, Reader, Run, WouldWait
from soda_core.storage.run import GAP

__all__ = ["Tiles", "row_tiled", "tiles_of"]

_FORM = re.compile(r"(\d*)([LXBIJKAEDCMPQ])([BIJKED]?)(?:\(\d*\))? *")
SCALARS = {"B": "u1", "I": ">i2", "J": ">i4", "K": ">i8", "E": ">f4", "D": ">f8"}
WIDTHS = {"L": 1, "A": 1, "C": 8, "M": 16}
NAMES = ("COMPRESSED_DATA", "GZIP_COMPRESSED_DATA", "UNCOMPRESSED_DATA")
PARAMETERS = ("blocksize", "bytepix", "scale", "smooth")
LARGEST = 1 << 28
"""Bytes of a tile table that are kept."""

TOGETHER = 8 << 20
"""Bytes of tiles that are read by one call at most."""

ALIKE = 1 << 15
"""Pixels of like tiles that are worked on together, which saves time if tiles are small."""

WORDS = ("PLIO_1", "RICE_1", "RICE_ONE", "HCOMPRESS_1")
"""Methods whose data may be in a column of integers, of the byte order of the machine for the decoder."""

AT_ONCE = 1 << 18
"""Pixels that are unpacked, about a millisecond of work, where nobody may wait."""

Numbers: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of variable length: how many items each tile has, where in the heap, and their type."""

    counts: NDArray[np.int64]
    places: NDArray[np.int64]
    kind: np.dtype[Any]


class Wanted(NamedTuple):
    """One tile: its number, its shape, the part of it that is wanted, where that goes; slowest axis first.

    Its pixels up to the last one of that part are *needed*.
    """

    number: int
    shape: Shape
    window: Window
    target: Window
    needed: int


@dataclass(frozen=True, slots=True)
class Tiles:
    """The tile table of one image; *shape* and *tile* have NAXIS1 first."""

    reader: Reader
    heap: int
    shape: tuple[int, ...]
    tile: tuple[int, ...]
    coding: Coding
    columns: dict[str, Column]
    numbers: dict[str, Numbers]
    blank: int | None
    table: int = field(default_factory=itertools.count().__next__)
    """A number that no other table of this process has."""

    @property
    def weight(self) -> int:
        """Bytes of memory."""
        columns = sum(c.counts.nbytes + c.places.nbytes for c in self.columns.values())
        return columns + sum(numbers.nbytes for numbers in self.numbers.values())

    def wanted(self, spans: Spans) -> Iterator[Wanted]:
        """Yield the tiles with pixels of a box, in the order of the table."""
        pitch, axes = 1, list[list[tuple[int, int, slice, slice]]]()
        for span, size, side in zip(spans, self.shape, self.tile, strict=True):
            axes.append([(n * pitch, length, part, to) for n, length, part, to in _parts(span, size, side)])
            pitch *= -(-size // side)
        for parts in product(*reversed(axes)):
            number = last = 0
            for before, length, part, _ in parts:
                number, last = number + before, last * length + part.stop - 1
            _, shape, window, target = zip(*parts, strict=True)
            yield Wanted(number, shape, window, target, last + 1)

    def runs(self, spans: Spans) -> tuple[Run, ...]:
        """Return the stretches of the file with the tiles of a box, neighbours in one."""
        stretches = (self._stretch(wanted.number) for wanted in self.wanted(spans))
        return tuple(_merged(sorted((offset, size) for _, offset, size in stretches)))

    def slabs(self, spans: Spans, size: int) -> Iterator[Spans]:
        """Divide a box along its slowest axis where tiles end, in parts of about *size* bytes or one tile."""
        axis = max((a for a, span in enumerate(spans) if span.count > 1), default=0)
        below = prod(span.count for span in spans[:axis]) * abs(self.coding.bitpix) // 8
        span, rows = spans[axis], max(1, size // max(1, below))
        first = 0
        while first < span.count:
            place = span.start + (first + rows - 1) * span.step
            edge = (place // self.tile[axis] + 1) * self.tile[axis]
            last = min(span.count, -(-(edge - span.start) // span.step))
            part = Span(span.start + first * span.step, last - first, span.step)
            yield (*spans[:axis], part, *spans[axis + 1 :])
            first = last

    def read(self, spans: Spans, target: Numbers, account: Account) -> None:
        """Fill *target* (slowest axis first) with the stored values of a box."""
        tiles = list(self.wanted(spans))
        known = TILES.get(self.table, [(tile.number, tile.needed) for tile in tiles])
        lacking = [tile for tile in tiles if tile.number not in known] if known else tiles
        if not account.may_wait and sum(prod(tile.shape) for tile in lacking) > AT_ONCE:
            raise WouldWait("the tiles must be unpacked first")
        found = ((tile, known[tile.number]) for tile in tiles if tile.number in known)
        try:
            with np.errstate(all="ignore"):
                self._fill(target, chain(found, self._unpacked(lacking, account)))
        except DAMAGE:
            raise UnreadableFile("the FITS file is damaged: its pixels cannot be read") from None

    def _unpacked(self, tiles: list[Wanted], account: Account) -> Iterator[tuple[Wanted, Raw]]:
        """Yield tiles as they are read and unpacked, and keep them for others."""
        for tile, name, data in self._fetched(tiles, account):
            raw = self._decoded(tile, name, data)
            TILES.put(self.table, [(tile.number, raw)])
            yield tile, raw

    def _fill(self, target: Numbers, tiles: Iterable[tuple[Wanted, Raw]]) -> None:
        """Fill *target* from tiles that are unpacked; like parts of like tiles are worked on together."""
        alike: list[tuple[Wanted, Numbers]] = []
        plain = self.blank is None and "ZBLANK" not in self.numbers and not self.coding.quantised
        for tile, raw in tiles:
            codec, coding = self._codec(tile.number)
            values = codec.window(raw, tile.shape, tile.window, coding)
            if plain or coding is not self.coding:
                target[tile.target] = values
                continue
            if alike and (alike[0][0][1:3] != tile[1:3] or len(alike) * values.size >= ALIKE):
                self._finish(target, alike)
                alike = []
            alike.append((tile, values))
        if alike:
            self._finish(target, alike)

    def _finish(self, target: Numbers, alike: list[tuple[Wanted, Numbers]]) -> None:
        """Turn like parts of tiles to stored values."""
        numbers, (_, shape, window, *_) = [tile.number for tile, _ in alike], alike[0][0]
        values = alike[0][1][None] if len(alike) == 1 else np.stack([values for _, values in alike])
        column = (len(alike), *[1] * len(shape))
        blank: Any = self.blank
        if "ZBLANK" in self.numbers:
            blank = self.numbers["ZBLANK"][numbers].reshape(column)
        gaps = None if blank is None else values == blank
        if self.coding.quantised:
            scale, zero = (self.numbers[word][numbers].reshape(column) for word in ("ZSCALE", "ZZERO"))
            values = unquantised(values, (numbers, shape, window), scale, zero, self.coding)
        if gaps is not None and gaps.any():
            values = values.copy()
            values[gaps] = self.blank if self.coding.bitpix > 0 else np.nan
        for (tile, _), part in zip(alike, values, strict=True):
            target[tile.target] = part

    def _fetched(self, tiles: list[Wanted], account: Account) -> Iterator[tuple[Wanted, str, memoryview]]:
        """Yield tiles as they lie in the file, with column and bytes; neighbours are read by one call."""
        stretches = [(*self._stretch(tile.number), tile) for tile in tiles]
        stretches.sort(key=itemgetter(1, 2))
        runs = _merged((offset, size) for _, offset, size, _ in stretches)
        start = end = 0
        for name, offset, size, tile in stretches:
            if offset + size > end:
                run = next(runs)
                start, end = run.offset, run.end
                data = np.empty(run.length, dtype=np.uint8).data
                self.reader.read_into(run, data, account)
            yield tile, name, data[offset - start : offset - start + size]

    def _stretch(self, number: int) -> tuple[str, int, int]:
        """Return the column that holds a tile, its offset in the file and its bytes."""
        for name in NAMES:
            column = self.columns.get(name)
            if column is not None and (name == NAMES[-1] or column.counts[number]):
                return (
                    name,
                    self.heap + int(column.places[number]),
                    int(column.counts[number]) * column.kind.itemsize,
                )
            if column is not None and name == NAMES[1]:
                return name, self.heap, 0
        raise UnreadableFile("the FITS file is damaged: a tile is missing")

    def _codec(self, number: int) -> tuple[Codec, Coding]:
        """Return how a tile is packed: some are so in another way than the others."""
        if self.columns[NAMES[0]].counts[number]:
            return CODECS[self.coding.method], self.coding
        if "GZIP_COMPRESSED_DATA" in self.columns:
            return CODECS["GZIP_1"], replace(self.coding, quantised=False)
        return CODECS["NOCOMPRESS"], replace(self.coding, quantised=False, method="NOCOMPRESS")

    def _decoded(self, tile: Wanted, name: str, data: memoryview) -> Raw:
        """Decode a tile as far as needed."""
        kind, (codec, coding) = self.columns[name].kind, self._codec(tile.number)
        packed: Any = data
        if kind.itemsize > 1 and coding.method in WORDS:
            packed = np.frombuffer(data, dtype=kind).astype(kind.newbyteorder("=")).tobytes()
        return codec.decode(packed, tile.shape, tile.needed, coding)


def tiles_of(place: Place, image: Cards, reader: Reader, account: Account) -> Tiles | None:
    """Read the tile table of an image with the plain cards *image*; None if it is of an unknown kind."""
    cards = place.cards
    row = (place.shape[0], *[1] * (len(place.shape) - 1))
    given = (cards.number(f"ZTILE{axis}") for axis in range(1, len(row) + 1))
    tile = tuple(side if number is None else int(number) for side, number in zip(row, given, strict=True))
    coding, layout = _coding(cards, place), _layout(cards)
    if coding is None or layout is None or min(tile) < 1:
        return None
    width, rows = (int(cards.number(f"NAXIS{axis}") or 0) for axis in (1, 2))
    expected = prod(-(-size // side) for size, side in zip(place.shape, tile, strict=True))
    if layout.itemsize != width or rows != expected or width * rows > LARGEST:
        return None
    data = np.empty(width * rows, dtype=np.uint8)
    reader.read_into(Run(place.data_offset, data.size), data.data, account)
    columns, numbers = _columns(cards, data.view(layout))
    if NAMES[0] not in columns or (coding.quantised and "ZZERO" not in numbers):
        return None
    blank, theap = cards.number("ZBLANK"), cards.number("THEAP")
    if blank is None:
        blank = image.number("BLANK")
    heap = place.data_offset + (width * rows if theap is None else int(theap))
    gap = None if blank is None else int(blank)
    return Tiles(reader, heap, place.shape, tile, coding, columns, numbers, gap)


def row_tiled(place: Place) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the header of the plain image where there are no ZTILEn, which stands for a tile each row."""
    header = fits.Header.fromstring(place.raw)
    for axis, size in enumerate(place.shape, start=1):
        header[f"ZTILE{axis}"] = size if axis == 1 else 1
    return _bintable_header_to_image_header(header)


def _coding(cards: Cards, place: Place) -> Coding | None:
    """Read what is the same for all tiles; None if it is not understood."""
    method = cards.text("ZCMPTYPE") or ""
    dither = DITHERS.get((cards.text("ZQUANTIZ") or "NO_DITHER").strip())
    names = [cards.text(f"TTYPE{n}") or "" for n in range(1, int(cards.number("TFIELDS") or 0) + 1)]
    quantised = "ZSCALE" in names
    if method not in CODECS or dither is None or (quantised and place.bitpix > 0):
        return None
    known: dict[str, int] = {}
    number = 1
    while (name := cards.text(f"ZNAME{number}")) is not None:
        if name.lower() in PARAMETERS:
            known.setdefault(name.lower(), int(cards.number(f"ZVAL{number}") or 0))
        number += 1
    return Coding(
        method,
        place.bitpix,
        quantised,
        known.get("blocksize", 32),
        known.get("bytepix", 4),
        known.get("scale", 0),
        known.get("smooth", 0),
        dither,
        int(cards.number("ZDITHER0") or 0),
    )


def _layout(cards: Cards) -> np.dtype[Any] | None:
    """Return the rows of the table as a type, None if a column is scaled or of a form not known."""
    fields: list[tuple[str, str, tuple[int, ...]]] = []
    for number in range(1, int(cards.number("TFIELDS") or 0) + 1):
        match = _FORM.fullmatch(cards.text(f"TFORM{number}") or "")
        if match is None or any(cards.text(f"{word}{number}") is not None for word in ("TSCAL", "TZERO")):
            return None
        repeat = int(match[1] or 1)
        if match[2] in "PQ" and repeat == 1:
            fields.append((f"{number}", ">i4" if match[2] == "P" else ">i8", (2,)))
        elif match[2] in SCALARS:
            fields.append((f"{number}", SCALARS[match[2]], (repeat,) if repeat != 1 else ()))
        elif match[2] in WIDTHS:
            fields.append((f"{number}", f"V{WIDTHS[match[2]] * repeat}", ()))
        else:
            return None
    return np.dtype(fields) if fields else None


def _columns(cards: Cards, table: Numbers) -> tuple[dict[str, Column], dict[str, Numbers]]:
    """Return the columns with data and those with a number for each tile."""
    columns: dict[str, Column] = {}
    numbers: dict[str, Numbers] = {}
    for number in table.dtype.names or ():
        name = cards.text(f"TTYPE{number}") or ""
        match = _FORM.fullmatch(cards.text(f"TFORM{number}") or "")
        if name in NAMES and match and match[3]:
            pairs = table[number].astype(np.int64)
            if pairs.min(initial=0) < 0:
                raise UnreadableFile("the FITS file is damaged: a tile lies nowhere")
            columns[name] = Column(pairs[:, 0].copy(), pairs[:, 1].copy(), np.dtype(SCALARS[match[3]]))
        elif name in ("ZSCALE", "ZZERO", "ZBLANK") and table[number].ndim == 1:
            values = table[number]
            numbers[name] = values.astype(values.dtype.newbyteorder("="))
    return columns, numbers


def _parts(span: Span, size: int, side: int) -> Iterator[tuple[int, int, slice, slice]]:
    """Yield number and length of the tiles along one axis, the part of each that is wanted, where it goes."""
    start, step, at = span.start, span.step, 0
    while at < span.count:
        tile, first = divmod(start + at * step, side)
        end = min(size, (tile + 1) * side)
        after = min(span.count, -(-(end - start) // step))
        inside = slice(first, first + (after - at - 1) * step + 1, step)
        yield tile, end - tile * side, inside, slice(at, after)
        at = after


def _merged(places: Iterable[tuple[int, int]]) -> Iterator[Run]:
    """Yield stretches that hold all the given ones (offset, bytes), which are sorted."""
    start, end = -1, -1
    for offset, size in places:
        if start >= 0 and offset <= end + GAP and max(end, offset + size) - start <= TOGETHER:
            end = max(end, offset + size)
            continue
        if start >= 0:
            yield Run(start, end - start)
        start, end = offset, offset + size
    if start >= 0:
        yield Run(start, end - start)
