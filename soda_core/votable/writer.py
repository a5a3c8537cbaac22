"""A table, written as its rows come."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeAlias

from .binary2 import Binary2Form
from .delimited import CsvForm, TsvForm
from .json_form import JsonForm
from .model import told
from .parquet import ParquetForm
from .shell import Shell
from .tabledata import TableDataForm

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from ivoa_schemas.votable import Info, Votable

    from soda_core.standards import Column

    from .cells import Values

__all__ = ["SERIALIZATIONS", "Form", "Turn", "write"]

Row: TypeAlias = "Sequence[object]"

Turn: TypeAlias = "Callable[[list[Values]], Sequence[Values]]"
"""What makes the columns of a table of those that rows have."""

BATCH = 1000
"""Rows that are turned into text at once."""

CHUNK = 1 << 16
"""Bytes that a piece has at least, but for the last."""


class Form(Protocol):
    """One way to write a table."""

    @property
    def tells_failure(self) -> bool:
        """Whether it can tell behind the rows that something went wrong."""
        ...

    def head(self) -> bytes:
        """Return what comes before the rows."""
        ...

    def body(self, values: Sequence[Values]) -> bytes:
        """Return some rows, given as the values of each column; there may be none."""
        ...

    def tail(self, trailing: Sequence[Info]) -> bytes:
        """Return what comes after the rows."""
        ...


SERIALIZATIONS: Mapping[str, Callable[[Shell, Sequence[Column], Sequence[Info]], Form]] = {
    "tabledata": TableDataForm,
    "binary2": Binary2Form,
    "csv": CsvForm,
    "tsv": TsvForm,
    "json": JsonForm,
    "parquet": ParquetForm,
}


def write(
    shell: Shell | Votable,
    columns: Sequence[Column],
    rows: Iterable[Row],
    serialization: str = "tabledata",
    *,
    infos: Sequence[Info] = (),
    limit: int | None = None,
    tell: Callable[[Exception], str] | None = None,
    turn: Turn = list,
) -> Generator[bytes]:
    """Yield the document whose results are the table of *shell*, filled with *rows*, *infos* before it.

    Only *limit* rows are written; one more means OVERFLOW. The first rows are read before the first piece
    is yielded. A failure after that goes through *tell* into the document, if the form has a place for it.
    Where *turn* is given, it makes the values of *columns* of those of the rows, many rows at a time.
    """
    form = SERIALIZATIONS[serialization](shell if isinstance(shell, Shell) else Shell(shell), columns, infos)
    source = _Source(iter(rows), limit, turn)
    first = form.body(source.take())
    pieces, size = [form.head(), first], len(first)
    trailing: list[Info] = []
    try:
        while batch := source.take():
            if size >= CHUNK:
                yield b"".join(pieces)
                pieces, size = [], 0
            pieces.append(form.body(batch))
            size += len(pieces[-1])
    except Exception as error:  # whatever fails where rows come from, the client is told within the table
        if tell is None or not form.tells_failure:
            raise
        trailing.append(told("ERROR", tell(error)))
    if source.is_cut_off:
        trailing.append(told("OVERFLOW"))
    pieces.append(form.tail(trailing))
    yield b"".join(pieces)


class _Source:
    """Rows in batches, no more of them than allowed, as the values of each column."""

    def __init__(self, rows: Iterator[Row], limit: int | None, turn: Turn) -> None:
        self._rows, self._left, self._turn = rows, limit, turn
        self.is_cut_off = False

    def take(self) -> Sequence[Values]:
        """Return the columns of the next rows; none at the end."""
        batch = list(islice(self._rows, BATCH if self._left is None else min(BATCH, self._left)))
        if batch and self._left is not None:
            self._left -= len(batch)
            self.is_cut_off = not self._left and next(self._rows, None) is not None
        return self._turn([*zip(*batch, strict=True)]) if batch else ()
