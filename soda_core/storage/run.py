"""Which bytes are read, and the account of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["GAP", "SPAN", "Account", "Run"]

GAP = 7168
"""Bytes between two stretches up to which reading them costs less than a call of its own."""

SPAN = 1 << 20
"""Bytes that are read at once where gaps are read along."""


@dataclass(frozen=True, slots=True)
class Run:
    """*count* stretches of *length* bytes, *stride* bytes from start to start, without the gaps.

    All that again for each of *planes*, *pitch* bytes from start to start.
    """

    offset: int
    length: int
    count: int = 1
    stride: int = 0
    planes: int = 1
    pitch: int = 0

    @property
    def size(self) -> int:
        """Bytes in all stretches."""
        return self.length * self.count * self.planes

    @property
    def end(self) -> int:
        """Where the last stretch ends."""
        return self.offset + (self.planes - 1) * self.pitch + (self.count - 1) * self.stride + self.length

    @property
    def cost(self) -> int:
        """Bytes that are read for it: gaps up to GAP are read along."""
        if self.is_dense:
            parts = -(-self.count // self.at_once)
            return self.planes * ((self.count - parts) * self.stride + parts * self.length)
        return self.size

    @property
    def is_dense(self) -> bool:
        """Whether gaps are read along."""
        return self.count > 1 and 0 <= self.stride - self.length <= GAP

    @property
    def at_once(self) -> int:
        """How many stretches are read by one call where gaps are read along."""
        return max(1, min(self.count, SPAN // self.stride))

    @property
    def calls(self) -> int:
        """How many calls read it."""
        return self.planes * (-(-self.count // self.at_once) if self.is_dense else self.count)

    @property
    def starts(self) -> Iterable[int]:
        """The offset of each stretch."""
        if self.planes > 1:
            planes = range(self.planes)
            rows = range(0, self.count * self.stride, self.stride) if self.count > 1 else (0,)
            return (self.offset + plane * self.pitch + row for plane in planes for row in rows)
        if self.count == 1:
            return (self.offset,)
        return range(self.offset, self.offset + self.count * self.stride, self.stride)

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield offset and length of each stretch."""
        for start in self.starts:
            yield start, self.length


@dataclass(slots=True)
class Account:
    """What was read so far, gaps included, and whether the reader may wait for a disk."""

    bytes_read: int = 0
    reads: int = 0
    may_wait: bool = True

    def note(self, size: int, calls: int = 1) -> None:
        """Add calls that read *size* bytes together."""
        self.bytes_read += size
        self.reads += calls
