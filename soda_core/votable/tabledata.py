"""TABLEDATA: rows as XML text between the halves of a serialised document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cells import is_text, texts, without_nan
from .model import legible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoa_schemas.votable import Info

    from soda_core.standards import Column

    from .cells import Values
    from .shell import Shell

__all__ = ["TableDataForm"]


class TableDataForm:
    """A table as rows of `TR` and `TD` (VOTable 1.4, 5.1)."""

    tells_failure = True

    def __init__(self, shell: Shell, columns: Sequence[Column], infos: Sequence[Info]) -> None:
        self._shell, self._columns, self._infos = shell, columns, infos

    def head(self) -> bytes:
        """Return all that comes before the rows."""
        return self._shell.head(self._infos) + b"<TABLEDATA>\n"

    def body(self, values: Sequence[Values]) -> bytes:
        """Return some rows."""
        if not values:
            return b""
        cells = [_cells(column, found) for column, found in zip(self._columns, values, strict=True)]
        lines = map("</TD><TD>".join, zip(*cells, strict=True))
        return ("<TR><TD>" + "</TD></TR>\n<TR><TD>".join(lines) + "</TD></TR>\n").encode()

    def tail(self, trailing: Sequence[Info]) -> bytes:
        """Return all that comes after the rows."""
        return b"</TABLEDATA>" + self._shell.tail(trailing)


def _cells(column: Column, values: Values) -> Sequence[str]:
    """Return the cells of one column as XML."""
    if not is_text(column):
        return texts(column, without_nan(column, values))
    try:
        return _escaped(values, "".join(values))
    except TypeError:  # a null among them, or something else than text
        found = texts(column, values)
        return _escaped(found, "".join(found))


def _escaped(found: Sequence[str], together: str) -> Sequence[str]:
    """Return texts as XML; most need nothing, which one look at all of them tells."""
    if together.isprintable():
        if "&" in together or "<" in together or ">" in together:
            return [_quoted(text) for text in found]
        return found
    return [_quoted(legible(text)).replace("\r", "&#13;") for text in found]


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
