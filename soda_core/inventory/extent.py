"""Rows by the box or the range that they cover: R*Trees in SQLite, GiST indexes in PostgreSQL."""

from __future__ import annotations

import math
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, and_, bindparam, column, select, table, text

from .tables import BOX, DATASET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select, TextClause

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


def numbers(columns: tuple[str, ...], wanted: Sequence[Bounds], dialect: str) -> Select[Any]:
    """Return what selects the numbers of rows whose extent overlaps, or nearly, any of those *wanted*."""
    if dialect == "sqlite":
        tree = TREES[EXTENTS[columns]]
        parts = [select(tree.c.number).where(_overlap(tree.c, columns, bounds)) for bounds in wanted]
    else:
        names = (f"bound_{number}" for number in count())
        parts = [
            select(DATASET.c.number).where(_indexed(columns, bounds, [next(names) for _ in columns]))
            for bounds in wanted
        ]
    if len(parts) == 1:
        return parts[0]
    every = parts[0].union(*parts[1:]).subquery()
    return select(every.c.number)


def _overlap(c: Any, columns: tuple[str, ...], bounds: Bounds) -> ColumnElement[bool]:  # noqa: ANN401 - columns by name
    """Return the comparison of each axis."""
    pairs = zip(columns[::2], columns[1::2], bounds, strict=True)
    return and_(*(part for low, high, (least, most) in pairs for part in (c[low] <= most, c[high] >= least)))


def _indexed(columns: tuple[str, ...], bounds: Bounds, names: Sequence[str]) -> TextClause:
    """Return the comparison as the index of PostgreSQL is written; an open end is null."""
    form = SKY.format(*names) if columns == BOX else RANGE.format(*names, low=columns[0], high=columns[1])
    flat = [value if math.isfinite(value) else None for pair in bounds for value in pair]
    values = zip(names, flat, strict=True)
    return text(form).bindparams(*(bindparam(name, value) for name, value in values))
