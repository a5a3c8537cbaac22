"""A cutout as data: which bytes come from where, and how many they will be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from soda_core.cutout.buffers import buffer
from soda_core.cutout.cards import BLOCK, padded
from soda_core.cutout.checksum import Sum, sum_of, summed
from soda_core.cutout.file import HDU
from soda_core.cutout.model import Part, Span, Spans
from soda_core.storage import Account, Reader, Run

__all__ = ["FileBytes", "Filter", "Payload", "Piece", "Pixels", "Plain", "Plan", "Summed"]


CHUNK = 1 << 20
PADDING = bytes(BLOCK)


class Filter(Protocol):
    """What changes stored values of a box."""

    def apply(self, spans: Spans, values: NDArray[Any]) -> None:
        """Change *values*, slowest axis first, of the pixels *spans* of the image."""
        ...


class Payload(Protocol):
    """The data of one HDU, padding left out."""

    @property
    def size(self) -> int:
        """Bytes of data."""
        ...

    @property
    def runs(self) -> tuple[Run, ...]:
        """The stretches of the source that are needed."""
        ...

    def fill(self, target: memoryview, account: Account) -> None:
        """Read all the data."""
        ...

    @property
    def is_light(self) -> bool:
        """Whether the data are only read: nothing is worked out from what is read."""
        ...

    def chunks(self, size: int, account: Account, start: int) -> Iterator[memoryview]:
        """Read the data from byte *start* on in pieces of at most *size* bytes."""
        ...


@dataclass(frozen=True, slots=True)
class FileBytes:
    """Bytes of the source as they stand there."""

    reader: Reader
    offset: int
    size: int

    @property
    def runs(self) -> tuple[Run, ...]:
        """The one stretch."""
        return (Run(self.offset, self.size),)

    def fill(self, target: memoryview, account: Account) -> None:
        """Read all the bytes."""
        self.reader.read_into(Run(self.offset, self.size), target, account)

    @property
    def is_light(self) -> bool:
        """Bytes are read as they are."""
        return True

    def chunks(self, size: int, account: Account, start: int) -> Iterator[memoryview]:
        """Read the bytes from *start* on in pieces of at most *size*."""
        end = self.offset + self.size
        for at in range(self.offset + start, end, size):
            piece = buffer(min(size, end - at))
            self.reader.read_into(Run(at, len(piece)), piece, account)
            yield piece


@dataclass(frozen=True, slots=True)
class Pixels:
    """A box of an image, in the stored values and the byte order of FITS."""

    image: HDU
    spans: Spans
    filter: Filter | None = None

    @property
    def size(self) -> int:
        """Bytes of data."""
        return self._size_of(self.spans)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The stretches with the pixels or with the tiles that hold them."""
        return self.image.runs(self.spans)

    def fill(self, target: memoryview, account: Account) -> None:
        """Read the box."""
        self._load(self.spans, target, account)

    @property
    def is_light(self) -> bool:
        """Plain pixels are read as they are."""
        return self.image.array is not None and self.filter is None

    def chunks(self, size: int, account: Account, start: int) -> Iterator[memoryview]:
        """Read slabs of about *size* bytes along the slowest axes; no tile is unpacked twice."""
        for slab in self.image.slabs(self.spans, size):
            length = self._size_of(slab)
            if start >= length:
                start -= length
                continue
            view = buffer(length)
            self._load(slab, view, account)
            for at in range(start, length, size):
                yield view[at : at + size]
            start = 0

    def read(self, spans: Spans) -> NDArray[Any]:
        """Read a box within the box, slowest axis first."""
        return self.loaded(tuple(map(_within, self.spans, spans)), Account())

    def loaded(self, spans: Spans, account: Account) -> NDArray[Any]:
        """Read a box of the image that lies within the box, slowest axis first."""
        view = buffer(self._size_of(spans))
        self._load(spans, view, account)
        return self._array(spans, view)

    def _size_of(self, spans: Spans) -> int:
        return prod([span.count for span in spans]) * self.image.item_size

    def _array(self, spans: Spans, view: memoryview) -> NDArray[Any]:
        shape = tuple(span.count for span in reversed(spans))
        return np.frombuffer(view, dtype=self.image.kind).reshape(shape)

    def _load(self, spans: Spans, target: memoryview, account: Account) -> None:
        """Read a box of the image."""
        self.image.read_box(spans, target, account)
        if self.filter:
            self.filter.apply(spans, self._array(spans, target))


class Piece(Protocol):
    """One HDU of the new file."""

    @property
    def part(self) -> Part:
        """Where it comes from."""
        ...

    @property
    def header(self) -> bytes:
        """Its header, END and padding included."""
        ...

    @property
    def pixels(self) -> Pixels | None:
        """The image in it, whatever form it goes out in."""
        ...

    @property
    def payload(self) -> Payload | None:
        """Its data."""
        ...

    @property
    def size(self) -> int:
        """Bytes with padding."""
        ...

    def fill(self, target: memoryview, account: Account) -> None:
        """Write header, data and padding to *target*."""
        ...

    @property
    def is_light(self) -> bool:
        """Whether its data are only read."""
        ...

    def chunks(self, size: int, account: Account, start: int) -> Iterator[bytes | memoryview]:
        """Yield header, data and padding from byte *start* on."""
        ...


