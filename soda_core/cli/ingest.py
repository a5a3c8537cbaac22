"""`sodalite ingest`: files, or ready-made rows, into the inventory."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from itertools import islice
from pathlib import Path  # noqa: TC003 - cyclopts reads the annotations
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter, validators

from soda_core.inventory import Inventory, Scan, Work
from soda_core.inventory.imports import FORMATS, found_in, rows_in
from soda_core.inventory.scan import entries_of, readings
from soda_core.settings import Settings

from .console import Stop, done, error, notice, out, table, watching

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from soda_core.inventory.scan import Found
    from soda_core.settings import Collection

__all__ = ["ingest"]

BATCH = 1000
"""Rows that are written at a time."""

SHOWN = (
    "dataproduct_type",
    "target_name",
    "s_ra",
    "s_dec",
    "s_fov",
    "em_min",
    "em_max",
    "t_min",
    "t_exptime",
)
"""Columns that a dry run shows as a table; as JSON it shows all."""


def ingest(
    *paths: Path,
    config: Path | None = None,
    collection: str | None = None,
    dry_run: Annotated[
        bool, Parameter(negative="", help="Tell what would be recorded, and write nothing.")
    ] = False,
    format_: Annotated[
        Literal["table", "json"], Parameter(name="--format", help="How a dry run shows it.")
    ] = "table",
    again: Annotated[
        bool, Parameter(negative="", help="Read unchanged files too, as after a change of the rules.")
    ] = False,
    workers: Annotated[
        int | None,
        Parameter(help="Processes that read, by default one a core.", validator=validators.Number(gte=1)),
    ] = None,
) -> None:
    """Record FITS files, or rows of a table, in the inventory.

    Only headers are read, and only those of files that are new or changed. What is gone is forgotten.
    A running service sees the result at once.

    Parameters
    ----------
    paths
        Folders and files; with --config those of its collections, and all of them if none is given. Tables of
        ObsCore rows (CSV, VOTable, Parquet) are imported.
    config
        File with the settings (`sodalite.toml`).
    collection
        Collection that the rows of a table belong to; needed if there are several.

    """
    tables = [path for path in paths if path.suffix.lower() in FORMATS]
    files = [path for path in paths if path not in tables]
    settings = _settings(files, config)
    if tables:
        _import(tables, settings, collection, dry_run=dry_run)
    if files or not tables:
        work = Work(
            processes=workers or len(os.sched_getaffinity(0)), below=_below(files, settings), again=again
        )
        if dry_run:
            _show(settings, work, format_)
        else:
            _record(settings, work)


def _settings(files: list[Path], config: Path | None) -> Settings:
    """Return the settings of a file, of the environment, or of the one folder or file that is given."""
    if missing := [path for path in (*files, config) if path and not path.exists()]:
        raise Stop(f"{str(missing[0])!r} is not there")
    settings = Settings.from_file(config) if config else Settings.from_environment()
    if settings.collections:
        return settings
    if len(files) != 1:
        raise Stop("give one folder or file, or --config FILE with the collections")
    return Settings.for_folder(files[0] if files[0].is_dir() else files[0].absolute().parent)


def _below(files: list[Path], settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Return the keys of the paths by collection."""
    below: dict[str, tuple[str, ...]] = {}
    for path in files:
        place = path.resolve()
        inside = [one for one in settings.collections if place.is_relative_to(one.folder)]
        if not inside:
            raise Stop(f"{str(path)!r} lies in no folder of the collections")
        nearest = max(inside, key=lambda one: len(one.folder.parts))
        key = place.relative_to(nearest.folder).as_posix()
        below[nearest.name] = (*below.get(nearest.name, ()), "" if key == "." else key)
    return below


def _record(settings: Settings, work: Work) -> None:
    """Bring the inventory up to date and tell what was done."""
    start = time.perf_counter()
    inventory = Inventory(settings.inventory_place)
    try:
        with watching("files") as watch:
            scan = inventory.refresh(settings, _watched(work, watch))
    finally:
        inventory.close()
    _report(scan, time.perf_counter() - start)


