"""VOSI: what the service can do and whether it works (VOSI 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.documents import availability, capabilities, serialize
from soda_core.registry import Bound, Document, Request, bind

if TYPE_CHECKING:
    from .archive import Archive

__all__ = ["endpoints"]

XML = "text/xml"


def endpoints(archive: Archive, others: tuple[Bound, ...]) -> tuple[Bound, ...]:
    """Bind the VOSI declaration; capabilities describe themselves and *others*."""
    fixed = [(bound.standard, bound.endpoint) for bound in others if bound.is_fixed]
    advertised = list(
        {(standard.name, endpoint.name): (standard, endpoint) for standard, endpoint in fixed}.values()
    )

    def describe(request: Request) -> Document:
        """Write the capabilities of all endpoints."""
        return Document(serialize(capabilities(advertised, request.base_url)), XML, modified=archive.started)

    def state(_request: Request) -> Document:
        """Tell whether inventory and storage answer right now."""
        return Document(serialize(availability(archive.troubles(), archive.started)), XML)

    own = bind(standards.load("vosi"), {"capabilities": describe, "availability": state})
    advertised[:0] = [(bound.standard, bound.endpoint) for bound in own]
    return own
