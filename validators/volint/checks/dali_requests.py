"""What holds for requests to every synchronous endpoint (DALI 1.1, 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.answers import failed
from volint.check import rule
from volint.exchange import Request
from volint.manners import NoAnswer
from volint.model import Skip
from volint.scopes import ANY_ENDPOINT
from volint.service import joined

from .soda_sync import region

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.exchange import Pairs
    from volint.model import Level
    from volint.service import Resource

__all__ = [
    "heads",
    "known_formats",
    "never_a_failure_of_the_server",
    "runid",
    "single_values",
    "test_query",
    "unknown_formats",
]

ROOTS = ("SODA-2.1-03", "SIA2-2.1-05", "DL-2.1-01")
NONSENSE = "application/x-volint-no-such-format"


def benign(place: Resource) -> Pairs:
    """Return the parameters of a request that works."""
    if place.kind == "soda.sync":
        return region(place, place.service.subjects.first)
    if place.kind == "sia2.query":
        return (("MAXREC", "3"),)
    return (("ID", place.service.subjects.first.did),)


@rule("DALI-3.4-03", ANY_ENDPOINT, also=["SIA2-3.1-07", "DL-2.1.2-03"], because=ROOTS)
def unknown_formats(place: Resource) -> Faults:
    """A format that the service does not have is refused."""
    answer = place.get(*benign(place), ("RESPONSEFORMAT", NONSENSE))
    if not failed(answer):
        yield answer.fault(
            f"RESPONSEFORMAT={NONSENSE} is answered {answer.status}, {answer.media_type.essence}"
        )


@rule("DALI-3.2-01", ANY_ENDPOINT, also=["SIA2-3.2-05", "SODA-6-04"], because=[*ROOTS, "DALI-3.4-03"])
def single_values(place: Resource) -> Faults:
    """A parameter of one value is refused when it comes twice."""
    for name, value in SINGLE[place.kind].items():
        pairs = tuple(pair for pair in benign(place) if pair[0] != name)
        answer = place.get(*pairs, (name, value), (name, value.replace("2", "1")))
        if not failed(answer):
            level: Level | None = "warning" if name == "RUNID" else None  # a service may not know RUNID
            yield answer.fault(f"{name} twice is answered {answer.status} as if it were one value", level)


SINGLE = {
    "datalink.links": {"RESPONSEFORMAT": "votable"},
    "sia2.query": {"MAXREC": "2", "RESPONSEFORMAT": "votable"},
    "soda.sync": {"RUNID": "volint", "RESPONSEFORMAT": "application/fits"},
}
"""Parameters of one value at each kind of endpoint, and a value."""


@rule(
    "DALI-3.4-04",
    ANY_ENDPOINT,
    also=["DALI-3.4-02", "DL-2.1.2-02"],
    because=[*ROOTS, "DL-3.3-02", "DL-3.3-03"],
)
def known_formats(place: Resource) -> Faults:
    """The Content-Type is the media type that was asked for."""
    if place.kind == "soda.sync":
        raise Skip("SODA prescribes no format")
    own = [] if place.kind == "sia2.query" else [place.standard.endpoint("links").media_types[0]]
    for wanted in ("application/x-votable+xml", "text/xml", "votable", *own):
        answer = place.get(*benign(place), ("RESPONSEFORMAT", wanted))
        if failed(answer) and wanted == "text/xml" and place.kind == "datalink.links":
            continue
        if failed(answer):
            yield answer.fault(f"RESPONSEFORMAT={wanted} is answered {answer.status}")
        elif answer.media_type.essence != wanted.partition(";")[0] and wanted != "votable":
            yield answer.fault(f"RESPONSEFORMAT={wanted} gives Content-Type {answer.media_type.essence!r}")


@rule("REG-VOR-08", ANY_ENDPOINT, because=[*ROOTS, "VOSI-3.1-05"])
def test_query(place: Resource) -> Faults:
    """The test query of the capability is answered, and not with nothing."""
    interface = place.endpoint.interface
    if interface is None or not interface.test_query:
        raise Skip("the capability has no test query")
    bare = place.url.rstrip("?&")
    answer = place.service.get(f"{bare}{'&' if '?' in bare else '?'}{interface.test_query}")
    if failed(answer) or not answer.ok:
        yield answer.fault(f"the testQueryString {interface.test_query!r} answers {answer.status}")
    elif not answer.body or (place.kind != "soda.sync" and not answer.view.rows):
        yield answer.fault(f"the testQueryString {interface.test_query!r} finds nothing")


@rule("DALI-3.4-14", ANY_ENDPOINT, because=ROOTS)
def runid(place: Resource) -> Faults:
    """RUNID never makes a request fail."""
    answer = place.get(*benign(place), ("RUNID", "volint"))
    if failed(answer):
        yield answer.fault(f"RUNID=volint is answered {answer.status}")


@rule("DALI-4.2-01", ANY_ENDPOINT, because=[*ROOTS, "SODA-5.2-03"])
def never_a_failure_of_the_server(place: Resource) -> Faults:
    """A mistake of the client is not told as a failure of the server."""
    for value in ("volint", "%00", "'"):
        answer = place.get(("ID", value), ("POS", value), ("MAXREC", value))
        if answer.status >= 500:  # noqa: PLR2004 - blames the server
            yield answer.fault(f"nonsense in parameters is answered {answer.status}, expected 4xx")
            return


@rule("DALI-4.1-02", ANY_ENDPOINT, because=ROOTS)
def heads(place: Resource) -> Faults:
    """HEAD is answered as GET is, and Content-Length tells the bytes that come."""
    url = joined(place.url, benign(place))
    got = place.get(*benign(place))
    length = got.headers.get("content-length", "")
    packed = got.headers.get("content-encoding", "identity") != "identity"
    if length and not got.cut and not packed and int(length) != len(got.body):
        yield got.fault(f"Content-Length is {length}, {len(got.body)} bytes came")
    try:
        head = place.service.client.send(Request(url, "HEAD"))
    except NoAnswer as error:
        yield got.fault(f"HEAD is not answered: {error}")
        return
    if head.status not in (got.status, 405, 501):
        yield head.fault(f"HEAD answers {head.status}, GET {got.status}")
    elif head.ok and head.media_type.essence not in ("", got.media_type.essence):
        yield head.fault(f"HEAD tells {head.media_type.essence}, GET {got.media_type.essence}")
