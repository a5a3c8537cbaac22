"""Rows by the box or the range that they cover: R*Trees in SQLite, GiST indexes in PostgreSQL."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Float, bindparam, column, select, table, text

from .tables import BOX, DATASET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select

__all__ = ["EXTENTS", "numbers"]

Bounds: TypeAlias = "tuple[tuple[float, float], ...]"
"""Lower and upper bound along each axis."""

EXTENTS: Mapping[tuple[str, ...], str] = {BOX: "sky", ("t_min", "t_max"): "t", ("em_min", "em_max"): "em"}
"""Names of the indexes by the columns that are the lower and upper bounds along each axis."""

TREES = {
    name: table(f"extent_{name}", column("number"), *map(column, columns))
    for columns, name in EXTENTS.items()
}

SKY = """
    box(point(x_min, y_min), point(x_max, y_max)) && box(point(:{0}, :{2}), point(:{1}, :{3}))
    AND box(point(z_min, 0), point(z_max, 0)) && box(point(:{4}, 0), point(:{5}, 0))
"""

RANGE = """
    numrange(least({low}, {high})::numeric, greatest({low}, {high})::numeric, '[]')
    && numrange(CAST(:{0} AS numeric), CAST(:{1} AS numeric), '[]')
    AND {low} IS NOT NULL AND {high} IS NOT NULL
"""


def numbers(
    columns: tuple[str, ...], wanted: Sequence[Bounds], dialect: str
) -> tuple[Select[Any], Mapping[str, float | None]]:
    """Return what selects the numbers of rows whose extent overlaps, or nearly, any of those *wanted*.

    The values of its parameters are given beside it; an open end is null in PostgreSQL.
    """
    flat = (value for bounds in wanted for pair in bounds for value in pair)
    known = flat if dialect == "sqlite" else (value if math.isfinite(value) else None for value in flat)
    return _selected(columns, len(wanted), dialect), {_name(at): value for at, value in enumerate(known)}


@lru_cache(maxsize=256)
def _selected(columns: tuple[str, ...], count: int, dialect: str) -> Select[Any]:
    """Make the statement for so many extents once: to make it takes as long as to ask it."""
    width = len(columns)
    names = [[_name(part * width + at) for at in range(width)] for part in range(count)]
    parts = [_in_tree(columns, some) if dialect == "sqlite" else _in_index(columns, some) for some in names]
    if len(parts) == 1:
        return parts[0]
    every = parts[0].union(*parts[1:]).subquery()
    return select(every.c.number)


def _name(at: int) -> str:
    return f"bound_{at}"


def _in_tree(columns: tuple[str, ...], names: Sequence[str]) -> Select[Any]:
    """Compare lower and upper bound along each axis with those of an R*Tree."""
    c = TREES[EXTENTS[columns]].c
    lower = (c[name] <= bindparam(most) for name, most in zip(columns[::2], names[1::2], strict=True))
    upper = (c[name] >= bindparam(least) for name, least in zip(columns[1::2], names[::2], strict=True))
    return select(c.number).where(*lower, *upper)


def _in_index(columns: tuple[str, ...], names: Sequence[str]) -> Select[Any]:
    """Compare as the index of PostgreSQL is written."""
    form = SKY.format(*names) if columns == BOX else RANGE.format(*names, low=columns[0], high=columns[1])
    return select(DATASET.c.number).where(text(form).bindparams(*(bindparam(n, type_=Float) for n in names)))
