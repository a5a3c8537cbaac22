"""VOTables: frames of space and time (VOTable 1.5, 3.4 and 3.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soda_core.standards import terms, vocabulary
from volint.check import rule
from volint.model import Fault
from volint.scopes import VOTABLES
from volint.xml import local

if TYPE_CHECKING:
    from lxml import etree

    from volint.check import Faults
    from volint.document import Document

__all__ = [
    "epochs",
    "frame_of_space",
    "frame_of_time",
    "frames_come_first",
    "origins",
    "place_of_observer",
    "times_come_first",
]

ROOT = ("VOT-3-03",)
EPOCH = re.compile(r"[JB]?[0-9]+([.][0-9]*)?")
CALENDAR = frozenset({"yr", "a", "Ba"})
"""Units of years, whose count needs no origin."""


@rule("VOT-3.4-01", VOTABLES, because=ROOT)
def frame_of_space(document: Document) -> Faults:
    """The frame of coordinates is a word of its vocabulary."""
    recent = document.root.get("version", "") >= "1.5"
    for node in document.root.iter("{*}COOSYS"):
        system = node.get("system")
        old = system in vocabulary("refframe")["deprecated"]
        if system is None or system in terms("refframe") or (old and not recent):
            continue
        fault = document.fault(f"COOSYS: system={system!r}", node)
        yield Fault(fault.message, fault.exchange, "warning" if old else None)


@rule("VOT-3.4-02", VOTABLES, because=ROOT)
def place_of_observer(document: Document) -> Faults:
    """The place to which coordinates are reduced is a word of its vocabulary, from VOTable 1.5 on."""
    for node in document.root.iter("{*}COOSYS"):
        place = node.get("refposition")
        if place is not None and place not in terms("refposition"):
            yield document.fault(f"COOSYS: refposition={place!r}", node)
        elif place is not None and document.root.get("version", "") < "1.5":
            yield document.fault("COOSYS: refposition came with VOTable 1.5", node)


@rule("VOT-3.4-03", VOTABLES, because=[*ROOT, "VOT-3.2-02"])
def frames_come_first(document: Document) -> Faults:
    """A frame of coordinates stands before the columns that refer to it."""
    yield from _late(document, "COOSYS")


@rule("VOT-3.4-04", VOTABLES, because=ROOT)
def epochs(document: Document) -> Faults:
    """An epoch or equinox is a year, Julian or Besselian."""
    for node in document.root.iter("{*}COOSYS"):
        for name in ("epoch", "equinox"):
            year = node.get(name)
            if year is not None and not EPOCH.fullmatch(year):
                yield document.fault(f"COOSYS: {name}={year!r}", node)


@rule("VOT-3.5-01", VOTABLES, because=[*ROOT, "VOT-3.2-02"])
def times_come_first(document: Document) -> Faults:
    """A frame of time stands before the columns that refer to it."""
    yield from _late(document, "TIMESYS")


@rule("VOT-3.5-02", VOTABLES, because=[*ROOT, "VOT-3.2-02"])
def origins(document: Document) -> Faults:
    """Times are counted from an origin, dates of a calendar are not."""
    frames = {node.get("ID"): node for node in document.root.iter("{*}TIMESYS")}
    for node in document.root.iter("{*}FIELD", "{*}PARAM"):
        frame = frames.get(node.get("ref"))
        if frame is None:
            continue
        calendar = node.get("xtype") == "timestamp"
        origin = frame.get("timeorigin")
        if calendar and origin is not None:
            yield document.fault(
                f"{node.get('name')} is a timestamp, its TIMESYS has timeorigin={origin!r}", node
            )
        elif not calendar and origin is None and node.get("unit") not in CALENDAR:
            yield document.fault(f"{node.get('name')} is counted, its TIMESYS has no timeorigin", node)


@rule("VOT-3.5-03", VOTABLES, because=ROOT)
def frame_of_time(document: Document) -> Faults:
    """A frame of time has a scale and a place, words of their vocabularies."""
    for node in document.root.iter("{*}TIMESYS"):
        for name in ("timescale", "refposition"):
            told = node.get(name)
            if told is None:
                yield document.fault(f"TIMESYS: no {name}", node)
            elif told not in terms(name):
                fault = document.fault(f"TIMESYS: {name}={told!r}", node)
                yield Fault(fault.message, fault.exchange, "warning")


def _late(document: Document, name: str) -> Faults:
    """Yield the frames that stand behind an element that refers to them."""
    met: dict[str, etree._Element] = {}
    for node in document.root.iter("*"):
        if local(node) == name and (key := node.get("ID")) in met:
            yield document.fault(
                f"{name} {key!r} stands behind {met[key].get('name')!r}, which refers to it", node
            )
        elif (ref := node.get("ref")) is not None:
            met.setdefault(ref, node)
