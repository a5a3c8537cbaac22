"""VOTables: what columns and parameters say of themselves (VOTable 1.5, 3.2, 3.3, 3.7, 3.8 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from volint.check import rule
from volint.model import Fault
from volint.scopes import VOTABLES
from volint.ucds import ucd_remarks
from volint.units import unit_remarks
from volint.votable.columns import Column
from volint.votable.literals import INTEGERS
from volint.xml import children, local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

    from volint.check import Faults
    from volint.document import Document
    from volint.remark import Remark

__all__ = [
    "groups_refer",
    "limits_are_literals",
    "limits_or_options",
    "links_say_what_for",
    "names_are_tokens",
    "no_definitions",
    "nulls_are_integers",
    "nulls_in_binary",
    "parameters_have_values",
    "tables_in_resources",
    "tables_refer_to_tables",
    "ucds",
    "units",
    "values_by_reference",
]

ROOT = ("VOT-3-03",)
LETTERS = ("VOT-6-02", "VOT-6-03")
"""Rules of the letters that a datatype has."""

SHAPED = frozenset({"point", "circle", "polygon", "range", "multipolygon", "shape"})
"""Xtypes whose limits are whole values (DALI 1.1, 3.3); those of an interval are numbers of it."""


def _columns(document: Document) -> Iterator[etree._Element]:
    return document.root.iter("{*}FIELD", "{*}PARAM")


def _column(document: Document, node: etree._Element) -> Column:
    return Column.of(node, document.root.get("version", ""))


def _judged(
    document: Document, attribute: str, judge: Callable[[str], Iterator[Remark]], *names: str
) -> Faults:
    """Hold an attribute of elements against what is known of its values, each value once."""
    seen: set[str] = set()
    for node in document.root.iter(*names):
        value = node.get(attribute)
        if value is None or value in seen:
            continue
        seen.add(value)
        for remark in judge(value):
            fault = document.fault(f"{node.get('name') or local(node)}: {attribute} {remark.message}", node)
            yield Fault(fault.message, fault.exchange, remark.level)


@rule("VOT-3.2-05", VOTABLES, because=ROOT, level="warning")
def names_are_tokens(document: Document) -> Faults:
    """A name has no blanks at its ends and no two in a row."""
    for node in document.root.iter("*"):
        name = node.get("name") if isinstance(node.tag, str) else None
        if name is not None and name != " ".join(name.split()):
            yield document.fault(f"{local(node)}: name={name!r}", node)


@rule("VOT-3.3-01", VOTABLES, because=ROOT, level="warning")
def no_definitions(document: Document) -> Faults:
    """DEFINITIONS has been deprecated since VOTable 1.1."""
    for node in document.root.iter("{*}DEFINITIONS"):
        yield document.fault("DEFINITIONS is there", node)


@rule("VOT-3.7-01", VOTABLES, because=ROOT, level="info")
def links_say_what_for(document: Document) -> Faults:
    """A link says what it is for, and leads somewhere."""
    for node in document.root.iter("{*}LINK"):
        href = node.get("href")
        if href is not None and not urlsplit(href).scheme:
            yield document.fault(f"LINK: href={href!r} is not absolute", node)
        elif node.get("content-role") is None:
            yield document.fault("LINK: no content-role", node)


@rule("VOT-3.8-01", VOTABLES, because=ROOT)
def tables_in_resources(document: Document) -> Faults:
    """A table stands in a resource."""
    for node in document.root.iter("{*}TABLE"):
        parent = node.getparent()
        if parent is None or local(parent) != "RESOURCE":
            yield document.fault(
                f"TABLE stands in {local(parent) if parent is not None else 'nothing'}", node
            )


@rule("VOT-3.8-02", VOTABLES, because=[*ROOT, "VOT-3.2-02"])
def tables_refer_to_tables(document: Document) -> Faults:
    """What a table refers to is a table."""
    yield from _targets(document, "TABLE", ("TABLE",))


@rule("VOT-4.9-01", VOTABLES, because=[*ROOT, "VOT-3.2-02"])
def groups_refer(document: Document) -> Faults:
    """A group refers to columns and parameters, and holds no column."""
    yield from _targets(document, "FIELDref", ("FIELD",))
    yield from _strangers(document)
    yield from _targets(document, "PARAMref", ("PARAM",))
    for node in document.root.iter("{*}GROUP"):
        for child in children(node, "FIELD"):
            yield document.fault(f"the FIELD {child.get('name')!r} stands in a GROUP", child)


def _strangers(document: Document) -> Faults:
    """Yield references within a table to columns of another, unless that gives this one its columns."""
    owners = {node.get("ID"): node.getparent() for node in document.root.iter("{*}FIELD") if node.get("ID")}
    for table in document.root.iter("{*}TABLE"):
        for node in table.iterfind(".//{*}FIELDref"):
            owner = owners.get(node.get("ref"))
            if owner is None or owner is table or owner.get("ID", "") == table.get("ref"):
                continue
            if local(owner) == "TABLE":
                yield document.fault(
                    f"FIELDref refers to {node.get('ref')!r}, a column of another TABLE", node
                )


def _targets(document: Document, name: str, kinds: tuple[str, ...]) -> Faults:
    """Yield references that lead to elements of another kind; those that lead nowhere are passed."""
    known = {node.get("ID"): node for node in document.root.iter("*") if node.get("ID")}
    for node in document.root.iter(f"{{*}}{name}"):
        target = known.get(node.get("ref"))
        if target is not None and local(target) not in kinds:
            yield document.fault(f"{name} refers to {node.get('ref')!r}, which is a {local(target)}", node)


@rule("VOT-4.4-01", VOTABLES, because=ROOT)
def units(document: Document) -> Faults:
    """A unit is one of VOUnits.

    Symbols are joined by dots, divided once by a slash, and raised by two stars: km/(s.Mpc), m**-2.
    """
    yield from _judged(document, "unit", unit_remarks, "{*}FIELD", "{*}PARAM", "{*}INFO")


@rule("VOT-4.5-01", VOTABLES, because=ROOT)
def ucds(document: Document) -> Faults:
    """A UCD is made of the words of UCD1+, each in its place."""
    names = ("{*}FIELD", "{*}PARAM", "{*}INFO", "{*}GROUP", "{*}FIELDref", "{*}PARAMref", "{*}TABLE")
    yield from _judged(document, "ucd", ucd_remarks, *names)


@rule("VOT-4.1-02", VOTABLES, because=[*ROOT, "VOT-4.1-05"])
def parameters_have_values(document: Document) -> Faults:
    """The value of a parameter is one of its datatype; it is empty where there is none."""
    for node in document.root.iter("{*}PARAM"):
        value = node.get("value")
        if not value or node.get("ref"):
            continue
        for flaw in _column(document, node).flaws(value):
            fault = document.fault(f"PARAM {flaw.message}", node)
            yield Fault(fault.message, fault.exchange, "warning" if flaw.code in LETTERS else None)


@rule("VOT-4.7-01", VOTABLES, because=ROOT, level="warning")
def limits_or_options(document: Document) -> Faults:
    """Values are either listed or bounded."""
    for node in document.root.iter("{*}VALUES"):
        names = {local(child) for child in node}
        if "OPTION" in names and names & {"MIN", "MAX"}:
            yield document.fault(f"{_owner(node)}: VALUES has OPTION beside MIN or MAX", node)


@rule(
    "VOT-4.7-02",
    VOTABLES,
    because=[*ROOT, "VOT-4.1-05", "SODA-3.3-07", "SODA-4.2-04", "SODA-4.2-05", "SODA-4.2-07"],
)
def limits_are_literals(document: Document) -> Faults:
    """A limit is one value of the datatype, for arrays too; those of shapes are whole values."""
    for node in _columns(document):
        column = _column(document, node)
        xtype = node.get("xtype", "").strip()
        for entry in node.iterfind("{*}VALUES/*"):
            value = entry.get("value", "")
            if local(entry) not in ("MIN", "MAX", "OPTION") or not value.strip():
                continue
            if xtype in SHAPED:
                told = [flaw.message for flaw in column.flaws(value)]
            else:
                told = [column.literal(word) for word in (value.split() if xtype == "interval" else [value])]
            for wrong in filter(None, told):
                yield document.fault(f"{column.name}: {local(entry)} {wrong}", entry)


@rule("VOT-4.7-03", VOTABLES, because=ROOT)
def nulls_are_integers(document: Document) -> Faults:
    """A value that stands for null is a whole number of the datatype."""
    for node in _columns(document):
        column = _column(document, node)
        if column.null is None:
            continue
        if column.datatype in INTEGERS:
            if wrong := column.literal(column.null):
                yield document.fault(f"{column.name}: null {wrong}", node)
        else:
            fault = document.fault(f"{column.name}: null={column.null!r} for {column.datatype}", node)
            yield Fault(fault.message, fault.exchange, "warning")


@rule("VOT-4.7-04", VOTABLES, because=ROOT)
def values_by_reference(document: Document) -> Faults:
    """VALUES that refers to others has nothing of its own."""
    for node in document.root.iter("{*}VALUES"):
        if node.get("ref") is not None and (len(node) or set(node.attrib) - {"ref", "ID"}):
            yield document.fault(f"{_owner(node)}: VALUES has a ref and more", node)


@rule("VOT-5.3-02", VOTABLES, because=ROOT, level="info")
def nulls_in_binary(document: Document) -> Faults:
    """In BINARY a whole number can only be null where a value stands for it."""
    for table in document.root.iter("{*}TABLE"):
        if next(table.iterfind("{*}DATA/{*}BINARY"), None) is None:
            continue
        for node in children(table, "FIELD"):
            column = _column(document, node)
            if column.datatype in INTEGERS and column.null is None:
                yield document.fault(f"{column.name}: no VALUES null in a table of BINARY", node)


def _owner(node: etree._Element) -> str:
    parent = node.getparent()
    return parent.get("name", "") if parent is not None else ""
