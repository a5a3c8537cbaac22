"""Comparisons that SQLite and PostgreSQL write differently, and values that neither can hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["among", "folded", "storable"]

WIDEST = 2**31 - 1
"""The largest number of a column of integers."""


def folded(did: str) -> str:
    """Return an identifier as it is compared (IVOA Identifiers 2.0, 2.6: without case)."""
    return did.casefold()


def storable(values: Iterable[object]) -> list[Any]:
    """Return those values that a row can have at all; a database may refuse to be asked for others."""
    return [value for value in values if _storable(value)]


def _storable(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    return not isinstance(value, int) or abs(value) <= WIDEST


def among(column: ColumnElement[Any], values: Sequence[Any], dialect: str) -> ColumnElement[bool]:
    """Compare with any number of values, which travel as one parameter."""
    if dialect == "postgresql":
        return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))
