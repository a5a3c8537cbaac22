"""Cone searches (Simple Cone Search 1.03, 2 and 3)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from volint.answers import failed, same
from volint.check import rule
from volint.model import Fault, Skip
from volint.scopes import CONE
from volint.sky import apart
from volint.votable.view import numbers
from volint.xml import children, local, words

if TYPE_CHECKING:
    from lxml import etree

    from volint.check import AnyCheck, Faults
    from volint.exchange import Exchange, Pairs
    from volint.model import Level
    from volint.service import Resource
    from volint.votable.view import Field

__all__ = [
    "any_order",
    "described",
    "directions",
    "empty_cone",
    "identifiers",
    "limits",
    "media_type",
    "nobody_there",
    "one_table",
    "profile",
    "refusals",
    "told_errors",
    "uncertainty",
    "units",
    "unknown_parameters",
    "verbosity",
    "votable",
    "within_the_cone",
]

ROOT = "SCS-2-06"
ONE_TABLE = "SCS-2-08"
ROWS = "SCS-2-02"
OLD = {
    "meta.id;meta.main": "ID_MAIN",
    "pos.eq.ra;meta.main": "POS_EQ_RA_MAIN",
    "pos.eq.dec;meta.main": "POS_EQ_DEC_MAIN",
}
"""UCDs of the first kind that mean the same."""

WIDE = 2.0
"""Degrees: no greater cone is asked for, to spare the service."""

POLE = (("RA", "0"), ("DEC", "90"), ("SR", "0"))
WRONG = (
    (("RA", "volint"), ("DEC", "0"), ("SR", "0.1")),
    (("RA", "0"), ("DEC", "91"), ("SR", "0.1")),
    (("RA", "0"), ("DEC", "0")),
)
"""A word, a declination out of range, and no radius."""


def cone(place: Resource) -> Pairs:
    """Return a cone that has rows: of the profile, or of a test query."""
    given = numbers(place.service.profile.circle)
    capability, interface = place.endpoint.capability, place.endpoint.interface
    if not given and capability is not None:
        for query in children(capability.node, "testQuery"):
            told = {local(part): words(part.text) for part in query}
            given = numbers(" ".join(told.get(name, "") for name in ("ra", "dec", "sr")))
    if not given and interface is not None:
        asked = {name.upper(): value for name, value in parse_qsl(interface.test_query)}
        given = numbers(" ".join(asked.get(name, "") for name in ("RA", "DEC", "SR")))
    if len(given) != 3:  # noqa: PLR2004 - a direction and a radius
        raise Skip("no test query and no profile tells where there are rows")
    return tuple(zip(("RA", "DEC", "SR"), (f"{number:.12g}" for number in given), strict=True))


def main_fields(answer: Exchange, ucd: str) -> list[Field]:
    """Return the columns of the result that have a UCD, or the older one of the same meaning."""
    return [column for column in answer.view.fields if column.ucd.strip().lower() in (ucd, OLD[ucd].lower())]


def errors(answer: Exchange) -> list[etree._Element]:
    """Return the elements that tell an error, however their name is spelt."""
    found = answer.root.iter("{*}INFO", "{*}PARAM")
    return [node for node in found if words(node.get("name")).lower() == "error"]


@rule(ROOT, CONE)
def votable(place: Resource) -> Faults:
    """The answer is a VOTable of version 1."""
    answer = place.get(*POLE)
    if not answer.ok or not answer.is_xml or local(answer.root) != "VOTABLE":
        yield answer.fault(f"a cone at the pole answers {answer.status} and is no VOTable")
    elif not answer.root.get("version", "1.").startswith("1."):
        yield answer.fault(f"version={answer.root.get('version')!r}, expected 1.x")


@rule("SCS-2-07", CONE, because=[ROOT])
def media_type(place: Resource) -> Faults:
    """The media type is text/xml, or that of VOTables."""
    answer = place.get(*POLE)
    known = place.standard.endpoint("cone").media_types
    if answer.media_type.essence not in known:
        yield answer.fault(f"Content-Type is {answer.media_type.essence!r}, expected one of {known}")


@rule("SCS-2-03", CONE, because=[ROOT])
def empty_cone(place: Resource) -> Faults:
    """A radius of 0 is no error: the columns come."""
    answer = place.get(*POLE)
    if failed(answer) or errors(answer):
        yield answer.fault("SR=0 is answered with an error")
    elif not answer.view.fields:
        yield answer.fault("SR=0 is answered without columns")


METADATA = (ROOT, "SCS-2-03")


@rule(ONE_TABLE, CONE, because=METADATA)
def one_table(place: Resource) -> Faults:
    """The result is a single table in a single resource, others being marked as something else."""
    view = place.get(*POLE).view
    holders = view.results or tuple(node for node in view.resources if node.get("type") != "meta")
    tables = [table for node in holders for table in children(node, "TABLE")]
    if len(tables) != 1:
        yield place.get(*POLE).fault(f"there are {len(tables)} tables of results, expected one")


@rule("SCS-2-09", CONE, because=[*METADATA, ONE_TABLE])
def identifiers(place: Resource) -> Faults:
    """One column of text is the identifier, each of its values its own."""
    answer = place.get(*POLE)
    found = main_fields(answer, "meta.id;meta.main")
    if len(found) != 1:
        yield answer.fault(f"{len(found)} columns have the UCD meta.id;meta.main, expected one")
    elif found[0].datatype not in ("char", "unicodeChar"):
        yield answer.fault(f"the identifier {found[0].name} is of {found[0].datatype}, expected text")
    else:
        rows = place.get(*cone(place))
        most = Counter(row.get(found[0].name, "") for row in rows.view.rows).most_common(1)
        if most and most[0][1] > 1:
            yield rows.fault(f"the identifier {most[0][0]!r} comes {most[0][1]} times")


def _direction(ucd: str, code: str) -> AnyCheck:
    """Return the check of one coordinate."""

    def run(place: Resource) -> Faults:
        answer = place.get(*POLE)
        found = main_fields(answer, ucd)
        if len(found) != 1:
            yield answer.fault(f"{len(found)} columns have the UCD {ucd}, expected one")
        elif found[0].datatype != "double":
            level: Level | None = "info" if found[0].datatype == "float" else None  # a draft allows it
            yield answer.fault(f"{found[0].name} is of {found[0].datatype}, expected double", level)

    run.__doc__ = f"One column of numbers is {ucd}."
    return rule(code, CONE, because=[*METADATA, ONE_TABLE])(run)


directions = (
    _direction("pos.eq.ra;meta.main", "SCS-2-10"),
    _direction("pos.eq.dec;meta.main", "SCS-2-11"),
)


@rule("SCS-2-12", CONE, because=[*METADATA, "SCS-2-10", "SCS-2-11"])
def units(place: Resource) -> Faults:
    """The coordinates are said to be degrees."""
    answer = place.get(*POLE)
    for ucd in ("pos.eq.ra;meta.main", "pos.eq.dec;meta.main"):
        for column in main_fields(answer, ucd):
            if column.unit != "deg":
                yield answer.fault(f"{column.name} has unit={column.unit!r}, expected 'deg'")


@rule("SCS-2-13", CONE, because=METADATA)
def uncertainty(place: Resource) -> Faults:
    """The uncertainty of the positions, if it is told, is a number."""
    answer = place.get(*POLE)
    for node in answer.root.iter("{*}PARAM"):
        ucd = words(node.get("ucd")).lower()
        if ucd in ("phys.angsize;obs", "obs_ang-size") and not numbers(node.get("value")):
            yield answer.fault(f"{node.get('name')} is {node.get('value')!r}, expected a number", "warning")


@rule("SCS-2-14", CONE, because=METADATA)
def described(place: Resource) -> Faults:
    """Each column has a description and a UCD."""
    answer = place.get(*POLE)
    for node in answer.view.main.iterfind("{*}TABLE/{*}FIELD"):
        missing = [name for name in ("datatype", "ucd") if not node.get(name)]
        missing += [] if any(True for _ in children(node, "DESCRIPTION")) else ["description"]
        if missing:
            yield answer.fault(f"the column {node.get('name')} has no {' and no '.join(missing)}")


@rule(ROWS, CONE, also=["REG-SDR-01"], because=[*METADATA, "SCS-2-10", "SCS-2-11"])
def within_the_cone(place: Resource) -> Faults:
    """The cone is one of ICRS degrees: where the service says that there are rows, there are."""
    asked = cone(place)
    answer = place.get(*asked)
    if failed(answer) or errors(answer) or not answer.view.rows:
        yield answer.fault("the cone of the test query has no rows")
        return
    names = [main_fields(answer, ucd)[0].name for ucd in ("pos.eq.ra;meta.main", "pos.eq.dec;meta.main")]
    lon, lat, radius = (float(value) for _, value in asked)
    places = (numbers(" ".join(row.get(name, "") for name in names)) for row in answer.view.rows)
    near = [apart(lon, lat, *pair) for pair in places if len(pair) == 2]  # noqa: PLR2004 - two coordinates
    if not near or min(near) > radius + 1e-4:
        yield answer.fault(f"none of {len(near)} positions is within {radius} degrees of {lon} {lat}")


@rule("SCS-2-01", CONE, because=[*METADATA, ROWS])
def any_order(place: Resource) -> Faults:
    """Parameters come in any order."""
    asked = cone(place)
    answer = place.get(*reversed(asked))
    if not same(place.get(*asked), answer):
        yield answer.fault(f"the parameters in reverse order are answered {answer.status}, otherwise")


@rule("SCS-2-05", CONE, because=[*METADATA, ROWS])
def unknown_parameters(place: Resource) -> Faults:
    """A parameter that the service does not know changes nothing."""
    asked = cone(place)
    answer = place.get(*asked, ("VOLINT", "1"))
    if not same(place.get(*asked), answer) or len(errors(answer)) > len(errors(place.get(*asked))):
        yield answer.fault(f"an unknown parameter is answered {answer.status}, otherwise than without it")


@rule("SCS-2-04", CONE, level="warning", because=METADATA)
def verbosity(place: Resource) -> Faults:
    """A higher verbosity has all columns of the lower, and without a word it is 2."""
    capability = place.endpoint.capability
    told = () if capability is None else tuple(children(capability.node, "verbosity"))
    if not told:
        raise Skip("nothing says whether the service knows VERB")
    names = [
        {column.name for column in place.get(*POLE, *verb).view.fields}
        for verb in ((("VERB", "1"),), (("VERB", "2"),), (("VERB", "3"),), ())
    ]
    if words(told[0].text) not in ("true", "1"):
        if any(found != names[-1] for found in names):
            yield place.get(*POLE).fault("verbosity is said to be unknown, and VERB changes the columns")
    elif not names[0] <= names[1] <= names[2]:
        yield place.get(*POLE).fault("a column of a lower VERB is missing in a higher one")
    elif names[-1] != names[1]:
        yield place.get(*POLE).fault("the columns without VERB are not those of VERB=2")


@rule("SCS-2-16", CONE, because=METADATA)
def refusals(place: Resource) -> Faults:
    """What is no cone is an error."""
    for asked in WRONG:
        answer = place.get(*asked)
        if not failed(answer) and not (answer.is_xml and errors(answer)):
            text = "&".join(f"{name}={value}" for name, value in asked)
            yield answer.fault(f"{text} is answered {answer.status}, and tells no error")


@rule("SCS-2-17", CONE, because=[*METADATA, "SCS-2-16"])
def told_errors(place: Resource) -> Faults:
    """An error is told by one element named Error, with the reason as its value."""
    for asked in WRONG:
        answer = place.get(*asked)
        found = errors(answer) if answer.is_xml else []
        if len(found) != 1:
            yield answer.fault(f"{len(found)} elements named Error are in an answer that tells one")
        elif found[0].get("name") != "Error" or not words(found[0].get("value")):
            yield answer.fault(f"{dict(found[0].attrib)}: expected name='Error' and the reason in value")


@rule("SCS-2-19", CONE, because=[*METADATA, ROWS])
def nobody_there(place: Resource) -> Faults:
    """A cone without sources is no error: the columns come."""
    lon, lat, _ = (float(value) for _, value in cone(place))
    answer = place.get(RA=f"{(lon + 180) % 360:.6f}", DEC=f"{-lat:.6f}", SR="0.00001")
    if failed(answer) or errors(answer):
        yield answer.fault("a small cone far away is answered with an error")
    elif not answer.view.fields:
        yield answer.fault("a small cone far away is answered without columns")


@rule("REG-SDR-04", CONE, because=[*METADATA, ROWS])
def limits(place: Resource) -> Faults:
    """The limits that the capability tells are kept: of the radius and of the number of rows."""
    capability = place.endpoint.capability
    found = {} if capability is None else {local(node): numbers(node.text) for node in capability.node}
    widest, most = found.get("maxSR", ()), found.get("maxRecords", ())
    asked = cone(place)
    answer = place.get(*asked)
    if most and len(answer.view.rows) > most[0]:
        yield answer.fault(f"{len(answer.view.rows)} rows come, maxRecords is {most[0]:.0f}")
    if not widest or not 0 < widest[0] <= WIDE:
        return
    answer = place.get(*asked[:2], ("SR", f"{widest[0] * 2:.12g}"))
    if failed(answer) or errors(answer):
        return
    names = [main_fields(answer, ucd)[0].name for ucd in OLD if ucd.startswith("pos")]
    lon, lat = (float(value) for _, value in asked[:2])
    for row in answer.view.rows:
        there = numbers(" ".join(row.get(name, "") for name in names))
        if len(there) == 2 and apart(lon, lat, *there) > widest[0] * 1.001:  # noqa: PLR2004 - two coordinates
            yield answer.fault(f"a row lies {apart(lon, lat, *there):.4g} degrees away, maxSR is {widest[0]}")
            return


@rule("SCS-3-01", CONE, also=["REG-SDR-01"])
def profile(place: Resource) -> Faults:
    """The capability tells the limits of the service and whether it knows VERB."""
    capability = place.endpoint.capability
    if capability is None:
        raise Skip("no capability was found")
    told = {local(node) for node in capability.node}
    document = place.service.target.document
    limits: tuple[tuple[str, Level | None], ...]
    limits = (("verbosity", None), ("maxSR", "info"), ("maxRecords", "info"))
    for name, level in limits:
        if name not in told:  # newer schemas leave it to the service whether it has limits
            yield Fault(f"{name} is not in the capability", document, level)
