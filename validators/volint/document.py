"""A document to judge, from a service or from a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from .exchange import Exchange, Request, scanned
from .files import Unreadable, first_tag, pieces
from .model import Fault, Skip
from .votable.view import View
from .xml import NotXml, children, local, namespace, read, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .service import Service
    from .votable.scan import Scan

__all__ = ["HELD", "KINDS", "Document", "read_file", "records_in"]

KINDS = {
    "capabilities": "capabilities",
    "availability": "availability",
    "tableset": "tables",
    "table": "tables",
    "job": "uws",
    "jobs": "uws",
    "results": "uws",
    "parameters": "uws",
    "VOTABLE": "votable",
    "html": "examples",
    "Resource": "record",
    "resource": "record",
    "VOResources": "xml",
    "OAI-PMH": "xml",
}
"""Kinds of documents by the local name of the root."""

HELD = 1 << 24
"""Bytes of a table that are held in memory; a longer one is read once, and its first rows are kept."""

KEPT_ROWS = 1000
MOST = 1 << 26
"""Bytes of any other document."""

MOST_RECORDS = 200
"""Records of one answer of a registry that are looked at."""

LINES_TOLD = 65_535
"""Lines that libxml2 can tell apart."""


@dataclass(frozen=True)
class Document:
    """Text with the exchange that brought it; `source` is a file whose text is too long to be held."""

    kind: str
    label: str
    content: bytes
    exchange: Exchange | None = None
    service: Service | None = None
    source: Path | None = None

    @cached_property
    def root(self) -> etree._Element:
        """The root of the tree; raises `Skip` where the text is no XML."""
        if self.source is not None:
            return self.scanned.root
        if self.exchange is not None:
            return self.exchange.root
        try:
            return read(self.content)
        except NotXml as error:
            raise Skip(f"it is not readable XML: {error}") from None

    @property
    def scanned(self) -> Scan:
        """What is found by reading a VOTable once; raises `Skip` where the text is no XML."""
        found = self._scanned
        if isinstance(found, str):
            raise Skip(f"it is not readable XML: {found}")
        return found

    @cached_property
    def _scanned(self) -> Scan | str:
        """What is found, or why nothing is: a long file is not read again for each rule."""
        if self.source is not None:
            return scanned(pieces(self.source), keep=KEPT_ROWS)
        return self.exchange.scanned if self.exchange is not None else scanned((self.content,))

    @property
    def readable(self) -> bool:
        """Whether the text can be read as XML."""
        try:
            return self.root is not None
        except Skip:
            return False

    @property
    def view(self) -> View:
        """The document as a VOTable; raises `Skip` where it is none."""
        if self.source is not None:
            return View(self.root, partial=True)
        return self.exchange.view if self.exchange is not None else View(self.root)

    @property
    def name(self) -> tuple[str, str]:
        """Namespace and local name of the root."""
        return namespace(self.root), local(self.root)

    def fault(self, message: str, node: etree._Element | None = None) -> Fault:
        """Return what is wrong, with the line where it stands."""
        line = node.sourceline if node is not None else None
        known = line is not None and 0 < line < LINES_TOLD
        return Fault(f"line {line}: {message}" if known else message, self.exchange)


def read_file(path: Path) -> Document:
    """Return the document in a file; its kind comes from its first tag, even if the rest is broken."""
    stream = pieces(path)
    content = next(stream, b"")
    name = first_tag(content)
    if not name:
        raise Unreadable(f"{path}: there is no XML in it")
    if name not in KINDS:
        raise Unreadable(f"{path}: its root is {name!r}, which is no document that there are rules for")
    kind = KINDS[name]
    held = bytearray(content)
    for piece in stream:
        if len(held) > (HELD if kind == "votable" else MOST):
            if kind != "votable":
                raise Unreadable(f"{path}: it is longer than {MOST} bytes")
            return replace(_read(kind, path, content), source=path)
        held += piece
    return _read(kind, path, bytes(held))


def records_in(document: Document) -> Iterator[Document]:
    """Yield the registry records within an answer of a registry."""
    if document.kind != "xml" or not document.readable or document.exchange is None:
        return
    for node in islice(document.root.iter("{*}Resource"), MOST_RECORDS):
        name = next((words(part.text) for part in children(node, "identifier")), "")
        content = etree.tostring(node, with_tail=False)
        yield Document(
            "record", f"{document.label} {name}", content, replace(document.exchange, body=content)
        )


def _read(kind: str, path: Path, content: bytes) -> Document:
    """Return a file as if it were an answer, so that a finding can show it."""
    answer = Exchange(Request(path.resolve().as_uri()), 200, {}, content)
    return Document(kind, str(path), content, answer)
