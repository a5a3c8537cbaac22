"""Many rows at once: indexes are made when all rows are there, which takes a fraction of the time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from .extent import TREES
from .tables import DATASET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["indexes_last"]

KNOWN = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'dataset' "
    "AND type IN ('index', 'trigger') AND sql IS NOT NULL",
    "postgresql": "SELECT 'index', indexname, indexdef FROM pg_indexes "
    "WHERE tablename = 'dataset' AND schemaname = current_schema() AND indexdef NOT LIKE 'CREATE UNIQUE%'",
}
"""What asks for the kind, the name and the definition of all that is kept in step with each row."""


@contextmanager
def indexes_last(connection: Connection) -> Iterator[None]:
    """Let the block fill an empty table without its indexes; others wait, or see it empty, until the end.

    A table with rows is left as it is. All is one transaction: nothing is lost if it is not finished.
    """
    if connection.execute(select(DATASET.c.number).limit(1)).first() is not None:
        yield
        return
    dialect = connection.dialect.name
    if dialect == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver begins by itself with the first row only
    made = [tuple(row) for row in connection.execute(text(KNOWN[dialect]))]
    for kind, name, _ in made:
        connection.exec_driver_sql(f'DROP {kind} "{name}"')
    yield
    if dialect == "sqlite":
        _plant(connection)
    for _, _, definition in made:
        connection.exec_driver_sql(definition)


def _plant(connection: Connection) -> None:
    """Fill the R*Trees, as the triggers do row by row."""
    for tree in TREES.values():
        number, *columns = (column.name for column in tree.columns)
        pairs = zip(columns[::2], columns[1::2], strict=True)
        values = ", ".join(f"min({low}, {high}), max({low}, {high})" for low, high in pairs)
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        connection.exec_driver_sql(
            f"INSERT INTO {tree.name} SELECT {number}, {values} FROM dataset WHERE {known}"  # noqa: S608 - names of ours
        )
