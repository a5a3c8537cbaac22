"""Write rows of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Column, MetaData, Table, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from soda_core.sky import extents

from .areas import AREA, footprints
from .compare import among, folded
from .errors import InventoryError
from .tables import BOX, DATASET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from .areas import Area

__all__ = ["complete", "forget", "record"]

BATCH = 1000
"""Rows whose footprints are worked on at once."""

NAMES = tuple(column.name for column in DATASET.columns if column.name != "number")


def record(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, or replace those with the same identifier; a column that a row lacks is null."""
    write = _copied if connection.dialect.name == "postgresql" else _upserted
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        full = {
            (did := folded(row["obs_publisher_did"])): {**row, **box, "did_folded": did}
            for row, box in zip(some, _boxes(some), strict=True)
        }
        write(connection, list(full.values()))


def _upserted(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows one by one, past SQLAlchemy, whose parameters take longer than all else in Python."""
    statement = _upsert(sqlite.insert(DATASET).values({name: bindparam(name) for name in NAMES}))
    compiled = statement.compile(dialect=connection.dialect)
    order = compiled.positiontup or NAMES
    connection.exec_driver_sql(str(compiled), [tuple(map(row.get, order)) for row in rows])


def _copied(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of different identifiers by COPY into a table that lasts as long as the transaction."""
    come = Table("incoming", MetaData(), *(Column(name, DATASET.c[name].type) for name in NAMES))
    empty = select(*(DATASET.c[name] for name in NAMES)).compile(dialect=connection.dialect)
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS incoming ON COMMIT DROP AS {empty} WITH NO DATA"
    )
    columns = ", ".join(f'"{name}"' for name in NAMES)
    driver: Any = connection.connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(tuple(map(row.get, NAMES)))
    except driver.dbapi_connection.Error as error:
        raise InventoryError(f"the inventory cannot be written: {error!s}".partition("\n")[0]) from None
    connection.execute(_upsert(postgresql.insert(DATASET).from_select(NAMES, select(come))))
    connection.exec_driver_sql("TRUNCATE incoming")


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


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    """Let a statement that adds rows replace those that are there."""
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
