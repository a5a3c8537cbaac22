"""Write rows of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

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

MANY = 10_000
"""Rows that are written at once."""

NAMES = tuple(column.name for column in DATASET.columns if column.name != "number")
GIVEN = NAMES[1 + len(BOX) :]
"""The columns behind the identifier as compared and the box, which are worked out here."""

Values: TypeAlias = "tuple[Any, ...]"
"""The columns of one row, in the order of `NAMES`."""


def record(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, or replace those with the same identifier; a column that a row lacks is null."""
    write = _copied if connection.dialect.name == "postgresql" else _upserted
    for start in range(0, len(rows), MANY):
        some = rows[start : start + MANY]
        full = {
            (did := folded(row["obs_publisher_did"])): (did, *box, *map(row.get, GIVEN))
            for row, box in zip(some, _boxes(some), strict=True)
        }
        write(connection, list(full.values()))


def _upserted(connection: Connection, rows: Sequence[Values]) -> None:
    """Write rows one by one, past SQLAlchemy, whose parameters take longer than all else in Python."""
    statement = _upsert(sqlite.insert(DATASET).values({name: bindparam(name) for name in NAMES}))
    connection.exec_driver_sql(str(statement.compile(dialect=connection.dialect)), list(rows))


def _copied(connection: Connection, rows: Sequence[Values]) -> None:
    """Write rows of different identifiers by COPY into a table that lasts as long as the transaction."""
    come = Table("incoming", MetaData(), *(Column(name, DATASET.c[name].type) for name in NAMES))
    if connection.exec_driver_sql("SELECT to_regclass('pg_temp.incoming')").scalar_one() is None:
        empty = select(*(DATASET.c[name] for name in NAMES)).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS {empty} WITH NO DATA")
    else:
        connection.exec_driver_sql("TRUNCATE incoming")
    columns = ", ".join(f'"{name}"' for name in NAMES)
    driver: Any = connection.connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except driver.dbapi_connection.Error as error:
        raise InventoryError(f"the inventory cannot be written: {error!s}".partition("\n")[0]) from None
    connection.execute(_upsert(postgresql.insert(DATASET).from_select(NAMES, select(come))))


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
    boxes = zip(rows, _boxes(rows), strict=True)
    given = [{"row": row["number"], **dict(zip(BOX, box, strict=True))} for row, box in boxes]
    if given:
        connection.execute(statement, given)


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    """Let a statement that adds rows replace those that are there."""
    new = {name: insert.excluded[name] for name in NAMES if name != "did_folded"}
    return insert.on_conflict_do_update(index_elements=["did_folded"], set_=new)


def _boxes(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[float | None]]:
    """Yield the box about the area of each row; without any the bounds are None."""
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        try:
            boxes = extents(footprints([*map(_area, some)])).reshape(-1, len(BOX))
        except ValueError:
            name = next(row["obs_publisher_did"] for row in some if not _readable(_area(row)))
            told = f"{name}: s_region is neither the vertices of a polygon nor a circle"
            raise InventoryError(told) from None
        found = boxes.astype(np.object_)
        found[~np.isfinite(boxes).all(axis=1)] = None
        yield from found.tolist()


def _area(row: Mapping[str, Any]) -> Area:
    return row.get("s_region"), row.get("s_ra"), row.get("s_dec"), row.get("s_fov")


def _readable(area: Area) -> bool:
    try:
        footprints([area])
    except ValueError:
        return False
    return True
