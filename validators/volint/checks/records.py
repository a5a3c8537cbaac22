"""Registry records, and any other document of a known schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from volint.capabilities import read_capabilities
from volint.check import Scope, rule
from volint.schema import invalid
from volint.scopes import CAPABILITIES
from volint.xml import children, words

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.document import Document

__all__ = [
    "access",
    "dates",
    "identifier",
    "one_access",
    "one_security_method",
    "other_is_readable",
    "record_access",
    "record_is_valid",
    "record_standard_ids",
    "standard_ids",
]

IVOID = re.compile(r"ivo://[A-Za-z0-9][\w\-.~*'()]{2,}(/[^\s?#]*)?(\?[^\s#]*)?(#\S*)?", re.ASCII)


RECORD: Scope[Document] = Scope("registry record", None, "record")
OTHER: Scope[Document] = Scope("document", None, "xml")


@rule("REG-VOR-07", RECORD, also=["REG-VOR-02", "REG-VODS-01", "REG-SDR-02", "REG-SDR-03"])
def record_is_valid(record: Document) -> Faults:
    """A registry record is valid by the schemas of VOResource and its extensions."""
    yield from invalid(record)


@rule("REG-VOR-07", OTHER)
def other_is_readable(document: Document) -> Faults:
    """A document is well-formed, and valid as far as its namespaces are known."""
    yield from invalid(document)


@rule("REG-VOR-09", RECORD)
def identifier(record: Document) -> Faults:
    """The identifier of a record is an IVOID."""
    for node in children(record.root, "identifier"):
        if not IVOID.fullmatch(words(node.text)):
            yield record.fault(f"identifier {words(node.text)!r} is no IVOID", node)


@rule("REG-VOR-10", RECORD)
def dates(record: Document) -> Faults:
    """A record was created before it was updated."""
    created, updated = record.root.get("created", ""), record.root.get("updated", "")
    if created and updated and created > updated:
        yield record.fault(f"created {created} is after updated {updated}", record.root)


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
