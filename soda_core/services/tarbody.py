"""A tar archive of files in a store, put together as it is read."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["END", "Member", "TarBody", "header", "padding"]

CHUNK = 1 << 20
TOGETHER = 1 << 18
"""Bytes from which on it is worth to send them."""

BLOCK = tarfile.BLOCKSIZE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

END = bytes(2 * BLOCK)
"""What closes an archive."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: its name, its size in bytes, how to open it.

    What *is_archive* is a tar archive itself, and its members are taken in its place.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    is_archive: bool = False


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
        self._pieces.append(_Piece(len(END), partial(_known, END)))
        self.size = sum(piece.size for piece in self._pieces)

    @property
    def cost(self) -> tuple[int, int]:
        """Bytes and calls of reading."""
        return self.size, len(self._pieces)

    def at_once(self) -> None:
        """Return nothing: a disk is waited for in a thread."""

    def chunks(self, *, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes from *start* on, those of small files together."""
        rest = bytearray()
        for block in self._blocks(start):
            rest += block
            if len(rest) >= TOGETHER:
                yield bytes(rest)
                rest.clear()
        if rest:
            yield bytes(rest)

    def _blocks(self, start: int) -> Iterator[bytes]:
        ends = accumulate(piece.size for piece in self._pieces)
        for piece, end in zip(self._pieces, ends, strict=True):
            if end > start:
                yield from piece.read(max(0, start - (end - piece.size)))

    def close(self) -> None:
        """Let go: files are open only while they are read."""


def header(name: str, size: int, modified: datetime) -> bytes:
    """Return what comes before the bytes of a file in an archive."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime = size, int(modified.timestamp())
    return info.tobuf(tarfile.GNU_FORMAT)


def padding(size: int) -> bytes:
    """Return what fills the last block of a file in an archive."""
    return bytes(-size % BLOCK)


def _pieces(member: Member, modified: datetime) -> Iterator[_Piece]:
    """Yield the header of a member, its bytes, and zeros up to a whole block; an archive without its end."""
    if member.is_archive:
        size = member.size - len(END)
        yield _Piece(size, partial(_stored, member, size))
        return
    last = padding(member.size)
    yield _Piece(_header_size(member.name), partial(_header, member, modified))
    yield _Piece(member.size, partial(_stored, member, member.size))
    yield _Piece(len(last), partial(_known, last))


def _header_size(name: str) -> int:
    """Return the bytes of a header, which need not be made for that unless the name is long."""
    return BLOCK if len(name.encode()) <= tarfile.LENGTH_NAME else len(header(name, 0, EPOCH))


def _header(member: Member, modified: datetime, start: int) -> Iterator[bytes]:
    yield header(member.name, member.size, modified)[start:]


def _known(content: bytes, start: int) -> Iterator[bytes]:
    yield content[start:]


def _stored(member: Member, size: int, start: int) -> Iterator[bytes]:
    """Yield the bytes of a file from *start* up to *size*."""
    with member.open() as file:
        file.seek(start)
        while start < size and (chunk := file.read(min(CHUNK, size - start))):
            start += len(chunk)
            yield chunk
