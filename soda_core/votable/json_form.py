"""JSON: the metadata of the columns, rows as objects, and the status behind them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .cells import plain, without_nan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoa_schemas.votable import Info

    from soda_core.standards import Column

    from .cells import Values
    from .shell import Shell

__all__ = ["JsonForm"]

SHOWN = ("name", "datatype", "arraysize", "xtype", "unit", "ucd", "utype", "description")


class JsonForm:
    """`{"columns": […], "rows": [{…}, …], "status": "OK"}`; null is null."""

    tells_failure = True

    def __init__(self, shell: Shell, columns: Sequence[Column], infos: Sequence[Info]) -> None:
        self._columns = columns
        self._names = [column.name for column in columns]
        self._status = shell.status(infos)
        self._comma = b"\n"

    def head(self) -> bytes:
        """Return the metadata."""
        return (
            b'{"columns": '
            + json.dumps([_described(column) for column in self._columns]).encode()
            + b',\n"rows": ['
        )

    def body(self, values: Sequence[Values]) -> bytes:
        """Return some rows."""
        if not values:
            return b""
        cells = [
            plain(column, without_nan(column, each))
            for column, each in zip(self._columns, values, strict=True)
        ]
        lines = (json.dumps(dict(zip(self._names, row, strict=True))) for row in zip(*cells, strict=True))
        text = self._comma + ",\n".join(lines).encode()
        self._comma = b",\n"
        return text

    def tail(self, trailing: Sequence[Info]) -> bytes:
        """Return the status, with the message of a failure."""
        last = trailing[-1] if trailing else None
        told = {"status": last.value_attribute if last else self._status}
        if last and last.value:
            told["message"] = last.value
        return b"\n],\n" + json.dumps(told)[1:].encode() + b"\n"


def _described(column: Column) -> dict[str, str]:
    """Return the metadata of a column that say something."""
    return {name: text for name in SHOWN if (text := getattr(column, name))}
