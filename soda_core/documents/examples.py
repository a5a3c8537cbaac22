"""DALI examples: XHTML with RDFa Lite (DALI 1.1, 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Example", "examples"]

XHTML = "http://www.w3.org/1999/xhtml"
VOCABULARY = "http://www.ivoa.net/rdf/examples#"

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em;
  color: #1d2733; }
code { background: #eef2f6; padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
h2 { margin: 2em 0 .3em; font-size: 1.15em; } table { border-collapse: collapse; }
th, td { text-align: left; padding: .15em 1em .15em 0; font-weight: normal; vertical-align: top; }
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A request that works: what it shows, the capability, the address, and the parameters."""

    id: str
    name: str
    capability: str
    url: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def request(self) -> str:
        """The address with its query."""
        return f"{self.url}?{urlencode(self.parameters, quote_via=quote)}"


def examples(title: str, entries: Sequence[Example]) -> bytes:
    """Return the examples document of a service."""
    html = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML})
    head = _child(html, "head")
    _child(head, "title", text=f"Examples: {title}")
    _child(head, "style", text=STYLE)
    body = _child(_child(html, "body"), "div", vocab=VOCABULARY)
    _child(body, "h1", text=f"Examples: {title}")
    for entry in entries:
        _example(body, entry)
    return etree.tostring(
        html, xml_declaration=True, encoding="UTF-8", doctype="<!DOCTYPE html>", pretty_print=True
    )


def _example(body: etree._Element, entry: Example) -> None:
    """Add one example; only its facts carry a property."""
    block = _child(body, "div", typeof="example", id=entry.id, resource=f"#{entry.id}")
    _child(block, "h2", text=entry.name, property="name")
    line = _child(block, "p", text="Capability ")
    _child(line, "code", text=entry.capability, property="capability")
    table = _child(_child(block, "table"), "tbody")
    for key, value in entry.parameters:
        row = _child(table, "tr", property="generic-parameter", typeof="keyval")
        _child(row, "th", text=key, property="key")
        _child(row, "td", text=value, property="value")
    _child(_child(_child(block, "p"), "code"), "span", text=entry.request)


def _child(parent: etree._Element, tag: str, *, text: str = "", **attributes: str) -> etree._Element:
    """Add an XHTML element."""
    node = etree.SubElement(parent, f"{{{XHTML}}}{tag}", attributes)
    node.text = text or None
    return node
