"""DataLink: requests and their failures (DataLink 1.1, 2 and 3)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from volint.answers import failed, labelled, message, opens_with, tells_failure
from volint.check import rule
from volint.facts import declared
from volint.model import Skip
from volint.scopes import LINKS
from volint.subjects import ABSENT

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.service import Resource

__all__ = [
    "describes_itself",
    "echo",
    "error_rows",
    "fault_words",
    "links_type",
    "names_in_any_case",
    "no_identifier",
    "post",
    "several",
    "unknown",
    "unknown_beside_known",
    "votable_errors",
    "votable_type",
    "whole_identifiers",
    "works",
]

ROOT = "DL-2.1-01"


@rule(ROOT, LINKS, also=["DL-3.3-01", "DALI-4.1-01"])
def works(links: Resource) -> Faults:
    """The links of a dataset that is there come as a table."""
    answer = links.get(ID=links.service.subjects.first.did)
    if failed(answer) or answer.status != 200:  # noqa: PLR2004 - the one status of success
        yield answer.fault(f"the links of {links.service.subjects.first.source} answer {answer.status}")
    elif not answer.is_xml:
        yield answer.fault(f"the answer is no VOTable: {answer.flaw}")
    elif not answer.view.rows:
        yield answer.fault("there is no link for a dataset of the service")


@rule("DL-2-01", LINKS, also=["DALI-2.2-01"], because=[ROOT])
def post(links: Resource) -> Faults:
    """POST of a form gives what GET gives."""
    did = links.service.subjects.first.did
    by_get, by_post = links.get(ID=did), links.post(ID=did)
    if failed(by_post) or len(by_post.view.rows) != len(by_get.view.rows):
        yield by_post.fault(f"POST answers {by_post.status} and other links than GET")


@rule("DL-3.3-02", LINKS, because=[ROOT])
def votable_type(links: Resource) -> Faults:
    """A table of links comes under a media type of VOTables."""
    answer = links.get(ID=links.service.subjects.first.did)
    if answer.media_type.essence not in ("application/x-votable+xml", "text/xml"):
        yield answer.fault(f"the Content-Type is {answer.headers.get('content-type')!r}")


@rule("DL-3.3-03", LINKS, because=[ROOT, "DL-3.3-02"])
def links_type(links: Resource) -> Faults:
    """A table of links says that it is one."""
    kind = declared("datalink").endpoint("links").media_types[0]
    for accept in ("", "text/html,*/*"):
        answer = links.get(ID=links.service.subjects.first.did, accept=accept)
        if not answer.media_type.is_datalink:
            yield answer.fault(f"the Content-Type is {answer.headers.get('content-type')!r}, expected {kind}")
            return


@rule("DL-2.1.1-04", LINKS, because=[ROOT])
def no_identifier(links: Resource) -> Faults:
    """Without an identifier the answer is an empty table."""
    if links.endpoint.version.startswith("1.0"):
        raise Skip("version 1.0 allows to refuse it")
    answer = links.get()
    if failed(answer):
        yield answer.fault(f"a request without ID is answered {answer.status}")
    elif answer.view.rows:
        yield answer.fault(f"a request without ID gives {len(answer.view.rows)} rows")


@rule("DL-4.4-02", LINKS, also=["DL-4.4-01", "DL-2.1.1-05"], because=[ROOT, "DL-2.1.1-04"])
def describes_itself(links: Resource) -> Faults:
    """The empty table comes with a descriptor of the service itself, and with no more than one."""
    answer = links.get()
    own = [entry for entry in answer.view.descriptors if entry.node.get("utype") == "adhoc:this"]
    paths = {entry.about.get("accessURL", "").rstrip("?&") for entry in own}
    if not own:
        yield answer.fault("there is no descriptor with utype adhoc:this")
    elif len(own) > 1:
        yield answer.fault(
            f"there are {len(own)} descriptors with utype adhoc:this, for {sorted(paths)}", "error"
        )


@rule("DL-3.2.1-01", LINKS, because=[ROOT])
def echo(links: Resource) -> Faults:
    """The identifier comes back as it was sent."""
    did = links.service.subjects.first.did
    for sent in (did, ABSENT):
        answer = links.get(ID=sent)
        rows = () if failed(answer) else answer.view.rows
        if any(row.get("ID") != sent for row in rows):
            yield answer.fault(f"ID={sent} comes back as {sorted({row.get('ID', '') for row in rows})}")


@rule("DL-2.1.1-01", LINKS, because=[ROOT, "DL-3.2.1-01"])
def several(links: Resource) -> Faults:
    """Several identifiers are answered together."""
    dids = [dataset.did for dataset in links.service.subjects.datasets][:2]
    if len(dids) < 2:  # noqa: PLR2004 - several
        raise Skip("fewer than two datasets are known")
    answer = links.get(("ID", dids[0]), ("ID", dids[1]))
    view = answer.view
    found = Counter(row.get("ID") for row in view.rows)
    missing = set(dids) - found.keys()
    if missing and not view.overflow:
        yield answer.fault(f"two identifiers are asked for, and {sorted(missing)} is not answered")
    for did in set(dids) - missing if not view.overflow else ():
        alone = len(links.get(ID=did).view.rows)
        if found[did] != alone:
            yield answer.fault(f"{did} has {alone} links alone, and {found[did]} beside another")


@rule("DL-3.2-05", LINKS, because=[ROOT])
def unknown(links: Resource) -> Faults:
    """An unknown identifier is answered by a row that says so."""
    answer = links.get(ID=ABSENT)
    if failed(answer):
        yield answer.fault(
            f"an unknown identifier is answered {answer.status}, expected a row with error_message"
        )
        return
    rows = [row for row in answer.view.rows if row.get("error_message")]
    if not rows:
        yield answer.fault("no row tells that the identifier is unknown")


@rule("DL-3.2-05", LINKS, because=[ROOT, "DL-3.2-05", "DL-3.2.1-01", "DL-2.1.1-01"])
def unknown_beside_known(links: Resource) -> Faults:
    """An unknown identifier beside a known one takes nothing away from that."""
    did = links.service.subjects.first.did
    answer = links.get(("ID", did), ("ID", ABSENT))
    rows = () if failed(answer) else answer.view.rows
    good = [row for row in rows if row.get("ID") == did and not row.get("error_message")]
    if not good:
        yield answer.fault(f"the links of {did} do not come where an unknown identifier is asked for too")
    elif (
        not any(row.get("error_message") for row in rows if row.get("ID") == ABSENT)
        and not answer.view.overflow
    ):
        yield answer.fault("no row tells that one of two identifiers is unknown")


@rule("DALI-3.1-01", LINKS, because=[ROOT])
def names_in_any_case(links: Resource) -> Faults:
    """The names of parameters have no case."""
    did = links.service.subjects.first.did
    answer = links.get(("id", did))
    if failed(answer) or len(answer.view.rows) != len(links.get(ID=did).view.rows):
        yield answer.fault(f"id in lower case is answered {answer.status}, with other links than ID")


@rule("DL-3.4-02", LINKS, because=[ROOT, "DL-3.2-05"])
def fault_words(links: Resource) -> Faults:
    """Each message of a failure opens with a word of DataLink."""
    answer = links.get(ID=ABSENT)
    labels = links.labels
    rows = [] if failed(answer) else answer.view.rows
    for text in (row.get("error_message", "") for row in rows):
        if text and not opens_with(text, labels):
            yield answer.fault(f"the message opens with {text[:40]!r}, expected one of {labels}")
    if failed(answer) and not labelled(answer, labels):
        yield answer.fault(f"the message opens with {message(answer)[:40]!r}, expected one of {labels}")


@rule("DL-3.2.4-01", LINKS, because=[ROOT, "DL-3.2-05"])
def error_rows(links: Resource) -> Faults:
    """A row that tells a failure names what was asked, and leads nowhere."""
    answer = links.get(ID=ABSENT)
    for row in answer.view.rows:
        if row.get("error_message") and (row.get("access_url") or row.get("service_def")):
            yield answer.fault("a row tells a failure and gives a link as well")
        elif row.get("error_message") and not row.get("semantics"):
            yield answer.fault("a row that tells a failure has no semantics")


@rule("DL-3.4-01", LINKS, because=[ROOT])
def votable_errors(links: Resource) -> Faults:
    """A failure of the whole request is told in a VOTable."""
    answer = links.get(
        ("RESPONSEFORMAT", "votable"), ("RESPONSEFORMAT", "votable"), ("ID", links.service.subjects.first.did)
    )
    if answer.status >= 400 and not tells_failure(answer):  # noqa: PLR2004 - refused
        yield answer.fault("the error is no VOTable with QUERY_STATUS=ERROR")


@rule("DL-2.1.1-03", LINKS, level="warning", because=[ROOT])
def whole_identifiers(links: Resource) -> Faults:
    """The links of one identifier come all or not at all."""
    did = links.service.subjects.first.did
    all_of_it, some = links.get(ID=did), links.get(ID=did, MAXREC="1")
    number = 0 if failed(some) else len(some.view.rows)
    if number not in (0, len(all_of_it.view.rows)):
        yield some.fault(f"MAXREC=1 gives {number} of {len(all_of_it.view.rows)} links of one identifier")
