"""Capabilities: the document, what it lists, and how it is served (VOSI 1.1, 2, 3.1 and 4)."""

from __future__ import annotations

from collections import Counter
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from volint.capabilities import read_capabilities
from volint.check import rule
from volint.facts import declared
from volint.model import Fault
from volint.schema import invalid
from volint.scopes import CAPABILITIES, SERVICE
from volint.service import sibling
from volint.target import is_exact, kind_of
from volint.xml import local, namespace, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.capabilities import Capability
    from volint.check import Faults
    from volint.document import Document
    from volint.service import Service

__all__ = [
    "anonymous",
    "full_addresses",
    "known_identifiers",
    "last_modified",
    "lists_itself",
    "nothing_hidden",
    "once",
    "open_to_everybody",
    "plain_availability",
    "registered_address",
    "roles",
    "root",
    "service_interfaces",
    "siblings",
    "some",
    "something_to_ask",
    "there_are_capabilities",
    "unqualified",
    "valid",
    "vosi_interfaces",
]

NAMESPACE = "http://www.ivoa.net/xml/VOSICapabilities/v1.0"
PARAM_HTTP = ("http://www.ivoa.net/xml/VODataService/v1.1", "ParamHTTP")
OURS = ("soda.sync", "soda.async", "sia2.query", "datalink.links")


def vosi(document: Document) -> Iterator[Capability]:
    """Yield the capabilities that are of VOSI."""
    found = read_capabilities(document.root)
    return (entry for entry in found if kind_of(entry.standard_id).startswith("vosi."))


@rule("VOSI-3.1-09", SERVICE, also=["DALI-2-04", "VOSI-2-05"])
def there_are_capabilities(service: Service) -> Faults:
    """A service has capabilities, beside its endpoints."""
    target = service.target
    if target.document is None and not target.capabilities and not target.follows("datalink"):
        url = sibling(target.endpoints[0].url, "capabilities")
        yield service.get(url).fault(f"{url} gives no capabilities document", "error")


@rule("VOSI-3.1-01", CAPABILITIES, also=["DALI-2-04"])
def root(document: Document) -> Faults:
    """The root is `capabilities` in the namespace of VOSI."""
    if document.name != (NAMESPACE, "capabilities"):
        yield document.fault(
            f"the root is {document.name}, expected {(NAMESPACE, 'capabilities')}", document.root
        )


@rule("VOSI-3.1-03", CAPABILITIES, because=["VOSI-3.1-01"])
def unqualified(document: Document) -> Faults:
    """The capability elements have no namespace."""
    for node in document.root:
        if local(node) == "capability" and namespace(node):
            yield document.fault(f"a capability lies in the namespace {namespace(node)!r}", node)


@rule("VOSI-3.1-02", CAPABILITIES)
def some(document: Document) -> Faults:
    """There is at least one capability."""
    if not read_capabilities(document.root):
        yield document.fault("no capability is listed", document.root)


@rule(
    "VOSI-3.1-05",
    CAPABILITIES,
    also=["VOSI-3.1-04", "REG-VOR-02", "REG-VOR-07", "REG-VOR-11", "REG-VODS-01"],
    because=["VOSI-3.1-01", "VOSI-3.1-03", "REG-VOR-03"],
)
def valid(document: Document) -> Faults:
    """The document is valid by the schemas of VOSI, VOResource and the extensions."""
    yield from invalid(document)


@rule("VOSI-4-04", CAPABILITIES)
def full_addresses(document: Document) -> Faults:
    """The addresses of the VOSI resources are marked as complete."""
    for capability in vosi(document):
        if not capability.interfaces:
            yield document.fault(f"{capability.standard_id} has no interface", capability.node)
        for interface in capability.interfaces:
            if interface.uses and "full" not in interface.uses:
                told = f"{capability.standard_id}: accessURL has use={interface.uses[0]!r}, expected 'full'"
                yield document.fault(told, interface.node)


