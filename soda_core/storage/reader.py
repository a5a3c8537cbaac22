"""Ranges of bytes from one open file, counted."""

import errno
import os
import weakref
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from soda_core.storage.errors import ReadError, WouldWait
from soda_core.storage.mapping import MAPS
from soda_core.storage.run import Account, Run

__all__ = ["FileReader", "Identity", "Reader"]

MANY = 8
"""Stretches from which on it is asked whether the disk should be told of all of them first."""

MOST_ANNOUNCED = 4096

SHORT = 4096
"""Bytes of a stretch up to which copying costs less than a call with more arguments."""

TOGETHER = 1 << 18
"""Bytes of short stretches that are read before they are copied, while they are near."""

WAIT = "the data must be waited for"


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
        self._can_tell = hasattr(os, "RWF_NOWAIT")
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
        """Fill *target* with the stretches of *run*, small gaps read along.

        Raises `WouldWait` where the account says that nobody may wait and a byte is not in memory.
        """
        flags = 0 if account.may_wait else self._at_once
        many = run.count * run.planes >= MANY
        try:
            if flags == 0 and many:
                self._announce(run)
            if many and MAPS.limit:
                self._copy(run, target, flags)
            elif run.is_dense:
                self._read_spans(run, target, flags)
            else:
                self._read_rows(run, target, flags)
        except BlockingIOError:
            raise WouldWait(WAIT) from None
        except OSError as error:
            if flags and error.errno in (errno.EOPNOTSUPP, errno.EINVAL):
                self._can_tell = False
                raise WouldWait(WAIT) from None
            raise ReadError(f"the data cannot be read: {error.strerror}") from None
        account.note(run.cost, run.calls)

    @property
    def _at_once(self) -> int:
        """The flag of a call that must not wait for a disk."""
        if not self._can_tell:
            raise WouldWait(WAIT)
        return os.RWF_NOWAIT

    def _copy(self, run: Run, target: memoryview, flags: int) -> None:
        """Copy the stretches out of the mapped file, which must still be as long as it was."""
        if os.fstat(self._descriptor).st_size < self.size:
            raise ReadError("the file ends too early")
        if flags:
            os.preadv(self._descriptor, [bytearray(1)], run.end - 1, flags)
        MAPS.copy(self, self._descriptor, run, target)

    def _read_rows(self, run: Run, target: memoryview, flags: int) -> None:
        """Read each stretch by a call of its own."""
        if flags == 0 and 0 < run.length <= SHORT:
            self._read_short_rows(run, target)
            return
        descriptor, length, at = self._descriptor, run.length, 0
        for offset in run.starts:
            end = at + length
            if os.preadv(descriptor, [target[at:end]], offset, flags) != length:
                self._read_rest(offset, target[at:end], flags)
            at = end

    def _read_short_rows(self, run: Run, target: memoryview) -> None:
        """Read stretches by the plainest of calls and copy them, many at a time."""
        descriptor, length, at = self._descriptor, run.length, 0
        starts = iter(run.starts)
        while some := tuple(islice(starts, TOGETHER // length)):
            end = at + length * len(some)
            together = b"".join(map(os.pread, repeat(descriptor), repeat(length), some))
            if len(together) == end - at:
                target[at:end] = together
            else:
                for place, offset in zip(range(at, end, length), some, strict=True):
                    self._read_rest(offset, target[place : place + length], 0)
            at = end

    def _read_spans(self, run: Run, target: memoryview, flags: int) -> None:
        """Read stretches and the gaps between them, keep the stretches."""
        rows, length, stride = run.at_once, run.length, run.stride
        scratch = np.empty((rows, stride), dtype=np.uint8)
        view, pieces = scratch.data.cast("B"), scratch[:, :length]
        wanted = np.frombuffer(target, dtype=np.uint8).reshape(-1, length)
        at = 0
        for plane in range(run.planes):
            start = run.offset + plane * run.pitch
            for first in range(0, run.count, rows):
                some = min(rows, run.count - first)
                size, offset = (some - 1) * stride + length, start + first * stride
                if os.preadv(self._descriptor, [view[:size]], offset, flags) != size:
                    self._read_rest(offset, view[:size], flags)
                wanted[at : at + some] = pieces[:some]
                at += some

    def _read_rest(self, offset: int, target: memoryview, flags: int) -> None:
        """Fill *target* in as many calls as it takes: one call may give less than asked."""
        at = 0
        while at < len(target):
            done = os.preadv(self._descriptor, [target[at:]], offset + at, flags)
            if done == 0:
                raise ReadError("the file ends too early")
            at += done

    def _announce(self, run: Run) -> None:
        """Let the disk fetch all stretches at the same time, if the last is not in memory."""
        if not self._can_tell:
            return
        try:
            os.preadv(self._descriptor, [bytearray(1)], run.end - run.length, os.RWF_NOWAIT)
        except BlockingIOError:
            pass
        except OSError:
            self._can_tell = False
            return
        else:
            return
        if run.is_dense:
            run = Run(run.offset, (run.count - 1) * run.stride + run.length, run.planes, run.pitch)
        for offset in islice(run.starts, MOST_ANNOUNCED):
            os.posix_fadvise(self._descriptor, offset, run.length, os.POSIX_FADV_WILLNEED)
