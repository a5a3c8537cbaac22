"""A VOTable as it came: found by local names, so that a wrong namespace hides nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from volint.model import Skip
from volint.xml import children, local, words

from .columns import Column
from .decoded import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

__all__ = ["Descriptor", "Field", "Param", "Status", "View"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column; `key` is its XML ID."""

    name: str
    key: str
    datatype: str
    arraysize: str
    xtype: str
    unit: str
    ucd: str
    utype: str


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a descriptor, its limits as text; None is what is not there."""

    name: str
    node: etree._Element
    value: str | None
    ref: str
    minimum: str | None = None
    maximum: str | None = None
    options: tuple[str | None, ...] = ()

    def get(self, attribute: str) -> str:
        """Return an attribute, empty where it is not there."""
        return self.node.get(attribute, "")

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of `maximum`; none where it is no list of numbers."""
        return numbers(self.maximum)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A RESOURCE that describes a service (DataLink 1.1, 4)."""

    node: etree._Element
    about: Mapping[str, str]
    inputs: Mapping[str, Param] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The XML ID."""
        return self.node.get("ID", "")

    @property
    def standard_id(self) -> str:
        """The standard of the service, in lower case as identifiers are compared."""
        return self.about.get("standardID", "").lower()

    @property
    def is_self(self) -> bool:
        """Whether it describes the service that answered."""
        old = self.node.get("utype") == "adhoc:service" and self.node.get("name") == "this"
        return self.node.get("utype") == "adhoc:this" or old

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return f"descriptor {self.key or self.node.get('name') or self.about.get('accessURL', '?')!r}"


@dataclass(frozen=True, slots=True)
class Status:
    """One INFO of QUERY_STATUS and whether it stands after the table."""

    value: str
    text: str
    trailing: bool


class View:
    """Tables, columns, rows and descriptors of one document."""

    def __init__(self, root: etree._Element, *, partial: bool = False) -> None:
        if local(root) != "VOTABLE":
            raise Skip(f"the document is no VOTable: its root is {local(root)}")
        self.root = root
        self.partial = partial

    @cached_property
    def resources(self) -> tuple[etree._Element, ...]:
        """All resources, nested ones too."""
        return tuple(node for node in self.root.iter("{*}RESOURCE"))

    @cached_property
    def results(self) -> tuple[etree._Element, ...]:
        """The resources of results; the attribute is looked at as it is written."""
        return tuple(node for node in self.resources if node.get("type") == "results")

    @property
    def main(self) -> etree._Element:
        """The first resource of results, or else the first of all."""
        for node in (*self.results, *self.resources):
            return node
        raise Skip("the VOTable has no RESOURCE")

    @cached_property
    def statuses(self) -> tuple[Status, ...]:
        """The states of the query in their order."""
        return tuple(self._statuses())

    def _statuses(self) -> Iterator[Status]:
        trailing = False
        for node in self.main:
            trailing = trailing or local(node) == "TABLE"
            if local(node) == "INFO" and node.get("name") == "QUERY_STATUS":
                yield Status(node.get("value", ""), words(node.text), trailing)

    @property
    def failed(self) -> bool:
        """Whether the last word is ERROR."""
        return bool(self.statuses) and self.statuses[-1].value == "ERROR"

    @property
    def overflow(self) -> bool:
        """Whether the last word is OVERFLOW."""
        return bool(self.statuses) and self.statuses[-1].value == "OVERFLOW"

    @property
    def message(self) -> str:
        """What the last status tells."""
        return self.statuses[-1].text if self.statuses else ""

    @cached_property
    def table(self) -> etree._Element:
        """The first table of the results."""
        for node in children(self.main, "TABLE"):
            return node
        raise Skip("the VOTable has no TABLE")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns of the table."""
        names = ("name", "ID", "datatype", "arraysize", "xtype", "unit", "ucd", "utype")
        return tuple(
            Field(*(words(node.get(name)) for name in names)) for node in children(self.table, "FIELD")
        )

    @cached_property
    def rows(self) -> tuple[dict[str, str], ...]:
        """The rows by the names of the columns, as text, out of a stream too; of a long file the first."""
        names = [column.name for column in self.fields]
        if self.partial and "semantics" in names:
            raise Skip("the table of links is too long to be looked at as a whole")
        data = next(children(self.table, "DATA"), None)
        if data is None:
            return ()
        stored = next(children(data, "TABLEDATA"), None)
        if stored is None:
            return tuple(dict(zip(names, row, strict=False)) for row in self._streamed(data))
        return tuple(
            dict(zip(names, (words(cell.text) for cell in children(row, "TD")), strict=False))
            for row in children(stored, "TR")
        )

    def _streamed(self, data: etree._Element) -> Iterator[list[str]]:
        """Yield the rows of BINARY or BINARY2."""
        version = self.root.get("version", "")
        columns = [Column.of(node, version) for node in children(self.table, "FIELD")]
        for name in ("BINARY2", "BINARY"):
            for node in children(data, name):
                for stream in children(node, "STREAM"):
                    yield from decoded(columns, stream, flagged=name == "BINARY2")
                return
        raise Skip("the rows come neither as TABLEDATA nor in a stream that can be read")

    def infos(self, name: str) -> list[str]:
        """Return the values of the INFO of that name in the results."""
        return [node.get("value", "") for node in children(self.main, "INFO") if node.get("name") == name]

    @cached_property
    def descriptors(self) -> tuple[Descriptor, ...]:
        """The service descriptors of the document."""
        return tuple(
            _descriptor(node)
            for node in self.resources
            if node.get("utype", "").lower() in ("adhoc:service", "adhoc:this")
        )


def numbers(text: str | None) -> tuple[float, ...]:
    """Return a blank-separated list of numbers; none where a word is no number."""
    try:
        return tuple(float(word) for word in (text or "").split())
    except ValueError:
        return ()


def _descriptor(node: etree._Element) -> Descriptor:
    """Read a descriptor; of parameters with the same name the first counts."""
    about = {param.get("name", ""): param.get("value", "") for param in children(node, "PARAM")}
    groups = [group for group in children(node, "GROUP") if group.get("name") == "inputParams"]
    inputs: dict[str, Param] = {}
    for param in (param for group in groups for param in children(group, "PARAM")):
        inputs.setdefault(param.get("name", ""), _param(param))
    return Descriptor(node, about, inputs)


def _param(node: etree._Element) -> Param:
    """Read a parameter with its limits."""
    found: dict[str, str | None] = {}
    options: list[str | None] = []
    for values in children(node, "VALUES"):
        for entry in values:
            if local(entry) in ("MIN", "MAX"):
                found[local(entry)] = entry.get("value", "")
        options += [option.get("value") for option in children(values, "OPTION")]
    return Param(
        node.get("name", ""),
        node,
        node.get("value"),
        node.get("ref", ""),
        found.get("MIN"),
        found.get("MAX"),
        tuple(options),
    )
