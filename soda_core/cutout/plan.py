"""A cutout as data: which bytes come from where, and how many they will be."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from soda_core.cutout.cards import padded
from soda_core.cutout.file import HDU
from soda_core.cutout.model import Part, Span, Spans
from soda_core.storage import Account, Reader, Run

__all__ = ["FileBytes", "Payload", "Piece", "Pixels", "Plan", "buffer"]


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

    def chunks(self, size: int, account: Account) -> Iterator[memoryview]:
        """Read the data in pieces of at most *size* bytes."""
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

    def chunks(self, size: int, account: Account) -> Iterator[memoryview]:
        """Read the bytes in pieces of at most *size*."""
        end = self.offset + self.size
        for at in range(self.offset, end, size):
            piece = buffer(min(size, end - at))
            self.reader.read_into(Run(at, len(piece)), piece, account)
            yield piece


@dataclass(frozen=True, slots=True)
class Pixels:
    """A box of an image, in the stored values and the byte order of FITS."""

    image: HDU
    spans: Spans

    @property
    def size(self) -> int:
        """Bytes of data."""
        return prod(span.count for span in self.spans) * self.image.item_size

    @property
    def runs(self) -> tuple[Run, ...]:
        """The stretches with the pixels or with the tiles that hold them."""
        return self.image.runs(self.spans)

    def fill(self, target: memoryview, account: Account) -> None:
        """Read the box."""
        self.image.read_box(self.spans, target, account)

    def chunks(self, size: int, account: Account) -> Iterator[memoryview]:
        """Read slabs of about *size* bytes along the slowest axes; no tile is unpacked twice."""
        for slab in self.image.slabs(self.spans, size):
            view = buffer(Pixels(self.image, slab).size)
            self.image.read_box(slab, view, account)
            for at in range(0, len(view), size):
                yield view[at : at + size]

    def read(self, spans: Spans) -> NDArray[Any]:
        """Read a box within the box, slowest axis first."""
        return self.image.pixels(tuple(map(_within, self.spans, spans)))


@dataclass(frozen=True, slots=True)
class Piece:
    """One HDU of the new file."""

    part: Part
    header: bytes
    payload: Payload | None = None

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
            target[end:] = bytes(len(target) - end)

    def chunks(self, size: int, account: Account) -> Iterator[bytes | memoryview]:
        """Yield header, data and padding."""
        if self.header:
            yield self.header
        if self.payload:
            yield from self.payload.chunks(size, account)
            if rest := padded(self.payload.size) - self.payload.size:
                yield bytes(rest)


@dataclass(frozen=True)
class Plan:
    """The pieces of a new file in their order; *whole* stands for them where a file goes out as it is."""

    pieces: tuple[Piece, ...]
    reader: Reader
    media_type: str = "application/fits"
    whole: FileBytes | None = None

    @cached_property
    def size(self) -> int:
        """Bytes of the new file."""
        return self.whole.size if self.whole else sum(piece.size for piece in self.pieces)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The stretches of the source that will be read, in order."""
        if self.whole:
            return self.whole.runs
        return tuple(run for piece in self.pieces if piece.payload for run in piece.payload.runs)

    @property
    def predicted_bytes(self) -> int:
        """Bytes that reading will take, short gaps between stretches included."""
        return sum(run.cost for run in self.runs)

    def fill(self, target: memoryview, account: Account) -> None:
        """Write the whole new file to *target*."""
        if self.whole:
            self.whole.fill(target, account)
            return
        at = 0
        for piece in self.pieces:
            piece.fill(target[at : at + piece.size], account)
            at += piece.size

    def chunks(self, size: int, account: Account) -> Iterator[bytes | memoryview]:
        """Yield the new file in pieces."""
        if self.whole:
            yield from self.whole.chunks(size, account)
            return
        for piece in self.pieces:
            yield from piece.chunks(size, account)


def buffer(size: int) -> memoryview:
    """Return memory that holds anything, which saves writing zeros over what will be written anyway."""
    return np.empty(size, dtype=np.uint8).data


def _within(outer: Span, inner: Span) -> Span:
    """Return the pixels of the parent for pixels of a box."""
    return Span(outer.start + inner.start * outer.step, inner.count, outer.step * inner.step)
