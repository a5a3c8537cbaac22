"""Comparisons that SQLite and PostgreSQL write differently, and values that neither can hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import NullType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import BindParameter, Select
    from sqlalchemy.types import TypeEngine

__all__ = ["among", "among_given", "folded", "gathered", "packed", "storable", "unpacked"]

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
    return _among(column, dialect, bindparam(None, packed(values, dialect), type_=_packing(column, dialect)))


def among_given(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Compare with the values that a parameter holds when the statement is executed, packed."""
    return _among(column, dialect, bindparam(name, type_=_packing(column, dialect)))


def _packing(column: ColumnElement[Any], dialect: str) -> TypeEngine[Any]:
    return ARRAY(column.type) if dialect == "postgresql" else Text()


def _among(column: ColumnElement[Any], dialect: str, values: BindParameter[Any]) -> ColumnElement[bool]:
    if dialect == "postgresql":
        return column == any_(values)
    listed = func.json_each(values).table_valued("value")
    return column.in_(select(listed.c.value))


def packed(values: Sequence[Any], dialect: str) -> Any:  # noqa: ANN401 - what the database takes for a list
    """Return values as the one parameter that holds them."""
    return list(values) if dialect == "postgresql" else json.dumps(list(values))


def gathered(query: Select[Any], dialect: str) -> Select[Any]:
    """Return the values of a query with one column as one value: many rows take longer."""
    (column,) = query.subquery().c
    gather = func.array_agg if dialect == "postgresql" else func.json_group_array
    return select(gather(column, type_=NullType()))


def unpacked(value: Any) -> list[Any]:  # noqa: ANN401 - what the database gives for a list
    """Return the values that were gathered."""
    return json.loads(value) if isinstance(value, str) else value or []
