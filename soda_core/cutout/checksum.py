"""CHECKSUM and DATASUM of an HDU (FITS 4.0, 4.4.2.7 and appendix J)."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np

from soda_core.cutout.cards import Cards

__all__ = ["Sum", "sum_of", "summed"]

Bytes: TypeAlias = bytes | bytearray | memoryview

WORD = 4
MOST = (1 << 32) - 1
FIRST = ord("0")
NOT_USED = frozenset(b":;<=>?@[\\]^_`")
"""Punctuation between the digits and the letters of ASCII."""

UNKNOWN = "'0000000000000000'"


class Sum:
    """The 32-bit one's-complement sum of bytes that come in pieces of any length."""

    def __init__(self) -> None:
        self._sum = 0
        self._rest = b""

    def add(self, data: Bytes) -> None:
        """Add bytes."""
        view = memoryview(data).cast("B")
        if self._rest:
            missing = WORD - len(self._rest)
            self._rest += bytes(view[:missing])
            view = view[missing:]
            if len(self._rest) < WORD:
                return
            self._sum += int.from_bytes(self._rest, "big")
            self._rest = b""
        whole = len(view) // WORD * WORD
        self._sum += int(np.frombuffer(view[:whole], dtype=">u4").sum(dtype=np.uint64))
        self._rest = bytes(view[whole:])

    @property
    def value(self) -> int:
        """The sum so far, what is missing from the last word being zero."""
        return _folded(self._sum + int.from_bytes(self._rest.ljust(WORD, b"\0"), "big"))


def sum_of(pieces: Iterable[Bytes]) -> int:
    """Return the sum of all pieces."""
    total = Sum()
    for piece in pieces:
        total.add(piece)
    return total.value


def summed(header: bytes, data: int) -> bytes:
    """Return a header with CHECKSUM and DATASUM for data of that sum; its length does not depend on it."""
    cards = Cards(header.decode("latin-1"))
    cards.drop(("CHECKSUM", "DATASUM"))
    cards.set("CHECKSUM", UNKNOWN)
    cards.set("DATASUM", f"'{data}'")
    cards.set("CHECKSUM", f"'{_encoded(MOST - _folded(sum_of([cards.encoded()]) + data))}'")
    return cards.encoded()


def _folded(total: int) -> int:
    """Add what is above 32 bits at the lower end."""
    while total > MOST:
        total = (total & MOST) + (total >> 32)
    return total


def _encoded(number: int) -> str:
    """Spell a number in 16 letters and digits whose sum, from '0' on, is the number again."""
    columns: list[list[int]] = []
    for byte in number.to_bytes(WORD, "big"):
        quarter, rest = divmod(byte, WORD)
        letters = [quarter + FIRST + (rest if place == 0 else 0) for place in range(WORD)]
        while NOT_USED & set(letters):
            for pair in (0, 2):
                if NOT_USED & set(letters[pair : pair + 2]):
                    letters[pair] += 1
                    letters[pair + 1] -= 1
        columns.append(letters)
    text = "".join(chr(column[row]) for row in range(WORD) for column in columns)
    return text[-1] + text[:-1]  # the value starts one byte before a word of the card
