"""What was wrong with rows, as faults of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.document import Document

__all__ = ["passed"]


def passed(document: Document, code: str) -> Iterator[Fault]:
    """Yield what was seen to break a rule when the document was read once."""
    for _, line, message in document.scanned.of(code):
        yield Fault(f"line {line}: {message}" if line else message, document.exchange)
