"""One line in the log for each request."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["COST", "AccessLog"]

COST = "sodalite.cost"
"""Where in the scope of a request an endpoint leaves the bytes and calls of reading."""

logger = logging.getLogger("soda_core.access")


class AccessLog:
    """Tell who asked for what, the status, the bytes sent and read, and the time it took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and write its line."""
        if scope["type"] != "http" or not logger.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        start, status, size = perf_counter(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            client, query = scope.get("client") or ("-",), scope["query_string"].decode("latin-1")
            read, calls = scope.get(COST, (0, 0))
            logger.info(
                '%s "%s %s" %d: %d bytes, %d read in %d calls, %.1f ms',
                client[0],
                scope["method"],
                scope["path"] + (f"?{query}" if query else ""),
                status,
                size,
                read,
                calls,
                (perf_counter() - start) * 1e3,
            )
