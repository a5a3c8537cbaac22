"""A stored file as the body of an answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FileBody"]

CHUNK = 1 << 20


class FileBody:
    """The bytes of an open file that never changes; *tag* is a word for its content."""

    is_light = True

    def __init__(self, file: BinaryIO, tag: str) -> None:
        self._file = file
        self.tag = tag
        self.size = file.seek(0, os.SEEK_END)

    @property
    def cost(self) -> tuple[int, int]:
        """Bytes and calls of reading."""
        return self.size, max(1, -(-self.size // CHUNK))

    def at_once(self) -> None:
        """Return nothing: a disk is waited for in a thread."""

    def chunks(self, *, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes from *start* on."""
        self._file.seek(start)
        while chunk := self._file.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
