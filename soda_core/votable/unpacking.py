"""Rows of BINARY and BINARY2 → values (VOTable 1.4, 5.3 and 5.4)."""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soda_core.dali import UsageError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soda_core.standards import Column

__all__ = ["Unpacker"]

LARGEST = 1 << 20
"""Bytes of one cell."""

SIZES = {
    "boolean": 1,
    "unsignedByte": 1,
    "char": 1,
    "unicodeChar": 2,
    "short": 2,
    "int": 4,
    "long": 8,
    "float": 4,
    "double": 8,
    "floatComplex": 8,
    "doubleComplex": 16,
    "bit": 1,
}
CODES = {"unsignedByte": "B", "short": "h", "int": "i", "long": "q", "float": "f", "double": "d"}
COUNT = struct.Struct(">I")
LENGTH = re.compile(r"\d{1,9}\*?|\*", re.ASCII)
ENCODINGS = {"char": "utf-8", "unicodeChar": "utf-16-be"}


class _Short(Exception):
    """The bytes of a row are not all there yet."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """How the cells of one column are packed: so many items each, or of any number where that is None."""

    datatype: str
    size: int
    items: int | None

    def take(self, packed: bytes, at: int) -> tuple[object, int]:
        """Return the value at a place, and the place behind it."""
        items = self.items
        if items is None:
            if at + COUNT.size > len(packed):
                raise _Short
            (items,) = COUNT.unpack_from(packed, at)
            at += COUNT.size
        size = -(-items // 8) if self.datatype == "bit" else items * self.size
        if size > LARGEST:
            raise UsageError(f"the VOTable has a cell of {size} bytes: expected at most {LARGEST}")
        if at + size > len(packed):
            raise _Short
        return self._value(packed[at : at + size], items), at + size

    def _value(self, content: bytes, items: int) -> object:
        """Return text, a number, several, or None for what is no number or of no use here."""
        if encoding := ENCODINGS.get(self.datatype):
            return content.decode(encoding, "replace").partition("\0")[0].strip() or None
        code = CODES.get(self.datatype)
        if code is None:
            return None
        values = struct.unpack(f">{items}{code}", content)
        if len(values) != 1:
            return values
        return None if isinstance(values[0], float) and math.isnan(values[0]) else values[0]


class Unpacker:
    """Takes bytes as they come; *has_flags* tells BINARY2, where each row opens with a flag for each null."""

    def __init__(self, columns: Sequence[Column], *, has_flags: bool) -> None:
        self._cells = [_cell(column) for column in columns]
        self._flags = -(-len(columns) // 8) if has_flags else 0
        self.rest = b""
        """What is left of a row that is not whole yet."""

    def rows(self, packed: bytes) -> Iterator[list[object]]:
        """Yield the rows that are whole now."""
        packed, at = self.rest + packed, 0
        while at < len(packed):
            try:
                row, end = self._row(packed, at)
            except _Short:
                break
            if end == at:
                raise UsageError("the VOTable has rows without any bytes")
            yield row
            at = end
        self.rest = packed[at:]

    def _row(self, packed: bytes, at: int) -> tuple[list[object], int]:
        flags = packed[at : at + self._flags]
        if len(flags) < self._flags:
            raise _Short
        at += self._flags
        row: list[object] = []
        for number, cell in enumerate(self._cells):
            value, at = cell.take(packed, at)
            row.append(None if flags and flags[number // 8] & (0x80 >> number % 8) else value)
        return row, at


def _cell(column: Column) -> _Cell:
    """Return how a column is packed."""
    size = SIZES.get(column.datatype)
    words = column.arraysize.lower().split("x") if column.arraysize else []
    if size is None or not all(map(LENGTH.fullmatch, words)):
        raise UsageError(f"the VOTable has a column {shown(column.name)} of no known type")
    is_open = any(word.endswith("*") for word in words)
    return _Cell(column.datatype, size, None if is_open else math.prod(map(int, words)))
