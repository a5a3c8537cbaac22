"""The archive behind the services: what there is, where it lies, whether it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sqlalchemy.exc import SQLAlchemyError

from soda_core.dali import AuthorizationError, NotFoundError, ServiceUnavailable, shown
from soda_core.inventory import is_candidate, open_catalogue, publisher_did
from soda_core.storage import MAPS, Posix, StorageError

from .recent import Recent
from .rights import is_public, released

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from soda_core.inventory import Catalogue, Dataset, Scan, Work
    from soda_core.settings import Settings

__all__ = ["Archive", "Located"]


REMEMBERED = 10_000
"""Datasets whose place is remembered."""

LASTS = 2.0
"""Seconds for which it is: so long a row that changed may go unnoticed."""


@dataclass(frozen=True, slots=True)
class Located:
    """A dataset and the file that it lies in."""

    dataset: Dataset
    path: Path


@dataclass(frozen=True, slots=True)
class Archive:
    """One deployment: its settings, its inventory and its folders."""

    settings: Settings
    inventory: Catalogue
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    recent: Recent[Located] = field(default_factory=lambda: Recent(REMEMBERED, LASTS), repr=False)

    @classmethod
    def open(cls, settings: Settings) -> Archive:
        """Connect to the inventory; its rows are as the last `refresh` left them."""
        MAPS.limit = settings.map_megabytes * 1_000_000
        return cls(settings, open_catalogue(settings))

    def refresh(self, work: Work | None = None) -> Scan:
        """Bring the inventory up to date with the folders."""
        return self.inventory.refresh(self.settings, work)

    def dataset(self, did: str) -> Dataset:
        """Return the dataset of a publisher DID.

        Raises `NotFoundError`, or `ServiceUnavailable` for a file that is there and was not looked at yet.
        """
        try:
            return self.inventory.dataset(did)
        except NotFoundError:
            if self._is_new(did):
                raise ServiceUnavailable(f"ID={shown(did)}: this dataset is not loaded yet") from None
            raise

    def datasets(self, limit: int | None = None) -> Iterator[Dataset]:
        """Yield datasets in the order of their identifiers."""
        return self.inventory.datasets(limit)

    def located(self, did: str) -> Located:
        """Look up the dataset of a publisher DID and its file, and remember them; raises `NotFoundError`."""
        dataset = self.dataset(did)
        found = Located(dataset, self.path(dataset))
        self.recent.put(did, found)
        return found

    def path(self, dataset: Dataset) -> Path:
        """Return the file of *dataset*.

        Raises `NotFoundError` if it has gone since it was recorded, or was never here, and
        `AuthorizationError` if not everybody may have it.
        """
        self._permit(dataset)
        if not dataset.key:
            raise NotFoundError(f"ID={dataset.did!r}: the file of this dataset lies with another service")
        try:
            return self._storage(dataset.collection).find(dataset.key).path
        except StorageError:
            raise NotFoundError(f"ID={dataset.did!r}: the file of this dataset is gone") from None

    def troubles(self) -> tuple[str, ...]:
        """Ask inventory and storage whether they answer; one sentence for each that does not."""
        return tuple(self._inventory_troubles()) + tuple(self._storage_troubles())

    def is_kept_back(self, dataset: Dataset) -> bool:
        """Tell whether not everybody may have the file of a dataset."""
        named = {one.name: one.access for one in self.settings.collections}
        return named.get(dataset.collection) != "open" and not is_public(dataset.row)

    def _permit(self, dataset: Dataset) -> None:
        if self.is_kept_back(dataset):
            day = dataset.row["obs_release_date"]
            until = f", but will be on {day}" if day and not released(day) else ""
            raise AuthorizationError(f"ID={dataset.did!r}: this dataset is not public{until}")

    def _is_new(self, did: str) -> bool:
        """Tell whether an identifier means a file that a scan would take and none has seen."""
        for collection in self.settings.collections:
            prefix = publisher_did(self.settings.authority, collection.name, "")
            if not did.casefold().startswith(prefix.casefold()):
                continue
            key = unquote(did[len(prefix) :])
            spelt = publisher_did(self.settings.authority, collection.name, normpath(key))
            if spelt.casefold() != did.casefold() or not is_candidate(key):
                return False
            if self.inventory.was_refused(collection.name, key):
                return False
            try:
                self._storage(collection.name).find(key)
            except StorageError:
                return False
            return True
        return False

    def _storage(self, collection: str) -> Posix:
        for entry in self.settings.collections:
            if entry.name == collection:
                return Posix(entry.folder)
        raise StorageError(f"{collection!r}: there is no such collection")

    def _inventory_troubles(self) -> Iterator[str]:
        try:
            self.inventory.check()
        except (SQLAlchemyError, ServiceUnavailable):
            yield "The inventory does not answer."

    def _storage_troubles(self) -> Iterator[str]:
        for collection in self.settings.collections:
            try:
                next(collection.folder.iterdir(), None)
            except OSError:
                yield f"The storage of the collection {collection.name} does not answer."
