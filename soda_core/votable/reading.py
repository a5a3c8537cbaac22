"""The first table of a VOTable, read as it comes: TABLEDATA, BINARY and BINARY2 (VOTable 1.4, 5)."""

from __future__ import annotations

import binascii
from collections import deque
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat

from soda_core.dali import UsageError, shown
from soda_core.standards import Column

from .unpacking import Unpacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["WIDEST", "Reading"]

CHUNK = 1 << 16
"""Bytes that are parsed at once."""

WIDEST = 10_000
"""Columns of a table."""

LONGEST = 1 << 16
"""Characters of one cell."""


class Reading:
    """Columns and rows of the first table of a file; raises `UsageError` for what cannot be read.

    Rows wait in memory for no longer than a chunk of the file is parsed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._fields: list[Column] = []
        self._rows: deque[Sequence[object]] = deque()
        self._row: list[object] = []
        self._text: list[str] = []
        self._length = 0
        self._is_cell = self._has_columns = self._is_over = False
        self._unpacker: Unpacker | None = None
        self._base64 = ""
        self._take: Callable[[str], None] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        while not self._has_columns and self._parse():
            pass
        if not self._fields:
            raise UsageError("the VOTable has no table with columns")
        self.columns = tuple(self._fields)

    def rows(self, places: Sequence[int]) -> Iterator[tuple[object, ...]]:
        """Yield the cells at *places* of each row."""
        while True:
            while self._rows:
                row = self._rows.popleft()
                yield tuple(row[place] if place < len(row) else None for place in places)
            if self._is_over or not self._parse():
                return

    def _parse(self) -> bool:
        """Parse some more; False at the end of the file."""
        chunk = self._file.read(CHUNK)
        try:
            self._parser.Parse(chunk, not chunk and not self._is_over)
        except expat.ExpatError as error:
            text = expat.ErrorString(error.code)
            raise UsageError(f"the VOTable cannot be read: {text} in line {error.lineno}") from None
        return bool(chunk)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "FIELD" if not self._has_columns:
                self._fields.append(_column(attributes))
                if len(self._fields) > WIDEST:
                    raise UsageError(f"the VOTable has more than {WIDEST} columns")
            case "TABLEDATA" | "BINARY" | "BINARY2" | "FITS" as form if not self._is_over:
                self._begin(form)
            case "TR" if not self._is_over:
                self._row = []
            case "TD" if not self._is_over:
                self._is_cell, self._length = True, 0
            case "STREAM" if self._unpacker:
                self._begin_stream(attributes)

    def _begin(self, form: str) -> None:
        """Note that the columns are known, and how their cells come."""
        self._has_columns = True
        if form == "FITS":
            raise UsageError("the VOTable has its data in FITS: expected TABLEDATA, BINARY or BINARY2")
        if form != "TABLEDATA":
            self._unpacker = Unpacker(self._fields, has_flags=form == "BINARY2")

    def _begin_stream(self, attributes: dict[str, str]) -> None:
        """Take a stream that is in the document; an address is never opened."""
        if attributes.get("href") or attributes.get("encoding") != "base64":
            raise UsageError("the VOTable has its data elsewhere, or not in base64: expected them inside")
        self._take = self._unpack

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "TD" if self._is_cell:
                self._is_cell = False
                if len(self._row) < len(self._fields):
                    self._row.append("".join(self._text).strip() or None)
                self._text.clear()
            case "TR" if not self._is_over:
                self._rows.append(self._row)
            case "STREAM" if self._take:
                self._take = None
                self._unpack("", last=True)
            case "TABLE" if self._fields:
                self._has_columns = self._is_over = True

    def _characters(self, text: str) -> None:
        if self._is_cell:
            self._length += len(text)
            if self._length > LONGEST:
                raise UsageError(f"the VOTable has a cell of more than {LONGEST} characters")
            self._text.append(text)
        elif self._take:
            self._take(text)

    def _unpack(self, text: str, *, last: bool = False) -> None:
        """Decode base64, four characters at a time, and take the rows that are whole."""
        assert self._unpacker is not None  # noqa: S101 - streams are taken only where there is one
        self._base64 += "".join(text.split())
        whole = len(self._base64) - len(self._base64) % 4
        try:
            packed = binascii.a2b_base64(self._base64[:whole], strict_mode=True)
        except (binascii.Error, ValueError):
            raise UsageError("the VOTable has a stream that is no base64") from None
        self._base64 = self._base64[whole:]
        self._rows.extend(self._unpacker.rows(packed))
        if last and (self._base64 or self._unpacker.rest):
            raise UsageError("the VOTable has a stream that ends within a row")

    def _refuse_doctype(self, *_: object) -> None:
        raise UsageError("the VOTable has a document type declaration, which is not read")


def _column(attributes: dict[str, str]) -> Column:
    """Return the description of a FIELD."""
    return Column(
        name=attributes.get("name") or attributes.get("ID") or shown(""),
        datatype=attributes.get("datatype", "char"),
        description="",
        section="",
        arraysize=attributes.get("arraysize", ""),
        xtype=attributes.get("xtype", ""),
        unit=attributes.get("unit", ""),
        ucd=attributes.get("ucd", ""),
    )
