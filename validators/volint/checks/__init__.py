"""All checks, in the order in which they run: what others depend on comes first."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING

from volint.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.check import AnyCheck

__all__ = ["MODULES", "OF_FILES", "all_checks", "checks_of"]

MODULES = (
    "tap_records",
    "records",
    "capabilities",
    "availability",
    "tables",
    "examples",
    "soda_sync",
    "soda_values",
    "soda_nothing",
    "sia2",
    "datalink",
    "links_table",
    "descriptors",
    "votable",
    "votable_columns",
    "votable_frames",
    "votable_rows",
    "votable_streams",
    "dali_values",
    "votable_schema",
    "obscore",
    "sia2_parameters",
    "sia2_regions",
    "dali_requests",
    "dali_methods",
    "scs",
    "uws",
    "uws_control",
    "uws_whole",
    "uploads",
)
"""The modules of this folder; a new one is added here."""


TABLES = (
    "votable",
    "votable_columns",
    "votable_frames",
    "votable_rows",
    "votable_streams",
    "dali_values",
    "votable_schema",
)
"""Those of every VOTable."""

OF_FILES = {
    "record": ("tap_records", "records"),
    "xml": ("records",),
    "capabilities": ("tap_records", "records", "capabilities"),
    "availability": ("availability",),
    "tables": ("tables",),
    "examples": ("examples",),
    "uws": ("uws", "uploads"),
    "votable": ("descriptors", *TABLES),
    "links": ("links_table", "descriptors", *TABLES),
    "obscore": ("sia2", "descriptors", *TABLES, "obscore"),
}
"""The modules that have checks of files, by kind: a file is not to wait for the rest."""


def checks_of(kind: str) -> tuple[AnyCheck, ...]:
    """Return the checks of files of one kind; tables of links and of datasets are VOTables too."""
    kinds = {kind, "votable"} if kind in ("links", "obscore") else {kind}
    found = (check for name in OF_FILES[kind] for check in _checks(name))
    return tuple(check for check in found if check.scope.document in kinds)


@cache
def all_checks() -> tuple[AnyCheck, ...]:
    """Return the checks of all modules: their own, and those in tuples that they make of declarations."""
    return tuple(check for name in MODULES for check in _checks(name))


def _checks(name: str) -> Iterator[AnyCheck]:
    for value in vars(importlib.import_module(f"volint.checks.{name}")).values():
        if isinstance(value, Check):
            yield value
        elif isinstance(value, tuple):
            yield from (entry for entry in value if isinstance(entry, Check))
