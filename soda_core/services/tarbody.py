"""A tar archive of files in a store, put together as it is read."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

__all__ = ["Member", "TarBody"]

CHUNK = 1 << 20
BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: its name, its size in bytes, how to open it."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the archive; *read* yields its bytes from a place on."""

    size: int
    read: Callable[[int], Iterator[bytes]]


class TarBody:
    """The archive of *members*, all of the time *modified*; *tag* is a word for their content."""

    is_light = True

    def __init__(self, members: Sequence[Member], modified: datetime, tag: str) -> None:
        self.tag = tag
        self._pieces = [piece for member in members for piece in _pieces(member, modified)]
        self._pieces.append(_Piece(2 * BLOCK, partial(_known, bytes(2 * BLOCK))))
        self.size = sum(piece.size for piece in self._pieces)

    @property
    def cost(self) -> tuple[int, int]:
        """Bytes and calls of reading."""
        return self.size, len(self._pieces)

    def at_once(self) -> None:
        """Return nothing: a disk is waited for in a thread."""

    def chunks(self, *, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes from *start* on."""
        ends = accumulate(piece.size for piece in self._pieces)
        for piece, end in zip(self._pieces, ends, strict=True):
            if end > start:
                yield from piece.read(max(0, start - (end - piece.size)))

    def close(self) -> None:
        """Let go: files are open only while they are read."""


def _pieces(member: Member, modified: datetime) -> Iterator[_Piece]:
    """Yield the header of a member, its bytes, and zeros up to a whole block."""
    info = tarfile.TarInfo(member.name)
    info.size, info.mtime = member.size, int(modified.timestamp())
    header, rest = info.tobuf(tarfile.GNU_FORMAT), -member.size % BLOCK
    yield _Piece(len(header), partial(_known, header))
    yield _Piece(member.size, partial(_stored, member))
    yield _Piece(rest, partial(_known, bytes(rest)))


def _known(content: bytes, start: int) -> Iterator[bytes]:
    yield content[start:]


def _stored(member: Member, start: int) -> Iterator[bytes]:
    with member.open() as file:
        file.seek(start)
        while chunk := file.read(CHUNK):
            yield chunk
