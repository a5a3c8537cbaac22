"""Who sent a request, as far as its headers tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core.registry import Caller

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["caller_of"]

PAGE, XML = "text/html", ("application/xml", "text/xml")
JAVA = "image/gif"
"""Java asks for text/html and for this by itself, as no browser does; its programs want the XML."""


def caller_of(scope: Scope) -> Caller:
    """Return who asks; everybody is nobody in particular as long as there is no authentication."""
    accept = b",".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1")
    client = scope.get("client")
    page = PAGE in accept and _prefers_page(accept)
    host = client[0] if client else ""
    return Caller(host=host, wants_page=page, wants_headers=scope["method"] == "HEAD")


def _prefers_page(accept: str) -> bool:
    """Tell whether HTML comes before XML in an Accept header (RFC 9110, 12.5.1)."""
    if JAVA in accept:
        return False
    weights = dict(map(_weighted, accept.split(",")))
    return weights.get(PAGE, 0.0) > max(weights.get(kind, 0.0) for kind in XML)


def _weighted(entry: str) -> tuple[str, float]:
    """Return one media range and its quality; a quality that is no number is none."""
    kind, _, rest = entry.partition(";")
    quality = rest.partition("q=")[2].strip()
    try:
        return kind.strip().lower(), float(quality or 1)
    except ValueError:
        return kind.strip().lower(), 0.0
