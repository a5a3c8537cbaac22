"""Rows that fulfil a query, as they come from the database.

A condition that leaves few rows is turned into their numbers first, by its index; where all conditions leave
many, the table is read in its order until enough rows were found. Which of the two it is, is found by trying:
an index is asked for a few thousand rows and no more.
"""

from __future__ import annotations

import math
from contextlib import closing
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from sqlalchemy import Integer, bindparam, select

from .areas import AREA, footprints
from .compare import among_given, gathered, packed, unpacked
from .engine import AS_THEY_ARE
from .steps import steps
from .tables import DATASET

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from sqlalchemy import Connection, Engine, Select

    from soda_core.dali import Shape

    from .areas import Area
    from .query import Query
    from .steps import Step

__all__ = ["search"]

Cells: TypeAlias = "tuple[Any, ...]"
"""The values of one row."""

BATCH = 1000
"""Rows that are held at once."""

MANY = 10_000
"""Rows that an index may lead to; with more it is not used."""

FEW = 100
"""Rows that are looked at one by one rather than asking the next index."""

TIMES = 2
"""How many times as many rows as are left the next index may lead to; with more it is not used."""

MOST = "most"
"""The parameter that limits how many numbers or rows come."""

NUMBERS = "numbers"
"""The parameter that holds the numbers of rows."""


def search(
    engine: Engine, query: Query, columns: Sequence[str], limit: int | None
) -> Generator[Sequence[Cells]]:
    """Yield the *columns* of at most *limit* rows in the order of their numbers, many rows at a time."""
    if limit is not None and limit <= 0:
        return
    with engine.connect() as connection:
        taken = steps(connection, query)
        found = _found(connection, taken)
        if found is not None and not found:
            return
        shapes = [step.shapes for step in taken if step.shapes]
        fetched = (*columns, *(name for name in AREA if shapes and name not in columns))
        statement = _statement(connection, fetched, taken, found)
        most = None if shapes else limit
        connection.execution_options(**AS_THEY_ARE)
        batches = (
            _in_order(connection, statement.limit(most))
            if found is None
            else _of_numbers(connection, statement, sorted(found), most)
        )
        with closing(batches):
            if not shapes:
                yield from batches
                return
            area = itemgetter(*map(fetched.index, AREA))
            met = _meeting(batches, area, shapes)
            yield from _cut_off(met, len(columns), limit)


def _found(connection: Connection, taken: Sequence[Step]) -> set[int] | None:
    """Return the numbers of few rows that fulfil at least one condition, None if all leave many."""
    if len(taken) == 1 and taken[0].ordered:
        return None
    found: set[int] | None = None
    for step in taken:
        if step.way is not None and (found is None or len(found) > FEW):
            way = _gathered(step.way, connection.dialect.name)
            most = MANY if found is None else min(MANY, TIMES * len(found))
            some = unpacked(connection.execute(way, {**step.given, MOST: most + 1}).scalar_one())
            if len(some) <= most:
                found = set(some) if found is None else found.intersection(some)
    return found


def _statement(
    connection: Connection, columns: Sequence[str], taken: Sequence[Step], found: set[int] | None
) -> Select[Any]:
    """Return what selects the rows."""
    if found is None:
        return _selected(tuple(columns), "").where(*(step.clause() for step in taken))
    clauses = [step.clause() for step in taken if not step.shapes]
    statement = _selected(tuple(columns), connection.dialect.name)
    return statement.where(*clauses) if clauses else statement


@lru_cache(maxsize=64)
def _selected(columns: tuple[str, ...], dialect: str) -> Select[Any]:
    """Return what selects all rows, or those of given numbers; it is made once, as many columns take long."""
    statement = select(*(DATASET.c[name] for name in columns)).order_by(DATASET.c.number)
    if not dialect:
        return statement
    given = among_given(DATASET.c.number, NUMBERS, dialect)
    return statement.where(given).limit(bindparam(MOST, type_=Integer))


@lru_cache(maxsize=64)
def _gathered(way: Select[Any], dialect: str) -> Select[Any]:
    """Return what gives the first numbers of a way; those by extents never differ."""
    return gathered(way.limit(bindparam(MOST, type_=Integer)), dialect)


def _in_order(connection: Connection, statement: Select[Any]) -> Generator[Sequence[Cells]]:
    """Yield the rows of a statement as they come."""
    connection = connection.execution_options(stream_results=True, max_row_buffer=BATCH)
    with closing(connection.execute(statement)) as result:
        yield from result.partitions(BATCH)


def _of_numbers(
    connection: Connection, statement: Select[Any], numbers: Sequence[int], limit: int | None
) -> Generator[Sequence[Cells]]:
    """Yield the rows of *numbers*, asking for some after the others: few may be enough."""
    left = len(numbers) if limit is None else limit
    for start in range(0, len(numbers), BATCH):
        some = packed(numbers[start : start + BATCH], connection.dialect.name)
        rows = connection.execute(statement, {NUMBERS: some, MOST: min(left, BATCH)}).all()
        yield rows
        left -= len(rows)
        if left <= 0:
            return


def _meeting(
    batches: Iterator[Sequence[Cells]],
    area: Callable[[Cells], Area],
    shapes: Sequence[tuple[Shape, ...]],
) -> Iterator[list[Cells]]:
    """Yield the rows whose *area* meets one of each *shapes*."""
    for rows in batches:
        areas = footprints([*map(area, rows)])
        met = np.ones(len(rows), dtype=np.bool_)
        for some in shapes:
            met &= np.any([areas.meets(shape) for shape in some], axis=0)
        yield [*compress(rows, met.tolist())]


def _cut_off(batches: Iterator[list[Cells]], width: int, limit: int | None) -> Iterator[list[Cells]]:
    """Yield the first *width* columns of at most *limit* rows."""
    left = math.inf if limit is None else limit
    for rows in batches:
        some = rows if len(rows) < left else rows[: int(left)]
        yield [row[:width] for row in some]
        left -= len(some)
        if left <= 0:
            return
