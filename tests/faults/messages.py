"""Requests to the reference service and its answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from .holdings import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Asked", "Given"]


@dataclass(frozen=True)
class Asked:
    """A request: the path below the base, names in upper case (`lower` if any was not), values."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...] = ()
    lower: bool = False

    @classmethod
    def read(cls, method: str, url: str, form: str) -> Asked:
        """Read a request from its address and its form."""
        parts = urlsplit(url)
        given = parse_qsl(parts.query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True)
        path = unquote(parts.path).removeprefix(urlsplit(BASE).path).strip("/")
        lower = any(name != name.upper() for name, _ in given)
        return cls(method, path, tuple((name.upper(), value) for name, value in given), lower)

    def values(self, name: str) -> list[str]:
        """Return all values of a parameter."""
        return [value for key, value in self.pairs if key == name]

    def first(self, name: str, default: str = "") -> str:
        """Return its first value."""
        return next(iter(self.values(name)), default)


@dataclass(frozen=True)
class Given:
    """An answer."""

    status: int = 200
    kind: str = "text/plain"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def having(self, **headers: str) -> Given:
        """Return the same with further headers; an underscore stands for a hyphen."""
        return replace(
            self, headers={**self.headers, **{key.replace("_", "-"): v for key, v in headers.items()}}
        )
