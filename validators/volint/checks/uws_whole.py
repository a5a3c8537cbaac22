"""Jobs: what the document, the parts and the answers of one job say together (UWS 1.1, 2.1 and 2.2)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from volint.answers import opens_with
from volint.check import Check, rule
from volint.document import Document
from volint.model import Skip
from volint.schema import invalid
from volint.scopes import JOBS
from volint.xml import children, words

from .uws import JOB, RAN, SEE_OTHER, desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from volint.check import Faults
    from volint.exchange import Exchange
    from volint.jobs import Job
    from volint.service import Resource

__all__ = [
    "OF_PARTS",
    "bad_control_values",
    "each_combination",
    "error_words",
    "leads_back",
    "leads_to_the_list",
    "order_of_phases",
    "results_stay",
    "told_nothing",
    "told_version",
    "valid_parts",
]

PARTS = "UWS-2.2.1-01"
ATOMS = (
    ("phase", "phase", "UWS-2.1-03"),
    ("executionduration", "executionDuration", "UWS-2.1-10"),
    ("destruction", "destruction", "UWS-2.1-12"),
)
"""Parts of a job: the address, the element of the document, the rule of what it holds."""


def _instant(text: str) -> object:
    """Return a time as a number of its own, so that a fraction of nought is none; else the text."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _agrees(part: str, element: str) -> Callable[[Resource], Faults]:
    """Return what compares a part of a job with what its document says."""

    def run(place: Resource) -> Faults:
        job = desk(place).first
        answer = job.part(part)
        told = [words(node.text) for node in children(job.document().root, element)]
        if told and _instant(words(answer.text)) != _instant(told[0]):
            yield answer.fault(f"{part} is {words(answer.text)[:40]!r}, the document has {told[0]!r}")

    return run


def _made() -> Iterator[Check[Resource]]:
    """Yield a check for each part."""
    for part, element, code in ATOMS:
        title = f"The part {part} of a job says what its document says."
        because = (*JOB, PARTS, "UWS-2.2.2-01", "UWS-2.1-03", "UWS-2.1-10", "UWS-2.2.2-02")
        yield Check(code, JOBS, title, _agrees(part, element), (), because)


OF_PARTS = tuple(_made())


@rule("UWS-2.1-06", JOBS, because=[*JOB, RAN, "UWS-2.1-03"])
def order_of_phases(place: Resource) -> Faults:
    """Phases follow one another as the standard has it; a step may be too short to be seen."""
    job = desk(place).ran
    for before, after in zip(job.seen, job.seen[1:], strict=False):
        if after not in _reachable(job, before):
            yield job.document().fault(f"the phase went from {before} to {after}")


def _reachable(job: Job, start: str) -> set[str]:
    """Return the phases that may come after one, however many steps later."""
    found: set[str] = set()
    edge = {start}
    while edge:
        edge = {step.target for step in job.standard.transitions if step.source in edge} - found
        found |= edge
    return found


@rule("UWS-2.2.1.1-01", JOBS, because=[*JOB, "UWS-2.2.1.1-01", "UWS-2.2.2-02"])
def told_version(place: Resource) -> Faults:
    """The document of a job tells the version of UWS that the list of jobs tells."""
    answer = desk(place).first.document()
    listed, told = place.get(), answer.root.get("version")
    if listed.ok and told != listed.root.get("version"):
        yield answer.fault(f"the job has version={told!r}, the list {listed.root.get('version')!r}")


SEVERAL = (*JOB, RAN, "DALI-2.1-04", "UWS-2.2.2.3-01", "SODA-3-01", "SODA-6-02")


@rule("SODA-6-03", JOBS, level="warning", because=SEVERAL)
def told_nothing(place: Resource) -> Faults:
    """A combination without data has a text for its result, which opens with a word of SODA."""
    job = desk(place).both
    if job.made.refused or job.phase != "COMPLETED":
        raise Skip("jobs of several circles are not taken")
    answers = [place.service.get(url) for _, url in job.results]
    texts = [answer for answer in answers if answer.media_type.essence == "text/plain"]
    if not texts:
        yield job.part("results").fault("no result says in text/plain that a circle elsewhere has no data")
    for answer in texts:
        if not opens_with(answer.text, place.labels):
            yield answer.fault(f"the text opens with {answer.text[:40]!r}, expected one of {place.labels}")


