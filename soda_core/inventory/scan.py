"""Look through a folder and bring its rows up to date."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from soda_core.cutout import UnreadableFile
from soda_core.storage import Posix, StorageError

from .dataset import row_of
from .tables import DATASET, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine

    from soda_core.settings import Collection

__all__ = ["Scan", "scan"]

SUFFIXES = (".fits", ".fit", ".fts", ".fits.gz", ".fit.gz", ".fts.gz", ".fits.fz", ".fits.bz2", ".fz")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look through the folders found: datasets, how many of them are new, and files left out with a reason."""

    datasets: int = 0
    fresh: int = 0
    skipped: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Scan) -> Scan:
        return Scan(self.datasets + other.datasets, self.fresh + other.fresh, self.skipped + other.skipped)


def scan(engine: Engine, authority: str, collection: Collection) -> Scan:
    """Bring the rows of one collection up to date; a bad file is left out with its reason."""
    found = {path.relative_to(collection.folder).as_posix(): path for path in _files(collection.folder)}
    with engine.begin() as connection:
        known = _stamps(connection, collection.name)
        stale = [key for key in known if key not in found or known[key] != _stamp(found[key])]
        _forget(connection, collection.name, stale)
        fresh = [key for key in found if key not in known or key in stale]
        for key in fresh:
            _read(connection, authority, collection, found[key])
        query = select(SKIPPED.c.key, SKIPPED.c.reason).where(SKIPPED.c.obs_collection == collection.name)
        skipped = tuple((key, reason) for key, reason in connection.execute(query))
    return Scan(len(found) - len(skipped), len(fresh), skipped)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the FITS files below *folder*, hidden ones left out; what lies outside it is not followed."""
    inside = Posix(folder)
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if (
                not name.startswith(".")
                and name.lower().endswith(SUFFIXES)
                and _is_inside(inside, folder, path)
            ):
                yield path


def _is_inside(inside: Posix, folder: Path, path: Path) -> bool:
    """Tell whether the storage would hand out this file."""
    try:
        inside.find(path.relative_to(folder).as_posix())
    except StorageError:
        return False
    return True


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _stamps(connection: Connection, collection: str) -> Mapping[str, tuple[int, int]]:
    """Return time of change and size of all files that have been looked at, by key."""
    stamps: dict[str, tuple[int, int]] = {}
    for table in (DATASET, SKIPPED):
        query = select(table.c.key, table.c.mtime_ns, table.c.size).where(
            table.c.obs_collection == collection
        )
        stamps |= {key: (mtime_ns, size) for key, mtime_ns, size in connection.execute(query)}
    return stamps


def _forget(connection: Connection, collection: str, keys: list[str]) -> None:
    """Remove the rows of files that are gone or have changed."""
    for table in (DATASET, SKIPPED):
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            connection.execute(
                delete(table).where(table.c.obs_collection == collection, table.c.key.in_(some))
            )


def _read(connection: Connection, authority: str, collection: Collection, path: Path) -> None:
    """Record one file, or why it cannot be used."""
    try:
        row = row_of(authority, collection, path)
    except UnreadableFile as error:
        mtime_ns, size = _stamp(path)
        key = path.relative_to(collection.folder).as_posix()
        values = {"obs_collection": collection.name, "key": key, "mtime_ns": mtime_ns, "size": size}
        connection.execute(insert(SKIPPED).values(**values, reason=str(error)))
    else:
        connection.execute(insert(DATASET).values(**row))
