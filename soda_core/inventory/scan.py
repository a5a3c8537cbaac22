"""Look through a folder and bring its rows up to date."""

from __future__ import annotations

import logging
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, product
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import delete, insert, select

from soda_core.cutout import UnreadableFile
from soda_core.storage import Entry, Posix

from . import record as writing
from .dataset import publisher_did, read_row
from .tables import DATASET, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine, Table

    from soda_core.settings import Collection

__all__ = ["Found", "Scan", "Work", "entries_of", "is_candidate", "readings", "record", "scan"]

logger = logging.getLogger(__name__)

SUFFIXES = (".fz", *map("".join, product((".fits", ".fit", ".fts"), ("", ".gz", ".bz2", ".xz"))))
BATCH = 100
"""Files whose headers are read before their rows are written; nobody waits for the database meanwhile."""

FEW = 200
"""Files up to which starting further processes costs more than they save."""

SOME = 500
"""Keys that one statement names."""

CHUNK = 10
"""Files that a process takes at a time."""

Stamp: TypeAlias = tuple[int, int]
"""Time of change in nanoseconds since 1970, size in bytes."""


@dataclass(frozen=True, slots=True)
class Work:
    """How a scan goes about: how many processes, what part of the collection, known files again or not.

    *below* has keys of files and folders by collection, and everything is looked at where it is empty;
    *watch* is told files done, of how many, bytes read.
    """

    processes: int = 1
    below: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    again: bool = False
    watch: Callable[[int, int, int], None] = field(default=lambda done, total, size: None)  # noqa: ARG005 - nobody watches


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look through the folders found: datasets, how many were read now, files left out with a reason.

    *forgotten* counts the datasets whose files are gone; *remarks* tell of values that were not believed.
    """

    datasets: int = 0
    fresh: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    forgotten: int = 0
    bytes_read: int = 0
    remarks: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Scan) -> Scan:
        return Scan(
            self.datasets + other.datasets,
            self.fresh + other.fresh,
            self.skipped + other.skipped,
            self.forgotten + other.forgotten,
            self.bytes_read + other.bytes_read,
            self.remarks + other.remarks,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One file that was read: its row, or the reason why there is none."""

    entry: Entry
    row: dict[str, object] | None
    reason: str = ""
    remarks: tuple[str, ...] = ()
    bytes_read: int = 0


class _Look:
    """The FITS files below the folder of a collection, and what cannot become a dataset whatever is in it."""

    def __init__(self, authority: str, collection: Collection, below: Sequence[str]) -> None:
        self.authority, self.collection, self.below = authority, collection, tuple(below)
        self.found: dict[str, Entry] = {}
        self.refused: list[tuple[str, str]] = []
        self.closed: list[str] = []
        taken: dict[str, str] = {}
        for entry in self._walk():
            first = taken.setdefault(self.did(entry.key).casefold(), entry.key)
            if first == entry.key:
                self.found[entry.key] = entry
            else:
                self.refused.append((entry.key, f"its name differs from {first!r} in case only"))

    def did(self, key: str) -> str:
        """Return the identifier of a file."""
        return publisher_did(self.authority, self.collection.name, key)

    def covers(self, key: str) -> bool:
        """Tell whether the look was where *key* would lie."""
        return not self.below or any(_is_under(key, place) for place in self.below)

    def is_gone(self, key: str) -> bool:
        """Tell whether a key that was known would have been met, and was not."""
        hidden = any(_is_under(key, place) for place in self.closed)
        return key not in self.found and self.covers(key) and not hidden

    def _walk(self) -> Iterator[Entry]:
        """Yield the files, and note what could not be looked at."""
        inside = Posix(self.collection.folder)
        for place in self.below or ("",):
            for met in inside.walk(SUFFIXES, place):
                if isinstance(met, Entry):
                    yield met
                    continue
                self.refused.append((met.key, met.reason))
                if met.folder:
                    self.closed.append(met.key)


def entries_of(authority: str, collection: Collection, work: Work) -> tuple[Sequence[Entry], Sequence[Found]]:
    """Return the files that a scan would read, in the order of their names, and those left out unread."""
    look = _Look(authority, collection, work.below.get(collection.name, ()))
    refused = (Found(Entry(key, collection.folder / key, 0, 0), None, reason) for key, reason in look.refused)
    return tuple(look.found.values()), tuple(refused)


