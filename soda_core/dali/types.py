"""The types that a declaration may give a parameter, each with its reader, pattern and counter-examples.

A pattern is an ECMA-262 regular expression, for OpenAPI and HTML forms: what it refuses is refused by the
reader too, not the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .numbers import FINITE, INFINITE, signed, whole
from .readers import (
    read_circle,
    read_identifier,
    read_interval,
    read_polygon,
    read_range,
    read_rectangle,
    read_shape,
    read_string,
    read_word,
)
from .timestamp import TIMESTAMP, read_timestamp
from .upload import COLUMN, SIZE, UPLOAD, read_column, read_size, read_upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["TYPES", "ValueType"]

_F = FINITE
_I = rf"(?:{FINITE}|{INFINITE})"
_W = "[+-]?(?:\\d+|0[xX][0-9a-fA-F]+)"


@dataclass(frozen=True, slots=True)
class ValueType:
    """How values of one type are read, and what a checker may send to see them refused.

    The reader of `shape` sees no list of shape words: whoever has the declaration reads on by the word.
    """

    name: str
    read: Callable[[str, str], object]
    pattern: str
    counter_examples: tuple[str, ...] = ()


_TABLE = (
    ValueType("string", read_string, "^[^\\u0000-\\u001f]*$"),
    ValueType("identifier", read_identifier, "^[^\\u0000-\\u001f]+$", ("",)),
    ValueType("word", read_word, "^\\S+$", ("", "no such word")),
    ValueType(
        "shape", read_shape, r"^\s*[A-Za-z]+(?:\s+\S+)+\s*$", ("", "CIRCLE", "HEXAGON 1 2 3", "10 20 1")
    ),
    ValueType("whole", whole, rf"^\s*{_W}\s*$", ("", "-1", "1.5", "many", "NaN", "1_0", "9" * 20)),
    ValueType("signed", signed, rf"^\s*{_W}\s*$", ("", "1.5", "many", "NaN", "1_0", "9" * 20)),
    ValueType(
        "timestamp",
        read_timestamp,
        f"^{TIMESTAMP}$",
        ("", "55000", "2020-13-01", "2020-01-01 00:00:00", "2020-01-01T25:00:00", "yesterday"),
    ),
    ValueType(
        "circle",
        read_circle,
        rf"^\s*{_F}(?:\s+{_F}){{2}}\s*$",
        (
            "",
            "10 20",
            "10 20 x",
            "10 20 0",
            "10 20 -1",
            "10 95 1",
            "10 20 1e9",
            "NaN 20 1",
            "10 20 Inf",
            "1 2 3 4",
        ),
    ),
    ValueType(
        "polygon",
        read_polygon,
        rf"^\s*{_F}(?:\s+{_F}){{5,}}\s*$",
        ("", "1 1 2 2", "1 1 2 2 3", "1 1 2 2 3 95", "1 1 1 1 1 1", "1 1 2 2 3 NaN", "1 1 2 2 three 3"),
    ),
    ValueType(
        "range",
        read_range,
        rf"^\s*{_I}(?:\s+{_I}){{3}}\s*$",
        ("", "1 2 3", "1 2 4 3", "1 2 3 95", "NaN 2 3 4", "+Inf 2 3 4", "1 2 3 four"),
    ),
    ValueType(
        "interval",
        read_interval,
        rf"^\s*{_I}(?:\s+{_I})?\s*$",
        ("", "NaN NaN", "2 1", "1 2 3", "one two", "+Inf 1", "0x1 0x2", "1_0 2_0"),
    ),
    ValueType(
        "rectangle",
        read_rectangle,
        rf"^\s*{_F}(?:\s+{_F}){{3}}(?:\s+[A-Za-z]+)?\s*$",
        ("", "10 20 1", "10 20 0 1", "10 20 1 -1", "10 95 1 1", "10 20 1 1 parsec", "10 20 1 NaN"),
    ),
    ValueType("upload", read_upload, UPLOAD, ("", "targets", "1a,param:x", "targets,", "a b,param:x")),
    ValueType("column", read_column, COLUMN, ("", "ra", "ra=", "=RA", "RA DEC=ra")),
    ValueType("size", read_size, SIZE, ("", "0", "-1", "1 2 3", "1 parsec", "NaN", "deg", "1 2 deg 3")),
)

TYPES: Mapping[str, ValueType] = {entry.name: entry for entry in _TABLE}
