"""VOSI: what the service can do and whether it works (VOSI 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from soda_core import standards
from soda_core.dali import ServiceUnavailable
from soda_core.documents import availability, capabilities, serialize
from soda_core.registry import Bound, Document, Request, bind

from . import tables
from .examples import examples_of, known_good
from .recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .archive import Archive

__all__ = ["endpoints"]

XML = "text/xml"

TESTS, LASTS = "tests", 60.0
"""Test queries are good for so many seconds, as each of them was tried."""


def endpoints(
    archive: Archive, others: tuple[Bound, ...], troubles: Callable[[], Sequence[str]]
) -> tuple[Bound, ...]:
    """Bind the VOSI declaration; capabilities describe themselves and *others*."""
    kept: Recent[Mapping[str, str]] = Recent(1, LASTS)
    fixed = [(bound.standard, bound.endpoint) for bound in others if bound.is_fixed]
    advertised = list(
        {(standard.name, endpoint.name): (standard, endpoint) for standard, endpoint in fixed}.values()
    )

    def describe(request: Request) -> Document:
        """Write the capabilities of all endpoints."""
        content = capabilities(advertised, request.base_url, _tests(archive, others, kept))
        return Document(serialize(content), XML, modified=archive.started)

    def state(_request: Request) -> Document:
        """Tell whether all that is needed answers right now."""
        return Document(serialize(availability(troubles(), archive.started)), XML)

    own = bind(
        standards.load("vosi"), {"capabilities": describe, "availability": state, **tables.handlers(archive)}
    )
    advertised[:0] = [(bound.standard, bound.endpoint) for bound in own]
    return own


def _tests(archive: Archive, bound: Sequence[Bound], kept: Recent[Mapping[str, str]]) -> Mapping[str, str]:
    """Return queries that give data; the service describes itself also while its inventory is away."""
    if known := kept.get(TESTS):
        return known
    try:
        found = known_good(examples_of(archive, "", bound))
    except (SQLAlchemyError, ServiceUnavailable):
        return {}
    if found:
        kept.put(TESTS, found)
    return found
