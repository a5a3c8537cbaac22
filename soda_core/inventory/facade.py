"""The ObsCore table of somebody else as the inventory: read through TAP, its files lie here or there."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from soda_core.dali import NotFoundError, ServiceUnavailable, shown
from soda_core.storage import Posix, StorageError

from . import adql
from .areas import AREA, footprints
from .compare import folded
from .dataset import Dataset
from .imports import region
from .scan import Scan, Work
from .tables import OBSCORE
from .tap import Remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from soda_core.settings import Collection, Settings

    from .query import Query

__all__ = ["Facade"]

PAGE = 2000
"""Rows that one query asks for."""

DID, URL = "obs_publisher_did", "access_url"
FITS = "application/fits"

LOOKED_UP = 100
"""Identifiers that one query looks up."""

KEPT = 600.0
"""Seconds for which columns, count and values are kept: others count them for us, which may take long."""


class Facade:
    """The rows behind the `tap:` address of *settings*, by identifier; nothing is written.

    A row belongs to the first collection whose rule fits it, and is a file of its folder.
    Every method raises `ServiceUnavailable` where the service does not answer.
    """

    place = URL
    """The column that tells where the file of a row is fetched."""

    def __init__(self, settings: Settings) -> None:
        self._collections = [one for one in settings.collections if one.rows]
        self._remote = Remote(settings.inventory.partition(":")[2])
        self._kept: dict[str, tuple[float, Any]] = {}
        self._locks: dict[str, Lock] = {}

    def refresh(self, _settings: Settings, _work: Work | None = None) -> Scan:
        """Do nothing: the table is looked after by others."""
        return Scan()

    def search(
        self, query: Query, columns: Sequence[str], limit: int | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the *columns* of rows that fulfil *query*; a region is compared exactly, here."""
        for row in self._rows(query, columns, limit):
            yield tuple(map(row.get, columns))

    def values(self, column: str, limit: int) -> tuple[Any, ...]:
        """Return some values of a column, sorted; none if it takes the service too long to find them."""
        query = adql.select([column], [f"{column} IS NOT NULL"], top=limit, each="DISTINCT")

        def found() -> list[dict[str, Any]]:
            try:
                return self._remote.rows(query, limit)[0]
            except ServiceUnavailable:
                return []

        rows = self._once(query, found)
        return tuple(sorted(row[column] for row in rows if row[column] is not None))

    def limits(self, columns: Sequence[str]) -> Mapping[str, tuple[Any, Any]]:
        """Return the columns that are there; their limits are not asked for, as every row would be read."""
        known = self._columns()
        return {name: (None, None) for name in columns if name in known}

    def found(self, dids: Iterable[str]) -> dict[str, Dataset]:
        """Return the datasets there are among *dids*, by the identifier without case."""
        wanted = list(dict.fromkeys(dids))
        found: dict[str, Dataset] = {}
        for start in range(0, len(wanted), LOOKED_UP):
            spelt = [word for did in wanted[start : start + LOOKED_UP] for word in adql.spellings(did)]
            for row in self._looked_up(adql.equal(DID, spelt), len(spelt)):
                found.setdefault(folded(str(row[DID])), self._dataset(row))
        return found

    def dataset(self, did: str) -> Dataset:
        """Return the dataset of a publisher DID; raises `NotFoundError` where there is none."""
        if (found := self.found([did]).get(folded(did))) is None:
            raise NotFoundError(f"ID={shown(did)}: this service has no such dataset")
        return found

    def at(self, collection: str, key: str) -> Dataset:
        """Return the dataset whose file that is; raises `NotFoundError`."""
        for one in self._collections:
            if one.name == collection and one.rows and (text := one.rows.text_of(key)) is not None:
                for row in self._looked_up(adql.equal(one.rows.column, [text]), 1):
                    return self._dataset(row)
        raise NotFoundError(f"{shown(f'{collection}/{key}')}: this service has no such file")

    def was_refused(self, collection: str, key: str) -> bool:  # noqa: ARG002 - as an inventory of ours
        """Tell that no file is going to be recorded here."""
        return True

    def datasets(self, limit: int | None = None) -> Iterator[Dataset]:
        """Yield the datasets in the order of their identifiers."""
        return map(self._dataset, self._rows((), self._all(), limit))

    def count(self) -> int:
        """Return how many datasets there are, or were a while ago."""
        query = adql.select(["COUNT(*) AS total"], [])
        return int(self._once(query, lambda: self._remote.rows(query, 1)[0][0]["total"]))

    def check(self) -> None:
        """Ask whether the service answers."""
        self._remote.rows(adql.select([DID], [], top=1), 1)

    def close(self) -> None:
        """Let go of all connections."""
        self._remote.close()

    def _rows(self, query: Query, columns: Sequence[str], limit: int | None) -> Iterator[Mapping[str, Any]]:
        """Yield rows page after page, each beginning where the one before ended."""
        known = self._columns()
        if limit is not None and limit <= 0:
            return
        if any(name not in known for condition in query for name in condition.columns):
            return  # nobody has a value there
        shapes = [condition.values for condition in query if condition.match == "region"]
        asked = [name for name in dict.fromkeys([DID, *columns, *(AREA if shapes else ())]) if name in known]
        given, after, left = adql.where(query), "", limit
        while left is None or left > 0:
            most = PAGE if left is None else min(PAGE, left + 1)
            clauses = [*given, *([after] if after else [])]
            page, held_back = self._remote.rows(adql.select(asked, clauses, order=DID, top=most), most)
            page, after = _whole(page, is_last=not held_back and len(page) < most)
            for row in _meeting(page, shapes):
                yield row
                if left is not None and (left := left - 1) == 0:
                    return
            if not after:
                return

    def _looked_up(self, clause: str, most: int) -> list[dict[str, Any]]:
        return self._remote.rows(adql.select(self._all(), [clause], top=most), most)[0]

    def _columns(self) -> frozenset[str]:
        """Return the columns of ObsCore that the table has."""
        query = adql.select(["*"], [], top=1)
        rows = self._once(query, lambda: self._remote.rows(query, 1)[0])
        wanted = {column.name for column in OBSCORE} | {URL}
        return frozenset(wanted & rows[0].keys()) if rows else frozenset()

    def _all(self) -> list[str]:
        return sorted(self._columns())

    def _once(self, key: str, make: Any) -> Any:  # noqa: ANN401 - of any kind
        """Return what was found a while ago, else find it, one caller at a time."""
        with self._locks.setdefault(key, Lock()):
            known = self._kept.get(key)
            if known is None or monotonic() >= known[0]:
                known = self._kept[key] = monotonic() + KEPT, make()
            return known[1]

    def _dataset(self, given: Mapping[str, Any]) -> Dataset:
        """Make a dataset of a row, with the file that a rule of the collections gives it."""
        collection, key, size = self._file(given)
        sizes = [given.get(name) for name in ("s_xel1", "s_xel2", "em_xel")]
        kilobytes = given.get("access_estsize")
        row = dict.fromkeys((column.name for column in OBSCORE), None) | {
            **given,
            "s_region": region(given.get("s_region")),
            "s_fov": given.get("s_fov") or 0.0,
            "obs_title": given.get("obs_title") or str(given[DID]).rpartition("/")[2],
            "access_format": given.get("access_format") if not key else FITS,
            "size": size if key else 1000 * (kilobytes or 0),
            "naxis": " ".join(str(length) for length in sizes if isinstance(length, int) and length > 1),
            "key": key,
            "hdus": None,
        }
        return Dataset.from_row(row | {"obs_collection": collection or given.get("obs_collection") or ""})

    def _file(self, row: Mapping[str, Any]) -> tuple[str, str, int]:
        """Return collection, key and size of the file of a row; all empty if none of ours is."""
        for one in self._collections:
            if one.rows and (key := one.rows.key_of(row.get(one.rows.column))):
                return one.name, key, _size(one, key)
        return "", "", 0


