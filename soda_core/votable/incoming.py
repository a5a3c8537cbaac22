"""A table that somebody else has made, read row by row: VOTable, CSV and the like, Parquet."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from soda_core.dali import UnsupportedFormat, UsageError, shown
from soda_core.standards import Column

from .reading import WIDEST, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Cells", "Incoming", "incoming"]

Cells: TypeAlias = "tuple[object, ...]"
"""Some cells of a row: text or values of Python, None where there is nothing."""

OPENING = 4096
"""Bytes that tell the form of a file."""

AT_ONCE = 1000
"""Rows that are held in memory."""

PARQUET, GZIP, FITS = b"PAR1", b"\x1f\x8b", b"SIMPLE  ="
NO_TEXT = "the table is no VOTable, CSV or Parquet file: it has bytes that are no text in UTF-8"


@dataclass(frozen=True, slots=True)
class Incoming:
    """The columns of a table, and its rows reduced to those whose places are given.

    A fault in the middle of the file raises `UsageError` where the rows come to it.
    """

    columns: tuple[Column, ...]
    rows: Callable[[Sequence[int]], Iterator[Cells]]


def incoming(file: BinaryIO) -> Incoming:
    """Open a table, its form told by its first bytes; raises `UsageError` for what is none."""
    opening = file.read(OPENING)
    file.seek(0)
    if opening.startswith(PARQUET):
        found = _parquet(file)
    elif opening.startswith((GZIP, FITS)):
        raise UsageError("the table is packed or FITS: expected VOTable, CSV or Parquet")
    elif opening.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        reading = Reading(file)
        found = Incoming(reading.columns, reading.rows)
    else:
        found = _delimited(file)
    if len(found.columns) > WIDEST:
        raise UsageError(f"the table has {len(found.columns)} columns: expected at most {WIDEST}")
    return found


def _delimited(file: BinaryIO) -> Incoming:
    """Read lines of text; lines before the names that open with `#` are skipped, as in ECSV."""
    lines = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        first = next(line for line in lines if line.strip() and not line.startswith("#"))
    except StopIteration:
        raise UsageError("the table is empty") from None
    except UnicodeDecodeError:
        raise UsageError(NO_TEXT) from None
    mark = next((mark for mark in (",", "\t", ";", "|") if mark in first), " ")
    reader = csv.reader(itertools.chain([first], lines), delimiter=mark, skipinitialspace=True, strict=True)
    names = next(reader)
    columns = tuple(Column(name.strip(), "char", "", "", arraysize="*") for name in names)

    def rows(places: Sequence[int]) -> Iterator[Cells]:
        try:
            for row in filter(None, reader):
                yield tuple(row[place].strip() or None if place < len(row) else None for place in places)
        except csv.Error as error:
            raise UsageError(f"the table cannot be read in line {reader.line_num}: {error}") from None
        except UnicodeDecodeError:
            raise UsageError(NO_TEXT) from None
        finally:
            lines.detach()

    return Incoming(columns, rows)


def _parquet(file: BinaryIO) -> Incoming:
    """Read Parquet; the VOTable that may come along describes the columns (VOParquet)."""
    if find_spec("pyarrow") is None:
        raise UnsupportedFormat("this service was installed without pyarrow, which reads Parquet")
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        opened: Any = parquet.ParquetFile(file)
    except (arrow.ArrowException, OSError) as error:
        raise UsageError(f"the table is no Parquet file: {_cause(error)}") from None
    content = (opened.schema_arrow.metadata or {}).get(b"IVOA.VOTable-Parquet.content", b"")
    known = {column.name: column for column in Reading(io.BytesIO(content)).columns} if content else {}
    names: list[str] = opened.schema_arrow.names
    columns = tuple(known.get(name) or Column(name, "char", "", "") for name in names)

    def rows(places: Sequence[int]) -> Iterator[Cells]:
        wanted = [names[place] for place in places]
        try:
            for batch in opened.iter_batches(AT_ONCE, columns=list(dict.fromkeys(wanted))):
                held = batch.to_pydict()
                yield from zip(*(held[name] for name in wanted), strict=True)
        except (arrow.ArrowException, OSError) as error:
            raise UsageError(f"the table cannot be read: {_cause(error)}") from None

    return Incoming(columns, rows)


def _cause(error: Exception) -> str:
    """Return what a library says, in a line."""
    return shown(str(error).partition("\n")[0])
