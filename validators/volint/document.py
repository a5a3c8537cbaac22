"""A document to judge, from a service or from a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .exchange import Exchange, Request
from .model import Fault, Skip
from .votable.view import View
from .xml import NotXml, local, namespace, read

if TYPE_CHECKING:
    from pathlib import Path

    from lxml import etree

    from .service import Service
    from .votable.scan import Scan

__all__ = ["KINDS", "Document", "kind_of_root", "read_file"]

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
}
"""Kinds of documents by the local name of the root."""


@dataclass(frozen=True)
class Document:
    """Text with the exchange that brought it; without one it comes from a file."""

    kind: str
    label: str
    content: bytes
    exchange: Exchange | None = None
    service: Service | None = None

    @cached_property
    def root(self) -> etree._Element:
        """The root of the tree; raises `Skip` where the text is no XML."""
        if self.exchange is not None:
            return self.exchange.root
        try:
            return read(self.content)
        except NotXml as error:
            raise Skip(f"it is not readable XML: {error}") from None

    @cached_property
    def scanned(self) -> Scan:
        """What is found by reading a VOTable once; raises `Skip` where the text is no XML."""
        from .votable.scan import scan  # noqa: PLC0415 - few documents are tables

        try:
            return scan((self.content,))
        except NotXml as error:
            raise Skip(f"it is not readable XML: {error}") from None

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
        return self.exchange.view if self.exchange is not None else View(self.root)

    @property
    def name(self) -> tuple[str, str]:
        """Namespace and local name of the root."""
        return namespace(self.root), local(self.root)

    def fault(self, message: str, node: etree._Element | None = None) -> Fault:
        """Return what is wrong, with the line where it stands."""
        line = node.sourceline if node is not None else None
        return Fault(f"line {line}: {message}" if line else message, self.exchange)


def kind_of_root(root: etree._Element) -> str:
    """Return the kind of a document; empty for one that nothing is known about."""
    return KINDS.get(local(root), "")


def read_file(path: Path) -> Document:
    """Return the document in a file; its kind comes from its root."""
    content = path.read_bytes()
    made = Document("", str(path), content, _as_exchange(path, content))
    try:
        kind = kind_of_root(made.root)
    except Skip:
        kind = "xml"
    return Document(kind or "xml", str(path), content, made.exchange)


def _as_exchange(path: Path, content: bytes) -> Exchange:
    """Return a file as if it were an answer, so that a finding can show it."""
    return Exchange(Request(path.resolve().as_uri()), 200, {}, content)
