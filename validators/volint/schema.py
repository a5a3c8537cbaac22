"""Validity by the schemas: the newest, and if not by them, whether an older set would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from soda_core.schemas import schema_errors

from .model import Fault, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soda_core.schemas import SchemaError

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
    found = _errors(document, profiles[0])
    if not found:
        return
    for profile in profiles[1:]:
        if not _errors(document, profile):
            told = f"valid by the schemas {profile!r}, not by {profiles[0]!r}: {found[0].message}"
            yield Fault(told, document.exchange, "warning")
            return
    for error in found:
        yield Fault(f"line {error.line}: {error.message}", document.exchange)


def _errors(document: Document, profile: str) -> list[SchemaError]:
    """Return what a set of schemas finds; of a file that is not held, its tree is judged."""
    content = document.content if document.source is None else etree.ElementTree(document.root)
    return [error for error in schema_errors(content, profile) if error.kind == "invalid"]
