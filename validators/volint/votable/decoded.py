"""Rows of BINARY and BINARY2 as the texts that they would have in TABLEDATA (VOTable 1.5, 5.3, 5.4)."""

from __future__ import annotations

import base64
import binascii
import math
import struct
from math import prod
from typing import TYPE_CHECKING

from volint.model import Skip

from .literals import SIZES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from .columns import Column

__all__ = ["decoded"]

FORMS = {
    "unsignedByte": "B",
    "short": "h",
    "int": "i",
    "long": "q",
    "float": "f",
    "double": "d",
    "floatComplex": "f",
    "doubleComplex": "d",
}
ENCODINGS = {"char": "utf-8", "unicodeChar": "utf-16-be"}
COUNT = 4
"""Bytes that tell the length of an array."""


def decoded(columns: Sequence[Column], stream: etree._Element, *, flagged: bool) -> Iterator[list[str]]:
    """Yield the rows of an inline stream; raises `Skip` where its bytes are no such rows."""
    if stream.get("encoding") != "base64" or stream.get("href"):
        raise Skip("the rows come in a stream that is not at hand")
    try:
        data = base64.b64decode("".join((stream.text or "").split()), validate=True)
        at = 0
        while at < len(data):
            row, at = _row(columns, data, at, flags=-(-len(columns) // 8) if flagged else 0)
            yield row
    except (binascii.Error, struct.error, KeyError, UnicodeDecodeError, ValueError) as error:
        raise Skip(f"the rows of the stream cannot be read: {error}") from None


def _row(columns: Sequence[Column], data: bytes, at: int, *, flags: int) -> tuple[list[str], int]:
    """Return the cells of the row at a place, and where the next one begins."""
    marks, begun = data[at : at + flags], at
    at += flags
    cells = []
    for number, column in enumerate(columns):
        count, shape = 1, column.shape
        if shape is not None:
            count = prod(shape.fixed)
            if shape.variable:
                (count,) = struct.unpack_from(">I", data, at)
                at += COUNT
        size = -(-count // 8) if column.datatype == "bit" else count * SIZES[column.datatype]
        if at + size > len(data):
            raise ValueError("a row ends too early")
        null = bool(flags and marks[number // 8] & (0x80 >> number % 8))
        cells.append("" if null else _text(column, data[at : at + size]))
        at += size
    if at == begun:
        raise ValueError("a row has no bytes")
    return cells, at


def _text(column: Column, data: bytes) -> str:
    """Return the text of one cell."""
    if column.datatype in ENCODINGS:
        return data.decode(ENCODINGS[column.datatype]).rstrip("\0")
    if column.datatype == "boolean":
        return " ".join({"T": "T", "t": "T", "1": "T"}.get(chr(each), "F") for each in data)
    if column.datatype == "bit":
        return " ".join("".join(f"{each:08b}" for each in data))
    numbers = (number for (number,) in struct.iter_unpack(f">{FORMS[column.datatype]}", data))
    texts = [_number(number) for number in numbers]
    return "" if texts == [column.null] else " ".join(texts)


def _number(number: float) -> str:
    if isinstance(number, int):
        return str(number)
    if math.isnan(number):
        return "NaN"
    return repr(number) if math.isfinite(number) else ("+Inf" if number > 0 else "-Inf")
