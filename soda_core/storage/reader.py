"""Ranges of bytes from one open file, counted."""

import os
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np

__all__ = ["Account", "FileReader", "Identity", "ReadError", "Reader", "Run"]

GAP = 7168
"""Bytes between two stretches up to which reading them costs less than a call of its own."""

SPAN = 1 << 20
"""Bytes that are read at once where gaps are read along."""


class ReadError(Exception):
    """Bytes could not be read; the text says why and names no path."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one content of a path from another."""

    device: int
    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """Take it from the status of a file."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Run:
    """*count* stretches of *length* bytes, *stride* bytes from start to start, without the gaps."""

    offset: int
    length: int
    count: int = 1
    stride: int = 0

    @property
    def size(self) -> int:
        """Bytes in all stretches."""
        return self.length * self.count

    @property
    def cost(self) -> int:
        """Bytes that are read for it: gaps up to GAP are read along."""
        if self.count > 1 and 0 <= self.stride - self.length <= GAP:
            parts = -(-self.count // self.at_once)
            return (self.count - parts) * self.stride + parts * self.length
        return self.size

    @property
    def calls(self) -> int:
        """How many calls read it."""
        if self.count > 1 and 0 <= self.stride - self.length <= GAP:
            return 1 if self.stride == self.length else -(-self.count // self.at_once)
        return self.count

    @property
    def at_once(self) -> int:
        """How many stretches are read by one call where gaps are read along."""
        return max(1, min(self.count, SPAN // self.stride))

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield offset and length of each stretch."""
        for place in range(self.count):
            yield self.offset + place * self.stride, self.length


@dataclass(slots=True)
class Account:
    """What was read so far, gaps included."""

    bytes_read: int = 0
    reads: int = 0

    def note(self, size: int, calls: int = 1) -> None:
        """Add calls that read *size* bytes together."""
        self.bytes_read += size
        self.reads += calls


class Reader(Protocol):
    """A file whose content does not change under its reader unnoticed."""

    @property
    def size(self) -> int:
        """Bytes of the file."""
        ...

    def read_into(self, run: Run, target: memoryview, account: Account) -> None:
        """Fill *target* with the stretches of *run*; raises `ReadError` if there are fewer bytes."""
        ...

    def check(self) -> None:
        """Raise `ReadError` if the file was changed since it was opened."""
        ...


class FileReader:
    """A file of the machine; its descriptor is closed when nobody holds the reader any more."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._close = weakref.finalize(self, os.close, descriptor)
        self.identity = Identity.of(os.fstat(descriptor))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a file by its path."""
        try:
            return cls(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        except OSError as error:
            raise ReadError(f"the data cannot be read: {error.strerror}") from None

    @property
    def size(self) -> int:
        """Bytes of the file when it was opened."""
        return self.identity.size

    def check(self) -> None:
        """Raise `ReadError` if size or time of change are no longer those of the opening."""
        if Identity.of(os.fstat(self._descriptor)) != self.identity:
            raise ReadError("the file was changed while it was being read")

    def read_into(self, run: Run, target: memoryview, account: Account) -> None:
        """Fill *target* with the stretches of *run*, small gaps read along."""
        if run.count > 1 and run.stride == run.length:
            run = Run(run.offset, run.size)
        if run.count > 1 and 0 <= run.stride - run.length <= GAP:
            self._read_spans(run, target, account)
            return
        descriptor, length, at = self._descriptor, run.length, 0
        stop = run.offset + max(1, run.stride) * run.count
        try:
            for offset in range(run.offset, stop, max(1, run.stride)) if run.count > 1 else (run.offset,):
                end = at + length
                if os.preadv(descriptor, [target[at:end]], offset) != length:
                    self._read_rest(offset, target[at:end])
                at = end
        except OSError as error:
            raise ReadError(f"the data cannot be read: {error.strerror}") from None
        account.note(run.size, run.count)

    def _read_rest(self, offset: int, target: memoryview) -> None:
        """Fill *target* in as many calls as it takes: one call may give less than asked."""
        at = 0
        while at < len(target):
            done = os.preadv(self._descriptor, [target[at:]], offset + at)
            if done == 0:
                raise ReadError("the file ends too early")
            at += done

    def _read_spans(self, run: Run, target: memoryview, account: Account) -> None:
        """Read stretches and the gaps between them, keep the stretches."""
        rows, length, stride = run.at_once, run.length, run.stride
        scratch = np.empty((rows, stride), dtype=np.uint8)
        view = scratch.data.cast("B")
        wanted = np.frombuffer(target, dtype=np.uint8).reshape(run.count, length)
        for first in range(0, run.count, rows):
            some = min(rows, run.count - first)
            size = (some - 1) * stride + length
            try:
                done = os.preadv(self._descriptor, [view[:size]], run.offset + first * stride)
            except OSError as error:
                raise ReadError(f"the data cannot be read: {error.strerror}") from None
            if done != size:
                self._read_rest(run.offset + first * stride, view[:size])
            wanted[first : first + some] = scratch[:some, :length]
            account.note(size)
