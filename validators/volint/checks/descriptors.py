"""Service descriptors in tables of links and of datasets (DataLink 1.1, 4; SODA 1.0, 3.5 and 4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from volint.check import rule
from volint.facts import declared
from volint.model import Skip
from volint.scopes import LINKS, VOTABLES
from volint.service import joined
from volint.sky import apart
from volint.target import is_exact, kind_of
from volint.votable.view import numbers
from volint.xml import children

from .soda_sync import cutout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.check import Faults
    from volint.document import Document
    from volint.service import Resource
    from volint.votable import Descriptor, Param

__all__ = [
    "address",
    "complete",
    "conventions",
    "covering_circle",
    "covering_polygon",
    "degrees",
    "described",
    "invoked",
    "kind",
    "one_group",
    "options",
    "polygon_beside",
    "ranges",
    "recognised",
    "references",
    "registered",
    "same_address",
    "scalar_limits",
    "standard",
    "typed",
]

INTERVALS = ("BAND", "TIME")
CAUSES = ("DL-2.1-01", "DL-3.2.1-01", "DL-4.2-01", "DL-4.2-04", "DL-4.3-01", "DL-4.3-03", "DL-4.3-06")
OK = 200


def descriptors(document: Document) -> tuple[Descriptor, ...]:
    """Return the descriptors of a document."""
    return document.view.descriptors


def inputs(document: Document) -> Iterator[tuple[Descriptor, Param]]:
    """Yield the parameters that SODA defines, of descriptors of SODA."""
    for descriptor in descriptors(document):
        if kind_of(descriptor.standard_id).startswith("soda."):
            names = declared("soda").parameters
            yield from ((descriptor, param) for name, param in descriptor.inputs.items() if name in names)


@rule("DL-4.1-01", VOTABLES, also=["SODA-4-01", "DL-4.1-03"])
def kind(document: Document) -> Faults:
    """A descriptor is a resource of metadata without a table."""
    for descriptor in descriptors(document):
        if descriptor.node.get("type") != "meta":
            yield document.fault(
                f"{descriptor.title} has type={descriptor.node.get('type')!r}", descriptor.node
            )
        if any(True for _ in children(descriptor.node, "TABLE")):
            yield document.fault(f"{descriptor.title} holds a table", descriptor.node)


@rule("DL-4.2-01", VOTABLES, because=["DL-4.1-01"])
def address(document: Document) -> Faults:
    """A descriptor has one complete address."""
    for descriptor in descriptors(document):
        params = [node for node in children(descriptor.node, "PARAM") if node.get("name") == "accessURL"]
        url = params[0].get("value", "") if params else ""
        if len(params) != 1:
            yield document.fault(f"{descriptor.title} has {len(params)} times accessURL", descriptor.node)
        elif not (urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc):
            yield document.fault(
                f"{descriptor.title}: accessURL {url!r} is no complete address", descriptor.node
            )


@rule("DL-4.2-02", VOTABLES, because=["DL-4.1-01"])
def standard(document: Document) -> Faults:
    """The identifier of a standard is an IVOID, and there where a standard service is described."""
    known = document.service.target.endpoints if document.service else ()
    kinds = {endpoint.url.rstrip("?&"): endpoint.kind for endpoint in known}
    for descriptor in descriptors(document):
        named = descriptor.about.get("standardID")
        kind = kinds.get(descriptor.about.get("accessURL", "").partition("?")[0].rstrip("?&"), "")
        if named is not None and not named.lower().startswith("ivo://"):
            yield document.fault(f"{descriptor.title}: standardID {named!r} is no IVOID", descriptor.node)
        elif named and not is_exact(named):
            yield document.fault(
                f"{descriptor.title}: standardID {named!r} is none of a standard", descriptor.node
            )
        elif kind and kind != kind_of(named or ""):
            yield document.fault(f"{descriptor.title}: standardID is {named!r} for {kind}", descriptor.node)


@rule("SODA-4.1-02", VOTABLES, also=["DL-4.2-03"], level="warning")
def registered(document: Document) -> Faults:
    """The identifier of the service in the registry is an IVOID."""
    for descriptor in descriptors(document):
        named = descriptor.about.get("resourceIdentifier", "ivo://")
        if not named.lower().startswith("ivo://"):
            yield document.fault(
                f"{descriptor.title}: resourceIdentifier {named!r} is no IVOID", descriptor.node
            )


@rule("DL-4.3-01", VOTABLES, because=["DL-4.1-01"])
def one_group(document: Document) -> Faults:
    """A descriptor has one group of parameters."""
    for descriptor in descriptors(document):
        groups = [node for node in children(descriptor.node, "GROUP") if node.get("name") == "inputParams"]
        if len(groups) != 1:
            yield document.fault(f"{descriptor.title} has {len(groups)} groups inputParams", descriptor.node)


@rule("DL-4.3-06", VOTABLES, also=["SODA-4.2-08"])
def complete(document: Document) -> Faults:
    """A parameter has name, datatype and value, the value may be empty."""
    for descriptor in descriptors(document):
        for node in descriptor.node.iter("{*}PARAM"):
            missing = [name for name in ("name", "datatype", "value") if node.get(name) is None]
            if missing:
                yield document.fault(f"{descriptor.title}: a PARAM without {', '.join(missing)}", node)


@rule("DL-4.3-03", VOTABLES, because=["DL-4.1-01"])
def references(document: Document) -> Faults:
    """A parameter that takes its value from a row refers to a column of the document."""
    fields = {node.get("ID") for node in document.root.iter("{*}FIELD")}
    for descriptor in descriptors(document):
        for param in descriptor.inputs.values():
            if param.ref and param.ref not in fields:
                told = f"{descriptor.title}: {param.name} refers to {param.ref!r}, which is no column"
                yield document.fault(told, param.node)
            elif param.ref and param.value:
                yield document.fault(f"{descriptor.title}: {param.name} has a value and a ref", param.node)


@rule("DL-4.2-04", VOTABLES, because=["DL-4.2-01"])
def same_address(document: Document) -> Faults:
    """The address of a standard service is that of its capability."""
    if document.service is None or document.service.target.document is None:
        return
    for descriptor in descriptors(document):
        kind_named = kind_of(descriptor.standard_id)
        known = {e.url.rstrip("?&") for e in document.service.target.of(kind_named)}
        url = descriptor.about.get("accessURL", "").partition("?")[0]
        if known and url and url not in known:
            yield document.fault(f"{descriptor.title}: accessURL {url}, its capability has {sorted(known)}")


@rule("DL-4.1-02", VOTABLES)
def described(document: Document) -> Faults:
    """Where there are several descriptors, each says what it is for."""
    found = descriptors(document)
    for descriptor in found if len(found) > 1 else ():
        if not descriptor.node.get("name") and not any(
            True for _ in children(descriptor.node, "DESCRIPTION")
        ):
            yield document.fault(f"{descriptor.title} has neither name nor DESCRIPTION", descriptor.node)


@rule("SODA-3.5-01", VOTABLES, also=["SODA-3.2-02"])
def recognised(document: Document) -> Faults:
    """A parameter with a name of SODA has the UCD and the unit of SODA; clients know it by these."""
    for descriptor, param in inputs(document):
        wanted = declared("soda").parameters[param.name]
        ucds = (wanted.ucd, *wanted.ucd_alternatives)
        if wanted.ucd and param.get("ucd").lower() not in ucds:
            told = f"{descriptor.title}: {param.name} has ucd={param.get('ucd')!r}, expected {wanted.ucd!r}"
            yield document.fault(told, param.node)
        if wanted.unit and param.get("unit") != wanted.unit:
            told = (
                f"{descriptor.title}: {param.name} has unit={param.get('unit')!r}, expected {wanted.unit!r}"
            )
            yield document.fault(told, param.node)


@rule("SODA-3.3-07", VOTABLES, also=["DALI-3.3-04", "DALI-3.3-06", "DALI-3.3-07", "DL-4.3-04"])
def typed(document: Document) -> Faults:
    """A parameter with a name of SODA has the datatype, arraysize and xtype of SODA."""
    for descriptor, param in inputs(document):
        wanted = declared("soda").parameters[param.name]
        if not wanted.xtype:
            continue
        for name in ("xtype", "arraysize"):
            if param.get(name) != getattr(wanted, name):
                told = f"{descriptor.title}: {param.name} has {name}={param.get(name)!r}"
                yield document.fault(f"{told}, expected {getattr(wanted, name)!r}", param.node)
        if param.get("datatype") not in ("double", "float"):
            yield document.fault(f"{descriptor.title}: {param.name} is {param.get('datatype')!r}", param.node)


@rule("SODA-4.2-02", VOTABLES, also=["DALI-3.3-04"])
def scalar_limits(document: Document) -> Faults:
    """The limits of an interval are one number each, the lower first."""
    for descriptor, param in inputs(document):
        if param.name not in INTERVALS:
            continue
        ends = [numbers(text) for text in (param.minimum, param.maximum) if text is not None]
        if any(len(end) != 1 or math.isnan(end[0]) for end in ends):
            told = f"{descriptor.title}: {param.name} has MIN {param.minimum!r}, MAX {param.maximum!r}"
            yield document.fault(f"{told}, expected one number each", param.node)
        elif len(ends) == 2 and ends[0] > ends[1]:  # noqa: PLR2004 - both ends
            yield document.fault(f"{descriptor.title}: {param.name} has MIN above MAX", param.node)


@rule("SODA-4.2-03", VOTABLES)
def options(document: Document) -> Faults:
    """The values of a list are those that may be sent."""
    for descriptor, param in inputs(document):
        legal = declared("soda").parameters["POL"].values
        if None in param.options:
            yield document.fault(f"{descriptor.title}: {param.name} has an OPTION without value", param.node)
        wrong = [option for option in param.options if option not in legal] if param.name == "POL" else []
        if wrong:
            yield document.fault(f"{descriptor.title}: POL offers {wrong}", param.node)


@rule("SODA-4.2-04", VOTABLES)
def covering_circle(document: Document) -> Faults:
    """The limit of CIRCLE is one circle that covers the data."""
    for descriptor, param in inputs(document):
        if param.name == "CIRCLE" and param.minimum is not None:
            yield document.fault(f"{descriptor.title}: CIRCLE has a MIN", param.node)
        if param.name == "CIRCLE" and param.maximum is not None and len(param.numbers) != 3:  # noqa: PLR2004
            yield document.fault(f"{descriptor.title}: CIRCLE has MAX {param.maximum!r}", param.node)


@rule("SODA-4.2-05", VOTABLES)
def covering_polygon(document: Document) -> Faults:
    """The limit of POLYGON is one polygon that covers the data."""
    for descriptor, param in inputs(document):
        if param.name == "POLYGON" and param.minimum is not None:
            yield document.fault(f"{descriptor.title}: POLYGON has a MIN", param.node)
        wrong = len(param.numbers) < 6 or len(param.numbers) % 2  # noqa: PLR2004 - three vertices
        if param.name == "POLYGON" and param.maximum is not None and wrong:
            yield document.fault(f"{descriptor.title}: POLYGON has MAX {param.maximum!r}", param.node)


@rule("SODA-4.2-07", VOTABLES, because=["SODA-4.2-04", "SODA-4.2-05"])
def degrees(document: Document) -> Faults:
    """The limits of regions are ICRS degrees, there where the data are."""
    rows = (
        {row.get("obs_publisher_did"): row for row in document.service.subjects.rows}
        if document.service
        else {}
    )
    for descriptor, param in inputs(document):
        if param.name not in ("CIRCLE", "POLYGON"):
            continue
        found = param.numbers[:2] if param.name == "CIRCLE" else param.numbers
        if any(abs(lat) > 90 for lat in found[1::2]) or any(not -360 <= lon <= 720 for lon in found[::2]):  # noqa: PLR2004
            yield document.fault(f"{descriptor.title}: {param.name} reaches beyond the sky", param.node)
            continue
        own = descriptor.inputs.get("ID")
        row = rows.get(own.value if own is not None else "")
        centre = numbers(f"{row.get('s_ra')} {row.get('s_dec')} {row.get('s_fov')}") if row else ()
        if len(centre) == 3 and centre[2] > 0 and found and _beside(centre, param.numbers):  # noqa: PLR2004
            told = f"{descriptor.title}: {param.name} has MAX {param.maximum}"
            yield document.fault(f"{told}, the row of the dataset is at {centre[0]} {centre[1]}", param.node)


def _beside(centre: tuple[float, ...], limit: tuple[float, ...]) -> bool:
    """Tell whether no corner or centre of a limit is near the data, by a wide margin."""
    lon, lat, size = centre
    pairs = [limit[:2]] if len(limit) == 3 else list(zip(limit[::2], limit[1::2], strict=False))  # noqa: PLR2004
    return all(apart(lon, lat, *pair) > 1 + 2 * size for pair in pairs)


@rule("SODA-4.2-01", VOTABLES)
def ranges(document: Document) -> Faults:
    """A descriptor of one dataset gives the values that there are."""
    for descriptor, param in inputs(document):
        own = descriptor.inputs.get("ID")
        if own is None or not own.value or param.name not in ("CIRCLE", "POLYGON", *INTERVALS):
            continue
        if param.minimum is None and param.maximum is None:
            yield document.fault(f"{descriptor.title}: {param.name} has no VALUES", param.node)


@rule("SODA-4.2-06", VOTABLES)
def polygon_beside(document: Document) -> Faults:
    """A service with POS offers POLYGON too, which can have limits."""
    for descriptor in descriptors(document):
        names = descriptor.inputs if kind_of(descriptor.standard_id).startswith("soda.") else ()
        if "POS" in names and "POLYGON" not in names:
            yield document.fault(f"{descriptor.title} has POS and no POLYGON", descriptor.node)


@rule("SODA-3.5-02", VOTABLES)
def conventions(document: Document) -> Faults:
    """A parameter of one's own is an interval, not a pair of names for its ends."""
    for descriptor in descriptors(document):
        for name in descriptor.inputs:
            stem = name.upper().removesuffix("_MIN")
            if stem != name.upper() and f"{stem}_MAX" in {other.upper() for other in descriptor.inputs}:
                yield document.fault(f"{descriptor.title}: {name} and {stem}_MAX, expected one interval")


@rule("DL-4.3-02", LINKS, also=["DL-4.2-08"], because=CAUSES)
def invoked(links: Resource) -> Faults:
    """A service is reached by GET of its address with the constants that its descriptor gives."""
    dataset = links.service.subjects.first
    if any(cutout(place).status != OK for place in links.service.resources("soda.sync")):
        raise Skip("cutouts themselves do not work")
    descriptor = links.service.subjects.descriptor(dataset.did)
    if descriptor is None or "CIRCLE" not in descriptor.inputs:
        raise Skip("no descriptor of cutouts by CIRCLE was found")
    constant = [(name, p.value) for name, p in descriptor.inputs.items() if p.value and not p.ref]
    pairs = (*constant, ("CIRCLE", dataset.circle(0.25)))
    answer = links.service.get(joined(descriptor.about.get("accessURL", ""), pairs))
    if answer.status != OK:
        yield answer.fault(f"the service of {descriptor.title} answers {answer.status}")
