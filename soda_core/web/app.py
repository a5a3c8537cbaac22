"""The web application: routes from the bound endpoints."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from soda_core.dali import DaliError
from soda_core.services import Archive, endpoints
from soda_core.settings import Settings

from . import machine
from .errors import error_response, http_error
from .pages import landing
from .routes import route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["application", "create"]

CORS = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
    expose_headers=["Content-Disposition", "Content-Length"],
)


def create() -> Starlette:
    """Return the application of the settings in the environment, as server processes do."""
    return application(Archive.open(Settings.from_environment()))


def application(archive: Archive) -> Starlette:
    """Return the application over *archive*."""
    limiter = CapacityLimiter(archive.settings.cutout_threads)
    bound = endpoints(archive)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        archive.inventory.close()

    made = Starlette(
        routes=[
            landing(archive, bound),
            *(route(entry, archive.settings, limiter) for entry in bound),
            *machine.routes(archive, bound),
        ],
        middleware=[CORS],
        exception_handlers={
            HTTPException: http_error,
            SQLAlchemyError: _failure,
            DaliError: _failure,
            Exception: _failure,
        },
        lifespan=lifespan,
    )
    made.router.redirect_slashes = False  # a redirect would lead to the host that was asked, not to base_url
    made.state.archive = archive
    return made


async def _failure(_request: Request, error: Exception) -> Response:
    """Answer a failure outside the declared endpoints."""
    return error_response(error, None)
