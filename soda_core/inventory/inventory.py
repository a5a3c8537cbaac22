"""The inventory: which datasets there are, by publisher DID."""

from __future__ import annotations

import weakref
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from soda_core.dali import NotFoundError, shown
from soda_core.settings import TAP

from . import record as writing
from .bulk import indexes_last
from .compare import among, folded, storable
from .dataset import Dataset
from .distinct import distinct
from .engine import open_engines
from .errors import InventoryError
from .migrations import upgrade
from .scan import Scan, Work, scan
from .search import search
from .tables import DATASET, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from soda_core.settings import Settings

    from .query import Query

__all__ = ["Inventory"]

AT_ONCE = 10_000
"""Identifiers that one statement looks up."""


class Inventory:
    """The datasets of one deployment, in a database.

    *place* is an address of SQLAlchemy, or the path of an SQLite file.
    Raises `InventoryError` if it cannot be opened.
    """

    place = "key"
    """The column that tells where a file is."""

    def __init__(self, place: str) -> None:
        if place.startswith(TAP):
            raise InventoryError("the inventory belongs to a TAP service: nothing can be recorded in it")
        try:
            self._engine, self._reader = open_engines(place)
        except (SQLAlchemyError, ImportError) as error:  # ImportError: the driver is not installed
            raise InventoryError(f"the inventory cannot be opened: {_cause(error)}") from error
        for engine in (self._engine, self._reader):
            weakref.finalize(self, engine.dispose).atexit = False  # nobody may have closed it
        try:
            upgrade(self._engine)
        except SQLAlchemyError as error:
            self.close()
            raise InventoryError(f"the inventory cannot be opened: {_cause(error)}") from error
        except InventoryError:
            self.close()
            raise

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
            with self._engine.begin() as connection:
                writing.complete(connection)
        except SQLAlchemyError as error:
            raise InventoryError(f"the inventory cannot be written: {_cause(error)}") from error
        return sum(done, start=Scan())

    def record(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, or replace those with the same identifier; a column that a row lacks is null.

        All are written, or none. Raises `InventoryError` if they cannot be.
        """
        try:
            with self._engine.begin() as connection:
                writing.record(connection, rows)
        except SQLAlchemyError as error:
            raise InventoryError(f"the inventory cannot be written: {_cause(error)}") from error

    def fill(self, batches: Iterable[Sequence[Mapping[str, Any]]]) -> None:
        """Add or replace very many rows; where there are none yet, the indexes are made at the end.

        All are written, or none. Raises `InventoryError` if they cannot be.
        """
        try:
            with self._engine.begin() as connection:
                with indexes_last(connection):
                    for rows in batches:
                        writing.record(connection, rows)
                of_both = (DATASET.c.obs_collection == SKIPPED.c.obs_collection) & (
                    DATASET.c.key == SKIPPED.c.key
                )
                connection.execute(delete(SKIPPED).where(select(DATASET.c.number).where(of_both).exists()))
        except SQLAlchemyError as error:
            raise InventoryError(f"the inventory cannot be written: {_cause(error)}") from error

    def forget(self, dids: Iterable[str]) -> None:
        """Remove datasets by their identifiers; raises `InventoryError` if that cannot be written."""
        try:
            with self._engine.begin() as connection:
                writing.forget(connection, list(dids))
        except SQLAlchemyError as error:
            raise InventoryError(f"the inventory cannot be written: {_cause(error)}") from error

    def tidy(self) -> None:
        """Let the database count what its indexes hold, after much was written."""
        with self._engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("ANALYZE")

    def search(
        self, query: Query, columns: Sequence[str], limit: int | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the *columns* of rows that fulfil *query*, in the order in which they were first recorded.

        Rows are read as they are taken; leaving the iterator lets go of the database.
        """
        return chain.from_iterable(search(self._reader, query, columns, limit))

    def values(self, column: str, limit: int) -> tuple[Any, ...]:
        """Return the first *limit* values of a column that occur, sorted; the column should have an index."""
        with self._reader.connect() as connection:
            return distinct(connection, DATASET.c[column], limit)

    def limits(self, columns: Sequence[str]) -> dict[str, tuple[Any, Any]]:
        """Return the lowest and the highest value of those *columns* that have any."""
        ends = [end(DATASET.c[name]) for end in (func.min, func.max) for name in columns]
        with self._reader.connect() as connection:
            row = tuple(connection.execute(select(*ends)).one()) if columns else ()
        pairs = zip(columns, row[: len(columns)], row[len(columns) :], strict=True)
        return {name: (low, high) for name, low, high in pairs if low is not None}

    def found(self, dids: Iterable[str]) -> dict[str, Dataset]:
        """Return the datasets there are among *dids*, by the identifier without case."""
        wanted = storable(dict.fromkeys(map(folded, dids)))
        found: dict[str, Dataset] = {}
        with self._reader.connect() as connection:
            for start in range(0, len(wanted), AT_ONCE):
                some = among(DATASET.c.did_folded, wanted[start : start + AT_ONCE], connection.dialect.name)
                for row in connection.execute(select(DATASET).where(some)).mappings():
                    found[row["did_folded"]] = Dataset.from_row(dict(row))
        return found

    def dataset(self, did: str) -> Dataset:
        """Return the dataset of a publisher DID, which is compared without case.

        Raises `NotFoundError` where there is none.
        """
        row = None
        if wanted := storable([folded(did)]):
            with self._reader.connect() as connection:
                query = select(DATASET).where(DATASET.c.did_folded == wanted[0])
                row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"ID={shown(did)}: this service has no such dataset")
        return Dataset.from_row(dict(row))

    def at(self, collection: str, key: str) -> Dataset:
        """Return the dataset of a file, the first one if there are several; raises `NotFoundError`."""
        row = None
        if len(storable([collection, key])) == 2:  # noqa: PLR2004 - both
            where = DATASET.c.key == key, DATASET.c.obs_collection == collection
            with self._reader.connect() as connection:
                query = select(DATASET).where(*where).order_by(DATASET.c.number).limit(1)
                row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"{shown(f'{collection}/{key}')}: this service has no such file")
        return Dataset.from_row(dict(row))

    def was_refused(self, collection: str, key: str) -> bool:
        """Tell whether a file was looked at and could not become a dataset."""
        query = select(SKIPPED.c.key).where(SKIPPED.c.obs_collection == collection, SKIPPED.c.key == key)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def datasets(self, limit: int | None = None) -> Iterator[Dataset]:
        """Yield the datasets in the order of their identifiers."""
        query = select(DATASET).order_by(DATASET.c.did_folded).limit(limit)
        with self._reader.connect() as connection:
            rows = connection.execution_options(yield_per=1000).execute(query)
            for row in rows.mappings():
                yield Dataset.from_row(dict(row))

    def count(self) -> int:
        """Return how many datasets there are; raises an error of SQLAlchemy if the database is away."""
        with self._reader.connect() as connection:
            return connection.execute(select(func.count()).select_from(DATASET)).scalar_one()

    def check(self) -> None:
        """Raise an error of SQLAlchemy if the database is away."""
        with self._reader.connect() as connection:
            connection.execute(select(DATASET.c.number).limit(1))

    def close(self) -> None:
        """Let go of all connections."""
        self._reader.dispose()
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """The database."""
        return self._engine


def _cause(error: Exception) -> str:
    """Return what the driver says, without the statement and the address, which may hold a password."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
