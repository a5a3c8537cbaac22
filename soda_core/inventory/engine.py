"""How the database is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

__all__ = ["AS_THEY_ARE", "open_engines"]

AS_THEY_ARE: Mapping[str, bool] = {"binary": True}
"""Execution options of a statement whose numbers the database need not turn into text."""

PRAGMAS = (
    "busy_timeout=10000",
    "journal_mode=WAL",  # several processes read while one writes
    "synchronous=NORMAL",  # a loss of power may cost the last rows, which a scan finds again
    "mmap_size=1073741824",
    "cache_size=-16384",  # kibibytes, for each connection
    "temp_store=MEMORY",
)


def open_engines(place: str) -> tuple[Engine, Engine]:
    """Return the database at *place*, to write and to read; they may be the same."""
    url = make_url(place) if "://" in place else URL.create("sqlite", database=place)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    writer = create_engine(url)
    if url.get_backend_name() == "postgresql":
        event.listen(writer, "before_cursor_execute", _numbers)
    if url.get_backend_name() != "sqlite":
        return writer, writer
    event.listen(writer, "connect", _set(PRAGMAS))
    if not url.database or url.database == ":memory:":  # it lives as long as its connection
        return writer, writer
    reader = create_engine(url)
    event.listen(reader, "connect", _set((*PRAGMAS, "query_only=ON")))
    return writer, reader


def _numbers(_connection: Connection, cursor: Any, *given: Any) -> None:  # noqa: ANN401 - a cursor of the driver
    """Let PostgreSQL send numbers as they are, if asked to: with text both sides work for a long time."""
    context = given[2]
    if context.execution_options.get("binary"):
        cursor.format = type(cursor.format).BINARY


def _set(pragmas: tuple[str, ...]) -> Callable[[Any, object], None]:
    """Return what sets up a connection of SQLite."""

    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return connected
