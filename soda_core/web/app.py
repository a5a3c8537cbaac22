"""The web application: routes from the bound endpoints."""

from __future__ import annotations

import gc
from contextlib import asynccontextmanager
from multiprocessing import parent_process
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from soda_core.dali import DaliError
from soda_core.jobs.death import die_with
from soda_core.services import Archive, Desk, endpoints
from soda_core.settings import Settings

from . import machine
from .access import AccessLog
from .endpoint import Endpoint
from .errors import error_response, http_error
from .pages import landing
from .pool import Places, Pool
from .routes import Routes
from .waiting import LEAVING, Waiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["application", "create"]

EXPOSED = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Last-Modified",
    "Location",
    "Sodalite-Bytes-Read",
    "Sodalite-Reads",
)
"""Headers that a page of another site may read."""


COLLECTED = 10_000, 20, 20
"""New objects, and rounds, after which a server process looks for garbage."""


def create() -> ASGIApp:
    """Return the application of the settings in the environment, as server processes do.

    One of several ends with the process that started them, however that ends.
    """
    if parent := parent_process():
        die_with(parent.pid or 0)
    created = application(Archive.open(Settings.from_environment()))
    gc.collect()
    gc.freeze()  # what lives as long as the process is not looked through for garbage again and again
    gc.set_threshold(*COLLECTED)
    return created


def application(archive: Archive, desk: Desk | None = None) -> ASGIApp:
    """Return the application over *archive*; its jobs go to *desk*, or to the one of the settings.

    The declared endpoints are plain ASGI and come first, as they are asked for most. Starlette has the rest.
    """
    settings = archive.settings
    heavy, light = (Pool(settings.cutout_threads, settings.cutout_queue) for _ in range(2))
    desk = desk or Desk.of(settings)
    bound = endpoints(archive, desk)
    waiting, uploads = Waiting(), Places(settings.uploads)
    declared = Routes(
        Endpoint(entry, settings, heavy if entry.quick else light, waiting, uploads) for entry in bound
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, object]]:
        desk.open()
        yield {LEAVING: waiting.end}
        desk.close()
        archive.inventory.close()

    rest = Starlette(
        routes=[landing(archive, bound), *machine.routes(archive, desk, bound)],
        exception_handlers={
            HTTPException: http_error,
            SQLAlchemyError: _failure,
            DaliError: _failure,
            Exception: _failure,
        },
        lifespan=lifespan,
    )
    rest.router.redirect_slashes = False  # a redirect would lead to the host that was asked, not to base_url
    return CORSMiddleware(
        AccessLog(_Front(declared, rest)),
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "DELETE", "OPTIONS"],
        allow_headers=["If-Modified-Since", "If-None-Match", "If-Range", "Range"],
        expose_headers=EXPOSED,
    )


class _Front:
    """The short way to the declared endpoints."""

    def __init__(self, declared: Routes, rest: ASGIApp) -> None:
        self._declared = declared
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to who answers it."""
        found = self._declared.find(scope) if scope["type"] == "http" else None
        await (found or self._rest)(scope, receive, send)


async def _failure(_request: Request, error: Exception) -> Response:
    """Answer a failure outside the declared endpoints."""
    return error_response(error, None)