@rule("VOSI-4-05", CAPABILITIES, because=["VOSI-3.1-05"])
def vosi_interfaces(document: Document) -> Faults:
    """VOSI resources have an interface of type ParamHTTP."""
    for capability in vosi(document):
        if capability.interfaces and all(entry.type != PARAM_HTTP for entry in capability.interfaces):
            told = (
                f"{capability.standard_id}: the interface is {capability.interfaces[0].type[1] or 'untyped'}"
            )
            yield document.fault(told, capability.node)


@rule("VOSI-4-06", CAPABILITIES)
def open_to_everybody(document: Document) -> Faults:
    """No login is declared for capabilities and availability."""
    for capability in vosi(document):
        if kind_of(capability.standard_id) == "vosi.tables":
            continue
        for interface in capability.interfaces:
            if interface.secured:
                yield document.fault(f"{capability.standard_id} has a securityMethod", interface.node)


@rule("VOSI-4-01", CAPABILITIES)
def plain_availability(document: Document) -> Faults:
    """The capability of availability is of no further type."""
    for capability in vosi(document):
        name = typed(capability.node)[1]
        if kind_of(capability.standard_id) == "vosi.availability" and name not in ("", "Capability"):
            yield document.fault(f"it has the type {name}", capability.node)


@rule("VOSI-4-02", CAPABILITIES, also=["VOSI-4-03", "SODA-2.5-01"])
def known_identifiers(document: Document) -> Faults:
    """An identifier of VOSI, SODA, SIA2, DataLink or DALI is one that the standard defines."""
    standards = {declared(name).name.lower() for name in ("vosi", "soda", "datalink", "dali")}
    for capability in read_capabilities(document.root):
        head, _, fragment = capability.key.partition("#")
        ours = head.removeprefix("ivo://ivoa.net/std/") in standards
        known = kind_of(capability.standard_id)
        if (ours and fragment and not known) or (known and not is_exact(capability.standard_id)):
            yield document.fault(
                f"{capability.standard_id!r} is no identifier of its standard", capability.node
            )


@rule("VOSI-2-07", CAPABILITIES, level="warning")
def once(document: Document) -> Faults:
    """Each VOSI resource is listed once."""
    for name, number in Counter(capability.key for capability in vosi(document)).items():
        if number > 1:
            yield document.fault(f"{name} is listed {number} times")


@rule("VOSI-3.1-06", CAPABILITIES, because=["VOSI-3.1-02", "VOSI-4-02"])
def lists_itself(document: Document) -> Faults:
    """The list names the capabilities resource itself."""
    if "vosi.capabilities" not in {kind_of(entry.standard_id) for entry in vosi(document)}:
        yield document.fault("no capability has the standardID of VOSI capabilities", document.root)


@rule("SIA2-2-04", CAPABILITIES, also=["SODA-2.5-02", "DL-2.2-02"], because=["VOSI-3.1-05"])
def service_interfaces(document: Document) -> Faults:
    """SODA, SIA2 and DataLink are reached by interfaces of type ParamHTTP."""
    for capability in read_capabilities(document.root):
        kind = kind_of(capability.standard_id)
        if kind not in OURS or not capability.interfaces:
            continue
        best = capability.best
        if all(entry.type != PARAM_HTTP for entry in capability.interfaces):
            fault = document.fault(
                f"{capability.standard_id} has no interface of type vs:ParamHTTP", capability.node
            )
            yield fault if kind == "sia2.query" else type(fault)(fault.message, fault.exchange, "warning")
        elif kind == "sia2.query" and best is not None and not best.role.startswith("std"):
            yield document.fault(f'{capability.standard_id}: the interface lacks role="std"', best.node)
        elif kind == "sia2.query" and best is not None and not best.version.startswith("2"):
            told = f"{capability.standard_id}: the interface has version={best.version or '1.0 by default'}"
            fault = document.fault(f"{told}, expected 2.0", best.node)
            yield Fault(fault.message, fault.exchange, "warning")


