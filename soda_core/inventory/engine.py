"""How the database is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["open_engines"]

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
    if url.get_backend_name() != "sqlite":
        return writer, writer
    event.listen(writer, "connect", _set(PRAGMAS))
    if not url.database or url.database == ":memory:":  # it lives as long as its connection
        return writer, writer
    reader = create_engine(url)
    event.listen(reader, "connect", _set((*PRAGMAS, "query_only=ON")))
    return writer, reader


def _set(pragmas: tuple[str, ...]) -> Callable[[Any, object], None]:
    """Return what sets up a connection of SQLite."""

    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return connected
