"""Tables, sent as their rows come, packed for who can unpack them."""

from __future__ import annotations

import zlib
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from .responses import content_type

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from starlette.types import Scope, Send

    from soda_core.registry import Rows

    from .pool import Pool

__all__ = ["send_rows"]

LEVEL = 1
"""How hard zlib tries: more takes longer than most networks gain."""

GZIP = 16 + zlib.MAX_WBITS


async def send_rows(
    answer: Rows, scope: Scope, send: Send, pool: Pool, tell: Callable[[Exception], str]
) -> None:
    """Send the table; a failure before its first rows is raised, *tell* says what a later one looks like."""
    packed = _takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
    with closing(answer.write(tell)) as rows, closing(_packed(rows) if packed else rows) as pieces:
        first = await pool.run(lambda: list(islice(pieces, 2)))
        headers = [
            (b"content-type", content_type(answer.media_type).encode()),
            (b"cache-control", b"no-store"),
            (b"vary", b"Accept-Encoding"),
        ]
        if packed:
            headers.append((b"content-encoding", b"gzip"))
        if len(first) < 2:  # noqa: PLR2004 - there is no second piece
            headers.append((b"content-length", b"%d" % sum(map(len, first))))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        piece: bytes | None = b"" if scope["method"] == "HEAD" else b"".join(first)
        while piece:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await pool.run(lambda: next(pieces, None))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _takes_gzip(accepted: str) -> bool:
    """Whether Accept-Encoding names gzip, or anything, with a weight above 0 (RFC 9110, 12.5.3)."""
    weights: dict[str, bool] = {}
    for entry in accepted.lower().split(","):
        name, *options = (word.strip() for word in entry.split(";"))
        weights[name] = not any(_is_zero(option) for option in options)
    return weights.get("gzip", weights.get("*", False))


def _is_zero(option: str) -> bool:
    name, _, weight = option.partition("=")
    return name.strip() == "q" and not weight.strip().strip("0.")


def _packed(rows: Iterator[bytes]) -> Generator[bytes]:
    """Yield the pieces as gzip, none of them empty."""
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    kept = b""
    for piece in rows:
        kept += packer.compress(piece)
        if kept:
            yield kept
            kept = b""
    yield kept + packer.flush()