@dataclass(slots=True)
class Plain:
    """An HDU as it is planned; the header may be one that is known only when the data are."""

    part: Part
    made: bytes | Callable[[], bytes]
    payload: Payload | None = None
    pixels: Pixels | None = None

    @property
    def header(self) -> bytes:
        """The header, END and padding included."""
        if not isinstance(self.made, bytes):
            self.made = self.made()
        return self.made

    @property
    def size(self) -> int:
        """Bytes with padding."""
        return len(self.header) + (padded(self.payload.size) if self.payload else 0)

    def fill(self, target: memoryview, account: Account) -> None:
        """Write header, data and padding to *target*."""
        start = len(self.header)
        target[:start] = self.header
        if self.payload:
            end = start + self.payload.size
            self.payload.fill(target[start:end], account)
            target[end:] = PADDING[: len(target) - end]

    @property
    def is_light(self) -> bool:
        """Whether its data are only read."""
        return self.payload is None or self.payload.is_light

    def data(self, size: int, account: Account, start: int = 0) -> Iterator[bytes | memoryview]:
        """Yield data and padding from byte *start* of them on."""
        if self.payload:
            if start < self.payload.size:
                yield from self.payload.chunks(size, account, start)
            if rest := padded(self.payload.size) - max(start, self.payload.size):
                yield bytes(rest)

    def chunks(self, size: int, account: Account, start: int) -> Iterator[bytes | memoryview]:
        """Yield header, data and padding from byte *start* on."""
        if start < len(self.header):
            yield self.header[start:]
        yield from self.data(size, account, max(0, start - len(self.header)))


@dataclass(frozen=True)
class Summed:
    """An HDU whose header says what its bytes add up to."""

    plain: Plain

    @property
    def part(self) -> Part:
        """Where it comes from."""
        return self.plain.part

    @property
    def header(self) -> bytes:
        """The header; all data are read for it."""
        total = Sum()
        for piece in self.plain.data(CHUNK, Account()):
            total.add(piece)
        return summed(self.plain.header, total.value)

    @property
    def pixels(self) -> Pixels | None:
        """The image in it."""
        return self.plain.pixels

    @property
    def payload(self) -> Payload | None:
        """Its data."""
        return self.plain.payload

    @cached_property
    def start(self) -> int:
        """Bytes of the header."""
        return len(summed(self.plain.header, 0))

    @property
    def size(self) -> int:
        """Bytes with padding."""
        return self.start + self.plain.size - len(self.plain.header)

    def fill(self, target: memoryview, account: Account) -> None:
        """Write data and padding, then the header with their sum."""
        before = self.start - len(self.plain.header)
        self.plain.fill(target[before:], account)
        target[: self.start] = summed(self.plain.header, sum_of([target[self.start :]]))

    @property
    def is_light(self) -> bool:
        """The sum is worked out."""
        return False

    def chunks(self, size: int, account: Account, start: int) -> Iterator[bytes | memoryview]:
        """Read all data for their sum, then yield the header and read them again: memory stays small."""
        if start < self.start:
            total = Sum()
            for piece in self.plain.data(size, account):
                total.add(piece)
            yield summed(self.plain.header, total.value)[start:]
        yield from self.plain.data(size, account, max(0, start - self.start))


@dataclass(frozen=True)
class Plan:
    """The pieces of a new file in their order; *whole* stands for them where a file goes out as it is."""

    pieces: tuple[Piece, ...]
    reader: Reader
    media_type: str = "application/fits"
    whole: FileBytes | None = None
    account: Account = field(default_factory=Account)
    """What was read of pixels so far."""

    @property
    def size(self) -> int:
        """Bytes of the new file."""
        return self.whole.size if self.whole else sum(piece.size for piece in self.pieces)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The stretches of the source that will be read, in order."""
        if self.whole:
            return self.whole.runs
        return tuple(run for piece in self.pieces if piece.payload for run in piece.payload.runs)

    @cached_property
    def predicted_bytes(self) -> int:
        """Bytes that reading will take, short gaps between stretches included."""
        return sum(run.cost for run in self.runs)

    @cached_property
    def predicted_reads(self) -> int:
        """Calls that reading will take."""
        return sum(run.calls for run in self.runs)

    @property
    def requests(self) -> int:
        """Stretches of the source without gaps, each one read of a range at most."""
        return sum(run.count for run in self.runs)

    @property
    def is_light(self) -> bool:
        """Whether all data are only read: nothing is worked out from what is read."""
        return self.whole is not None or all(piece.is_light for piece in self.pieces)

    def fill(self, target: memoryview, account: Account) -> None:
        """Write the whole new file to *target*."""
        if self.whole:
            self.whole.fill(target, account)
            return
        at = 0
        for piece in self.pieces:
            end = at + piece.size
            piece.fill(target[at:end], account)
            at = end

    def chunks(self, size: int, account: Account, start: int = 0) -> Iterator[bytes | memoryview]:
        """Yield the new file from byte *start* on in pieces; nothing before it is read."""
        if self.whole:
            yield from self.whole.chunks(size, account, start)
            return
        for piece in self.pieces:
            if start < piece.size:
                yield from piece.chunks(size, account, start)
            start = max(0, start - piece.size)


def _within(outer: Span, inner: Span) -> Span:
    """Return the pixels of the parent for pixels of a box."""
    return Span(outer.start + inner.start * outer.step, inner.count, outer.step * inner.step)
