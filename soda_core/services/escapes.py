"""Texts as addresses hold them, many at once."""

from __future__ import annotations

from string import ascii_letters, digits
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["quoted"]

UNRESERVED = (ascii_letters + digits + "-._~").encode()
"""Characters that stand for themselves everywhere (RFC 3986, 2.3)."""

PERCENT = ord("%")

BETWEEN = "\n"
"""What the texts are joined with; few texts hold it."""


def quoted(texts: Sequence[str], safe: str = "") -> list[str]:
    """Return what `quote` gives for each text, in a fraction of its time: all are escaped as one.

    Characters *safe*, of ASCII, are left as they are. Raises `UnicodeEncodeError` for half a surrogate pair.
    """
    together = BETWEEN.join(texts).encode()
    left = set(together.translate(None, UNRESERVED + safe.encode() + BETWEEN.encode()))
    for byte in sorted(left, key=lambda byte: byte != PERCENT):  # the sign itself before it is put in
        together = together.replace(bytes([byte]), b"%%%02X" % byte)
    found = together.decode().split(BETWEEN)
    return found if len(found) == len(texts) else [quote(text, safe=safe) for text in texts]
