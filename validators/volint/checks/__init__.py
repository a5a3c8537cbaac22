"""All checks, in the order in which they run: what others depend on comes first."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING

from volint.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.check import AnyCheck

__all__ = ["MODULES", "all_checks"]

MODULES = (
    "records",
    "capabilities",
    "availability",
    "tables",
    "examples",
    "soda_sync",
    "soda_values",
    "sia2",
    "datalink",
    "votable",
    "descriptors",
    "obscore",
    "sia2_parameters",
    "dali_requests",
    "uws",
)
"""The modules of this folder; a new one is added here."""


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
