"""VOTables: cells, streams, and what passes when a document is read once (VOTable 1.5, 5 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.check import rule
from volint.scopes import VOTABLES
from volint.votable.passing import passed

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.document import Document

__all__ = [
    "as_many_cells",
    "as_many_values",
    "ascii_only",
    "binary2_stream",
    "binary_stream",
    "empty_integers",
    "literals",
    "stream_encoding",
    "strings_have_a_size",
    "told_number",
    "two_bytes",
]

ROOT = ("VOT-3-03",)


@rule("VOT-5.1-01", VOTABLES, also=["VOT-4-01"], because=ROOT)
def as_many_cells(document: Document) -> Faults:
    """A row has as many cells as there are columns."""
    yield from passed(document, "VOT-5.1-01")


@rule("VOT-3.8-03", VOTABLES, because=ROOT)
def told_number(document: Document) -> Faults:
    """The number of rows, if it is told, is true."""
    for table, count in document.scanned.rows.items():
        told = table.get("nrows", "").strip()
        if told.isdecimal() and int(told) != count:
            yield document.fault(f"nrows={told}, there are {count} rows", table)


@rule("VOT-6-01", VOTABLES, also=["VOT-5.1-02"], because=[*ROOT, "VOT-5.1-01", "VOT-4.1-05", "DL-3.2-06"])
def literals(document: Document) -> Faults:
    """A value is spelt as its datatype demands, and lies in its range.

    Not a number and the infinities are written NaN, +Inf and -Inf.
    """
    yield from passed(document, "VOT-6-01")


@rule("VOT-5.1-03", VOTABLES, because=[*ROOT, "VOT-5.1-01"])
def empty_integers(document: Document) -> Faults:
    """Before VOTable 1.3 an empty cell is no whole number."""
    yield from passed(document, "VOT-5.1-03")


@rule("VOT-5.1-04", VOTABLES, because=[*ROOT, "VOT-5.1-01", "VOT-4.1-05", "VOT-6-01"])
def as_many_values(document: Document) -> Faults:
    """An array has as many values as its arraysize says."""
    yield from passed(document, "VOT-5.1-04")


@rule("VOT-4.1-04", VOTABLES, because=[*ROOT, "VOT-5.1-01", "VOT-4.1-05"])
def strings_have_a_size(document: Document) -> Faults:
    """A text of more than one character stands in a column with an arraysize."""
    yield from passed(document, "VOT-4.1-04")


@rule("VOT-6-02", VOTABLES, because=[*ROOT, "VOT-5.1-01"], level="warning")
def ascii_only(document: Document) -> Faults:
    """Up to VOTable 1.5 char is ASCII; other characters need unicodeChar."""
    yield from passed(document, "VOT-6-02")


@rule("VOT-6-03", VOTABLES, because=[*ROOT, "VOT-5.1-01"], level="warning")
def two_bytes(document: Document) -> Faults:
    """Up to VOTable 1.5 unicodeChar has two bytes a character."""
    yield from passed(document, "VOT-6-03")


@rule("VOT-5.6-01", VOTABLES, because=ROOT)
def stream_encoding(document: Document) -> Faults:
    """A stream within the document is of base64, and so is a cell that says so."""
    yield from passed(document, "VOT-5.6-01")


@rule("VOT-5.3-01", VOTABLES, because=[*ROOT, "VOT-5.6-01", "VOT-4.1-05"])
def binary_stream(document: Document) -> Faults:
    """The bytes of BINARY are whole rows of the declared columns, to the last."""
    yield from passed(document, "VOT-5.3-01")


@rule("VOT-5.4-01", VOTABLES, because=[*ROOT, "VOT-5.6-01", "VOT-4.1-05"])
def binary2_stream(document: Document) -> Faults:
    """The bytes of BINARY2 are flags and whole rows of the declared columns, to the last."""
    yield from passed(document, "VOT-5.4-01")
    version = document.root.get("version", "")
    if version < "1.3" and (node := next(document.root.iter("{*}BINARY2"), None)) is not None:
        yield document.fault(f"BINARY2 in VOTable {version}, it came with 1.3", node)
