"""What a TAP service tells of itself in capabilities and records (TAPRegExt 1.0, 2)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from volint.capabilities import read_capabilities
from volint.check import rule
from volint.scopes import CAPABILITIES
from volint.votable.view import numbers
from volint.xml import children, local, typed, words

from .records import RECORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

    from volint.check import AnyCheck, Faults
    from volint.document import Document

__all__ = ["OF_TAP"]

TAP = "ivo://ivoa.net/std/tap"
FEATURES = "ivo://ivoa.net/std/tapregext#features-"
SIGNATURE = re.compile(r"[A-Za-z]\w*\s*\(.*\)\s*->\s*\S.*", re.DOTALL)
GEOMETRIES = frozenset(
    {"AREA", "BOX", "CENTROID", "CIRCLE", "CONTAINS", "COORD1", "COORD2", "COORDSYS", "DISTANCE"}
    | {"INTERSECTS", "POINT", "POLYGON", "REGION"}
)
"""The geometrical functions of ADQL (ADQL 2.1, 4.2)."""

LIMITS = ("retentionPeriod", "executionDuration", "outputLimit", "uploadLimit")
SIZES = {"outputLimit": ("row", "byte"), "uploadLimit": ("row", "byte")}


def services(document: Document) -> Iterator[etree._Element]:
    """Yield the capabilities of TAP that are of the type for it; a plain one tells nothing of these."""
    for capability in read_capabilities(document.root):
        if capability.key == TAP and typed(capability.node)[1] == "TableAccess":
            yield capability.node


def forms(document: Document, kind: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield the forms of the features of one kind."""
    for service in services(document):
        for features in service.iter("{*}languageFeatures"):
            if features.get("type", "").strip().lower() == f"{FEATURES}{kind}":
                yield from ((node, words(node.text)) for node in features.iter("{*}form"))


def languages(document: Document) -> Faults:
    """A TAP service names ADQL with a version, and at least one format of output."""
    for service in services(document):
        versions = {
            words(name.text).upper(): [words(version.text) for version in children(language, "version")]
            for language in children(service, "language")
            for name in children(language, "name")
        }
        if not any(versions.get("ADQL", ())):
            yield document.fault(f"no language is ADQL with a version, there is {sorted(versions)}", service)
        if not any(words(node.text) for node in service.iterfind("{*}outputFormat/{*}mime")):
            yield document.fault("there is no outputFormat with a mime", service)


def signatures(document: Document) -> Faults:
    """The form of a function of one's own is its signature: name(arg TYPE, ...) -> TYPE."""
    for node, form in forms(document, "udf"):
        if not SIGNATURE.fullmatch(form):
            yield document.fault(f"the form {form[:60]!r} is no signature", node)


def geometries(document: Document) -> Faults:
    """The form of a geometrical function is its name in ADQL."""
    for node, form in forms(document, "adqlgeo"):
        if form.upper() not in GEOMETRIES:
            yield document.fault(f"the form {form[:60]!r} is no geometrical function of ADQL", node)


def limits(document: Document) -> Faults:
    """A default is not above its hard limit, and sizes are told in rows or bytes."""
    for service in services(document):
        for node in (node for node in service if local(node) in LIMITS):
            ends = [
                numbers(next((part.text for part in children(node, name)), ""))
                for name in ("default", "hard")
            ]
            if all(ends) and ends[0][0] > ends[1][0] > 0:
                yield document.fault(
                    f"{local(node)}: default {ends[0][0]:.0f} is above hard {ends[1][0]:.0f}", node
                )
            for part in node if local(node) in SIZES else ():
                if local(part) and part.get("unit") not in SIZES[local(node)]:
                    yield document.fault(f"{local(node)}: {local(part)} has unit={part.get('unit')!r}", part)


def one_for_each_mode(document: Document) -> Faults:
    """A limit is told once for each mode."""
    for service in services(document):
        found = Counter((local(node), node.get("forMode", "")) for node in service if local(node) in LIMITS)
        for (name, mode), number in found.items():
            if number > 1:
                yield document.fault(f"{name} stands {number} times for {mode or 'all modes'}", service)


def _made(code: str, look: Callable[[Document], Faults]) -> tuple[AnyCheck, AnyCheck]:
    """Return the checks of capabilities and of records."""
    return rule(code, CAPABILITIES)(look), rule(code, RECORD)(look)


OF_TAP = (
    *_made("REG-TRE-01", languages),
    *_made("REG-TRE-03", signatures),
    *_made("REG-TRE-04", geometries),
    *_made("REG-TRE-05", limits),
    *_made("REG-TRE-08", one_for_each_mode),
)
