"""Single values as TABLEDATA writes them (VOTable 1.5, 6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INTEGERS", "LITERALS", "NUMBER", "SIZES", "TEXTS", "Literal"]

Literal: TypeAlias = Callable[[str], str]
"""Returns what is wrong with a text, empty if nothing is."""

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Inf")
WHOLE = re.compile(r"[+-]?\d+|0[xX][0-9A-Fa-f]+")
LOGICAL = re.compile(r"[TtFf01?]|true|false", re.IGNORECASE)
LONGEST = 40
"""Digits beyond which a number is not read, so that nobody is kept busy by it."""

SIZES: Mapping[str, int] = {
    "boolean": 1,
    "unsignedByte": 1,
    "char": 1,
    "short": 2,
    "unicodeChar": 2,
    "int": 4,
    "float": 4,
    "long": 8,
    "double": 8,
    "floatComplex": 8,
    "doubleComplex": 16,
}
"""Bytes of one value in a stream; bits are packed."""

INTEGERS: Mapping[str, tuple[int, int]] = {
    "unsignedByte": (0, 2**8 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
}
"""The least and the greatest value."""

TEXTS = frozenset({"char", "unicodeChar"})


def _number(text: str) -> str:
    return "" if NUMBER.fullmatch(text) else f"{text!r} is no number; NaN, +Inf and -Inf are words for some"


def _logical(text: str) -> str:
    return "" if LOGICAL.fullmatch(text) else f"{text!r} is no boolean: T, F, 1, 0, true, false or ?"


def _bit(text: str) -> str:
    return "" if text in ("0", "1") else f"{text!r} is no bit"


def _whole(datatype: str) -> Literal:
    low, high = INTEGERS[datatype]

    def check(text: str) -> str:
        if not WHOLE.fullmatch(text):
            return f"{text!r} is no whole number"
        if len(text) > LONGEST:
            return f"a number of {len(text)} digits is out of the range of {datatype}"
        if text[:2] in ("0x", "0X"):
            fits = int(text, 16) < 2 ** (8 * SIZES[datatype])
        else:
            fits = low <= int(text) <= high
        return "" if fits else f"{text} is out of the range of {datatype}"

    return check


LITERALS: Mapping[str, Literal] = {
    "boolean": _logical,
    "bit": _bit,
    "float": _number,
    "double": _number,
    "floatComplex": _number,
    "doubleComplex": _number,
    **{name: _whole(name) for name in INTEGERS},
}
"""What checks a value of each type but those of text."""
