"""One request and its answer, kept so that it can be judged, shown and repeated."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from .media import MediaType
from .model import Fault, Skip
from .votable.view import View
from .xml import NotXml, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml import etree

    from .model import Level
    from .votable.scan import Scan

__all__ = ["Exchange", "Pairs", "Request", "scanned"]

Pairs: TypeAlias = tuple[tuple[str, str], ...]

SHOWN = 300
"""Characters of a body that a report shows."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `form` is the body of a POST, in several parts if there are `files` (name and text)."""

    url: str
    method: str = "GET"
    form: Pairs = ()
    accept: str = ""
    files: Pairs = ()

    @property
    def curl(self) -> str:
        """The command that repeats it."""
        words = ["curl", "-i"]
        if self.method not in ("GET", "POST") or (self.method == "POST" and not self.form):
            words += ["-X", self.method]
        if self.accept:
            words += ["-H", f"Accept: {self.accept}"]
        option = "--form-string" if self.files else "--data-urlencode"
        for name, value in self.form:
            words += [option, f"{name}={value}"]
        for name, content in self.files:
            words += ["-F", f'{name}="{content}";filename={name}']
        return shlex.join([*words, self.url])


def scanned(pieces: Iterable[bytes], *, keep: int = 0) -> Scan | str:
    """Return what reading a VOTable once finds, or why it is no XML; `Unreadable` is raised."""
    from .votable.scan import scan  # noqa: PLC0415 - few documents are tables

    try:
        return scan(pieces, keep)
    except NotXml as error:
        return str(error)


@dataclass(frozen=True)
class Exchange:
    """An answer: the body is decoded and never longer than the cap, `cut` says if more was to come."""

    request: Request
    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False
    url: str = ""
    seconds: float = 0.0
    hops: tuple[str, ...] = field(default=())

    @cached_property
    def media_type(self) -> MediaType:
        """The Content-Type, read in full."""
        return MediaType.read(self.headers.get("content-type", ""))

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def of_file(self) -> bool:
        """Whether it is the text of a file: nothing was asked and nobody answered."""
        return self.request.url.startswith("file:")

    @property
    def ok(self) -> bool:
        """Whether the answer is a success with something in it."""
        return self.status == 200  # noqa: PLR2004 - the one status of success

    @property
    def refused(self) -> bool:
        """Whether the client is told that the request was wrong."""
        return 400 <= self.status < 500  # noqa: PLR2004 - as HTTP has it

    @cached_property
    def root(self) -> etree._Element:
        """The root of the body as XML; raises `Skip` where it is none."""
        try:
            return read(self.body)
        except NotXml as error:
            what = "the file" if self.of_file else f"the answer to {self.request.url}"
            raise Skip(f"{what} is not readable XML: {error}") from None

    @cached_property
    def view(self) -> View:
        """The body as a VOTable; raises `Skip` where it is none."""
        return View(self.root)

    @cached_property
    def scanned(self) -> Scan | str:
        """What reading the body once finds in a VOTable, or why nothing; many rules look at one answer."""
        return scanned((self.body,))

    @property
    def is_xml(self) -> bool:
        """Whether the body can be read as XML."""
        try:
            return self.root is not None
        except Skip:
            return False

    @property
    def flaw(self) -> str:
        """Why the body cannot be read as XML; empty where it can."""
        try:
            _ = self.root
        except Skip as reason:
            packed = self.body.startswith(b"\x1f\x8b") and "; it is packed, and no Content-Encoding says so"
            return f"{reason}{packed or ''}"
        return ""

    @property
    def summary(self) -> str:
        """The answer in a few lines."""
        kind = self.headers.get("content-type", "no Content-Type")
        lines = [*(f"redirected: {hop}" for hop in self.hops), f"HTTP {self.status}, {kind}"]
        lines[-1] += f", {len(self.body)} bytes" + (" and more" if self.cut else "")
        if self.media_type.is_text and self.body:
            lines.append(re.sub(r"[^\S\n]+", " ", self.text[:SHOWN]).strip())
        return "\n".join(lines)

    def fault(self, message: str, level: Level | None = None) -> Fault:
        """Return what is wrong with this answer."""
        return Fault(message, self, level)
