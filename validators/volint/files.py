"""Files as pieces of bytes, packed ones unpacked, and the name of their first tag."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["PIECE", "Unreadable", "first_tag", "pieces"]

PIECE = 1 << 16
PACKED = b"\x1f\x8b"
"""How a gzip file begins."""

RATIO = 400
"""Bytes that one packed byte may become; tables come to some tens."""

HARMLESS = 1 << 24
"""Bytes that may be unpacked at any ratio."""

BEFORE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>", re.DOTALL)
TAG = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Unreadable(ValueError):
    """A file cannot be judged; the text says why."""


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked where it is a gzip file."""
    with path.open("rb") as stored:
        packed = stored.read(len(PACKED)) == PACKED
        stored.seek(0)
        if not packed:
            yield from iter(lambda: stored.read(PIECE), b"")
            return
        size = 0
        try:
            with gzip.GzipFile(fileobj=stored) as opened:
                while piece := opened.read(PIECE):
                    size += len(piece)
                    if size > HARMLESS and size > RATIO * stored.tell():
                        raise Unreadable(f"{path}: it unpacks to more than {RATIO} times its size")
                    yield piece
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise Unreadable(f"{path}: the packed file is broken: {error}") from None


def first_tag(content: bytes) -> str:
    """Return the local name of the first tag, whatever comes after it; empty if there is none."""
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    text, at = content[:PIECE].decode(encoding, "replace"), 0
    while found := BEFORE.match(text, at):
        at = found.end()
    tag = TAG.match(text, at)
    return tag[1] if tag else ""
