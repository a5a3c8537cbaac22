"""A whole file as an answer: its bytes as they lie there."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from soda_core.storage.posix import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["WholeFile"]

CHUNK = 1 << 20


class WholeFile:
    """The bytes of the file at *path* as it is when it is opened; raises `StorageError` if it cannot be."""

    is_light = True

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise StorageError(f"{path.name!r}: cannot be read: {error.strerror}") from None
        status = os.fstat(self._file.fileno())
        self.size = status.st_size
        self._mtime_ns = status.st_mtime_ns
        self._read, self._calls = 0, 0

    @property
    def tag(self) -> str:
        """Size and time of change to the nanosecond: another one for other bytes."""
        return f"{self.size:x}-{self._mtime_ns:x}"

    @property
    def modified(self) -> datetime:
        """The time of change in UTC, to the second."""
        return datetime.fromtimestamp(self._mtime_ns // 10**9, UTC)

    @property
    def cost(self) -> tuple[int, int]:
        """Bytes and calls of reading: those that were, before it began those of the whole."""
        return (self._read, self._calls) if self._calls else (self.size, -(-self.size // CHUNK))

    def at_once(self) -> memoryview | None:
        """Return nothing: a file is read by a thread."""
        return None

    def chunks(self, *, start: int = 0) -> Iterator[bytes | memoryview]:
        """Yield the bytes from *start* on; raises `StorageError` if the file has become shorter."""
        at = start
        while at < self.size:
            piece = self._piece(at)
            at += len(piece)
            yield piece

    def _piece(self, at: int) -> bytes:
        """Read some bytes from *at* on."""
        try:
            piece = os.pread(self._file.fileno(), min(CHUNK, self.size - at), at)
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