def _watched(work: Work, watch: object) -> Work:
    """Return the same work, watched."""
    return Work(work.processes, work.below, work.again, watch)  # type: ignore[arg-type]  # a callable


def _report(scan: Scan, seconds: float) -> None:
    """Tell what a scan found; nothing at all is a failure."""
    for key, remark in scan.remarks:
        notice(f"{key}: {remark}")
    for key, reason in scan.skipped:
        error(f"{key} is left out: {reason}")
    done(
        f"{scan.datasets} datasets, {scan.fresh} files read now "
        f"({scan.bytes_read:,} bytes in {seconds:.1f} s), "
        f"{scan.forgotten} forgotten, {len(scan.skipped)} left out"
    )
    if scan.skipped and not scan.datasets:
        raise Stop("no file could be read")


def _show(settings: Settings, work: Work, form: str) -> None:
    """Show what would be recorded of all files, known or not."""
    found = [one for collection in settings.collections for one in _read(settings, collection, work)]
    for one in found:
        if one.row is None:
            error(f"{one.entry.key} is left out: {one.reason}")
        for remark in one.remarks if form == "table" else ():
            notice(f"{one.entry.key}: {remark}")
    rows = [one.row for one in found if one.row is not None]
    if form == "json":
        out.out(json.dumps(rows, indent=1, ensure_ascii=False), highlight=False)
    else:
        table(("key", *SHOWN), ([_word(row[name]) for name in ("key", *SHOWN)] for row in rows))
        out.print(
            f"{len(rows)} datasets, {sum(one.bytes_read for one in found):,} bytes read, nothing written"
        )
    if found and not rows:
        raise Stop("no file could be read")


def _read(settings: Settings, collection: Collection, work: Work) -> Iterator[Found]:
    """Read the files of a collection that the work names."""
    if work.below and collection.name not in work.below:
        return
    entries, refused = entries_of(settings.authority, collection, work)
    with watching("files") as watch:
        yield from readings(settings.authority, collection, entries, _watched(work, watch))
    yield from refused


def _word(value: object) -> str:
    """Return a value as a table shows it."""
    return f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)


def _import(paths: list[Path], settings: Settings, name: str | None, *, dry_run: bool) -> None:
    """Record the rows of tables, and tell the numbers of those that are worth nothing."""
    collection = _collection(settings, name)
    inventory = None if dry_run else Inventory(settings.inventory_place)
    try:
        for path in paths:
            table_of = rows_in(path)
            if table_of.lacking:
                notice(f"{path.name}: without {', '.join(table_of.lacking)}: they are null")
            if table_of.unknown:
                notice(f"{path.name}: {', '.join(table_of.unknown)} are no columns of ObsCore and left out")
            _import_rows(path, found_in(table_of.rows, settings.authority, collection), inventory)
    finally:
        if inventory:
            inventory.close()


def _import_rows(path: Path, found: Iterator[Found], inventory: Inventory | None) -> None:
    """Write the rows, all or none."""
    good = bad = 0

    def batches() -> Iterator[list[dict[str, object]]]:
        nonlocal good, bad
        while some := list(islice(found, BATCH)):
            for one in some:
                for remark in one.remarks:
                    notice(f"{path.name}: {remark}")
                if one.row is None:
                    error(f"{path.name}: {one.entry.key} is left out: {one.reason}")
            rows = [one.row for one in some if one.row is not None]
            good, bad = good + len(rows), bad + len(some) - len(rows)
            yield rows

    if inventory:
        inventory.fill(batches())
    else:
        deque(batches(), maxlen=0)
    done(f"{path.name}: {good} rows {'recorded' if inventory else 'could be recorded'}, {bad} left out")
    if bad and not good:
        raise Stop("no row could be recorded")


def _collection(settings: Settings, name: str | None) -> Collection:
    """Return the collection of that name, or the only one."""
    found = [one for one in settings.collections if name in (None, one.name)]
    if len(found) != 1:
        names = ", ".join(one.name for one in settings.collections)
        raise Stop(f"give --collection with one of {names}")
    return found[0]
