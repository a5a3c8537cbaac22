"""Declared endpoints joined to the functions that answer them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from soda_core.standards import Endpoint, Standard, hint
from soda_core.standards.model import Method

from .answers import Answer
from .request import Request

__all__ = ["FIELDS", "BindError", "Bound", "ByMethod", "Handler", "QuickHandler", "Under", "bind"]

Handler: TypeAlias = Callable[[Request], Answer]

QuickHandler: TypeAlias = Callable[[Request], Answer | None]
"""Answers what takes about a millisecond and waits for nothing; None leaves the request to the handler."""

ByMethod: TypeAlias = Mapping[Method, Handler]
"""The handlers of an endpoint that does different things by different methods."""


FIELDS = 1000
"""How many parameters one request may have, unless the endpoint takes more."""


class BindError(Exception):
    """The handlers of a service and the declaration of its standard do not match."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One endpoint that this service answers, by the *methods* given; *using* lends the labels of errors.

    A body may have *fields* parameters, and with *takes_files* a file.
    """

    standard: Standard
    endpoint: Endpoint
    handler: Handler
    quick: QuickHandler | None = None
    fields: int = FIELDS
    takes_files: bool = False
    methods: tuple[Method, ...] = ()
    using: Standard | None = None

    @property
    def told_by(self) -> Standard:
        """The standard whose labels errors are told with."""
        return self.using or self.standard

    @property
    def is_fixed(self) -> bool:
        """Whether its path has no variable parts, so that it can be advertised."""
        return not self.endpoint.path_parameters


@dataclass(frozen=True, slots=True)
class Under:
    """Where the endpoints of a pattern lie: known parts of their paths, and the standard that uses it."""

    steps: Mapping[str, str]
    using: Standard

    def placed(self, endpoint: Endpoint) -> Endpoint:
        """Return *endpoint* with the known parts of its path filled in."""
        path = endpoint.path
        for name, value in self.steps.items():
            path = path.replace(f"{{{name}}}", value)
        return replace(endpoint, path=path)


def bind(
    standard: Standard,
    handlers: Mapping[str, Handler | ByMethod],
    *,
    quick: Mapping[str, QuickHandler] | None = None,
    fields: Mapping[str, int] | None = None,
    files: Collection[str] = (),
    under: Under | None = None,
) -> tuple[Bound, ...]:
    """Join each declared endpoint of *standard* to its handler, by name, perhaps a *quick* one before it.

    *fields* tells of endpoints how many parameters a request may have, where that is more than usual; *files*
    are the endpoints to which a request may bring a file.

    An endpoint that the standard leaves optional may stay without a handler; it is then not advertised.
    Raises `BindError` for a handler without a declaration and an obligatory endpoint without a handler.
    """
    declared = {endpoint.name: endpoint for endpoint in standard.endpoints}
    _check(standard, declared, handlers)
    found = []
    for name, handler in handlers.items():
        endpoint = under.placed(declared[name]) if under else declared[name]
        using, most = under.using if under else None, (fields or {}).get(name, FIELDS)
        one = Bound(standard, endpoint, _unanswered, fields=most, takes_files=name in files, using=using)
        if callable(handler):
            found.append(
                replace(one, handler=handler, quick=(quick or {}).get(name), methods=endpoint.methods)
            )
        else:
            found += [replace(one, handler=each, methods=(method,)) for method, each in handler.items()]
    return tuple(found)


def _unanswered(request: Request) -> Answer:
    """Stand in until the handler is known."""
    raise BindError(f"{request.standard.name}: endpoint {request.endpoint.name!r} has no handler")


def _check(
    standard: Standard, declared: Mapping[str, Endpoint], handlers: Mapping[str, Handler | ByMethod]
) -> None:
    """Raise where handlers and declaration do not match."""
    for name in handlers:
        if name not in declared:
            raise BindError(f"{standard.name} declares no endpoint {name!r}{hint(name, declared)}")
    for endpoint in declared.values():
        if endpoint.need == "must" and endpoint.name not in handlers:
            raise BindError(f"{standard.name} {endpoint.section}: endpoint {endpoint.name!r} has no handler")
    choices = [endpoint.name for endpoint in declared.values() if endpoint.need == "any"]
    if choices and not handlers.keys() & set(choices):
        raise BindError(f"{standard.name}: one of the endpoints {', '.join(choices)} needs a handler")
    for name, handler in handlers.items():
        for method in () if callable(handler) else handler:
            if method not in declared[name].methods:
                raise BindError(f"{standard.name} declares no {method} for {name!r}")
