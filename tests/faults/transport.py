"""The way from the client under test to the reference service, and the faults on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx2

from .holdings import BASE
from .messages import Asked, Given
from .service import Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from volint.manners import Credentials

__all__ = ["Fault", "Wire", "answered", "body", "both", "header", "kind", "on", "status", "text"]


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
        given = self.service.answer(plain)
        if broken and self.fault:
            given = self.fault.change(asked, given)
        headers = {"Content-Length": str(len(given.body)), **given.headers}
        headers |= {"Content-Type": given.kind} if given.kind else {}
        body_sent = b"" if asked.method == "HEAD" else given.body
        return httpx2.Response(given.status, headers=headers, stream=httpx2.ByteStream(body_sent))


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
