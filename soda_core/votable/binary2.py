"""BINARY2: rows as big-endian bytes with flags for nulls, in base64 (VOTable 1.4, 5.4)."""

from __future__ import annotations

import binascii
from struct import Struct
from typing import TYPE_CHECKING

from .cells import is_array, is_text, numbers_of, without_nan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoa_schemas.votable import Info

    from soda_core.standards import Column

    from .cells import Values
    from .shell import Shell

__all__ = ["Binary2Form"]

CODES = {"unsignedByte": "B", "short": "h", "int": "i", "long": "q", "float": "f", "double": "d"}
COUNT = Struct(">I")
ENCODINGS = {"char": ("ascii", 1), "unicodeChar": ("utf-16-be", 2)}
"""Encoding and width by datatype; what ASCII lacks becomes `?` there (VOTable 1.4, 2.1)."""
TRUTH = {None: b"?", True: b"T", False: b"F"}
LINE = 57
"""Bytes of a line of base64: 76 characters (RFC 2045, 6.8)."""


class Binary2Form:
    """A table as one stream of bytes."""

    tells_failure = True

    def __init__(self, shell: Shell, columns: Sequence[Column], infos: Sequence[Info]) -> None:
        self._shell, self._columns, self._infos = shell, columns, infos
        self._packers = [_packer(column) for column in columns]
        self._rest = b""

    def head(self) -> bytes:
        """Return all that comes before the rows."""
        return self._shell.head(self._infos) + b'<BINARY2><STREAM encoding="base64">\n'

    def body(self, values: Sequence[Values]) -> bytes:
        """Return some rows; bytes that fill no line wait for the next."""
        if not values:
            return b""
        found = [without_nan(column, each) for column, each in zip(self._columns, values, strict=True)]
        cells = [pack(each) for pack, each in zip(self._packers, found, strict=True)]
        packed = self._rest + b"".join(map(b"".join, zip(_flags(found), *cells, strict=True)))
        whole = len(packed) - len(packed) % LINE
        self._rest = packed[whole:]
        return binascii.b2a_base64(packed[:whole])

    def tail(self, trailing: Sequence[Info]) -> bytes:
        """Return all that comes after the rows."""
        return binascii.b2a_base64(self._rest) + b"</STREAM></BINARY2>" + self._shell.tail(trailing)


def _flags(columns: Sequence[Values]) -> list[bytes]:
    """Return for each row a bit for each column, set where it is null; the first column has the highest."""
    width = -(-len(columns) // 8)
    bit = 1 << (8 * width)
    flags = [0] * len(columns[0])
    for values in columns:
        bit >>= 1
        if None in values:
            flags = [flag | bit if value is None else flag for flag, value in zip(flags, values, strict=True)]
    return [flag.to_bytes(width) for flag in flags]


def _packer(column: Column) -> Callable[[Values], list[bytes]]:
    """Return what turns values into the bytes of their cells."""
    if is_text(column):
        return lambda values: [_characters(column, value) for value in values]
    if column.datatype == "boolean":
        return lambda values: [TRUTH[value if value is None else bool(value)] for value in values]
    if is_array(column):
        return lambda values: [_array(column, value) for value in values]
    one = Struct(f">{CODES[column.datatype]}").pack
    return lambda values: [one(0 if value is None else value) for value in values]


def _characters(column: Column, value: object) -> bytes:
    """Return a text with its length before it, or filled up to a fixed one."""
    encoding, width = ENCODINGS[column.datatype]
    content = b"" if value is None else str(value).encode(encoding, "replace")
    if column.arraysize.endswith("*"):
        return COUNT.pack(len(content) // width) + content
    size = width * int(column.arraysize or 1)
    return content[:size].ljust(size, b"\0")


def _array(column: Column, value: object) -> bytes:
    """Return numbers, their count before them unless it is fixed."""
    code = CODES[column.datatype]
    if column.arraysize.endswith("*"):
        numbers = [] if value is None else numbers_of(column, value)
        return COUNT.pack(len(numbers)) + Struct(f">{len(numbers)}{code}").pack(*numbers)
    size = int(column.arraysize)
    numbers = [0] * size if value is None else numbers_of(column, value)
    return Struct(f">{size}{code}").pack(*numbers)
