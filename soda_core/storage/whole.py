"""A whole file as an answer: its bytes as they lie there."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, Self

from soda_core.storage.posix import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["WholeFile"]

CHUNK = 1 << 20


class WholeFile:
    """The bytes of an open, seekable *file*; *tag* is a word that is the same only for the same bytes."""

    is_light = True

    def __init__(self, file: BinaryIO, tag: str, modified: datetime | None = None) -> None:
        self._file = file
        self.tag = tag
        self.modified = modified
        self.size = file.seek(0, os.SEEK_END)
        self._read, self._calls = 0, 0

    @classmethod
    def at(cls, path: Path) -> Self:
        """Open the file at *path*; raises `StorageError` if that cannot be done.

        The tag is made of size and time of change in nanoseconds, and tells the time of change to the second.
        """
        try:
            file = path.open("rb", buffering=0)
        except OSError as error:
            raise StorageError(f"{path.name!r}: cannot be read: {error.strerror}") from None
        status = os.fstat(file.fileno())
        tag = f"{status.st_size:x}-{status.st_mtime_ns:x}"
        return cls(file, tag, datetime.fromtimestamp(status.st_mtime_ns // 10**9, UTC))

    @property
    def cost(self) -> tuple[int, int]:
        """Bytes and calls of reading: those that were, before it began those of the whole."""
        return (self._read, self._calls) if self._calls else (self.size, -(-self.size // CHUNK))

    def at_once(self) -> memoryview | None:
        """Return nothing: a file is read by a thread."""
        return None

    def chunks(self, *, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes from *start* on; raises `StorageError` if the file has become shorter."""
        at = start
        while at < self.size:
            piece = self._piece(at)
            at += len(piece)
            yield piece

    def _piece(self, at: int) -> bytes:
        """Read some bytes from *at* on."""
        try:
            self._file.seek(at)
            piece = self._file.read(min(CHUNK, self.size - at))
        except OSError as error:
            raise StorageError(f"a file cannot be read to its end: {error.strerror}") from None
        if not piece:
            raise StorageError("a file became shorter while it was read")
        self._calls += 1
        self._read += len(piece)
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
