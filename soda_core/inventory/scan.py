"""Look through a folder and bring its rows up to date."""

from __future__ import annotations

import logging
import os
import unicodedata
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import delete, insert, select

from soda_core.cutout import UnreadableFile
from soda_core.storage import Posix, StorageError

from .dataset import publisher_did, row_of
from .tables import DATASET, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine, Table

    from soda_core.settings import Collection

__all__ = ["Scan", "is_candidate", "scan"]

logger = logging.getLogger(__name__)

SUFFIXES = (".fz", *map("".join, product((".fits", ".fit", ".fts"), ("", ".gz", ".bz2", ".xz"))))
BATCH = 100
"""Files whose headers are read before their rows are written; nobody waits for the database meanwhile."""

Stamp: TypeAlias = tuple[int, int]
"""Time of change in nanoseconds since 1970, size in bytes."""

Row: TypeAlias = tuple["Table", dict[str, object]]


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look through the folders found: datasets, how many are new, and files left out with a reason."""

    datasets: int = 0
    fresh: int = 0
    skipped: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Scan) -> Scan:
        return Scan(self.datasets + other.datasets, self.fresh + other.fresh, self.skipped + other.skipped)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as the scan met it."""

    key: str
    path: Path
    stamp: Stamp


class _Look:
    """The FITS files below the folder of a collection, and what cannot become a dataset whatever is in it."""

    def __init__(self, authority: str, collection: Collection) -> None:
        self.authority, self.collection = authority, collection
        self.found: dict[str, _File] = {}
        self.refused: list[tuple[str, str]] = []
        taken: dict[str, str] = {}
        for file in self._files():
            first = taken.setdefault(self.did(file.key).casefold(), file.key)
            if first == file.key:
                self.found[file.key] = file
            else:
                self.refused.append((file.key, f"its name differs from {first!r} in case only"))

    def did(self, key: str) -> str:
        """Return the identifier of a file."""
        return publisher_did(self.authority, self.collection.name, key)

    def _files(self) -> Iterator[_File]:
        """Yield the files in the order of their names, hidden ones left out."""
        folder = self.collection.folder
        inside = Posix(folder)
        for place, folders, names in os.walk(folder, onerror=self._refuse_folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                    yield from self._file(inside, Path(place) / name)

    def _file(self, inside: Posix, path: Path) -> Iterator[_File]:
        """Yield the file at *path* if the storage would hand it out."""
        key = path.relative_to(self.collection.folder).as_posix()
        if (plain := _printable(key)) != key:
            self.refused.append((plain, "its name is not UTF-8 text without control characters"))
            return
        try:
            inside.find(key)
            status = path.stat()
        except (StorageError, OSError):  # a link that leads out, or a file that went while we looked
            return
        yield _File(key, path, (status.st_mtime_ns, status.st_size))

    def _refuse_folder(self, error: OSError) -> None:
        """Note a folder that cannot be looked into."""
        key = os.path.relpath(error.filename, self.collection.folder)
        self.refused.append((_printable(key), f"the folder cannot be read: {error.strerror}"))


def scan(engine: Engine, authority: str, collection: Collection) -> Scan:
    """Bring the rows of one collection up to date; a bad file is left out with its reason."""
    look = _Look(authority, collection)
    with engine.begin() as connection:
        known = _stamps(connection, look)
        _forget(connection, collection.name, [key for key in known if key not in look.found])
    fresh = [file for file in look.found.values() if known.get(file.key) != file.stamp]
    for start in range(0, len(fresh), BATCH):
        some = fresh[start : start + BATCH]
        rows = [_row(look, file) for file in some]
        with engine.begin() as connection:
            _forget(connection, collection.name, [file.key for file in some])
            for table, values in rows:
                connection.execute(insert(table).values(**values))
    with engine.connect() as connection:
        query = select(SKIPPED.c.key, SKIPPED.c.reason).where(SKIPPED.c.obs_collection == collection.name)
        skipped = tuple((key, reason) for key, reason in connection.execute(query.order_by(SKIPPED.c.key)))
    return Scan(len(look.found) - len(skipped), len(fresh), skipped + tuple(look.refused))


def is_candidate(key: str) -> bool:
    """Tell whether a scan would look at the file of *key*: FITS by its name, nothing of it hidden."""
    return key.lower().endswith(SUFFIXES) and not any(step.startswith(".") for step in key.split("/"))


def _printable(name: str) -> str:
    """Return *name* with escapes for what neither XML nor a terminal can show."""
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in {"Cc", "Cs", "Cn"} else c for c in name)


def _stamps(connection: Connection, look: _Look) -> Mapping[str, Stamp | None]:
    """Return the stamps of all files looked at before, None for one whose identifier is another now."""
    name = look.collection.name
    stamps: dict[str, Stamp | None] = {}
    query = select(SKIPPED.c.key, SKIPPED.c.mtime_ns, SKIPPED.c.size).where(SKIPPED.c.obs_collection == name)
    for key, mtime_ns, size in connection.execute(query):
        stamps[key] = mtime_ns, size
    columns = (DATASET.c.key, DATASET.c.obs_publisher_did, DATASET.c.mtime_ns, DATASET.c.size)
    for key, did, mtime_ns, size in connection.execute(
        select(*columns).where(DATASET.c.obs_collection == name)
    ):
        stamps[key] = (mtime_ns, size) if did == look.did(key) else None
    return stamps


def _forget(connection: Connection, collection: str, keys: Sequence[str]) -> None:
    """Remove the rows of files that are gone or are recorded anew."""
    for table in (DATASET, SKIPPED):
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            connection.execute(
                delete(table).where(table.c.obs_collection == collection, table.c.key.in_(some))
            )


def _row(look: _Look, file: _File) -> Row:
    """Read one file; return its row, or one that tells why it cannot be used."""
    stamp: dict[str, object] = {"mtime_ns": file.stamp[0], "size": file.stamp[1]}
    try:
        return DATASET, row_of(look.authority, look.collection, file.key, file.path) | stamp
    except UnreadableFile as error:
        reason = str(error)
    except Exception:  # a damaged header can make astropy raise anything, and one file must not hide the rest
        logger.exception("%s cannot be described", file.path)
        reason = "its headers cannot be understood"
    return SKIPPED, stamp | {"obs_collection": look.collection.name, "key": file.key, "reason": reason}
