"""CSV (RFC 4180) and tab-separated values."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from .cells import texts, without_nan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoa_schemas.votable import Info

    from soda_core.standards import Column

    from .cells import Values
    from .shell import Shell

__all__ = ["CsvForm", "TsvForm"]

SPACE = re.compile(r"[\t\r\n]+")


class CsvForm:
    """A line of names, and a line for each row; null is empty, and nothing can be told after the rows."""

    tells_failure = False

    def __init__(self, _shell: Shell, columns: Sequence[Column], _infos: Sequence[Info]) -> None:
        self._columns = columns

    def head(self) -> bytes:
        """Return the line of names."""
        return self._lines([[column.name for column in self._columns]])

    def body(self, values: Sequence[Values]) -> bytes:
        """Return some rows."""
        if not values:
            return b""
        cells = [
            texts(column, without_nan(column, each))
            for column, each in zip(self._columns, values, strict=True)
        ]
        return self._lines([*zip(*cells, strict=True)])

    def tail(self, _trailing: Sequence[Info]) -> bytes:
        """Return nothing."""
        return b""

    def _lines(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Return quoted lines."""
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode(errors="replace")


class TsvForm(CsvForm):
    """The same with tabs; tabs and ends of lines within a value become a blank, as nothing is quoted."""

    def _lines(self, rows: Sequence[Sequence[str]]) -> bytes:
        lines = ("\t".join(SPACE.sub(" ", cell) for cell in row) for row in rows)
        return "".join(f"{line}\n" for line in lines).encode(errors="replace")
