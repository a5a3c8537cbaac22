"""The kinds of places where rules are tried, and how they are found."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from .check import Scope
from .document import Document
from .manners import NoAnswer
from .model import Skip
from .subjects import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .exchange import Exchange
    from .service import Resource, Service

__all__ = [
    "ANY_ENDPOINT",
    "AVAILABILITY",
    "CAPABILITIES",
    "CONE",
    "EXAMPLES",
    "JOBS",
    "LINKS",
    "LINKS_TABLE",
    "QUERY",
    "QUERY_TABLE",
    "SERVICE",
    "SYNC",
    "TABLES",
    "UWS_FILES",
    "VOTABLES",
]


def resources(*kinds: str) -> Callable[[Service], Iterable[Resource]]:
    """Return what finds the endpoints of these kinds."""

    def find(service: Service) -> Iterable[Resource]:
        found = service.resources(*kinds)
        if not found:
            raise Skip(f"the service has no {' or '.join(kinds)}")
        return found

    return find


def documents(kind: str, *endpoints: str) -> Callable[[Service], Iterable[Document]]:
    """Return what fetches the documents of one kind from these endpoints."""

    def find(service: Service) -> Iterator[Document]:
        for place in resources(*endpoints)(service):
            try:
                answer = place.get()
            except NoAnswer as error:
                raise Skip(str(error)) from None
            if answer.ok:
                yield Document(kind, place.label, answer.body, answer, service)

    return find


def capabilities(service: Service) -> Iterator[Document]:
    """Yield the capabilities document that was read."""
    answer = service.target.document
    if answer is None:
        raise Skip("no capabilities document was found")
    yield Document("capabilities", f"vosi.capabilities {answer.request.url}", answer.body, answer, service)


def _tables(
    asked: Callable[[Resource], Iterable[Exchange]], *kinds: str
) -> Callable[[Service], Iterator[Document]]:
    def find(service: Service) -> Iterator[Document]:
        for place in resources(*kinds)(service):
            try:
                answers = tuple(asked(place))
            except NoAnswer as error:
                raise Skip(str(error)) from None
            for answer in answers:
                if answer.ok:
                    yield Document("votable", place.label, answer.body, answer, service)

    return find


def _links(place: Resource) -> Iterator[Exchange]:
    """Ask for the links of some datasets that there are, the first of all first."""
    subjects = place.service.subjects
    for did in dict.fromkeys((subjects.first.did, *(dataset.did for dataset in subjects.datasets[:2]))):
        yield place.get(ID=did)


def _query(place: Resource) -> Iterator[Exchange]:
    """Ask for some rows."""
    yield place.get(MAXREC="50")


def _answers(place: Resource) -> Iterator[Exchange]:
    """Ask for tables of each sort: with rows, without, and one that tells an error."""
    if place.kind == "sia2.query":
        yield from _query(place)
        yield place.get(MAXREC="0")
    else:
        with suppress(Skip):  # without a dataset there are fewer
            yield from _links(place)
        yield place.get(ID=ABSENT)
        yield place.get()


SERVICE: Scope[Service] = Scope("service", lambda service: (service,))
ANY_ENDPOINT = Scope("endpoint", resources("soda.sync", "sia2.query", "datalink.links"))
SYNC = Scope("soda.sync", resources("soda.sync"))
QUERY = Scope("sia2.query", resources("sia2.query"))
CONE = Scope("scs.cone", resources("scs.cone"))
LINKS = Scope("datalink.links", resources("datalink.links"))
JOBS = Scope("jobs", resources("soda.async", "uws.jobs"))
CAPABILITIES = Scope("capabilities document", capabilities, "capabilities")
AVAILABILITY = Scope("availability document", documents("availability", "vosi.availability"), "availability")
TABLES = Scope("tables document", documents("tables", "vosi.tables"), "tables")
EXAMPLES = Scope("examples document", documents("examples", "dali.examples"), "examples")
VOTABLES = Scope("VOTable", _tables(_answers, "sia2.query", "datalink.links"), "votable")
LINKS_TABLE = Scope("table of links", _tables(_links, "datalink.links"), "links")
UWS_FILES: Scope[Document] = Scope("document of jobs", None, "uws")
QUERY_TABLE = Scope("table of datasets", _tables(_query, "sia2.query"), "obscore")
