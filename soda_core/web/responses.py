"""Answers of handlers → responses."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.responses import Response, StreamingResponse

from soda_core.registry import Deferred, Document, Nothing, Stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from anyio import CapacityLimiter
    from starlette.types import Receive, Scope, Send

    from soda_core.registry import Answer

__all__ = ["response_of"]

AHEAD = 1 << 20
"""Bytes that are made before the status is sent."""

TEXT = ("text/xml", "application/xhtml+xml")


async def response_of(answer: Answer, method: str, limiter: CapacityLimiter) -> Response:
    """Turn *answer* into a response; HEAD gets the headers alone."""
    if isinstance(answer, Nothing):
        return Response(status_code=204)
    if isinstance(answer, Document):
        return _document(answer, method)
    if isinstance(answer, Deferred):
        return await _deferred(answer, method, limiter)
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


async def _deferred(answer: Deferred, method: str, limiter: CapacityLimiter) -> Response:
    """Make the document, in a thread; for HEAD it is not made, and its size stays unknown."""
    headers = {"Cache-Control": "max-age=3600", "Content-Type": answer.media_type}
    try:
        if method == "HEAD":
            return _Bodiless(headers)
        return Response(await to_thread.run_sync(answer.make, limiter=limiter), headers=headers)
    finally:
        answer.close()


class _Bodiless(Response):
    """The headers of an answer whose size is not known: no length is better than a false one."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["Content-Length"]


class _Chunks(StreamingResponse):
    """A stream that lets go of its source however it ends, also before the first chunk is asked for."""

    def __init__(
        self, answer: Stream, body: AsyncIterator[bytes | memoryview], headers: dict[str, str]
    ) -> None:
        super().__init__(body, headers=headers, media_type=answer.media_type)
        self._close = answer.close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


async def _stream(answer: Stream, method: str, limiter: CapacityLimiter) -> Response:
    """Send the chunks; the first are made before the status is, so that a bad file is an error, no torso."""
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
        first = await to_thread.run_sync(_first, chunks, limiter=limiter)
    except BaseException:
        answer.close()
        raise
    body = _body(first, chunks, limiter)
    return _Chunks(answer, body, headers)


def _first(chunks: Iterator[bytes | memoryview]) -> list[bytes | memoryview]:
    """Return the chunks of the first `AHEAD` bytes: a header, and pixels that show if the file is sound."""
    found: list[bytes | memoryview] = []
    while sum(map(len, found)) < AHEAD and (chunk := next(chunks, None)) is not None:
        found.append(chunk)
    return found


async def _body(
    first: list[bytes | memoryview], chunks: Iterator[bytes | memoryview], limiter: CapacityLimiter
) -> AsyncIterator[bytes | memoryview]:
    """Yield the chunks, each made in a thread."""
    for chunk in first:
        yield chunk
    while (more := await to_thread.run_sync(next, chunks, None, limiter=limiter)) is not None:
        yield more


def _ascii(name: str) -> str:
    """Return a file name that may stand in a header."""
    return "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
