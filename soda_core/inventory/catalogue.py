"""What the services need of an inventory, whoever keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from soda_core.settings import TAP

from .facade import Facade
from .inventory import Inventory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from soda_core.settings import Settings

    from .dataset import Dataset
    from .query import Query
    from .scan import Scan, Work

__all__ = ["Catalogue", "open_catalogue"]


class Catalogue(Protocol):
    """The datasets of one deployment."""

    @property
    def place(self) -> str:
        """The column that tells where a file is: its key in the collection, or its address."""
        ...

    def refresh(self, settings: Settings, work: Work | None = None) -> Scan:
        """Bring it up to date with the folders of all collections."""
        ...

    def search(
        self, query: Query, columns: Sequence[str], limit: int | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the *columns* of rows that fulfil *query*."""
        ...

    def values(self, column: str, limit: int) -> tuple[Any, ...]:
        """Return values of a column, sorted."""
        ...

    def limits(self, columns: Sequence[str]) -> Mapping[str, tuple[Any, Any]]:
        """Return lowest and highest value of those *columns* that are in use, None where not known."""
        ...

    def found(self, dids: Iterable[str]) -> dict[str, Dataset]:
        """Return the datasets there are among *dids*, by the identifier without case."""
        ...

    def dataset(self, did: str) -> Dataset:
        """Return the dataset of a publisher DID; raises `NotFoundError`."""
        ...

    def at(self, collection: str, key: str) -> Dataset:
        """Return the dataset of a file; raises `NotFoundError`."""
        ...

    def was_refused(self, collection: str, key: str) -> bool:
        """Tell whether a file was looked at and could not become a dataset."""
        ...

    def datasets(self, limit: int | None = None) -> Iterator[Dataset]:
        """Yield the datasets in the order of their identifiers."""
        ...

    def count(self) -> int:
        """Return how many datasets there are."""
        ...

    def check(self) -> None:
        """Raise an error if it does not answer."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...


def open_catalogue(settings: Settings) -> Catalogue:
    """Open what the settings name: a database, or the table behind a TAP service."""
    return Facade(settings) if settings.inventory.startswith(TAP) else Inventory(settings.inventory_place)
