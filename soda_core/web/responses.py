"""Small answers of handlers → responses."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from .templates import template

if TYPE_CHECKING:
    from soda_core.registry import Deferred, Document, Elsewhere, Page

    from .pool import Pool

__all__ = ["content_type", "deferred", "document", "elsewhere", "page"]

TEXT = ("text/", "application/xhtml+xml")


def document(answer: Document, method: str) -> Response:
    """Return a document; HEAD gets the headers alone."""
    headers = {
        "Content-Length": str(len(answer.content)),
        "Cache-Control": "max-age=3600" if answer.cacheable else "no-store",
    }
    if answer.modified:
        headers["Last-Modified"] = format_datetime(answer.modified, usegmt=True)
        headers["Cache-Control"] = "no-cache"
    body = b"" if method == "HEAD" else answer.content
    return Response(body, headers=headers | {"Content-Type": content_type(answer.media_type)})


def content_type(media_type: str) -> str:
    """Return the value of the header, which names the encoding of text."""
    return f"{media_type}; charset=utf-8" if media_type.startswith(TEXT) else media_type


def elsewhere(answer: Elsewhere) -> Response:
    """Send the client on; a redirect of a POST is followed by GET (RFC 9110, 15.4.4)."""
    return Response(status_code=303, headers={"Location": answer.address, "Cache-Control": "no-store"})


def page(answer: Page) -> Response:
    """Show a page; what XML and HTML share an address by is the Accept header."""
    text = template(answer.template).render(answer.content)
    return HTMLResponse(text, headers={"Cache-Control": "no-store", "Vary": "Accept"})


async def deferred(answer: Deferred, method: str, pool: Pool) -> Response:
    """Make the document, in a thread; for HEAD it is not made, and its size stays unknown."""
    headers = {"Cache-Control": "max-age=3600", "Content-Type": answer.media_type}
    try:
        if method == "HEAD":
            return _Bodiless(headers)
        return Response(await pool.run(answer.make), headers=headers)
    finally:
        answer.close()


class _Bodiless(Response):
    """The headers of an answer whose size is not known: no length is better than a false one."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["Content-Length"]
