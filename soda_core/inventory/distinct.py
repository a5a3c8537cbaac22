"""The different values of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from .tables import DATASET

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

__all__ = ["distinct"]


def distinct(connection: Connection, column: ColumnElement[Any], limit: int) -> tuple[Any, ...]:
    """Return the least *limit* values that a column has, nulls left out.

    Each is looked up in the index as the next after the one before: time goes with the values, not the rows.
    """
    least = select(func.min(column).label("value")).select_from(DATASET)
    seen = least.cte("seen", recursive=True)
    following = select(func.min(column)).where(column > seen.c.value).scalar_subquery()
    seen = seen.union_all(select(following).where(seen.c.value.is_not(None)))
    statement = select(seen.c.value).where(seen.c.value.is_not(None)).limit(limit)
    return tuple(sorted(connection.execute(statement).scalars()))