def _size(collection: Collection, key: str) -> int:
    try:
        return Posix(collection.folder).find(key).size
    except StorageError:
        return 0


def _whole(page: list[dict[str, Any]], *, is_last: bool) -> tuple[list[dict[str, Any]], str]:
    """Return the rows that are sure to be complete, and the clause of what comes after them.

    Rows may share an identifier: those of the last one of a page wait for the next page.
    """
    known = [row for row in page if row[DID] is not None]
    if is_last or not known:
        return known, ""
    last = known[-1][DID]
    before = [row for row in known if row[DID] != last]
    return before or known, f"{DID} {'>=' if before else '>'} {adql.quoted(str(last))}"


def _meeting(
    rows: Sequence[Mapping[str, Any]], shapes: Sequence[tuple[Any, ...]]
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows whose area meets one of each *shapes*."""
    if not shapes or not rows:
        yield from rows
        return
    areas = footprints([_area(row) for row in rows])
    met = np.ones(len(rows), dtype=np.bool_)
    for some in shapes:
        met &= np.any([areas.meets(shape) for shape in some], axis=0)
    for index in np.flatnonzero(met).tolist():
        yield rows[index]


def _area(row: Mapping[str, Any]) -> tuple[str | None, float | None, float | None, float | None]:
    values = [row.get(name) for name in AREA[1:]]
    lon, lat, fov = (None if value is None else float(value) for value in values)
    return region(row.get("s_region")), lon, lat, fov
