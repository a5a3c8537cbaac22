"""Ready-made ObsCore rows of an archive that has them: CSV, VOTable, Parquet."""

from __future__ import annotations

import difflib
import importlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from astropy.table import Table

from soda_core.cutout.quiet import quiet
from soda_core.dali import TYPES, DaliError
from soda_core.storage import Entry, Posix, StorageError

from .checks import COLUMNS, checked
from .dataset import KILO, publisher_did
from .errors import InventoryError
from .plain import plain, plain_column
from .scan import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from soda_core.settings import Collection

__all__ = ["FORMATS", "Rows", "found_in", "rows_in"]

FORMATS: Mapping[str, str] = {
    ".csv": "ascii.csv",
    ".ecsv": "ascii.ecsv",
    ".vot": "votable",
    ".votable": "votable",
    ".xml": "votable",
    ".parquet": "parquet",
}
"""The format of a table by the suffix of its file."""

PLACE = ("key", "access_url")
"""Columns that tell where the file of a row lies, the better one first."""

OURS = ("obs_publisher_did", "obs_collection")
"""Columns that must not be null and that the inventory fills itself."""

BATCH = 10_000
"""Rows of a Parquet file that are in memory at a time."""

_STC = re.compile(r"(?:polygon)?\s*(?:icrs)?\s*(?:topocenter|geocenter|barycenter)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table by columns in small letters; what of ObsCore it lacks, what it has beside."""

    rows: Iterable[Mapping[str, Any]]
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]


def rows_in(path: Path) -> Rows:
    """Open a table; raises `InventoryError` if it is none, or cannot be one of ObsCore."""
    form = FORMATS[path.suffix.lower()]
    try:
        names, rows = _parquet(path) if form == "parquet" else _table(path, form)
    except ImportError:
        raise InventoryError(f"{path.name}: Parquet needs the extra `sodalite[parquet]`") from None
    except Exception as error:  # noqa: BLE001 - the readers of tables raise whatever they stumble over
        raise InventoryError(f"{path.name} is no table of the format {form}: {_first(error)}") from None
    _check(path.name, names)
    mandatory = [name for name, column in COLUMNS.items() if column.mandatory and not column.not_null]
    lacking = tuple(name for name in mandatory if name not in names and not name.startswith("access_"))
    return Rows(rows, lacking, tuple(name for name in names if name not in {*COLUMNS, *PLACE}))


def found_in(rows: Iterable[Mapping[str, Any]], authority: str, collection: Collection) -> Iterator[Found]:
    """Yield what each row is worth, the reason beginning with its number if it is worth nothing."""
    inside = Posix(collection.folder)
    for number, row in enumerate(rows, 1):
        try:
            entry = _entry(inside, row)
        except StorageError as error:
            yield Found(Entry(f"row {number}", collection.folder, 0, 0), None, str(error))
            continue
        remarks: list[str] = []
        given = {name: value for name, value in row.items() if name in COLUMNS and name not in OURS}
        given |= {"s_region": region(row.get("s_region"))}
        columns = checked(given, remarks)
        wrong = [name for name in _required() if columns[name] is None]
        if wrong:
            reason = next((r for r in remarks if r.startswith(wrong[0])), f"{wrong[0]} is not given")
            yield Found(Entry(f"row {number}", collection.folder, 0, 0), None, reason)
            continue
        foreign = str(row.get("obs_publisher_did") or "") or None
        columns["obs_creator_did"] = columns["obs_creator_did"] or foreign
        told = tuple(f"row {number}: {remark}" for remark in remarks)
        yield Found(entry, columns | _own(authority, collection.name, entry, columns), "", told)


def region(value: object) -> str | None:
    """Return a polygon as numbers, from such numbers, DALI or STC text; None for other regions."""
    if value is None or isinstance(value, str):
        text = _STC.sub("", value or "", count=1)
    elif isinstance(value, list | tuple):
        text = " ".join(map(str, value))
    else:
        return None
    try:
        shape: Any = TYPES["polygon"].read("s_region", text)
    except DaliError:
        return None
    return " ".join(repr(float(number)) for vertex in shape.vertices for number in vertex)


def _own(authority: str, collection: str, entry: Entry, columns: Mapping[str, object]) -> dict[str, object]:
    """Return the columns that follow from the file."""
    did = publisher_did(authority, collection, entry.key)
    sizes = [columns[name] for name in ("s_xel1", "s_xel2", "em_xel")]
    return {
        "obs_publisher_did": did,
        "did_folded": did.casefold(),
        "obs_collection": collection,
        "access_format": columns["access_format"] or "application/fits",
        "access_estsize": -(-entry.size // KILO),
        "obs_title": columns["obs_title"] or entry.path.name,
        "key": entry.key,
        "size": entry.size,
        "mtime_ns": entry.mtime_ns,
        "naxis": " ".join(str(size) for size in sizes if isinstance(size, int) and size > 1),
        "hdus": None,
    }


def _entry(inside: Posix, row: Mapping[str, Any]) -> Entry:
    """Return the file of a row: by its key, else by the longest end of its URL that is a file."""
    if key := str(row.get("key") or ""):
        return inside.entry(key)
    steps = [step for step in unquote(urlsplit(str(row.get("access_url") or "")).path).split("/") if step]
    for start in range(len(steps)):
        try:
            return inside.entry("/".join(steps[start:]))
        except StorageError:
            continue
    raise StorageError("no file of the folder has its key or the end of its access_url")


def _required() -> list[str]:
    """Return the columns that each row must fill."""
    return [name for name, column in COLUMNS.items() if column.not_null and name not in OURS]


def _check(name: str, columns: Sequence[str]) -> None:
    """Refuse a table in which no row can be complete."""
    if not set(PLACE) & set(columns):
        raise InventoryError(f"{name}: neither a column `key` nor `access_url` tells where the files are")
    for column in _required():
        if column not in columns:
            near = difflib.get_close_matches(column, columns, n=1)
            meant = f"; is it {near[0]!r}?" if near else ""
            raise InventoryError(f"{name}: there is no column {column!r}, which must not be null{meant}")


def _table(path: Path, form: str) -> tuple[list[str], Iterable[Mapping[str, Any]]]:
    """Read a table into memory."""
    with quiet():
        table = Table.read(path, format=form)
    names = [str(name).lower() for name in table.colnames]
    columns = [plain_column(table[name]) for name in table.colnames]
    return names, (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _parquet(path: Path) -> tuple[list[str], Iterable[Mapping[str, Any]]]:
    """Open a Parquet file, which is read in batches."""
    file = importlib.import_module("pyarrow.parquet").ParquetFile(path)
    names = [str(name).lower() for name in file.schema_arrow.names]
    batches = (batch.to_pylist() for batch in file.iter_batches(BATCH))
    return names, ({k.lower(): plain(v) for k, v in row.items()} for rows in batches for row in rows)


def _first(error: Exception) -> str:
    """Return the first line of what an error says."""
    return str(error).strip().partition("\n")[0]
