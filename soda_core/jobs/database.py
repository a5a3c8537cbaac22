"""The database of the jobs: opened, its tables made, its transactions begun."""

from __future__ import annotations

import threading
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine, event, insert, inspect, make_url, select, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.schema import CreateIndex, CreateTable

from .errors import JobStoreAway, JobStoreError
from .tables import GATE, METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy import Connection, Engine

__all__ = ["Database"]

WRITES = "sodalite_writes"

PATIENT = 5
"""Seconds in which a server of databases must take a connection."""

LOCKED = 20
"""Seconds that others may keep the database to themselves."""

BOUNDS = f"-c idle_in_transaction_session_timeout=5s -c lock_timeout={LOCKED}s"
"""A process that is stopped within a step must not stop all others: PostgreSQL ends its transaction."""


class Database:
    """Where the rows are; *place* is an address of SQLAlchemy or the path of an SQLite file.

    Raises `JobStoreError` if it cannot be opened.
    """

    def __init__(self, place: str) -> None:
        try:
            self._turn = threading.Lock()
            self._engine = _opened(place)
            weakref.finalize(self, self._engine.dispose).atexit = False  # nobody may have closed it
            self._reader = self._engine
            if self._engine.dialect.name != "sqlite":
                self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
            self._prepare()
        except (SQLAlchemyError, ImportError) as error:  # ImportError: the driver is not installed
            raise JobStoreError(f"the job store cannot be opened: {_cause(error)}") from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database; raises `JobStoreAway`."""
        with _told(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together, or not at all; raises `JobStoreAway`."""
        with self._my_turn(), _told(), self._engine.connect() as opened:
            connection = opened.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def gated(self, name: str) -> Iterator[Connection]:
        """Write as nobody else does under the same name, so that what was counted stays true."""
        with self.writing() as connection:
            connection.execute(update(GATE).where(GATE.c.name == name).values(passed=GATE.c.passed + 1))
            yield connection

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """Let the threads of this process wait for each other where only one can write.

        SQLite itself would let them sleep, ever longer, and whoever comes by chance is first.
        """
        if self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=LOCKED):
            raise JobStoreAway("the database is locked")
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _prepare(self) -> None:
        """Make what is missing; another process may be doing the same, which is seen in the second round."""
        try:
            self._make()
        except (IntegrityError, ProgrammingError):
            self._make()

    def _make(self) -> None:
        with self.writing() as connection:
            for table in METADATA.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                found = {column["name"] for column in inspect(connection).get_columns(table.name)}
                if found != set(table.columns.keys()):
                    raise JobStoreError(
                        f"the job store was made by another version: the columns of {table.name!r}"
                    )
                there = {index["name"] for index in inspect(connection).get_indexes(table.name)}
                for index in table.indexes:
                    if index.name not in there:  # to ask for it would wait for all who write
                        connection.execute(CreateIndex(index, if_not_exists=True))
            known = set(connection.execute(select(GATE.c.name)).scalars())
            if missing := {"claim", "accept", "sweep"} - known:
                connection.execute(insert(GATE), [{"name": name, "passed": 0} for name in sorted(missing)])


@contextmanager
def _told() -> Iterator[None]:
    """Tell an error of this database from those of others."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise JobStoreAway(_cause(error)) from error


def _opened(place: str) -> Engine:
    """Return an engine whose transactions neither see half of a step nor hold up others for long."""
    address = make_url(place) if "://" in place else URL.create("sqlite", database=place)
    if address.get_backend_name() == "postgresql":
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        bounds = {"connect_timeout": PATIENT, "options": BOUNDS}
        return create_engine(address, pool_pre_ping=True, connect_args=bounds)
    engine = create_engine(address, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _share_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _cause(error: Exception) -> str:
    """Return what the driver says, without the statement and the address, which may hold a password."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _share_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
    """Let several processes read while one writes; each commit survives a loss of power."""
    connection.isolation_level = None  # the transactions are begun below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={1000 * LOCKED}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the lock of a writer at once: it cannot be had later by who has read an older state."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
