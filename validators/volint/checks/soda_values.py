"""SODA: the values of its parameters (SODA 1.0, 3.3)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from volint.answers import failed, labelled, malformed, message, same
from volint.check import rule
from volint.model import Skip
from volint.scopes import SYNC

from .soda_sync import ROOT, SHARE, cutout, region, taken

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.service import Resource
    from volint.subjects import Dataset

__all__ = [
    "band",
    "circles",
    "declared_is_taken",
    "equal_forms",
    "exponents",
    "first_with",
    "intervals",
    "names_in_any_case",
    "open_ends",
    "polygons",
    "radii",
    "several_states",
    "shapes",
    "states",
    "time",
    "together",
    "words",
]


def first_with(place: Resource, name: str) -> Dataset:
    """Return the dataset to ask about, if the service takes that parameter."""
    dataset = place.service.subjects.first
    taken(place, dataset, name)
    return dataset


def refusals(place: Resource, name: str, kind: str, prefix: str = "") -> Faults:
    """Yield a fault for each malformed value that is not refused as a mistake of the client."""
    dataset = first_with(place, name)
    for value in malformed(kind):
        answer = place.get(("ID", dataset.did), (name, prefix + value))
        if not answer.refused:
            yield answer.fault(f"{name}={prefix + value!r} is answered {answer.status}, expected 4xx")
        elif not labelled(answer, ("UsageError",)):
            yield answer.fault(f"{name}={prefix + value!r}: {message(answer)[:40]!r}, expected UsageError")


@rule("SODA-3.3-05", SYNC, also=["DALI-3.3-06"], because=[ROOT, "SODA-5.2-03", "SODA-5.2-02"])
def circles(place: Resource) -> Faults:
    """A CIRCLE is three finite numbers."""
    yield from refusals(place, "CIRCLE", "circle")


@rule("SODA-3.3-06", SYNC, also=["DALI-3.3-07"], because=[ROOT, "SODA-5.2-03", "SODA-5.2-02"])
def polygons(place: Resource) -> Faults:
    """A POLYGON is an even number of coordinates, six or more."""
    yield from refusals(place, "POLYGON", "polygon")


@rule("SODA-3.3-07", SYNC, also=["DALI-3.3-04"], because=[ROOT, "SODA-5.2-03", "SODA-5.2-02"])
def intervals(place: Resource) -> Faults:
    """BAND and TIME are pairs of numbers."""
    tried = False
    for name in ("BAND", "TIME"):
        try:
            yield from refusals(place, name, "interval")
            tried = True
        except Skip:
            continue
    if not tried:
        raise Skip("neither BAND nor TIME is declared")


@rule("DALI-3.3-06", SYNC, because=[ROOT, "SODA-5.2-03", "SODA-5.2-02", "SODA-3.3-05"])
def radii(place: Resource) -> Faults:
    """The radius of a circle is more than nothing."""
    dataset = first_with(place, "CIRCLE")
    lon, lat, radius = dataset.cover
    answer = place.get(("ID", dataset.did), ("CIRCLE", f"{lon} {lat} {-radius}"))
    if not answer.refused:
        yield answer.fault(f"a negative radius is answered {answer.status}, expected 4xx")


@rule("SODA-5.2-03", SYNC, because=[ROOT, "SODA-5.2-02"])
def words(place: Resource) -> Faults:
    """A word that is no shape of POS is refused."""
    dataset = first_with(place, "POS")
    for value in ("", "HEXAGON 1 2 3"):
        answer = place.get(("ID", dataset.did), ("POS", value))
        if not answer.refused:
            yield answer.fault(f"POS={value!r} is answered {answer.status}, expected 4xx")


@rule("DALI-4.2-01", SYNC, because=[ROOT])
def together(place: Resource) -> Faults:
    """Two filters together are answered or refused, and never a failure of the server."""
    dataset = place.service.subjects.first
    circle = dataset.circle(SHARE)
    values = {"POS": f"CIRCLE {circle}", "CIRCLE": circle, "BAND": "-Inf +Inf", "TIME": "-Inf +Inf"}
    offered = [name for name in values if name in dataset.inputs or not dataset.inputs]
    for one, other in combinations(offered, 2):
        answer = place.get(("ID", dataset.did), (one, values[one]), (other, values[other]))
        if answer.status >= 500:  # noqa: PLR2004 - blames the server
            yield answer.fault(f"{one} and {other} together answer {answer.status}")


@rule("SODA-3.3-02", SYNC, because=[ROOT])
def shapes(place: Resource) -> Faults:
    """POS takes each of its shapes."""
    dataset = first_with(place, "POS")
    values = {"CIRCLE": dataset.circle(SHARE), "RANGE": dataset.range(), "POLYGON": dataset.polygon()}
    for shape in place.standard.parameters["POS"].shapes:
        answer = place.get(("ID", dataset.did), ("POS", f"{shape.label} {values[shape.label]}"))
        if answer.status != 200:  # noqa: PLR2004 - the one status of success
            yield answer.fault(f"POS={shape.label} within the data answers {answer.status}, expected 200")


@rule("SODA-3.3-11", SYNC, because=[ROOT, "SODA-3.3-02"])
def equal_forms(place: Resource) -> Faults:
    """CIRCLE and POLYGON are the same as the shapes of POS."""
    dataset = first_with(place, "POS")
    for name, value in (("CIRCLE", dataset.circle(SHARE)), ("POLYGON", dataset.polygon())):
        if name in dataset.inputs or not dataset.inputs:
            own = place.get(("ID", dataset.did), (name, value))
            other = place.get(("ID", dataset.did), ("POS", f"{name} {value}"))
            if not same(own, other):
                yield own.fault(f"{name} answers {own.status}, {len(own.body)} bytes; POS={name} otherwise")


def _axis(place: Resource, name: str) -> Faults:
    dataset = place.service.subjects.having(name)
    low, high = dataset.limits(name)
    answer = place.get(("ID", dataset.did), (name, f"{low!r} {high!r}"))
    if answer.status != 200:  # noqa: PLR2004 - the one status of success
        yield answer.fault(f"{name}={low!r} {high!r}, as the descriptor has it, answers {answer.status}")


@rule("SODA-3.3-08", SYNC, because=[ROOT])
def band(place: Resource) -> Faults:
    """BAND is in metres: what the descriptor offers is found."""
    yield from _axis(place, "BAND")


@rule("SODA-3.3-09", SYNC, because=[ROOT])
def time(place: Resource) -> Faults:
    """TIME is MJD: what the descriptor offers is found."""
    yield from _axis(place, "TIME")


@rule("SODA-3.3-04", SYNC, because=[ROOT, "SODA-3.3-08", "SODA-3.3-09"])
def open_ends(place: Resource) -> Faults:
    """Infinite ends leave an interval open."""
    tried = False
    for name in ("BAND", "TIME"):
        try:
            dataset = place.service.subjects.having(name)
        except Skip:
            continue
        tried = True
        low, high = dataset.limits(name)
        for value in ("-Inf +Inf", f"{low!r} +Inf", f"-Inf {high!r}"):
            answer = place.get(("ID", dataset.did), (name, value))
            if answer.status != 200:  # noqa: PLR2004 - the one status of success
                yield answer.fault(f"{name}={value} answers {answer.status}, expected 200")
    if not tried:
        raise Skip("no dataset was found whose descriptor gives values of BAND or TIME")


@rule("SODA-3.3-10", SYNC, because=[ROOT])
def states(place: Resource) -> Faults:
    """Each polarisation state that the descriptor offers is found."""
    dataset = place.service.subjects.having("POL")
    for state in dataset.states:
        answer = place.get(("ID", dataset.did), ("POL", state), *region(place, dataset)[1:])
        if answer.status != 200:  # noqa: PLR2004 - the one status of success
            yield answer.fault(f"POL={state}, as the descriptor has it, answers {answer.status}")


@rule("SODA-3.1-03", SYNC, because=[ROOT, "SODA-3.3-10"])
def several_states(place: Resource) -> Faults:
    """Several polarisation states make one filter."""
    dataset = place.service.subjects.having("POL")
    if len(dataset.states) < 2:  # noqa: PLR2004 - several
        raise Skip("no dataset was found with several polarisation states")
    pairs = [("POL", state) for state in dataset.states[:2]]
    answer = place.get(("ID", dataset.did), *pairs, *region(place, dataset)[1:])
    if answer.status != 200:  # noqa: PLR2004 - the one status of success
        yield answer.fault(f"two values of POL answer {answer.status}: {message(answer)[:60]}")


@rule("SODA-4-02", SYNC, because=[ROOT])
def declared_is_taken(place: Resource) -> Faults:
    """A parameter that a descriptor declares is not refused."""
    dataset = place.service.subjects.first
    wide = {
        "BAND": "-Inf +Inf",
        "TIME": "-Inf +Inf",
        "CIRCLE": dataset.circle(),
        "POLYGON": dataset.polygon(1.0),
    }
    for name, value in wide.items():
        if name in dataset.inputs:
            answer = place.get(("ID", dataset.did), (name, value))
            if failed(answer):
                yield answer.fault(f"{name} is declared, and {name}={value} is answered {answer.status}")


@rule("DALI-3.1-01", SYNC, because=[ROOT])
def names_in_any_case(place: Resource) -> Faults:
    """The names of parameters have no case."""
    asked = region(place, place.service.subjects.first)
    answer = place.get(*((name.lower(), value) for name, value in asked))
    if not same(answer, cutout(place)):
        yield answer.fault(f"names in lower case are answered {answer.status}, in upper case with success")


@rule("DALI-3.3-01", SYNC, because=[ROOT])
def exponents(place: Resource) -> Faults:
    """A number may have an exponent."""
    dataset = first_with(place, "CIRCLE")
    lon, lat, radius = dataset.cover
    answer = place.get(("ID", dataset.did), ("CIRCLE", f"{lon:.10e} {lat:.10e} {radius * SHARE:.10e}"))
    if not same(answer, cutout(place)):
        yield answer.fault(f"numbers with exponents are answered {answer.status}, plain ones with success")
