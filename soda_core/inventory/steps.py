"""Conditions as clauses of SQL, and as short ways to the rows that may fulfil them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, Text, and_, false, func, or_, select
from sqlalchemy.sql import operators
from sqlalchemy.sql.expression import UnaryExpression

from soda_core.dali import Circle, Range
from soda_core.sky import extent

from .compare import among, folded, storable
from .distinct import distinct
from .extent import EXTENTS, numbers
from .tables import BOX, DATASET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Select

    from soda_core.dali import Interval, Shape
    from soda_core.standards.model import Match

    from .query import Condition

__all__ = ["Step", "steps"]

Clause: TypeAlias = ColumnElement[bool]

STATES = 10_000
"""Lists of members (`/I/Q/`) that are looked through for one member."""

WHOLE = 0.99
"""A box that reaches so far in all directions spares hardly any row."""


@dataclass(frozen=True, slots=True)
class Step:
    """One condition: a clause that is true of the rows wanted, and how an index leads to them.

    Where there are *shapes*, clause and way let in other rows too, and the shapes decide.
    """

    clause: Callable[[], Clause]
    way: Select[Any] | None = None
    given: Mapping[str, object] = field(default_factory=dict)
    """The parameters of the way."""

    shapes: tuple[Shape, ...] = ()
    ordered: bool = False
    """Whether the index has the rows in the order of their numbers: there is no need to collect them."""


def steps(connection: Connection, query: Sequence[Condition]) -> list[Step]:
    """Return the steps of a query, those first that tend to leave the fewest rows."""
    order = list(MAKERS)
    query = sorted(query, key=lambda condition: order.index(condition.match))
    return [MAKERS[condition.match](connection, condition) for condition in query]


def _region(connection: Connection, condition: Condition) -> Step:
    """Areas that a region may touch: their boxes overlap."""
    shapes: tuple[Any, ...] = condition.values
    c = DATASET.c
    if any(map(_is_whole_sky, shapes)):
        return Step(lambda: c.x_min.is_not(None))
    boxes = [tuple((low, high) for low, high in extent(shape).tolist()) for shape in shapes]
    narrow = all(any(low > -WHOLE or high < WHOLE for low, high in box) for box in boxes)
    way, given = numbers(BOX, boxes, connection.dialect.name) if boxes and narrow else (None, {})
    return Step(lambda: or_(false(), *map(_boxed, boxes)), way, given, shapes)


def _boxed(box: Sequence[tuple[float, float]]) -> Clause:
    """Compare the box of a row with that of a region."""
    c = DATASET.c
    upper = (c[name] <= high for name, (_, high) in zip(BOX[::2], box, strict=True))
    lower = (c[name] >= low for name, (low, _) in zip(BOX[1::2], box, strict=True))
    return and_(*upper, *lower)


def _is_whole_sky(shape: Shape) -> bool:
    """Tell whether no point lies outside of a region."""
    match shape:
        case Circle():
            return shape.radius >= 180  # noqa: PLR2004 - degrees
        case Range():
            lon, lat = (shape.lon_min, shape.lon_max), (shape.lat_min, shape.lat_max)
            return lon in {(-math.inf, math.inf), (0.0, 360.0)} and lat[0] <= -90 and lat[1] >= 90  # noqa: PLR2004 - the poles
        case _:
            return False


def _overlap(connection: Connection, condition: Condition) -> Step:
    """Intervals that have a value in common."""
    intervals: tuple[Any, ...] = condition.values
    low, high = (DATASET.c[name] for name in condition.columns)
    known = low.is_not(None) & high.is_not(None)
    clause = known & or_(false(), *(_ends(high, low, interval) for interval in intervals))
    bounded = all(math.isfinite(some.low) or math.isfinite(some.high) for some in intervals)
    if not intervals or not bounded or condition.columns not in EXTENTS:
        return Step(lambda: clause)
    wanted = [((some.low, some.high),) for some in intervals]
    return Step(lambda: clause, *numbers(condition.columns, wanted, connection.dialect.name))


def _within(connection: Connection, condition: Condition) -> Step:
    """Values that lie in an interval."""
    intervals: tuple[Any, ...] = condition.values
    (name,) = condition.columns
    plain, hidden = DATASET.c[name], _hidden(DATASET.c[name], connection)
    way = plain.is_not(None) & or_(false(), *(_ends(plain, plain, some) for some in intervals))
    clause = plain.is_not(None) & or_(false(), *(_ends(hidden, hidden, some) for some in intervals))
    return Step(lambda: clause, select(DATASET.c.number).where(way))


def _ends(above: ColumnElement[Any], below: ColumnElement[Any], interval: Interval) -> Clause:
    """Compare with the ends of an interval that are not open."""
    parts = [above >= interval.low] if math.isfinite(interval.low) else []
    parts += [below <= interval.high] if math.isfinite(interval.high) else []
    return and_(*parts) if parts else DATASET.c.number.is_not(None)


def _equal(connection: Connection, condition: Condition) -> Step:
    (name,) = condition.columns
    return _any_of(connection, DATASET.c[name], condition.values)


def _same_name(connection: Connection, condition: Condition) -> Step:
    """Texts that are equal but for case; the identifier has a column for that."""
    (name,) = condition.columns
    if name == "obs_publisher_did":
        return _any_of(connection, DATASET.c.did_folded, [folded(str(value)) for value in condition.values])
    lower = [str(value).lower() for value in condition.values]
    clause = among(func.lower(DATASET.c[name], type_=Text), storable(lower), connection.dialect.name)
    return Step(lambda: clause)


def _member(connection: Connection, condition: Condition) -> Step:
    """Lists with a member in common: the lists are few, however many rows there are."""
    (name,) = condition.columns
    lists = distinct(connection, DATASET.c[name], STATES)
    wanted = {str(value) for value in condition.values}
    return _any_of(connection, DATASET.c[name], [some for some in lists if wanted & set(some.split("/"))])


def _any_of(connection: Connection, plain: ColumnElement[Any], values: Sequence[object]) -> Step:
    """Compare a column with values; with a single one its index has the rows in their order."""
    some = storable(dict.fromkeys(values))
    if not some:
        return Step(false)
    if len(some) == 1:
        clause = plain == some[0]
        return Step(lambda: clause, select(DATASET.c.number).where(clause), ordered=True)
    dialect = connection.dialect.name
    way = select(DATASET.c.number).where(among(plain, some, dialect))
    return Step(lambda: among(_hidden(plain, connection), some, dialect), way)


def _hidden(plain: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    """Keep SQLite from using an index of the column, for it cannot tell that most rows would be found.

    PostgreSQL keeps statistics, and decides by itself.
    """
    if connection.dialect.name != "sqlite":
        return plain
    return UnaryExpression(plain, operator=operators.custom_op("+"), type_=plain.type)


MAKERS: Mapping[Match, Callable[[Connection, Condition], Step]] = {
    "string-equal-nocase": _same_name,
    "region": _region,
    "string-equal": _equal,
    "interval-overlap": _overlap,
    "value-in-interval": _within,
    "int-equal": _equal,
    "set-member": _member,
}
"""The kinds of comparison, those first that tend to leave the fewest rows."""
