"""XML of strangers: read without network, DTD or entities, whatever its namespaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["XSI", "NotXml", "children", "local", "namespace", "read", "typed", "words"]

XSI = "http://www.w3.org/2001/XMLSchema-instance"
SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[")
"""A DOCTYPE that brings declarations of its own, such as entities."""


class NotXml(ValueError):
    """A document cannot be read; the text says why, `line` where."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def read(content: bytes) -> etree._Element:
    """Return the root; a DOCTYPE may name a document type (XHTML does), and bring nothing with it."""
    if SUBSET.search(content[:100_000]):
        raise NotXml("its DOCTYPE declares things of its own, which is not read", 1)
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotXml(f"not well-formed: {error.msg}", error.lineno or 0) from None


def local(node: etree._Element) -> str:
    """Return the name of an element without its namespace; a comment has none."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def namespace(node: etree._Element) -> str:
    """Return the namespace of an element."""
    return (etree.QName(node).namespace or "") if isinstance(node.tag, str) else ""


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of that local name in any namespace."""
    return (child for child in node if local(child) == name)


def typed(node: etree._Element) -> tuple[str, str]:
    """Return namespace and name of the xsi:type, its prefix resolved; empty where there is none."""
    prefix, colon, name = words(node.get(f"{{{XSI}}}type", "")).rpartition(":")
    return (node.nsmap.get(prefix if colon else None) or "", name) if name else ("", "")


def words(text: str | None) -> str:
    """Return *text* with its blanks normalised."""
    return " ".join((text or "").split())
