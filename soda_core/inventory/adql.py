"""Conditions as ADQL 2.0, for the ObsCore table of somebody else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soda_core.dali import Circle
from soda_core.sky import extent, lonlat_of

from .compare import folded, storable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from soda_core.dali import Interval, Shape
    from soda_core.standards.model import Match

    from .query import Condition

__all__ = ["TABLE", "equal", "quoted", "select", "where"]

TABLE = "ivoa.obscore"

NEVER = "1 = 0"
HALF_TURN = 180.0


def select(
    columns: Sequence[str],
    clauses: Sequence[str],
    *,
    order: str = "",
    top: int | None = None,
    each: str = "ALL",
) -> str:
    """Return a query of the table, with *each* DISTINCT for rows that differ."""
    return " ".join(
        [
            "SELECT",
            *([each] if each != "ALL" else []),
            *([f"TOP {top}"] if top is not None else []),
            ", ".join(columns),
            f"FROM {TABLE}",
            *([f"WHERE {' AND '.join(clauses)}"] if clauses else []),
            *([f"ORDER BY {order}"] if order else []),
        ]
    )


def where(query: Sequence[Condition]) -> list[str]:
    """Return a clause for each condition; those of regions let in rows that are near."""
    return [clause for condition in query if (clause := MAKERS[condition.match](condition))]


def equal(column: str, values: Sequence[object]) -> str:
    """Compare a column with texts or whole numbers."""
    some = [_literal(value) for value in storable(dict.fromkeys(values))]
    return f"{column} IN ({', '.join(some)})" if some else NEVER


def quoted(text: str) -> str:
    """Return a text as ADQL has it (ADQL 2.0, 2.1.4)."""
    return "'" + text.replace("'", "''") + "'"


def _literal(value: object) -> str:
    return quoted(value) if isinstance(value, str) else str(value)


def _equal(condition: Condition) -> str:
    (column,) = condition.columns
    return equal(column, condition.values)


def _same_identifier(condition: Condition) -> str:
    """Compare with identifiers as given and in small letters; folding the column would keep its index out."""
    (column,) = condition.columns
    return equal(column, [word for value in condition.values for word in spellings(str(value))])


def spellings(did: str) -> tuple[str, ...]:
    """Return how an identifier is likely to be written: as given, its authority small, all of it small."""
    scheme, mark, rest = did.partition("://")
    authority, slash, path = rest.partition("/")
    return did, f"{scheme.lower()}{mark}{authority.lower()}{slash}{path}", folded(did)


def _member(condition: Condition) -> str:
    """Look for members of a list between slashes (ObsCore 1.1, B.6.6)."""
    (column,) = condition.columns
    some = [str(value) for value in storable(condition.values) if not set(str(value)) & set("%_")]
    return _either([f"{column} LIKE {quoted(f'%/{value}/%')}" for value in some])


def _overlap(condition: Condition) -> str:
    low, high = condition.columns
    return _either([_ends(high, low, some) for some in _intervals(condition)])


def _within(condition: Condition) -> str:
    (column,) = condition.columns
    return _either([_ends(column, column, some) for some in _intervals(condition)])


def _ends(above: str, below: str, interval: Interval) -> str:
    """Compare with the ends of an interval that are not open."""
    parts = [f"{above} >= {_number(interval.low)}"] if math.isfinite(interval.low) else []
    parts += [f"{below} <= {_number(interval.high)}"] if math.isfinite(interval.high) else []
    return f"({' AND '.join(parts)})" if parts else f"{above} IS NOT NULL"


def _region(condition: Condition) -> str:
    """Look for footprints that meet a circle about each shape; what meets the shape itself is found later."""
    shapes: tuple[Any, ...] = condition.values
    circles = [_around(shape) for shape in shapes]
    if any(radius >= HALF_TURN for *_, radius in circles):
        return ""
    written = (", ".join(map(_number, circle)) for circle in circles)
    return _either([f"INTERSECTS(s_region, CIRCLE('ICRS', {text})) = 1" for text in written])


def _around(shape: Shape) -> tuple[float, float, float]:
    """Return a circle that holds *shape*: the ball about its box of unit vectors, cut with the sphere."""
    if isinstance(shape, Circle):
        return shape.lon, shape.lat, shape.radius
    box = extent(shape)
    middle, half = box.mean(axis=1), float(np.linalg.norm(box[:, 1] - box[:, 0])) / 2
    length = float(np.linalg.norm(middle))
    cosine = (1 + length**2 - half**2) / (2 * length) if length else -1.0
    if cosine <= -1:
        return 0.0, 0.0, HALF_TURN
    lon, lat = lonlat_of(middle)
    return float(lon), float(lat), min(HALF_TURN, float(np.degrees(np.arccos(min(cosine, 1.0)))) + 1e-6)


def _number(value: float) -> str:
    """Return a number as ADQL has it (ADQL 2.0, 2.1.4)."""
    return repr(float(value)).upper()


def _intervals(condition: Condition) -> tuple[Any, ...]:
    return condition.values


def _either(clauses: Sequence[str]) -> str:
    return f"({' OR '.join(clauses)})" if clauses else NEVER


MAKERS: Mapping[Match, Callable[[Condition], str]] = {
    "region": _region,
    "interval-overlap": _overlap,
    "value-in-interval": _within,
    "set-member": _member,
    "string-equal": _equal,
    "string-equal-nocase": _same_identifier,
    "int-equal": _equal,
}
"""How each kind of comparison is written; empty for one that is always true."""
