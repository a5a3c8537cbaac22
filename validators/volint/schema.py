"""Validity by the schemas: the newest, and if not by them, whether an older set would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core.schemas import schema_errors

from .model import Fault, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Document

__all__ = ["ERAS", "invalid"]

ERAS = ("lenient", "rec-2020", "rec-2012")
"""Older or wider sets of schemas, tried in this order."""


def invalid(document: Document, profiles: tuple[str, ...] = ("current", *ERAS)) -> Iterator[Fault]:
    """Yield what the first of *profiles* finds, a warning if a later one finds nothing."""
    try:
        _ = document.root
    except Skip as reason:
        yield Fault(str(reason), document.exchange)
        return
    found = [error for error in schema_errors(document.content, profiles[0]) if error.kind == "invalid"]
    if not found:
        return
    for profile in profiles[1:]:
        if not [error for error in schema_errors(document.content, profile) if error.kind == "invalid"]:
            told = f"valid by the schemas {profile!r}, not by {profiles[0]!r}: {found[0].message}"
            yield Fault(told, document.exchange, "warning")
            return
    for error in found:
        yield Fault(f"line {error.line}: {error.message}", document.exchange)
