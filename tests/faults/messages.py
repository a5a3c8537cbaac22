"""Requests to the reference service and its answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email import message_from_string
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from .holdings import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Asked", "Given"]


@dataclass(frozen=True)
class Asked:
    """A request: the path below the base, names in upper case (`lower` if any was not), values, who asks."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...] = ()
    lower: bool = False
    files: tuple[tuple[str, str], ...] = ()
    user: str = ""

    @classmethod
    def read(cls, method: str, url: str, form: str, kind: str = "") -> Asked:
        """Read a request from its address and its form, whose media type is *kind*."""
        parts = urlsplit(url)
        several = kind.startswith("multipart/")
        sent, files = _parts(form, kind) if several else (parse_qsl(form, keep_blank_values=True), ())
        given = parse_qsl(parts.query, keep_blank_values=True) + sent
        path = unquote(parts.path).removeprefix(urlsplit(BASE).path).strip("/")
        lower = any(name != name.upper() for name, _ in given)
        return cls(method, path, tuple((name.upper(), value) for name, value in given), lower, files)

    def values(self, name: str) -> list[str]:
        """Return all values of a parameter."""
        return [value for key, value in self.pairs if key == name]

    def first(self, name: str, default: str = "") -> str:
        """Return its first value."""
        return next(iter(self.values(name)), default)


def _parts(form: str, kind: str) -> tuple[list[tuple[str, str]], tuple[tuple[str, str], ...]]:
    """Return the values and the files of a form in several parts."""
    values: list[tuple[str, str]] = []
    files: list[tuple[str, str]] = []
    for part in message_from_string(f"Content-Type: {kind}\n\n{form}").walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            (files if part.get_filename() else values).append((name, str(part.get_payload()).rstrip("\r\n")))
    return values, tuple(files)


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
