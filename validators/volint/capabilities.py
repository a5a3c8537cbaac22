"""A capabilities document as it came: read leniently, judged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .xml import children, local, typed, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

__all__ = ["Capability", "Interface", "read_capabilities"]


@dataclass(frozen=True, slots=True)
class Interface:
    """One way to reach a capability."""

    node: etree._Element
    type: tuple[str, str]
    role: str
    version: str
    urls: tuple[str, ...]
    uses: tuple[str | None, ...]
    parameters: tuple[str, ...]
    test_query: str
    secured: bool

    @property
    def url(self) -> str:
        """The first access address; empty where there is none."""
        return self.urls[0] if self.urls else ""


@dataclass(frozen=True, slots=True)
class Capability:
    """One capability; identifiers of standards are compared without case."""

    node: etree._Element
    standard_id: str
    interfaces: tuple[Interface, ...]

    @property
    def key(self) -> str:
        """The identifier for comparisons."""
        return self.standard_id.lower()

    @property
    def version(self) -> str:
        """The version at the end of the identifier, or else that of an interface."""
        tail = self.standard_id.rpartition("-")[2]
        own = [interface.version for interface in self.interfaces if interface.version]
        return tail if tail[:1].isdigit() else (own[0] if own else "")

    @property
    def best(self) -> Interface | None:
        """The interface to use of several: of web requests, open to everybody, of the standard."""
        usable = [interface for interface in self.interfaces if interface.url.startswith("http")]
        return max(usable, key=_worth, default=None)


def read_capabilities(root: etree._Element) -> tuple[Capability, ...]:
    """Return the capabilities of a VOSI document or a registry record."""
    return tuple(_capability(node) for node in root.iter() if local(node) == "capability")


def _worth(interface: Interface) -> tuple[bool, bool, bool]:
    return interface.type[1] == "ParamHTTP", not interface.secured, interface.role.startswith("std")


def _capability(node: etree._Element) -> Capability:
    return Capability(
        node, words(node.get("standardID")), tuple(_interface(part) for part in children(node, "interface"))
    )


def _interface(node: etree._Element) -> Interface:
    access = [part for part in children(node, "accessURL") if words(part.text)]
    return Interface(
        node,
        typed(node),
        node.get("role", ""),
        node.get("version", ""),
        tuple(words(part.text) for part in access),
        tuple(part.get("use") for part in access),
        tuple(_names(node)),
        next((words(part.text) for part in children(node, "testQueryString")), ""),
        any(True for _ in children(node, "securityMethod")),
    )


def _names(node: etree._Element) -> Iterator[str]:
    for parameter in children(node, "param"):
        yield from (words(name.text) for name in children(parameter, "name"))