@rule("REG-VOR-06", CAPABILITIES, because=["SIA2-2-04"])
def roles(document: Document) -> Faults:
    """The interface that follows the standard says so by its role."""
    for capability in read_capabilities(document.root):
        ours = kind_of(capability.standard_id) in ("soda.sync", "soda.async") and capability.interfaces
        if ours and not any(interface.role.startswith("std") for interface in capability.interfaces):
            yield document.fault(f'{capability.standard_id}: no interface has role="std"', capability.node)


@rule("VOSI-3.1-08", CAPABILITIES, level="warning")
def last_modified(document: Document) -> Faults:
    """The time of the last change is told in a header."""
    if document.exchange is None or document.service is None:
        return
    stamp = document.exchange.headers.get("last-modified", "")
    try:
        parsedate_to_datetime(stamp)
    except ValueError:
        yield document.fault(f"Last-Modified is {stamp!r}" if stamp else "there is no Last-Modified header")


@rule("VOSI-4-08", SERVICE, also=["VOSI-3.1-07", "VOSI-2-03"])
def registered_address(service: Service) -> Faults:
    """The address listed for capabilities gives the document that was read."""
    known = [entry.key for entry in service.target.capabilities]
    for place in service.resources("vosi.capabilities"):
        answer = place.service.get(place.url, fresh=True)
        if not answer.ok or not answer.is_xml:
            yield answer.fault(f"the listed address of the capabilities answers {answer.status}")
        elif sorted(known) != sorted(entry.key for entry in read_capabilities(answer.root)):
            yield answer.fault("the listed address gives another list of capabilities")


@rule(
    "DALI-2-05",
    SERVICE,
    also=["DALI-2-07", "DALI-2.3-12"],
    because=["VOSI-3.1-01", "VOSI-3.1-02", "VOSI-4-02"],
)
def nothing_hidden(service: Service) -> Faults:
    """What lies beside the capabilities is listed there."""
    if service.target.document is None:
        return
    for kind in ("vosi.availability", "vosi.tables", "dali.examples"):
        standard, _, name = kind.partition(".")
        if not service.target.of(kind):
            answer = service.get(f"{service.target.base}{declared(standard).endpoint(name).path}")
            if answer.ok and (name == "examples" or answer.is_xml):
                yield answer.fault(f"{name} answers 200 and is not listed in the capabilities")


@rule("DALI-2-02", SERVICE, also=["DALI-2-03", "SIA2-2-02", "SODA-2-02", "SODA-2.1-02", "SODA-2.2-02"])
def siblings(service: Service) -> Faults:
    """The endpoints lie beside the capabilities, each one step below the base."""
    target = service.target
    if target.document is None:
        return
    bases = {sibling(e.url, "") for e in target.endpoints if e.kind == "vosi.capabilities"} or {
        f"{target.base}/"
    }
    for place in service.resources(*OURS):
        if sibling(place.url, "") in bases:
            continue
        beside = service.get(sibling(place.url, "capabilities"))
        if not (beside.ok and beside.is_xml and local(beside.root) == "capabilities"):
            yield beside.fault(f"there are no capabilities beside {place.url}")


@rule("VOSI-2-04", SERVICE)
def anonymous(service: Service) -> Faults:
    """Capabilities and availability ask nobody for a login."""
    for place in service.resources("vosi.capabilities", "vosi.availability"):
        answer = place.get()
        if answer.status in (401, 403) and not service.client.who.any:
            modern = "ivoa" in answer.headers.get("www-authenticate", "").lower()
            yield answer.fault(f"{place.url} answers {answer.status}", "info" if modern else None)


@rule("SODA-2-01", SERVICE, also=["SIA2-2-01", "DALI-2-01", "SODA-2-04"], because=["REG-VOR-03"])
def something_to_ask(service: Service) -> Faults:
    """What names SODA or SIA2 as its standard has an endpoint that can be asked."""
    for capability in service.target.capabilities:
        if kind_of(capability.standard_id) in OURS and capability.best is None:
            yield _about(service, f"{capability.standard_id} is listed without an address to ask")


def _about(service: Service, message: str) -> Fault:
    return Fault(message, service.target.document)
