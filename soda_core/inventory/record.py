"""Write rows of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from soda_core.sky import extents

from .areas import AREA, footprints
from .compare import among, folded
from .errors import InventoryError
from .tables import BOX, DATASET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql.dml import Insert

    from .areas import Area

__all__ = ["complete", "forget", "record"]

BATCH = 1000
"""Rows whose footprints are worked on at once."""

NAMES = tuple(column.name for column in DATASET.columns if column.name != "number")


def record(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, or replace those with the same identifier; a column that a row lacks is null."""
    statement = _upsert(connection.dialect.name)
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        boxes = _boxes(some)
        connection.execute(
            statement,
            [
                {**dict.fromkeys(NAMES), **row, "did_folded": folded(row["obs_publisher_did"]), **box}
                for row, box in zip(some, boxes, strict=True)
            ],
        )


def forget(connection: Connection, dids: Sequence[str]) -> None:
    """Remove rows by their identifiers."""
    for start in range(0, len(dids), BATCH):
        some = [folded(did) for did in dids[start : start + BATCH]]
        connection.execute(delete(DATASET).where(among(DATASET.c.did_folded, some, connection.dialect.name)))


def complete(connection: Connection) -> None:
    """Give their boxes to the rows that were not written by `record`."""
    c = DATASET.c
    lack = select(c.number, c.obs_publisher_did, *(c[name] for name in AREA)).where(
        c.x_min.is_(None), or_(c.s_region.is_not(None), c.s_ra.is_not(None))
    )
    statement = update(DATASET).where(c.number == bindparam("row"))
    statement = statement.values({name: bindparam(name) for name in BOX})
    rows = [dict(row) for row in connection.execute(lack).mappings()]
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        boxes = zip(some, _boxes(some), strict=True)
        connection.execute(statement, [{"row": row["number"], **box} for row, box in boxes])


def _upsert(dialect: str) -> Insert:
    """Return the statement that adds or replaces a row."""
    insert: sqlite.Insert | postgresql.Insert
    insert = postgresql.insert(DATASET) if dialect == "postgresql" else sqlite.insert(DATASET)
    new = {name: insert.excluded[name] for name in NAMES if name != "did_folded"}
    return insert.on_conflict_do_update(index_elements=["did_folded"], set_=new)


def _boxes(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, float | None]]:
    """Yield the box about the area of each row; without any the bounds are None."""
    areas = [_area(row) for row in rows]
    try:
        boxes = extents(footprints(areas))
    except ValueError:
        name = next(
            row["obs_publisher_did"] for row, area in zip(rows, areas, strict=True) if not _readable(area)
        )
        raise InventoryError(f"{name}: s_region is neither the vertices of a polygon nor a circle") from None
    for box in boxes.reshape(-1, len(BOX)):
        yield dict(zip(BOX, box.tolist() if np.isfinite(box).all() else [None] * len(BOX), strict=True))


def _area(row: Mapping[str, Any]) -> Area:
    return row.get("s_region"), row.get("s_ra"), row.get("s_dec"), row.get("s_fov")


def _readable(area: Area) -> bool:
    try:
        footprints([area])
    except ValueError:
        return False
    return True
