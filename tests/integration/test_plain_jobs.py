"""A client of jobs that knows UWS and nothing of this service, over a socket, with the standard library.

It asks what the UWS stage of STILTS' taplint asks of a job list.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from support import M13, opened

from soda_core.documents import schema_errors

if TYPE_CHECKING:
    from email.message import Message

UWS = "{http://www.ivoa.net/xml/UWS/v1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
REGION = {"ID": M13, "CIRCLE": "250.4226 36.4602 0.01"}
FINAL = {"COMPLETED", "ERROR", "ABORTED"}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Message[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The text, its ends trimmed."""
        return self.content.decode().strip()


class _Still(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to who asked."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


OPENER = urllib.request.build_opener(_Still)


def ask(method: str, url: str, **form: str) -> Answer:
    """Send a request, with a form where there is one, and follow nothing."""
    data = urlencode(form).encode() if form else None
    request = urllib.request.Request(url, data, method=method)  # noqa: S310 - a server of the test
    try:
        with OPENER.open(request, timeout=90) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as answer:
        with answer:
            return Answer(answer.code, answer.headers, answer.read())


def made(service: str, **form: str) -> str:
    """Make a job and return its address."""
    answer = ask("POST", f"{service}/async", **form)
    assert 303 == answer.status
    return str(answer.headers["Location"])


def document(job: str, query: str = "") -> ET.Element:
    """Return the document of a job, valid and of the declared type."""
    answer = ask("GET", job + query)
    assert (200, "text/xml") == (answer.status, answer.headers.get_content_type())
    assert [] == schema_errors(answer.content)
    return ET.fromstring(answer.content)  # noqa: S314 - a server of the test


def ended(job: str) -> ET.Element:
    """Wait for the end of a job by WAIT alone."""
    while (found := document(job, "?WAIT=30")).findtext(f"{UWS}phase") not in FINAL:
        pass
    return found


def goes_to(answer: Answer, url: str) -> bool:
    """Tell whether an answer sends the client to *url*."""
    return (303, url) == (answer.status, answer.headers["Location"])


@pytest.mark.requirement("UWS-2.2.3.5-01", "UWS-2.2.1.2-01", "UWS-2.2.2.3-01")
def test_from_the_request_to_the_pixels(service: str) -> None:
    """Make, run, wait, read the results: they are the cutout that is had at once."""
    job = made(service, **REGION)
    assert "PENDING" == ask("GET", f"{job}/phase").text
    assert goes_to(ask("POST", f"{job}/phase", PHASE="RUN"), job)
    done = ended(job)
    (result,) = done.iter(f"{UWS}result")
    content = ask("GET", result.attrib[HREF]).content

    assert "COMPLETED" == done.findtext(f"{UWS}phase") == ask("GET", f"{job}/phase").text
    assert ask("GET", f"{service}/sync?{urlencode(REGION)}").content == content
    assert opened(content)[0].data.size
    assert document(f"{job}/results").find(f"{UWS}result") is not None


@pytest.mark.requirement("UWS-2.2.3.1-02", "UWS-2.2.2.5-01")
def test_a_job_that_runs_from_its_creation_and_fails(service: str) -> None:
    """PHASE=RUN in the first request; the error is in the document and has a resource."""
    job = made(service, PHASE="RUN", ID="ivo://sodalite.local/demo?none")
    done = ended(job)

    assert "ERROR" == done.findtext(f"{UWS}phase")
    assert (done.findtext(f"{UWS}errorSummary/{UWS}message") or "?") in ask("GET", f"{job}/error").text


@pytest.mark.requirement("UWS-2.1-10", "UWS-2.2.3.3-01", "UWS-2.2.3.4-01", "UWS-2.2.2.4-01")
def test_each_part_of_a_job_is_what_its_document_says(service: str) -> None:
    """Also after it was changed; the id is the end of the address."""
    job = made(service, **REGION)
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert goes_to(ask("POST", f"{job}/executionduration", EXECUTIONDURATION="77"), job)
    assert goes_to(ask("POST", f"{job}/destruction", DESTRUCTION=later), job)
    assert goes_to(ask("POST", f"{job}/parameters", CIRCLE="250.4226 36.4602 0.02"), job)
    found = document(job)

    assert job.rpartition("/")[2] == found.findtext(f"{UWS}jobId")
    for part, name, expected in (
        ("phase", "phase", "PENDING"),
        ("executionduration", "executionDuration", "77"),
        ("destruction", "destruction", later),
        ("owner", "ownerId", ""),
    ):
        answer = ask("GET", f"{job}/{part}")
        assert ("text/plain", expected) == (
            answer.headers.get_content_type(),
            answer.text,
        )
        assert expected == (found.findtext(UWS + name) or "")
    told = {node.attrib["id"]: node.text for node in document(f"{job}/parameters")}
    assert REGION | {"CIRCLE": "250.4226 36.4602 0.02"} == told


@pytest.mark.requirement("UWS-2.1-09", "UWS-2.2.3.6-01", "UWS-2.2.3.2-01", "UWS-2.2.3.2-02")
def test_jobs_are_aborted_and_deleted(service: str) -> None:
    """By both ways to delete; the job is gone from the list and from its address, and was there before."""
    for method, form in (("DELETE", {}), ("POST", {"ACTION": "DELETE"})):
        job = made(service, **REGION)
        assert goes_to(ask("POST", f"{job}/phase", PHASE="ABORT"), job)
        assert "ABORTED" == ask("GET", f"{job}/phase").text
        ids = {node.attrib["id"] for node in document(f"{service}/async")}
        assert job.rpartition("/")[2] in ids
        assert goes_to(ask(method, job, **form), f"{service}/async")
        assert 404 == ask("GET", job).status
        assert job.rpartition("/")[2] not in {node.attrib["id"] for node in document(f"{service}/async")}
