"""One route for each bound endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from soda_core import registry

from .errors import error_response
from .parameters import pairs
from .responses import response_of

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from starlette.requests import Request

    from soda_core.registry import Bound
    from soda_core.settings import Settings

__all__ = ["base_url", "route"]


def base_url(request: Request, settings: Settings) -> str:
    """Return the address of the service without a slash at its end: as set, else as it was asked for."""
    return (settings.base_url or str(request.base_url)).rstrip("/")


def route(bound: Bound, settings: Settings, limiter: CapacityLimiter) -> Route:
    """Return the route of one endpoint."""
    methods = {*bound.endpoint.methods, "OPTIONS", *({"HEAD"} if "GET" in bound.endpoint.methods else ())}

    def handle(found: list[tuple[str, str]], address: str) -> registry.Answer:
        values = registry.parse(bound.standard, bound.endpoint, found)
        return bound.handler(registry.Request(bound.standard, bound.endpoint, values, address))

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ", ".join(sorted(methods))})
        try:
            found = await pairs(request, settings.max_form_bytes)
            result = await to_thread.run_sync(handle, found, base_url(request, settings), limiter=limiter)
            return await response_of(result, request.method, limiter)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        except Exception as error:  # noqa: BLE001 - whatever it is, a client gets the form of the standard
            return error_response(error, bound.standard)

    return Route(bound.endpoint.path, answer, methods=sorted(methods), name=bound.endpoint.name)
