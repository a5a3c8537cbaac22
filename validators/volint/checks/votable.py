"""VOTables: the document, and what DALI demands of a response (VOTable 1.5, 3 and 4; DALI 1.1, 4.4)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from volint.check import rule
from volint.model import Skip
from volint.scopes import VOTABLES
from volint.xml import local, words

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.document import Document

__all__ = [
    "arraysizes",
    "has_resource",
    "known_xtypes",
    "media_type",
    "names_once",
    "namespace",
    "no_array_of_one",
    "no_data_in_metadata",
    "one_result",
    "recent",
    "references",
    "standard_id",
    "told_state",
    "unique",
    "version",
]

NAMESPACES = {
    "http://www.ivoa.net/xml/VOTable/v1.1": ("1.1",),
    "http://www.ivoa.net/xml/VOTable/v1.2": ("1.2",),
    "http://www.ivoa.net/xml/VOTable/v1.3": ("1.3", "1.4", "1.5", "1.6"),
}
ARRAYSIZE = re.compile(r"([0-9]+x)*([0-9]+\*?|\*)")
STATES = ("OK", "ERROR", "OVERFLOW")


@rule("VOT-3-03", VOTABLES)
def namespace(document: Document) -> Faults:
    """The root is VOTABLE in a namespace of VOTable."""
    space, name = document.name
    if name != "VOTABLE" or space not in NAMESPACES:
        yield document.fault(
            f"the root is {document.name}, expected VOTABLE in {max(NAMESPACES)}", document.root
        )


@rule("VOT-3-02", VOTABLES, because=["VOT-3-03"])
def version(document: Document) -> Faults:
    """The version is told, and is one of the namespace."""
    told, known = document.root.get("version"), NAMESPACES[document.name[0]]
    if told not in known:
        yield document.fault(f"version={told!r} in a namespace of {', '.join(known)}", document.root)


@rule("DALI-4.4-01", VOTABLES, because=["VOT-3-03", "VOT-3-02"])
def recent(document: Document) -> Faults:
    """A service answers in VOTable 1.2 or later."""
    if document.service is not None and document.root.get("version", "") < "1.2":
        yield document.fault(f"version={document.root.get('version')!r}", document.root)


@rule("VOT-3-05", VOTABLES, because=["VOT-3-03"])
def has_resource(document: Document) -> Faults:
    """There is at least one resource."""
    if not document.view.resources:
        yield document.fault("there is no RESOURCE", document.root)


@rule("VOT-4.1-05", VOTABLES, because=["VOT-3-03"])
def arraysizes(document: Document) -> Faults:
    """The size of an array is written as the standard says."""
    for node in document.root.iter("{*}FIELD", "{*}PARAM"):
        size = node.get("arraysize")
        if size is not None and not ARRAYSIZE.fullmatch(size):
            yield document.fault(f"{node.get('name')}: arraysize={size!r}", node)


@rule("VOT-3.2-01", VOTABLES, also=["DL-4.5-01"], because=["VOT-3-03"])
def unique(document: Document) -> Faults:
    """An XML ID stands once."""
    found = Counter(node.get("ID") for node in document.root.iter("*") if node.get("ID"))
    for name in sorted(str(key) for key, number in found.items() if number > 1):
        yield document.fault(f"the ID {name!r} stands {found[name]} times")


@rule("VOT-3.2-02", VOTABLES, because=["VOT-3-03", "VOT-3.2-01"])
def references(document: Document) -> Faults:
    """What is referred to is there."""
    known = {node.get("ID") for node in document.root.iter("*")}
    for node in document.root.iter("*"):
        if node.get("ref") and node.get("ref") not in known and not _input(node.getparent()):
            yield document.fault(f"{local(node)} refers to {node.get('ref')!r}, which is nowhere", node)


def _input(node: object) -> bool:
    """Tell whether an element lists inputs of a service, whose references have a rule of their own."""
    return getattr(node, "get", lambda _: "")("name") == "inputParams"


@rule("VOT-3.6-01", VOTABLES, because=["VOT-3-03"])
def no_data_in_metadata(document: Document) -> Faults:
    """A resource of metadata holds no data."""
    for node in document.view.resources:
        if node.get("type") == "meta" and any(True for _ in node.iter("{*}DATA")):
            yield document.fault('a RESOURCE of type="meta" holds DATA', node)


@rule("VOT-3.2-04", VOTABLES, because=["VOT-3-03"])
def names_once(document: Document) -> Faults:
    """The columns have names of their own."""
    found = Counter(column.name for column in document.view.fields)
    for name, number in found.items():
        if number > 1:
            yield document.fault(f"{number} columns are called {name!r}")


@rule("VOT-4.1-03", VOTABLES, because=["VOT-3-03"])
def no_array_of_one(document: Document) -> Faults:
    """A single value has no arraysize."""
    for node in document.root.iter("{*}FIELD"):
        if node.get("arraysize") == "1":
            yield document.fault(f"{node.get('name')}: arraysize=1", node)


@rule(
    "DALI-4.4-02",
    VOTABLES,
    also=["SIA2-3.1-06", "DALI-4.4-07"],
    because=["VOT-3-03", "VOT-3-05", "DL-3.3.1-01"],
)
def one_result(document: Document) -> Faults:
    """An answer has one resource of results, marked as such."""
    _needs_service(document)
    number = len(document.view.results)
    if number != 1:
        yield document.fault(f'{number} RESOURCEs have type="results", expected one', document.root)


@rule("DALI-4.4-03", VOTABLES, also=["DL-3-01"], because=["DALI-4.4-02"])
def told_state(document: Document) -> Faults:
    """The results say before the table whether the query went well."""
    _needs_service(document)
    statuses = document.view.statuses
    for status in statuses:
        if status.value not in STATES:
            yield document.fault(f"QUERY_STATUS is {status.value!r}, expected one of {STATES}")
    if not [status for status in statuses if not status.trailing]:
        yield document.fault("no INFO QUERY_STATUS stands before the table")


@rule("DALI-4.4-08", VOTABLES, because=["DALI-4.4-02", "DL-3.3.1-03"])
def standard_id(document: Document) -> Faults:
    """The identifier of the standard, if the results tell it, is an IVOID."""
    _needs_service(document)
    for value in document.view.infos("standardID"):
        if not words(value).lower().startswith("ivo://"):
            yield document.fault(f"INFO standardID is {value!r}")


@rule("VOT-8-01", VOTABLES, because=["DL-3.3-02", "SIA2-2.1-05"])
def media_type(document: Document) -> Faults:
    """A VOTable comes under one of its media types."""
    if document.service is None:
        raise Skip("a file has no media type")
    kind = document.exchange.media_type.essence if document.exchange else ""
    if kind not in ("application/x-votable+xml", "text/xml"):
        yield document.fault(f"the Content-Type is {kind!r}")


@rule("DALI-3.3-03", VOTABLES, also=["DALI-3.3-09"], because=["VOT-3-03"])
def known_xtypes(document: Document) -> Faults:
    """An xtype that DALI does not define has a prefix."""
    known = {"timestamp", "interval", "point", "circle", "polygon", "clob", "blob", "iso8601", "mjd"}
    newer = {"multipolygon", "range", "shape", "hms", "dms", "json", "uri", "uuid", "moc", "interval-overlap"}
    for node in document.root.iter("{*}FIELD", "{*}PARAM"):
        xtype = words(node.get("xtype"))
        if xtype and ":" not in xtype and xtype not in known | newer:
            fault = document.fault(f"{node.get('name')}: xtype={xtype!r} has no prefix", node)
            yield type(fault)(fault.message, fault.exchange, "warning")


def _needs_service(document: Document) -> None:
    """Pass over a table that is no answer of a service: nothing is demanded of it."""
    if document.service is None and not document.view.statuses:
        raise Skip("the table is no answer of a service")