def scan(engine: Engine, authority: str, collection: Collection, work: Work) -> Scan:
    """Bring the rows of one collection up to date; a bad file is left out with its reason."""
    look = _Look(authority, collection, work.below.get(collection.name, ()))
    with engine.begin() as connection:
        known = _stamps(connection, look)
        gone = [key for key in known if look.is_gone(key)]
        _forget(connection, SKIPPED, collection.name, gone)
        renamed = [key for key, stamp in known.items() if stamp is None]
        _forget(connection, DATASET, collection.name, gone + renamed)
    fresh = [entry for entry in look.found.values() if work.again or known.get(entry.key) != _stamp(entry)]
    read, remarks = 0, []
    results = readings(authority, collection, fresh, work)
    while some := list(islice(results, BATCH)):
        record(engine, collection.name, some)
        read += sum(one.bytes_read for one in some)
        remarks += [(one.entry.key, remark) for one in some for remark in one.remarks]
    skipped = _skipped(engine, look)
    datasets = len(look.found) - len(skipped)
    return Scan(datasets, len(fresh), skipped + tuple(look.refused), len(gone), read, tuple(remarks))


def is_candidate(key: str) -> bool:
    """Tell whether a scan would look at the file of *key*: FITS by its name, nothing of it hidden."""
    return key.lower().endswith(SUFFIXES) and not any(step.startswith(".") for step in key.split("/"))


def readings(authority: str, collection: Collection, entries: Sequence[Entry], work: Work) -> Iterator[Found]:
    """Yield what the headers of files tell, in the order of the files; nothing is written."""
    read = partial(_read, authority, collection)
    total, size = len(entries), 0
    if work.processes <= 1 or total <= FEW:
        for done, entry in enumerate(entries, 1):
            found = read(entry)
            size += found.bytes_read
            work.watch(done, total, size)
            yield found
        return
    with ProcessPoolExecutor(work.processes, get_context("forkserver")) as pool:
        for done, found in enumerate(pool.map(read, entries, chunksize=CHUNK), 1):
            size += found.bytes_read
            work.watch(done, total, size)
            yield found


def _read(authority: str, collection: Collection, entry: Entry) -> Found:
    """Read one file; return its row, or the reason why it cannot be used."""
    try:
        reading = read_row(authority, collection, entry.key, entry.path)
    except UnreadableFile as error:
        return Found(entry, None, str(error))
    except Exception:  # a damaged header can make astropy raise anything, and one file must not hide the rest
        logger.exception("%s cannot be described", entry.path)
        return Found(entry, None, "its headers cannot be understood")
    row = reading.row | {"size": entry.size, "mtime_ns": entry.mtime_ns}
    return Found(entry, row, "", reading.remarks, reading.bytes_read)


def _stamp(entry: Entry) -> Stamp:
    return entry.mtime_ns, entry.size


def _is_under(key: str, place: str) -> bool:
    """Tell whether a key is *place* or lies in it."""
    return place in ("", ".", key) or key.startswith(f"{place}/")


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


def _skipped(engine: Engine, look: _Look) -> tuple[tuple[str, str], ...]:
    """Return the files that were left out, of this look or an earlier one, with their reasons."""
    query = select(SKIPPED.c.key, SKIPPED.c.reason).where(SKIPPED.c.obs_collection == look.collection.name)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(SKIPPED.c.key)).all()
    return tuple((key, reason) for key, reason in rows if key in look.found)


def _forget(connection: Connection, table: Table, collection: str, keys: Sequence[str]) -> None:
    """Remove the rows of files that are gone, or have become another kind."""
    for start in range(0, len(keys), SOME):
        some = keys[start : start + SOME]
        connection.execute(delete(table).where(table.c.obs_collection == collection, table.c.key.in_(some)))


def record(engine: Engine, collection: str, some: Sequence[Found]) -> None:
    """Write what was found in some files in place of what was known of them."""
    rows = [one.row for one in some if one.row is not None]
    skipped = [
        {
            "obs_collection": collection,
            "key": one.entry.key,
            "reason": one.reason,
            "size": one.entry.size,
            "mtime_ns": one.entry.mtime_ns,
        }
        for one in some
        if one.row is None
    ]
    with engine.begin() as connection:
        _forget(connection, SKIPPED, collection, [one.entry.key for one in some])
        _forget(connection, DATASET, collection, [one.entry.key for one in some if one.row is None])
        writing.record(connection, rows)
        if skipped:
            connection.execute(insert(SKIPPED), skipped)
