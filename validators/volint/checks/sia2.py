"""SIA2: queries, limits and errors (SIA 2.0, 2.1 and 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.answers import failed, labelled, message, tells_failure
from volint.check import rule
from volint.facts import declared
from volint.model import Skip
from volint.scopes import QUERY, QUERY_TABLE
from volint.target import kind_of

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.document import Document
    from volint.exchange import Exchange
    from volint.service import Resource

__all__ = [
    "ENOUGH",
    "ROOT",
    "bad_shapes",
    "describes_itself",
    "either_way_round",
    "error_status",
    "keys",
    "labels",
    "latitudes",
    "leads_on",
    "limited",
    "metadata_alone",
    "names_in_any_case",
    "open_ends",
    "plain_errors",
    "post",
    "says_why",
    "serializations",
    "shapes",
    "votable_errors",
    "works",
]

ROOT = "SIA2-2.1-05"
BAD_SHAPES = ("BOX 1 2 3 4", "CIRCLE 1 2", "POLYGON 1 2 3 4")
ENOUGH = "1000"


def keys(answer: Exchange) -> list[str]:
    """Return the identifiers of the rows of an answer, sorted."""
    return sorted(row.get("obs_publisher_did", "") for row in answer.view.rows)


@rule(ROOT, QUERY, also=["DALI-4.1-01", "SIA2-3.1-04", "SIA2-3.1-05", "DALI-3.4-06", "DALI-4.4-06"])
def works(query: Resource) -> Faults:
    """A query without any constraint is answered."""
    for answer in (query.get(MAXREC="3"), query.get()):
        if failed(answer) or answer.status != 200:  # noqa: PLR2004 - the one status of success
            yield answer.fault(f"a query without constraints answers {answer.status}: {message(answer)[:60]}")
        elif not answer.media_type.is_votable:
            yield answer.fault(
                f"the answer comes as {answer.media_type.essence or 'no media type'}, not as a VOTable"
            )


@rule("SIA2-2.1-01", QUERY, also=["DALI-2.2-01"], because=[ROOT])
def post(query: Resource) -> Faults:
    """POST of a form gives what GET gives."""
    by_post = query.post(MAXREC="3")
    if failed(by_post) or keys(by_post) != keys(query.get(MAXREC="3")):
        yield by_post.fault(f"POST answers {by_post.status} and other rows than GET")


@rule(
    "SIA2-2.1.18-01", QUERY, also=["DALI-3.4-07", "DALI-3.4-08", "DALI-3.4-10", "DALI-4.4-05"], because=[ROOT]
)
def limited(query: Resource) -> Faults:
    """No more rows come than MAXREC allows, and what is left out is told."""
    everything = query.get(MAXREC=ENOUGH).view
    answer = query.get(MAXREC="1")
    view = answer.view
    if len(view.rows) > 1:
        yield answer.fault(f"MAXREC=1 gives {len(view.rows)} rows")
    elif len(everything.rows) > 1 and not view.overflow:
        yield answer.fault("MAXREC=1 leaves rows out, and no QUERY_STATUS says OVERFLOW")
    number = len(everything.rows)
    if number and number < int(ENOUGH) and not everything.overflow:
        exact = query.get(MAXREC=str(number))
        if exact.view.overflow:
            yield exact.fault(f"MAXREC={number} gives all {number} rows, and yet OVERFLOW")


@rule("SIA2-2.1.18-02", QUERY, also=["DALI-3.4-09"], because=[ROOT])
def metadata_alone(query: Resource) -> Faults:
    """MAXREC=0 gives the columns and no row."""
    answer = query.get(MAXREC="0")
    if failed(answer):
        yield answer.fault(f"MAXREC=0 is answered {answer.status}: {message(answer)[:60]}")
        return
    view = answer.view
    if view.rows:
        yield answer.fault(f"MAXREC=0 gives {len(view.rows)} rows")
    own, full = (
        [(c.name, c.datatype, c.unit, c.ucd, c.utype, c.xtype) for c in each.fields]
        for each in (view, query.get(MAXREC="3").view)
    )
    if own != full:
        odd = sorted({column[0] for column in {*own} ^ {*full}})
        yield answer.fault(f"MAXREC=0 gives other columns than a query: {', '.join(odd) or 'their order'}")


@rule("SIA2-2.1.1-06", QUERY, because=[ROOT])
def bad_shapes(query: Resource) -> Faults:
    """A shape that is none is refused."""
    for value in BAD_SHAPES:
        answer = query.get(POS=value, MAXREC="3")
        if not failed(answer):
            yield answer.fault(f"POS={value} is answered {answer.status} as if it were a region")


@rule("DALI-4.2-01", QUERY, because=[ROOT, "SIA2-2.1.1-06"])
def error_status(query: Resource) -> Faults:
    """A refusal has a status of refusal."""
    answer = query.get(POS="volint", MAXREC="3")
    if failed(answer) and not answer.refused:
        yield answer.fault(f"a refused query is answered {answer.status}, expected 4xx")


@rule("SIA2-3.2-01", QUERY, also=["DALI-4.2-02"], because=[ROOT, "SIA2-2.1.1-06"])
def votable_errors(query: Resource) -> Faults:
    """An error is told in a VOTable."""
    if not query.get(MAXREC="3").is_xml:
        raise Skip("the service has no answer that can be read as XML")
    answer = query.get(POS="volint", MAXREC="3")
    if failed(answer) and not tells_failure(answer):
        yield answer.fault("the error is no VOTable with QUERY_STATUS=ERROR")


@rule("SIA2-3.2-03", QUERY, because=[ROOT, "SIA2-2.1.1-06", "SIA2-3.2-01"])
def labels(query: Resource) -> Faults:
    """An error text opens with a word of SIA2."""
    if not query.get(MAXREC="3").is_xml:
        raise Skip("the service has no answer that can be read as XML")
    answer = query.get(POS="volint", MAXREC="3")
    if failed(answer) and not labelled(answer, query.labels):
        yield answer.fault(
            f"the error text opens with {message(answer)[:40]!r}, expected one of {query.labels}"
        )


@rule("SIA2-2.1.1-01", QUERY, because=[ROOT])
def shapes(query: Resource) -> Faults:
    """POS takes each of its shapes."""
    for shape in query.standard.parameters["POS"].shapes:
        for value in (example for example in shape.examples if "Inf" not in example):
            answer = query.get(POS=f"{shape.label} {value}", MAXREC="3")
            if failed(answer):
                yield answer.fault(f"POS={shape.label} {value} is refused: {message(answer)[:60]}")


@rule("SIA2-2.1.1-05", QUERY, because=[ROOT, "SIA2-2.1.1-01"])
def open_ends(query: Resource) -> Faults:
    """Infinite ends leave a range open."""
    for value in ("RANGE 0 360 89 +Inf", "RANGE -Inf +Inf -Inf +Inf"):
        answer = query.get(POS=value, MAXREC="3")
        if failed(answer):
            yield answer.fault(f"POS={value} is refused: {message(answer)[:60]}")


@rule("SIA2-2.1.1-03", QUERY, because=[ROOT, "SIA2-2.1.1-06"])
def latitudes(query: Resource) -> Faults:
    """A latitude beyond the pole is refused."""
    answer = query.get(POS="CIRCLE 10 95 1", MAXREC="3")
    if not failed(answer):
        yield answer.fault("POS=CIRCLE 10 95 1 is answered as if there were such a place", "warning")


@rule("SIA2-2.1.1-04", QUERY, because=[ROOT, "SIA2-2.1.1-01"])
def either_way_round(query: Resource) -> Faults:
    """A polygon means its smaller part, whichever way round it is written."""
    dataset = query.service.subjects.first
    corners = dataset.polygon(1.0).split()
    pairs = [corners[at : at + 2] for at in range(0, len(corners), 2)]
    back = " ".join(" ".join(pair) for pair in reversed(pairs))
    one, other = (query.get(POS=f"POLYGON {value}", MAXREC=ENOUGH) for value in (" ".join(corners), back))
    if keys(one) != keys(other):
        yield other.fault("a polygon written the other way round finds other datasets")


@rule("SIA2-3.2-04", QUERY, also=["DALI-3.1-01"], because=[ROOT, "SIA2-2.1.18-01"])
def names_in_any_case(query: Resource) -> Faults:
    """The names of parameters have no case."""
    answer = query.get(("maxrec", "1"))
    if failed(answer) or len(answer.view.rows) > 1:
        yield answer.fault("maxrec=1 in lower case is not obeyed")


@rule("SIA2-3.2-02", QUERY, because=[ROOT, "SIA2-2.1.1-06"])
def plain_errors(query: Resource) -> Faults:
    """An error is told in text/plain where no VOTable was asked for."""
    if failed(query.get(RESPONSEFORMAT="csv", MAXREC="1")):
        raise Skip("the service has no CSV")
    answer = query.get(POS="volint", RESPONSEFORMAT="csv", MAXREC="3")
    if answer.media_type.essence != "text/plain":
        yield answer.fault(f"an error to a request for CSV comes as {answer.media_type.essence}")


@rule("SIA2-3.1.2-01", QUERY_TABLE, also=["SIA2-2.1.20-01"], because=[ROOT])
def describes_itself(table: Document) -> Faults:
    """An answer describes the service, with all the parameters of the standard."""
    if table.service is None:
        raise Skip("a file stands alone")
    own = [descriptor for descriptor in table.view.descriptors if descriptor.is_self]
    if not own:
        yield table.fault("no descriptor of the service itself comes with the rows")
    wanted = declared("sia2").endpoint("query").parameters
    for descriptor in own[:1]:
        missing = [name for name in wanted if name not in descriptor.inputs and name != "RESPONSEFORMAT"]
        if missing:
            yield table.fault(f"the self description lacks {', '.join(missing)}", descriptor.node)


@rule("SIA2-3.1.1-01", QUERY_TABLE, also=["SODA-4.1-01", "SIA2-3.1.1-02"], because=[ROOT])
def leads_on(table: Document) -> Faults:
    """Where the service has links or cutouts, an answer describes how its rows lead there."""
    if table.service is None:
        raise Skip("a file stands alone")
    view = table.view
    for descriptor in view.descriptors:
        if kind_of(descriptor.standard_id) not in ("datalink.links", "soda.sync", "soda.async"):
            continue
        own = descriptor.inputs.get("ID")
        if own is None or not own.ref:
            yield table.fault(f"{descriptor.title}: no ID that refers to the column of it", descriptor.node)
        return
    if any("content=datalink" in row.get("access_format", "") for row in view.rows):
        return
    if table.service.target.of("datalink.links") or table.service.target.of("soda.sync"):
        yield table.fault(
            "neither a descriptor nor an access_url leads to the links or cutouts of the service"
        )


@rule("DALI-4.4-04", QUERY, because=[ROOT, "SIA2-2.1.1-06", "SIA2-3.2-01"])
def says_why(query: Resource) -> Faults:
    """An error says to a person what is wrong."""
    answer = query.get(POS="volint", MAXREC="3")
    if failed(answer) and not message(answer):
        yield answer.fault("QUERY_STATUS=ERROR has no text")


@rule("DALI-3.4-05", QUERY, because=[ROOT])
def serializations(query: Resource) -> Faults:
    """A parameter of the media type that is asked for is honoured, or refused."""
    answer = query.get(RESPONSEFORMAT="application/x-votable+xml;serialization=binary2", MAXREC="1")
    told = answer.media_type.parameters.get("serialization", "").lower()
    if not failed(answer) and (told != "binary2" or not any(True for _ in answer.root.iter("{*}BINARY2"))):
        yield answer.fault(f"serialization=binary2 is answered by {answer.headers.get('content-type')!r}")
