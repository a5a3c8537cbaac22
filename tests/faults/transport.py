"""The way from the client under test to the reference service, and the faults on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx2

from .holdings import BASE
from .messages import Asked, Given
from .service import Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from volint.manners import Credentials

__all__ = [
    "Fault",
    "Wire",
    "answered",
    "body",
    "both",
    "deaf",
    "header",
    "kind",
    "on",
    "once",
    "pattern",
    "posted",
    "status",
    "text",
]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the rule it breaks, how traffic is changed; `also` may be told with it.

    `ask` changes what the service hears, `who` is who asks.
    """

    name: str
    code: str
    change: Callable[[Asked, Given], Given]
    where: Callable[[Asked], bool] = lambda _: True
    also: frozenset[str] = frozenset()
    ask: Callable[[Asked], Asked] | None = None
    target: str = BASE
    who: Credentials | None = None


KEPT: dict[Asked, Given] = {}
"""Answers of the unbroken service."""


class Wire(httpx2.BaseTransport):
    """Carries requests to a fresh reference service, and its answers back with a fault."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.service = Reference()
        self.fault = fault

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        asked = Asked.read(
            request.method,
            str(request.url),
            request.read().decode(),
            request.headers.get("content-type", ""),
        )
        asked = replace(asked, user=request.headers.get("authorization", "").removeprefix("Bearer "))
        broken = self.fault is not None and self.fault.where(asked)
        heard = self.fault.ask(asked) if broken and self.fault and self.fault.ask else asked
        plain = replace(heard, method="GET") if heard.method == "HEAD" else heard
        given = self._unbroken(plain)
        if broken and self.fault:
            given = self.fault.change(asked, given)
        headers = {"Content-Length": str(len(given.body)), **given.headers}
        headers |= {"Content-Type": given.kind} if given.kind else {}
        body_sent = b"" if asked.method == "HEAD" else given.body
        return httpx2.Response(given.status, headers=headers, stream=httpx2.ByteStream(body_sent))

    def _unbroken(self, asked: Asked) -> Given:
        """Return what the service says; all but jobs say the same again in every run, and are kept."""
        if "async" in asked.path.split("/"):
            return self.service.answer(asked)
        if asked not in KEPT:
            KEPT[asked] = self.service.answer(asked)
        return KEPT[asked]


def on(*paths: str, method: str = "", having: str = "", lacking: str = "") -> Callable[[Asked], bool]:
    """Return what picks requests by path, method, and parameters that are there or are not."""

    def picks(asked: Asked) -> bool:
        names = {name for name, _ in asked.pairs}
        there = not having or set(having.split()) <= names
        absent = not set(lacking.split()) & names
        return asked.path in paths and there and absent and asked.method in (method or asked.method, "HEAD")

    return picks


def text(old: str, new: str, count: int = -1) -> Callable[[Asked, Given], Given]:
    """Return what replaces a piece of the body, which has to be there in any answer of success."""

    def change(_: Asked, given: Given) -> Given:
        return replace(given, body=given.body.replace(old.encode(), new.encode(), count))

    return change


def pattern(old: str, new: str, count: int = 1) -> Callable[[Asked, Given], Given]:
    """Return what replaces what a regular expression finds in the body."""

    def change(_: Asked, given: Given) -> Given:
        body_now = re.sub(old.encode(), new.encode(), given.body, count=count, flags=re.DOTALL)
        return replace(given, body=body_now)

    return change


def posted(picks: Callable[[Asked], bool]) -> Callable[[Asked], bool]:
    """Return what picks the same requests by POST alone."""
    return lambda asked: asked.method == "POST" and picks(asked)


def deaf(*names: str) -> Callable[[Asked], Asked]:
    """Return what does not hear some parameters."""
    return lambda asked: replace(asked, pairs=tuple(pair for pair in asked.pairs if pair[0] not in names))


def once(name: str) -> Callable[[Asked], Asked]:
    """Return what hears a parameter the first time alone."""

    def ask(asked: Asked) -> Asked:
        first = next((pair for pair in asked.pairs if pair[0] == name), None)
        kept = tuple(pair for pair in asked.pairs if pair[0] != name)
        return replace(asked, pairs=(*kept, *((first,) if first else ())))

    return ask


def status(number: int) -> Callable[[Asked, Given], Given]:
    """Return what gives another status."""
    return lambda _, given: replace(given, status=number)


def kind(media_type: str) -> Callable[[Asked, Given], Given]:
    """Return what gives another media type."""
    return lambda _, given: replace(given, kind=media_type)


def body(content: bytes) -> Callable[[Asked, Given], Given]:
    """Return what gives another body."""
    return lambda _, given: replace(given, body=content)


def header(name: str, value: str | None) -> Callable[[Asked, Given], Given]:
    """Return what sets a header, or takes it away."""

    def change(_: Asked, given: Given) -> Given:
        kept = {key: entry for key, entry in given.headers.items() if key != name}
        return replace(given, headers=kept | ({name: value} if value is not None else {}))

    return change


def both(*changes: Callable[[Asked, Given], Given]) -> Callable[[Asked, Given], Given]:
    """Return what makes several changes, one after the other."""

    def change(asked: Asked, given: Given) -> Given:
        for each in changes:
            given = each(asked, given)
        return given

    return change


def answered(made: Callable[[], Given]) -> Callable[[Asked, Given], Given]:
    """Return what gives another answer altogether."""
    return lambda _asked, _given: made()
