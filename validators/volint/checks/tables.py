"""The tables resource: the whole set and its children (VOSI 1.1, 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from volint.check import Scope, rule
from volint.model import Skip
from volint.schema import invalid
from volint.scopes import TABLES, resources
from volint.xml import children, local, namespace, words

if TYPE_CHECKING:
    from lxml import etree

    from volint.check import Faults
    from volint.document import Document
    from volint.exchange import Exchange
    from volint.service import Resource

__all__ = ["all_names", "answers", "children_documents", "hints", "no_such_table", "root", "valid"]

NAMESPACE = "http://www.ivoa.net/xml/VOSITables/v1.0"
PLACE = Scope("vosi.tables", resources("vosi.tables"))
SAMPLE = 3
"""Tables whose documents of their own are looked at."""


def names(root: etree._Element) -> list[str]:
    """Return the names of all tables in a set."""
    return [words(name.text) for table in root.iter("{*}table") for name in children(table, "name")]


@rule("VOSI-3.3-05", PLACE)
def answers(place: Resource) -> Faults:
    """The listed address of the tables answers."""
    answer = place.get()
    if not answer.ok:
        yield answer.fault(f"tables answers {answer.status}")


@rule("VOSI-3.3-02", TABLES, because=["VOSI-3.3-05"])
def root(document: Document) -> Faults:
    """The root is `tableset`, or `table` for one, in the namespace of VOSI."""
    space, name = document.name
    single = name == "table" and document.service is None
    if space != NAMESPACE or not (name == "tableset" or single):
        yield document.fault(
            f"the root is {document.name}, expected {(NAMESPACE, 'tableset')}", document.root
        )


@rule("VOSI-3.3-04", TABLES, also=["REG-VODS-03"], because=["VOSI-3.3-02"])
def valid(document: Document) -> Faults:
    """The document is valid by VODataService; `version` on its root is told as a mistake of the text."""
    yield from invalid(document)


@rule("VOSI-3.3-08", PLACE, also=["VOSI-3.3-03", "VOSI-3.3-09"], because=["VOSI-3.3-05", "VOSI-3.3-02"])
def children_documents(place: Resource) -> Faults:
    """Each table has a document of its own with its columns."""
    _needs_1_1(place)
    for name in names(_root(place))[:SAMPLE]:
        answer = _child(place, name)
        if not answer.ok or not answer.is_xml:
            yield answer.fault(f"the document of table {name!r} answers {answer.status} and is no XML")
        elif (namespace(answer.root), local(answer.root)) != (NAMESPACE, "table"):
            yield answer.fault(f"the document of table {name!r} has the root {local(answer.root)}")
        elif [words(node.text) for node in children(answer.root, "name")] != [name]:
            yield answer.fault(f"the document of table {name!r} is of another name")
        elif not any(True for _ in children(answer.root, "column")):
            yield answer.fault(f"the document of table {name!r} lists no column")


@rule("VOSI-3.3-06", PLACE, because=["VOSI-3.3-05"])
def hints(place: Resource) -> Faults:
    """Both words of detail are taken; what comes back is the service's choice."""
    _needs_1_1(place)
    for word in place.standard.parameters["detail"].values:
        answer = place.get(detail=word)
        if not answer.ok:
            yield answer.fault(f"detail={word} answers {answer.status}", "error")


@rule("VOSI-3.3-07", PLACE, because=["VOSI-3.3-05", "VOSI-3.3-02", "VOSI-3.3-06"])
def all_names(place: Resource) -> Faults:
    """The short list names the same tables as the long one."""
    _needs_1_1(place)
    short, long = (place.get(detail=word) for word in ("min", "max"))
    if sorted(names(short.root)) != sorted(names(long.root)):
        yield short.fault(
            f"detail=min names {sorted(names(short.root))}, detail=max {sorted(names(long.root))}"
        )


@rule("VOSI-3.3-10", PLACE, because=["VOSI-3.3-08"])
def no_such_table(place: Resource) -> Faults:
    """A table that is not there is answered by 404."""
    _needs_1_1(place)
    answer = _child(place, "volint.no_such_table")
    if answer.status != 404:  # noqa: PLR2004 - the status of the rule
        yield answer.fault(f"an unknown table answers {answer.status}, expected 404")


def _needs_1_1(place: Resource) -> None:
    if not place.endpoint.version.startswith("1.1"):
        raise Skip("the capability promises version 1.0 alone")


def _root(place: Resource) -> etree._Element:
    return place.get().root


def _child(place: Resource, name: str) -> Exchange:
    return place.service.get(f"{place.url.rstrip('/')}/{quote(name, safe='')}")
