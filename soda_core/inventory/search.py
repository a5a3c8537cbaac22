"""A search that looks at every row; to be replaced by one in the database."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select

from soda_core.dali import Polygon
from soda_core.sky import sky_region

from .tables import DATASET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Engine

    from .query import Condition, Query

__all__ = ["search"]


def search(
    engine: Engine, query: Query, columns: Sequence[str], limit: int | None
) -> Iterator[tuple[Any, ...]]:
    """Yield the *columns* of the rows that meet every condition, in the order of their identifiers."""
    with engine.connect() as connection:
        rows = connection.execute(select(DATASET).order_by(DATASET.c.did_folded)).mappings()
        kept = (
            tuple(row[name] for name in columns) for row in rows if all(_meets(dict(row), c) for c in query)
        )
        yield from islice(kept, limit)


def _meets(row: Mapping[str, Any], condition: Condition) -> bool:
    cells = [row[name] for name in condition.columns]
    if None in cells or "" in cells:
        return False
    return any(MATCHES[condition.match](cells, value) for value in condition.values)


def _meets_region(cells: Sequence[Any], shape: Any) -> bool:  # noqa: ANN401 - one of the shapes
    numbers = [float(word) for word in cells[0].split()]
    footprint = sky_region(Polygon(tuple(zip(numbers[::2], numbers[1::2], strict=True))))
    region = sky_region(shape)
    return bool(np.any(footprint.contains(region.anchors())) or np.any(region.contains(footprint.anchors())))


MATCHES: Mapping[str, Callable[[Sequence[Any], Any], bool]] = {
    "region": _meets_region,
    "interval-overlap": lambda cells, value: bool(cells[1] >= value.low and cells[0] <= value.high),
    "value-in-interval": lambda cells, value: bool(value.low <= cells[0] <= value.high),
    "set-member": lambda cells, value: f"/{value}/" in cells[0],
    "string-equal": lambda cells, value: bool(cells[0] == value),
    "string-equal-nocase": lambda cells, value: bool(cells[0].casefold() == value.casefold()),
    "int-equal": lambda cells, value: bool(cells[0] == value),
}
