"""Large answers, sent as they are read: whole, in part, or not at all where the client has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import TYPE_CHECKING

from soda_core.dali import UsageError

from .preconditions import Unsatisfiable, wish_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.types import Scope, Send

    from soda_core.registry import Body, Stream

    from .pool import Pool

__all__ = ["RangeNotSatisfiable", "send_at_once", "send_stream"]

AHEAD = 1 << 20
"""Bytes that are read before the status is sent: a header, and pixels that show if the file is sound."""

Piece = bytes | memoryview
Headers = list[tuple[bytes, bytes]]


class RangeNotSatisfiable(UsageError):
    """The range that was asked for lies behind the end of the answer."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the range lies behind the end: the answer has {size} bytes")
        self.size = size


@dataclass(frozen=True, slots=True)
class _Reply:
    """Status, headers, and the part of the body that follows them."""

    status: int
    headers: Headers
    start: int = 0
    stop: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether no body follows."""
        return self.start == self.stop


async def send_at_once(answer: Stream, scope: Scope, send: Send) -> bool:
    """Send what the request wants of *answer* if that is possible without waiting; tell whether it was."""
    body = answer.body
    if not body.is_light:
        return False
    reply = _reply(answer, scope, body.size)
    if reply.is_empty:
        await _send(send, reply, ())
        return True
    whole = body.at_once()
    if whole is None:
        return False
    await _send(
        send, replace(reply, headers=[*reply.headers, *_cost(body)]), (whole[reply.start : reply.stop],)
    )
    return True


async def send_stream(answer: Stream, scope: Scope, send: Send, pool: Pool) -> None:
    """Send what the request wants of *answer*; an error before the first byte is raised, no torso is sent."""
    body = answer.body
    size = body.size if body.is_light else await pool.run(lambda: body.size)
    reply = _reply(answer, scope, size)
    if reply.is_empty:
        await _send(send, reply, ())
        return
    pieces = _cut_off(body.chunks(start=reply.start), reply.stop - reply.start)
    first = await pool.run(lambda: _first(pieces))
    await _send(send, replace(reply, headers=[*reply.headers, *_cost(body)]), first, more=True)
    while (more := await pool.run(lambda: next(pieces, None))) is not None:
        await send({"type": "http.response.body", "body": more, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _reply(answer: Stream, scope: Scope, size: int) -> _Reply:
    """Choose between the whole, a part, and nothing at all."""
    wish, tag = wish_of(scope), f'"{answer.body.tag}"'
    headers = [(b"etag", tag.encode()), (b"cache-control", b"no-cache"), (b"accept-ranges", b"bytes")]
    if answer.modified:
        headers.append((b"last-modified", format_datetime(answer.modified, usegmt=True).encode()))
    if wish.has(tag, answer.modified):
        return _Reply(304, headers)
    try:
        part = wish.part(size, tag, answer.modified)
    except Unsatisfiable:
        raise RangeNotSatisfiable(size) from None
    start, stop = part or (0, size)
    headers += _described(answer, stop - start)
    if part:
        headers.append((b"content-range", f"bytes {start}-{stop - 1}/{size}".encode()))
    if scope["method"] == "HEAD":
        return _Reply(206 if part else 200, headers + _cost(answer.body))
    return _Reply(206 if part else 200, headers, start, stop)


def _described(answer: Stream, size: int) -> Headers:
    """Return the headers that tell what the body is."""
    return [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", b"%d" % size),
        (b"content-disposition", b'attachment; filename="%s"' % _ascii(answer.filename)),
    ]


def _cost(body: Body) -> Headers:
    """Return the headers that tell what was read for it, or will be."""
    size, calls = body.cost
    return [(b"sodalite-bytes-read", b"%d" % size), (b"sodalite-reads", b"%d" % calls)]


async def _send(send: Send, reply: _Reply, pieces: Iterable[Piece], *, more: bool = False) -> None:
    """Send the status, the headers and the first pieces."""
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    last: Piece = b""
    for piece in pieces:
        if last:
            await send({"type": "http.response.body", "body": last, "more_body": True})
        last = piece
    await send({"type": "http.response.body", "body": last, "more_body": more})


def _first(pieces: Iterator[Piece]) -> list[Piece]:
    """Return the pieces of the first `AHEAD` bytes."""
    found: list[Piece] = []
    size = 0
    while size < AHEAD and (piece := next(pieces, None)) is not None:
        found.append(piece)
        size += len(piece)
    return found


def _cut_off(pieces: Iterator[Piece], size: int) -> Iterator[Piece]:
    """Yield the first *size* bytes."""
    for piece in pieces:
        yield piece[:size]
        size -= len(piece)
        if size <= 0:
            return


def _ascii(name: str) -> bytes:
    """Return a file name that may stand in a header."""
    if name.isascii() and name.isprintable() and not {'"', "\\"} & {*name}:
        return name.encode()
    kept = (c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
    return "".join(kept).encode()
