"""The inventory: which datasets there are, by publisher DID."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import URL, Engine, create_engine, delete, event, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

from soda_core.dali import NotFoundError, shown

from .dataset import Dataset
from .errors import InventoryError
from .scan import Scan, Work, scan
from .tables import DATASET, METADATA, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy import Connection

    from soda_core.settings import Settings

__all__ = ["Inventory"]


class Inventory:
    """The datasets of one deployment, in a database.

    *place* is an address of SQLAlchemy, or the path of an SQLite file.
    Raises `InventoryError` if it cannot be opened.
    """

    def __init__(self, place: str) -> None:
        try:
            self._engine = create_engine(place if "://" in place else URL.create("sqlite", database=place))
            if self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _share_sqlite)
            with self._engine.begin() as connection:
                _prepare(connection)
        except (SQLAlchemyError, ImportError) as error:  # ImportError: the driver is not installed
            raise InventoryError(f"the inventory cannot be opened: {_cause(error)}") from error

    def refresh(self, settings: Settings, work: Work | None = None) -> Scan:
        """Look through the folders of all collections; read what is new or changed, forget what is gone.

        Raises `InventoryError` if the result cannot be written.
        """
        work = work or Work()
        names = [collection.name for collection in settings.collections]
        try:
            with self._engine.begin() as connection:
                for table in (DATASET, SKIPPED):
                    connection.execute(delete(table).where(table.c.obs_collection.not_in(names)))
            done = [
                scan(self._engine, settings.authority, collection, work)
                for collection in settings.collections
                if not work.below or collection.name in work.below
            ]
        except SQLAlchemyError as error:
            raise InventoryError(f"the inventory cannot be written: {_cause(error)}") from error
        return sum(done, start=Scan())

    def dataset(self, did: str) -> Dataset:
        """Return the dataset of a publisher DID, which is compared without case.

        Raises `NotFoundError` where there is none.
        """
        with self._engine.connect() as connection:
            query = select(DATASET).where(DATASET.c.did_folded == did.casefold())
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"ID={shown(did)}: this service has no such dataset")
        return Dataset.from_row(dict(row))

    def datasets(self, limit: int | None = None) -> Iterator[Dataset]:
        """Yield the datasets in the order of their identifiers."""
        query = select(DATASET).order_by(DATASET.c.did_folded).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        yield from (Dataset.from_row(dict(row)) for row in rows)

    def count(self) -> int:
        """Return how many datasets there are; raises an error of SQLAlchemy if the database is away."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(DATASET)).scalar_one()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """The database."""
        return self._engine


def _prepare(connection: Connection) -> None:
    """Make the tables; those of an older version are made anew, the next scan fills them."""
    for table in METADATA.sorted_tables:
        known = inspect(connection)
        if known.has_table(table.name):
            columns = {column["name"] for column in known.get_columns(table.name)}
            if columns == set(table.columns.keys()):
                continue
            connection.execute(DropTable(table, if_exists=True))
        connection.execute(CreateTable(table, if_not_exists=True))  # another process may be doing the same
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _cause(error: Exception) -> str:
    """Return what the driver says, without the statement and the address, which may hold a password."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _share_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
    """Let several processes read while one writes."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()
