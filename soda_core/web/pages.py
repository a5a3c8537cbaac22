"""Pages for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from soda_core.services import examples_of

from .endpoint import base_url
from .templates import template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from soda_core.registry import Bound
    from soda_core.services import Archive
    from soda_core.standards import Endpoint, Standard

__all__ = ["landing"]

SHOWN = 100
"""Datasets listed on the landing page."""


def landing(archive: Archive, bound: Sequence[Bound]) -> Route:
    """Return the route of `/`: what this service is, its datasets, and forms to try it."""
    cutouts = [entry for entry in bound if entry.endpoint.name == "sync"]

    def render(address: str) -> str:
        return template("landing.html").render(
            title=archive.settings.title,
            endpoints=_addresses(bound),
            datasets=tuple(archive.datasets(SHOWN)),
            count=archive.inventory.count(),
            examples=examples_of(archive, address, cutouts),
            sync=cutouts[0] if cutouts else None,
            base_url=address,
        )

    async def page(request: Request) -> Response:
        return HTMLResponse(await to_thread.run_sync(render, base_url(request, archive.settings)))

    return Route("/", page)


def _addresses(bound: Sequence[Bound]) -> list[tuple[Standard, Endpoint]]:
    """Return each address once, by the standard that was bound first there."""
    found: dict[str, tuple[Standard, Endpoint]] = {}
    for entry in bound:
        if entry.is_fixed:
            found.setdefault(entry.endpoint.path, (entry.standard, entry.endpoint))
    return list(found.values())
