"""Declared endpoints joined to the functions that answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from soda_core.standards import Endpoint, Standard, hint

from .answers import Answer
from .request import Request

__all__ = ["FIELDS", "BindError", "Bound", "Handler", "QuickHandler", "bind"]

Handler: TypeAlias = Callable[[Request], Answer]

QuickHandler: TypeAlias = Callable[[Request], Answer | None]
"""Answers what takes about a millisecond and waits for nothing; None leaves the request to the handler."""


FIELDS = 1000
"""How many parameters one request may have, unless the endpoint takes more."""


class BindError(Exception):
    """The handlers of a service and the declaration of its standard do not match."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One endpoint that this service answers."""

    standard: Standard
    endpoint: Endpoint
    handler: Handler
    quick: QuickHandler | None = None
    fields: int = FIELDS


def bind(
    standard: Standard,
    handlers: Mapping[str, Handler],
    *,
    quick: Mapping[str, QuickHandler] | None = None,
    fields: Mapping[str, int] | None = None,
) -> tuple[Bound, ...]:
    """Join each declared endpoint of *standard* to its handler, by name, perhaps a *quick* one before it.

    *fields* tells of endpoints how many parameters a request may have, where that is more than usual.

    An endpoint that the standard leaves optional may stay without a handler; it is then not advertised.
    Raises `BindError` for a handler without a declaration and an obligatory endpoint without a handler.
    """
    declared = {endpoint.name: endpoint for endpoint in standard.endpoints}
    for name in handlers:
        if name not in declared:
            raise BindError(f"{standard.name} declares no endpoint {name!r}{hint(name, declared)}")
    for endpoint in declared.values():
        if endpoint.need == "must" and endpoint.name not in handlers:
            raise BindError(f"{standard.name} {endpoint.section}: endpoint {endpoint.name!r} has no handler")
    choices = [endpoint.name for endpoint in declared.values() if endpoint.need == "any"]
    if choices and not handlers.keys() & set(choices):
        raise BindError(f"{standard.name}: one of the endpoints {', '.join(choices)} needs a handler")
    first, most = quick or {}, fields or {}
    return tuple(
        Bound(standard, declared[name], handler, first.get(name), most.get(name, FIELDS))
        for name, handler in handlers.items()
    )
