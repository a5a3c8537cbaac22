"""A document without its rows, serialised once and cut where something is to be put in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ivoa_schemas.votable import Data, Info, Resource, Table, TableData, Votable

from soda_core.xml import serialize

from .model import STATUS, VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Shell"]

MARK = b"<TABLEDATA/>"


class Shell:
    """A VOTable whose results hold one table; it may serve many answers that differ in rows and INFO."""

    def __init__(self, document: Votable) -> None:
        self._document = document
        self._results, self._table = _table_of(document)

    def head(self, infos: Sequence[Info]) -> bytes:
        """Return all that comes before the data, *infos* before the table."""
        before, table, _ = self._pieces
        return before + _lines(infos) + table

    def tail(self, trailing: Sequence[Info]) -> bytes:
        """Return all that comes after the data, *trailing* behind the table."""
        tail = self._pieces[2]
        end = tail.index(b"</TABLE>") + len(b"</TABLE>\n")
        return tail[:end] + _lines(trailing) + tail[end:]

    def without_data(self, infos: Sequence[Info]) -> bytes:
        """Return the document, its table a description of columns only."""
        head, tail = self.head(infos), self.tail(())
        return head.rpartition(b"<DATA>")[0] + tail.partition(b"</DATA>")[2]

    def status(self, infos: Sequence[Info]) -> str:
        """Return the status that is told before the table."""
        told = (*self._results.items, *infos)
        return next((i.value_attribute for i in told if isinstance(i, Info) and i.name == STATUS), "OK")

    @cached_property
    def _pieces(self) -> tuple[bytes, bytes, bytes]:
        """The document before its table, the table before its data, and what comes after them."""
        self._table.items.append(Data(items=TableData()))
        head, _, tail = serialize(self._document).partition(MARK)
        self._table.items.pop()
        start = head.rindex(b"<TABLE")
        start = head.rindex(b"\n", 0, start) + 1
        return head[:start], head[start:], tail


def _table_of(document: Votable) -> tuple[Resource, Table]:
    """Return the results and their table."""
    for resource in document.items_1:
        if isinstance(resource, Resource):
            for item in resource.items:
                if isinstance(item, Table):
                    return resource, item
    raise ValueError("the document has no table")


def _lines(infos: Sequence[Info]) -> bytes:
    """Return INFO elements as they stand in a document."""
    if not infos:
        return b""
    around = serialize(Votable(version=VERSION, items_1=[Resource(items=[*infos])]))
    return around.partition(b">\n    ")[2].rpartition(b"  </RESOURCE>")[0].join((b"    ", b""))
