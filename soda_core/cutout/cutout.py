"""A FITS file that is not yet written: its size is known, its bytes come as they are asked for."""

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from soda_core.cutout.cards import padded
from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.model import Part, Span, Spans
from soda_core.cutout.source import SourceHDU

__all__ = ["Cutout", "FileBytes", "Piece", "Pixels"]

CHUNK = 1 << 20


class Payload(Protocol):
    """The data of one HDU, padding left out."""

    @property
    def size(self) -> int:
        """Bytes of data."""
        ...

    def chunks(self, size: int) -> Iterator[bytes | memoryview]:
        """Read the data in pieces of about *size* bytes."""
        ...


@dataclass(frozen=True, slots=True)
class FileBytes:
    """Bytes of the source as they stand there."""

    read: Callable[[int, int], bytes]
    offset: int
    size: int

    def chunks(self, size: int) -> Iterator[bytes | memoryview]:
        """Read the bytes in pieces of at most *size*."""
        end = self.offset + self.size
        for at in range(self.offset, end, size):
            piece = self.read(at, min(size, end - at))
            if len(piece) != min(size, end - at):
                raise UnreadableFile("the FITS file is damaged: it ends too early")
            yield piece


@dataclass(frozen=True, slots=True)
class Pixels:
    """A box of an image, in the stored values and the byte order of FITS."""

    image: SourceHDU
    spans: Spans

    @property
    def size(self) -> int:
        """Bytes of data."""
        return prod(span.count for span in self.spans) * self.image.item_size

    def chunks(self, size: int) -> Iterator[bytes | memoryview]:
        """Read slabs of about *size* bytes along the slowest axes; compressed tiles are unpacked once."""
        slabs = (self.spans,) if self.image.compressed else _slabs(self.spans, size // self.image.item_size)
        for slab in slabs:
            view = self.image.pixels(slab).data.cast("B")
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

    def chunks(self, size: int) -> Iterator[bytes | memoryview]:
        """Yield header, data and padding."""
        if self.header:
            yield self.header
        if self.payload:
            yield from self.payload.chunks(size)
            if rest := padded(self.payload.size) - self.payload.size:
                yield bytes(rest)


class Cutout:
    """A FITS file made of parts of another one."""

    def __init__(
        self,
        pieces: tuple[Piece, ...],
        close: Callable[[], None],
        *,
        media_type: str = "application/fits",
        whole: FileBytes | None = None,
    ) -> None:
        self.pieces = pieces
        self.parts = tuple(piece.part for piece in pieces)
        self.media_type = media_type
        self.size = whole.size if whole else sum(piece.size for piece in pieces)
        self._whole = whole
        self._close = weakref.finalize(self, close)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes | memoryview]:
        """Yield the bytes of the file in pieces of about *size* bytes, read as they are asked for."""
        if self._whole:
            yield from self._whole.chunks(size)
            return
        for piece in self.pieces:
            yield from piece.chunks(size)

    def close(self) -> None:
        """Let go of the source; nothing can be read after that."""
        self._close()

    def __bytes__(self) -> bytes:
        return b"".join(self.chunks())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _slabs(spans: Spans, count: int) -> Iterator[Spans]:
    """Divide a box in boxes of about *count* pixels that follow each other in the file."""
    axis, below = len(spans) - 1, prod(span.count for span in spans[:-1])
    while axis > 0 and below > count:
        axis -= 1
        below //= spans[axis].count
    thickness = max(1, count // below)
    span = spans[axis]
    for place in np.ndindex(*(outer.count for outer in reversed(spans[axis + 1 :]))):
        fixed = tuple(
            Span(outer.start + at * outer.step, 1)
            for outer, at in zip(spans[axis + 1 :], place[::-1], strict=True)
        )
        for first in range(0, span.count, thickness):
            some = Span(span.start + first * span.step, min(thickness, span.count - first), span.step)
            yield (*spans[:axis], some, *fixed)


def _within(outer: Span, inner: Span) -> Span:
    """Return the pixels of the parent for pixels of a box."""
    return Span(outer.start + inner.start * outer.step, inner.count, outer.step * inner.step)
