"""Addresses for machines that know nothing of the VO: OpenAPI and health."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from soda_core.documents import openapi
from soda_core.services import troubles_of

from .endpoint import base_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from soda_core.registry import Bound
    from soda_core.services import Archive, Desk
    from soda_core.standards import Endpoint, Parameter, Standard

__all__ = ["routes"]


def routes(archive: Archive, desk: Desk, bound: Sequence[Bound]) -> list[Route]:
    """Return the routes of `/openapi.json`, `/healthz` (this process runs) and `/readyz` (it can serve)."""
    declared = [(entry.standard, replace(entry.endpoint, methods=entry.methods)) for entry in bound]
    lent = {
        entry.endpoint.path: _lent(entry.using, entry.endpoint)
        for entry in bound
        if entry.using and entry.endpoint.open
    }

    async def describe(request: Request) -> Response:
        address = base_url(request, archive.settings)
        return JSONResponse(openapi(archive.settings.title, declared, address, lent))

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_request: Request) -> Response:
        troubles = await to_thread.run_sync(partial(troubles_of, archive, desk))
        return PlainTextResponse("\n".join(troubles or ("ok",)) + "\n", 503 if troubles else 200)

    return [Route("/openapi.json", describe), Route("/healthz", alive), Route("/readyz", ready)]


def _lent(standard: Standard, endpoint: Endpoint) -> Sequence[Parameter]:
    """Return the parameters of the endpoint of *standard* below which *endpoint* lies."""
    return next(
        (
            standard.parameters_of(above)
            for above in standard.endpoints
            if endpoint.path.startswith(f"{above.path}/")
        ),
        (),
    )
