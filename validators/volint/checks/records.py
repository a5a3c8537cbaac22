"""Registry records, and any other document of a known schema."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from volint.capabilities import read_capabilities
from volint.check import Scope, rule
from volint.moc import moc_flaw
from volint.model import Skip
from volint.schema import invalid
from volint.scopes import CAPABILITIES
from volint.votable.view import numbers
from volint.xml import children, words

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.document import Document

__all__ = [
    "access",
    "coverage",
    "dates",
    "identifier",
    "one_access",
    "one_security_method",
    "other_is_readable",
    "parameters",
    "record_access",
    "record_is_valid",
    "record_parameters",
    "record_standard_ids",
    "standard_ids",
]

IVOID = re.compile(r"ivo://[A-Za-z0-9][\w\-.~*'()]{2,}(/[^\s?#]*)?(\?[^\s#]*)?(#\S*)?", re.ASCII)


GREATEST = {"temporal": 2_000_000.0, "spectral": 1.0}
"""What no lower end of an interval is above: the year 7000 as MJD (a Julian date is), and a joule."""

UNITS = {"temporal": "MJD", "spectral": "energies in joules"}

RECORD: Scope[Document] = Scope("registry record", None, "record")
OTHER: Scope[Document] = Scope("document", None, "xml")


@rule("REG-VOR-07", OTHER)
def other_is_readable(document: Document) -> Faults:
    """A document that holds records can be read; each of them is judged by itself."""
    try:
        _ = document.root
    except Skip as reason:
        yield document.fault(str(reason))


@rule("REG-VOR-09", RECORD)
def identifier(record: Document) -> Faults:
    """The identifier of a record is an IVOID."""
    for node in children(record.root, "identifier"):
        if not IVOID.fullmatch(words(node.text)):
            yield record.fault(f"identifier {words(node.text)!r} is no IVOID", node)
        elif "?" in words(node.text) or "#" in words(node.text):
            yield record.fault(
                f"identifier {words(node.text)!r} is not that of a record: it has ? or #", node
            )


@rule("REG-VOR-10", RECORD)
def dates(record: Document) -> Faults:
    """A record was created before it was updated."""
    created, updated = (_instant(record.root.get(name, "")) for name in ("created", "updated"))
    if created and updated and created > updated:
        yield record.fault(f"created {created} is after updated {updated}", record.root)


def _instant(text: str) -> datetime | None:
    """Return an instant; None where it is absent or is none, which the schema tells."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@rule("REG-VODS-04", RECORD)
def coverage(record: Document) -> Faults:
    """The coverage is a MOC on the sky, intervals of MJD in time, and of energies in joules."""
    for whole in children(record.root, "coverage"):
        for node in children(whole, "spatial"):
            if wrong := moc_flaw(words(node.text)):
                yield record.fault(f"coverage/spatial: {wrong}", node)
        for name, most in GREATEST.items():
            for node in children(whole, name):
                ends = numbers(node.text)
                if len(ends) != 2 or not ends[0] <= ends[1]:  # noqa: PLR2004 - both ends
                    yield record.fault(
                        f"coverage/{name} is {words(node.text)!r}, expected low and high", node
                    )
                elif ends[0] > most:
                    yield record.fault(
                        f"coverage/{name} is {words(node.text)!r}, far beyond {UNITS[name]}", node
                    )


def _parameters(document: Document) -> Faults:
    """Each parameter that is listed has a name, a datatype and a description."""
    for node in document.root.iter("{*}param"):
        names = [words(part.text) for part in children(node, "name")]
        parts = ("name", "dataType", "description")
        missing = [part for part in parts if not any(words(found.text) for found in children(node, part))]
        if missing:
            yield document.fault(f"the param {''.join(names) or '?'} has no {' and no '.join(missing)}", node)


def _standard_ids(document: Document) -> Faults:
    """Each identifier of a standard is an IVOID."""
    for capability in read_capabilities(document.root):
        if capability.standard_id and not IVOID.fullmatch(capability.standard_id):
            yield document.fault(f"standardID {capability.standard_id!r} is no IVOID", capability.node)


def _access(document: Document) -> Faults:
    """Each interface has an absolute address of the web."""
    for capability in read_capabilities(document.root):
        for interface in capability.interfaces:
            name = capability.standard_id or "a capability without standardID"
            if not interface.urls:
                yield document.fault(f"{name}: an interface without accessURL", interface.node)
            for url in interface.urls:
                if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
                    yield document.fault(f"{name}: accessURL {url!r} is no absolute address", interface.node)


parameters = rule("REG-VODS-02", CAPABILITIES)(_parameters)
record_parameters = rule("REG-VODS-02", RECORD)(_parameters)
standard_ids = rule("REG-VOR-01", CAPABILITIES)(_standard_ids)
record_standard_ids = rule("REG-VOR-01", RECORD)(_standard_ids)
access = rule("REG-VOR-03", CAPABILITIES)(_access)
record_access = rule("REG-VOR-03", RECORD)(_access)


@rule("REG-VOR-04", CAPABILITIES)
def one_access(document: Document) -> Faults:
    """An interface has one access address; others are mirrors."""
    for capability in read_capabilities(document.root):
        for interface in capability.interfaces:
            if len(interface.urls) > 1:
                yield document.fault(
                    f"{capability.standard_id}: {len(interface.urls)} accessURLs", interface.node
                )


@rule("REG-VOR-05", CAPABILITIES)
def one_security_method(document: Document) -> Faults:
    """An interface has one security method by the newest schema, any number by others."""
    for capability in read_capabilities(document.root):
        for interface in capability.interfaces:
            number = len(list(children(interface.node, "securityMethod")))
            if number > 1:
                yield document.fault(f"{capability.standard_id}: {number} securityMethods", interface.node)


@rule(
    "REG-VOR-07",
    RECORD,
    also=["REG-VOR-02", "REG-VODS-01", "REG-SDR-02", "REG-SDR-03"],
    because=["REG-VOR-03", "REG-VOR-09"],
)
def record_is_valid(record: Document) -> Faults:
    """A registry record is valid by the schemas of VOResource and its extensions."""
    yield from invalid(record)
