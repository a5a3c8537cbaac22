"""SODA: requests that select nothing, and shapes that are none (SODA 1.0, 3.3, 5.1 and 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.answers import labelled, malformed, message
from volint.check import rule
from volint.model import Skip
from volint.scopes import SYNC

from .soda_sync import ROOT
from .soda_values import first_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.check import Faults
    from volint.exchange import Pairs
    from volint.service import Resource
    from volint.subjects import Dataset

__all__ = ["nothing_elsewhere", "nothing_on_another_axis", "shapes_refused"]

EMPTY = "SODA-5.1-02"
BEYOND = {"BAND": (10.0, 11.0), "TIME": (2.0, 2.1)}
"""How many times the upper end of the data an interval lies that they do not reach."""


@rule("SODA-5.2-03", SYNC, because=[ROOT, "SODA-5.2-02", "SODA-5.2-03", "SODA-3.3-02", "SODA-3.3-11"])
def shapes_refused(place: Resource) -> Faults:
    """A shape of POS with other numbers than it takes is refused as a mistake of the client."""
    dataset = first_with(place, "POS")
    for kind in ("circle", "range", "polygon"):
        for value in malformed(kind):
            sent = f"{kind.upper()} {value}"
            answer = place.get(("ID", dataset.did), ("POS", sent))
            if not answer.refused:
                yield answer.fault(f"POS={sent!r} is answered {answer.status}, expected 4xx")
            elif not labelled(answer, ("UsageError",)):
                yield answer.fault(f"POS={sent!r}: {message(answer)[:40]!r}, expected UsageError")


@rule(EMPTY, SYNC, because=[ROOT, EMPTY, "SODA-3.3-02", "SODA-3.3-11", "SODA-4-02"])
def nothing_elsewhere(place: Resource) -> Faults:
    """Whatever the shape: where there are no pixels, the answer is 204 without a body."""
    dataset = place.service.subjects.first
    for name, value in _elsewhere(dataset):
        if name in dataset.inputs or not dataset.inputs:
            yield from _expect_nothing(place, (("ID", dataset.did), (name, value)))


@rule(EMPTY, SYNC, because=[ROOT, EMPTY])
def nothing_on_another_axis(place: Resource) -> Faults:
    """An interval or a state that the data do not have gives 204 too."""
    tried = False
    for name, (low, high) in BEYOND.items():
        try:
            dataset = place.service.subjects.having(name)
        except Skip:
            continue
        end = dataset.limits(name)[1]
        yield from _expect_nothing(place, (("ID", dataset.did), (name, f"{end * low!r} {end * high!r}")))
        tried = True
    try:
        dataset = place.service.subjects.having("POL")
    except Skip:
        if not tried:
            raise
        return
    legal, own = place.standard.parameters["POL"].values, dataset.observed
    other = [word for word in legal if word not in own]
    if other and own and set(own) <= set(legal):
        yield from _expect_nothing(place, (("ID", dataset.did), ("POL", other[0])))


def _elsewhere(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield small regions at the other side of the sky."""
    lon, lat, radius = (float(word) for word in dataset.elsewhere.split())
    lat = max(-89.0, min(89.0, lat))
    corners = f"{lon - radius} {lat - radius} {lon - radius} {lat + radius} {lon + radius} {lat}"
    yield "POS", f"CIRCLE {dataset.elsewhere}"
    yield "POS", f"RANGE {lon} {lon + radius} {lat} {lat + radius}"
    if radius <= lon <= 360 - radius:
        yield "POLYGON", corners
        yield "POS", f"POLYGON {corners}"


def _expect_nothing(place: Resource, asked: Pairs) -> Faults:
    answer = place.get(*asked)
    what = " and ".join(f"{name}={value}" for name, value in asked[1:])
    if answer.status != 204:  # noqa: PLR2004 - the status of the rule
        yield answer.fault(f"{what}, which the data do not reach, answers {answer.status}, expected 204")
    elif answer.body:
        yield answer.fault(f"{what}: 204 comes with {len(answer.body)} bytes")