@rule("SODA-6-02", JOBS, because=SEVERAL)
def each_combination(place: Resource) -> Faults:
    """Two circles and two bands give four results."""
    desk(place).needs_cutouts()
    dataset = place.service.subjects.having("BAND")
    low, high = dataset.limits("BAND")
    circles = (dataset.circle(0.25), dataset.circle(0.5))
    bands = (f"{low!r} {high!r}", "-Inf +Inf")
    asked = [
        ("ID", dataset.did),
        *(("CIRCLE", value) for value in circles),
        *(("BAND", value) for value in bands),
    ]
    job = desk(place).make(*asked)
    if job.made.refused:
        raise Skip("jobs of several circles and bands are not taken")
    job.run()
    number = len(job.results) if job.phase == "COMPLETED" else 0
    if job.phase == "ERROR" and "MultiValuedParamNotSupported" in job.part("error").text:
        return
    if number != 4:  # noqa: PLR2004 - two by two
        yield job.document().fault(
            f"two circles and two bands give {number} results ({job.phase}), expected 4"
        )


@rule("UWS-2.2.2-02", JOBS, also=["UWS-2.2.2.3-02"], because=[*JOB, RAN, "UWS-2.2.2.3-01", "UWS-2.2.2-02"])
def valid_parts(place: Resource) -> Faults:
    """The lists of results and of parameters are valid by the schema."""
    job = desk(place).ran
    for name in ("results", "parameters"):
        answer = job.part(name)
        if answer.ok:
            yield from invalid(Document("uws", place.label, answer.body, answer))


CONTROLS = (
    ("destruction", "DESTRUCTION", "2099-01-01T00:00:00Z"),
    ("executionduration", "EXECUTIONDURATION", "60"),
    ("parameters", "RUNID", "volint"),
)


@rule(
    "UWS-2.2.3-01", JOBS, because=[*JOB, RAN, "UWS-2.2.3.3-01", "UWS-2.2.3.4-01", "DALI-2.1-05", "UWS-2.1-04"]
)
def leads_back(place: Resource) -> Faults:
    """What changes a job is answered by 303 to the job."""
    job = desk(place).fresh()
    answers = {part: job.post(part, (name, value)) for part, name, value in CONTROLS}
    ran = desk(place).ran
    yield from (fault for part, answer in answers.items() for fault in _back(job, part, answer))
    if ran.started is not None:
        yield from _back(ran, "phase", ran.started)


def _back(job: Job, part: str, answer: Exchange) -> Faults:
    led = urljoin(f"{job.url}/{part}", answer.headers.get("location", "")).rstrip("/")
    if answer.status == SEE_OTHER and urlsplit(led).path != urlsplit(job.url).path:
        yield answer.fault(f"a POST to {part} leads to {led}, expected {job.url}")


@rule("UWS-2.2.3.2-01", JOBS, because=[*JOB, "UWS-2.2.3.2-01"])
def leads_to_the_list(place: Resource) -> Faults:
    """DELETE of a job is answered by 303 to the list of jobs."""
    job = desk(place).fresh()
    answer = job.delete()
    led = urljoin(job.url, answer.headers.get("location", "")).rstrip("/")
    lists = {urlsplit(place.url).path.rstrip("/"), urlsplit(job.url).path.rpartition("/")[0]}
    if answer.status == SEE_OTHER and urlsplit(led).path not in lists:
        yield answer.fault(f"DELETE leads to {led}, expected the list {place.url}")


@rule("UWS-2.1-17", JOBS, because=[*JOB, RAN, "UWS-2.2.3.2-03", "UWS-2.2.2.3-01"])
def results_stay(place: Resource) -> Faults:
    """No client can take a result out of the list."""
    job = desk(place).ran
    own = f"{urlsplit(job.url).path}/results/"
    for _, url in job.results[:1]:
        if urlsplit(url).path.startswith(own):
            answer = job.delete(f"results/{urlsplit(url).path.removeprefix(own)}")
            if answer.status < 400:  # noqa: PLR2004 - no refusal
                yield answer.fault(f"DELETE of a result is answered {answer.status}, expected 4xx")


@rule("DALI-4.2-01", JOBS, because=[*JOB, "UWS-2.2.3.3-01", "UWS-2.2.3.4-01"])
def bad_control_values(place: Resource) -> Faults:
    """A word that is no phase, no time and no number is not told as a failure of the server."""
    job = desk(place).fresh()
    for part in ("phase", "destruction", "executionduration"):
        answer = job.post(part, (part.upper(), "volint"))
        if answer.status >= 500:  # noqa: PLR2004 - blames the server
            yield answer.fault(f"{part.upper()}=volint is answered {answer.status}, expected 4xx")


@rule("DALI-4.2-04", JOBS, level="warning", because=[*JOB, RAN, "UWS-2.2.2.5-01", "DALI-4.2-03"])
def error_words(place: Resource) -> Faults:
    """The message in the document of a failed job opens with a word of the standard, as the error does."""
    job = desk(place).broken
    if job.made.refused or not place.labels:
        return
    for summary in children(job.document().root, "errorSummary"):
        text = words(" ".join(node.text or "" for node in children(summary, "message")))
        if text and not opens_with(text, place.labels):
            yield job.document().fault(
                f"the errorSummary opens with {text[:40]!r}, expected one of {place.labels}"
            )
