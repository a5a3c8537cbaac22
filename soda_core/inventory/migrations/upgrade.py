"""Bring a database to the layout that this version knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, inspect, select, text
from sqlalchemy.schema import DropTable

from soda_core.inventory.errors import InventoryError
from soda_core.inventory.tables import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["HEAD", "upgrade"]

HEAD = "0002"
"""The newest layout."""

LOCK = 0x50DA117E
"""The number of the lock by which processes that start at once wait for each other in PostgreSQL."""

VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def upgrade(engine: Engine) -> None:
    """Make or change the tables if need be; raises `InventoryError` if the database is newer than we are."""
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with engine.begin() as connection:
        _wait_for_turn(connection)
        version = _version(connection)
        if version is None:
            for (
                table
            ) in METADATA.sorted_tables:  # a layout before the first numbered one: files are read again
                connection.execute(DropTable(table, if_exists=True))
        if version != HEAD:
            _run(connection, version)


def _version(connection: Connection) -> str | None:
    """Return the layout of the database, None if it has none that is numbered."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.execute(select(VERSION.c.version_num)).scalar_one_or_none()


def _wait_for_turn(connection: Connection) -> None:
    """Let one process at a time change the tables; the end of the transaction frees the lock."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _run(connection: Connection, version: str | None) -> None:
    """Run the steps that lead from *version* to the newest layout."""
    # Alembic takes long to import, and is needed once in the life of a database only.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise InventoryError(f"the inventory has the layout {version} of a newer version of this software")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
