"""The examples of a service as DALI marks them up (DALI 1.1, 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .xml import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

__all__ = ["VOCABULARY", "Example", "examples_in", "properties", "read_examples", "vocabularies"]

VOCABULARY = "http://www.ivoa.net/rdf/examples#"


@dataclass(frozen=True)
class Example:
    """One example: the capability it is of, its parameters in their order."""

    node: etree._Element
    capability: str
    parameters: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        """Return the first value of a parameter, empty if it has none."""
        return next((value for key, value in self.parameters if key.upper() == name), "")


def vocabularies(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements with a `vocab`."""
    return (node for node in root.iter("*") if node.get("vocab") is not None)


def examples_in(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements that are examples."""
    return (node for node in root.iter("*") if "example" in (node.get("typeof") or "").split())


def properties(node: etree._Element, name: str) -> list[etree._Element]:
    """Return the descendants that are a property of that name."""
    return [part for part in node.iter("*") if name in (part.get("property") or "").split()]


def read_examples(root: etree._Element) -> list[Example]:
    """Return the examples of a document."""
    return [_example(node) for node in examples_in(root)]


def _example(node: etree._Element) -> Example:
    named = properties(node, "capability")
    pairs = (
        (_text(properties(part, "key")), _text(properties(part, "value")))
        for part in properties(node, "generic-parameter")
    )
    return Example(node, _text(named), tuple(pair for pair in pairs if pair[0]))


def _text(nodes: list[etree._Element]) -> str:
    return words("".join(nodes[0].itertext())) if nodes else ""
