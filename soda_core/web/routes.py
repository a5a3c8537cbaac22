"""Paths with and without variable parts → the endpoints that answer there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response

from .endpoint import STEPS
from .errors import MethodNotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from .endpoint import Endpoint

__all__ = ["Resource", "Routes"]

_VARIABLE = re.compile(r"\{([a-z-]+)\}")


class Resource:
    """All that one path answers, by method."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._by_method: dict[str, Endpoint] = {}
        self._pattern, self._names = _compiled(path)

    def add(self, endpoint: Endpoint) -> None:
        """Let *endpoint* answer by its methods."""
        self._by_method |= dict.fromkeys(endpoint.methods, endpoint)

    def match(self, path: str) -> Mapping[str, str] | None:
        """Return the variable parts of *path* if it is one of this resource."""
        found = self._pattern.fullmatch(path)
        return dict(zip(self._names, found.groups(), strict=True)) if found else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or tell which methods there are."""
        method = scope["method"]
        endpoint = self._by_method.get(method)
        if method == "OPTIONS":
            allowed = {"Allow": ", ".join(sorted(self._by_method))}
            await Response(status_code=204, headers=allowed)(scope, receive, send)
        elif endpoint is None:
            refusal = MethodNotAllowed(method, self._by_method)
            await next(iter(self._by_method.values())).refuse(refusal, scope, receive, send)
        else:
            await endpoint(scope, receive, send)


class Routes:
    """The resources of a service.

    Those without variable parts are found first, then those of the most steps, as an end may hold slashes.
    """

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        found: dict[str, Resource] = {}
        for endpoint in endpoints:
            found.setdefault(endpoint.path, Resource(endpoint.path)).add(endpoint)
        self._fixed = {path: resource for path, resource in found.items() if "{" not in path}
        variable = sorted((path for path in found if "{" in path), key=_steps, reverse=True)
        self._variable = tuple(found[path] for path in variable)

    def find(self, scope: Scope) -> Resource | None:
        """Return who answers a request, and leave the variable parts of its path in the scope."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        fixed = self._fixed.get(path)
        if fixed is not None:
            return fixed
        for resource in self._variable:
            steps = resource.match(path)
            if steps is not None:
                scope[STEPS] = steps
                return resource
        return None


def _steps(path: str) -> int:
    """Return how many steps a path template has."""
    return path.count("/")


def _compiled(path: str) -> tuple[re.Pattern[str], list[str]]:
    """Return a pattern for a path template, and the names of its variable parts.

    Each part is one step; what the end of the path gives may hold slashes, and may be missing.
    """
    fixed, names = _VARIABLE.split(path)[::2], _VARIABLE.findall(path)
    parts = ["([^/]+)"] * len(names)
    if names and not fixed[-1]:
        parts[-1] = "(.*)"
    pattern = "".join(map("".join, zip(map(re.escape, fixed), [*parts, ""], strict=True)))
    return re.compile(pattern, re.DOTALL), names
