"""Answers of handlers → responses."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.responses import Response, StreamingResponse

from soda_core.registry import Document, Nothing, Stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from anyio import CapacityLimiter

    from soda_core.registry import Answer

__all__ = ["response_of"]

TEXT = ("text/xml", "application/xhtml+xml")


async def response_of(answer: Answer, method: str, limiter: CapacityLimiter) -> Response:
    """Turn *answer* into a response; HEAD gets the headers alone."""
    if isinstance(answer, Nothing):
        return Response(status_code=204)
    if isinstance(answer, Document):
        return _document(answer, method)
    return await _stream(answer, method, limiter)


def _document(answer: Document, method: str) -> Response:
    headers = {
        "Content-Length": str(len(answer.content)),
        "Cache-Control": "max-age=3600" if answer.cacheable else "no-store",
    }
    if answer.modified:
        headers["Last-Modified"] = format_datetime(answer.modified, usegmt=True)
        headers["Cache-Control"] = "no-cache"
    body = b"" if method == "HEAD" else answer.content
    return Response(body, headers=headers | {"Content-Type": _content_type(answer.media_type)})


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type in TEXT else media_type


async def _stream(answer: Stream, method: str, limiter: CapacityLimiter) -> Response:
    """Send the chunks; the first is made before the status is, so that a bad file is an error and no torso."""
    headers = {
        "Content-Length": str(answer.size),
        "Content-Disposition": f'attachment; filename="{_ascii(answer.filename)}"',
        **answer.headers,
    }
    if method == "HEAD":
        answer.close()
        return Response(headers=headers | {"Content-Type": answer.media_type})
    chunks = iter(answer.chunks())
    try:
        first = await to_thread.run_sync(next, chunks, b"", limiter=limiter)
    except BaseException:
        answer.close()
        raise
    body = _body(first, chunks, answer, limiter)
    return StreamingResponse(body, headers=headers, media_type=answer.media_type)


async def _body(
    first: bytes | memoryview, chunks: Iterator[bytes | memoryview], answer: Stream, limiter: CapacityLimiter
) -> AsyncIterator[bytes | memoryview]:
    """Yield the chunks, each made in a thread; let go of the source when done or when the client has gone."""
    try:
        chunk: bytes | memoryview = first
        while len(chunk):
            yield chunk
            chunk = await to_thread.run_sync(next, chunks, b"", limiter=limiter)
    finally:
        answer.close()


def _ascii(name: str) -> str:
    """Return a file name that may stand in a header."""
    return "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
