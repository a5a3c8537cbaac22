"""Parameters by reference, and tables that come with a request (DALI 1.1, 3.4.5; UWS 1.1, 2.2.3.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from volint.check import rule
from volint.jobs import PART, SMALL
from volint.scopes import JOBS, UWS_FILES
from volint.xml import words

from .uws import JOB, RAN, SEE_OTHER, desk

if TYPE_CHECKING:
    from lxml import etree

    from volint.check import Faults
    from volint.document import Document
    from volint.jobs import Job
    from volint.service import Resource

__all__ = [
    "addresses",
    "by_reference",
    "fetched",
    "in_the_request",
    "names_of_tables",
    "part_of_the_job",
]

UPLOADED = "DALI-3.4-11"
BY_REFERENCE = "UWS-2.2.2.4-01"
FETCHED = "UWS-2.1-18"


@rule(FETCHED, UWS_FILES)
def addresses(document: Document) -> Faults:
    """The content of a parameter by reference is an address."""
    for node in document.root.iter("{*}parameter"):
        if _refers(node) and not urlsplit(words(node.text)).scheme:
            yield document.fault(f"{node.get('id')} is by reference, and is {words(node.text)[:40]!r}", node)


@rule(UPLOADED, JOBS, because=JOB)
def in_the_request(place: Resource) -> Faults:
    """A service that takes uploads takes a table that comes in the request."""
    answer = desk(place).uploaded.made
    if answer.status != SEE_OTHER:
        yield answer.fault(f"UPLOAD with param: and a table is answered {answer.status}, expected 303")


@rule("DALI-3.4-12", JOBS, because=[*JOB, RAN, UPLOADED])
def names_of_tables(place: Resource) -> Faults:
    """An upload whose name is no name of a table, or that comes twice, is an error."""
    for values in ((f"1a,param:{PART}",), (f"a,param:{PART}", f"a,param:{PART}")):
        job = desk(place).with_upload(*values)
        if job.made.status >= 400:  # noqa: PLR2004 - refused at once
            continue
        job.run()
        if job.phase != "ERROR":
            yield job.document().fault(f"UPLOAD={' and UPLOAD='.join(values)} ends as {job.phase}")


@rule(BY_REFERENCE, JOBS, because=[*JOB, UPLOADED])
def by_reference(place: Resource) -> Faults:
    """A table is not written into the document of a job, but referred to."""
    job = desk(place).uploaded
    for node in _parameters(job):
        inline = len(node) or "<VOTABLE" in (node.text or "")
        if inline or (node.get("id", "").lower() == PART and not _refers(node)):
            yield job.document().fault(f"the parameter {node.get('id')} of an upload is not by reference")


@rule("UWS-2.2.3.1.1-01", JOBS, because=[*JOB, UPLOADED, BY_REFERENCE])
def part_of_the_job(place: Resource) -> Faults:
    """What came in the request is a parameter of the job, at an address below it."""
    job = desk(place).uploaded
    inner = f"{urlsplit(job.url).path}/parameters/"
    found = [words(node.text) for node in _parameters(job) if _refers(node)]
    if not any(urlsplit(url).path.startswith(inner) for url in found):
        yield job.document().fault(f"no parameter by reference lies below {inner}: {found}")


@rule(FETCHED, JOBS, because=[*JOB, UPLOADED, BY_REFERENCE, "UWS-2.2.3.1.1-01"])
def fetched(place: Resource) -> Faults:
    """What is referred to can be fetched, and is what was sent."""
    job = desk(place).uploaded
    for node in _parameters(job):
        if _refers(node):
            answer = place.service.get(words(node.text), fresh=True)
            if not answer.ok:
                yield answer.fault(f"the parameter {node.get('id')} refers to what answers {answer.status}")
            elif node.get("id", "").lower() == PART and answer.text.strip() != SMALL:
                yield answer.fault(f"the parameter {node.get('id')} refers to something else than was sent")


def _parameters(job: Job) -> list[etree._Element]:
    return list(job.document().root.iter("{*}parameter"))


def _refers(node: etree._Element) -> bool:
    return words(node.get("byReference")) in ("true", "1")
