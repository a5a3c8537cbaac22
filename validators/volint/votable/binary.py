"""The streams BINARY and BINARY2, decoded as they come (VOTable 1.5, 5.3 and 5.4)."""

from __future__ import annotations

import math
import struct
from math import prod
from typing import TYPE_CHECKING

from .columns import Flaw
from .literals import SIZES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .columns import Column

__all__ = ["BinaryRows"]

COUNT = 4
"""Bytes that tell the length of an array."""

LOGICALS = frozenset(b"TtFf10?\0 ")
FLOATS = {"float": ">f", "floatComplex": ">f", "double": ">d", "doubleComplex": ">d"}
LARGEST = 1 << 26
"""Bytes of one cell beyond which the stream is not followed any more."""


class BinaryRows:
    """Reads rows of a stream: feed it bytes, then close it."""

    def __init__(self, columns: Sequence[Column], *, flagged: bool) -> None:
        self._columns = columns
        self._flags = -(-len(columns) // 8) if flagged else 0
        self._held = bytearray()
        self._lost = not columns or not all(column.known for column in columns)
        self._code = "VOT-5.4-01" if flagged else "VOT-5.3-01"
        self.rows = 0

    def feed(self, data: bytes) -> Iterator[Flaw]:
        """Take more bytes, and yield what is wrong with the rows that they complete."""
        if self._lost:
            return
        self._held += data
        at = 0
        while not self._lost:
            flaws: list[Flaw] = []
            after = self._row(at, flaws)
            if after is None:
                break
            if after == at:  # a row of nothing never ends
                self._lost = True
            self.rows += 1
            yield from flaws
            at = after
        del self._held[:at]

    def close(self) -> Iterator[Flaw]:
        """Yield what is wrong with the end."""
        if self._held and not self._lost:
            yield Flaw(self._code, f"{len(self._held)} bytes are left after row {self.rows}: no whole row")

    def _row(self, at: int, flaws: list[Flaw]) -> int | None:
        """Return where the row at a place ends, None if not all of it is there yet."""
        flags = self._held[at : at + self._flags]
        if len(flags) < self._flags or at + self._flags >= len(self._held):
            return None
        if self._flags and (spare := -len(self._columns) % 8) and flags[-1] & ((1 << spare) - 1):
            flaws.append(Flaw(self._code, f"row {self.rows + 1}: flags are set that are of no column"))
        at += self._flags
        for number, column in enumerate(self._columns):
            null = bool(self._flags and flags[number // 8] & (0x80 >> number % 8))
            after = self._cell(at, column, flaws, null=null)
            if after is None:
                return None
            at = after
        return at

    def _cell(self, at: int, column: Column, flaws: list[Flaw], *, null: bool) -> int | None:
        """Return where a cell ends, None if not all of it is there yet."""
        count, shape = 1, column.shape
        if shape is not None:
            count = prod(shape.fixed)
            if shape.variable:
                told = self._held[at : at + COUNT]
                if len(told) < COUNT:
                    return None
                count, at = int.from_bytes(told, "big"), at + COUNT
        size = -(-count // 8) if column.datatype == "bit" else count * SIZES[column.datatype]
        if size > LARGEST:
            flaws.append(Flaw(self._code, f"row {self.rows + 1}: {column.name} has {count} values"))
            self._lost = True
            return at
        end = at + size
        if end > len(self._held):
            return None
        data = bytes(self._held[at:end])
        if not null:
            flaws.extend(self._flaws(column, count, data))
        elif any(data) and not _blank(column.datatype, data):
            flaws.append(Flaw("VOT-5.4-02", f"row {self.rows + 1}: {column.name} is null and filled"))
        return end

    def _flaws(self, column: Column, count: int, data: bytes) -> Iterator[Flaw]:
        """Yield what is wrong with the bytes of a cell."""
        where = f"row {self.rows + 1}: {column.name}"
        if column.shape is not None and column.shape.variable and (wrong := column.shape.flaw(count)):
            yield Flaw("VOT-5.1-04", f"{where}: {wrong}")
        if column.datatype == "boolean" and not LOGICALS.issuperset(data):
            yield Flaw("VOT-6-01", f"{where}: {data[:8]!r} is no boolean")
        if column.datatype == "char" and column.ascii_only and not data.isascii():
            yield Flaw("VOT-6-02", f"{where}: {data[:20]!r} is not ASCII")


def _blank(datatype: str, data: bytes) -> bool:
    """Tell whether bytes say by themselves that there is no value: NaN, blanks, an unknown truth."""
    form = FLOATS.get(datatype)
    if form is not None:
        return all(math.isnan(number) or number == 0 for (number,) in struct.iter_unpack(form, data))
    return not data.strip(b"\0 ?") and datatype in ("boolean", "char", "unicodeChar")
