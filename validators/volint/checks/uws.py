"""Jobs: what can be read, and with leave to write, how one runs and ends (UWS 1.1; DALI 1.1, 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.check import rule
from volint.document import Document
from volint.jobs import INSTANT, Desk
from volint.schema import invalid
from volint.scopes import JOBS, UWS_FILES
from volint.xml import children, local, namespace, words

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.model import Level
    from volint.service import Resource

__all__ = [
    "CREATED",
    "JOB",
    "NOT_FOUND",
    "RAN",
    "SEE_OTHER",
    "created",
    "creation_time",
    "desk",
    "duration",
    "instants",
    "is_a_job",
    "keeps_parameters",
    "known_phase",
    "listed",
    "more_parameters",
    "no_archived",
    "no_such_job",
    "not_to_the_job",
    "own_job_is_listed",
    "owner",
    "parts",
    "pending",
    "plain_atoms",
    "valid_file",
    "valid_job",
    "valid_list",
    "version",
]

NAMESPACE = "http://www.ivoa.net/xml/UWS/v1.0"
CREATED = "UWS-2.2.3.1-01"
RAN = "UWS-2.2.3.5-01"
ATOMS = ("phase", "executionduration", "destruction", "quote", "owner")
SEE_OTHER, NOT_FOUND, UNAUTHORIZED = 303, 404, 401


def desk(place: Resource) -> Desk:
    """Return the jobs made at an endpoint."""
    return Desk.at(place)


@rule("UWS-2.1-01", JOBS, also=["UWS-2.2.1-04"])
def listed(place: Resource) -> Faults:
    """The registered address gives the list of jobs."""
    answer = place.get()
    if answer.status in (401, 403):
        return
    if not answer.ok or not answer.is_xml:
        yield answer.fault(f"the list of jobs answers {answer.status}, {answer.media_type.essence}")
    elif (namespace(answer.root), local(answer.root)) != (NAMESPACE, "jobs"):
        yield answer.fault(
            f"the root of the list of jobs is {local(answer.root)} in {namespace(answer.root)!r}"
        )


@rule("UWS-2.2.1.1-01", JOBS, also=["UWS-2.2.1.1-02"], because=["UWS-2.1-01"])
def version(place: Resource) -> Faults:
    """The list tells the version of UWS; without it the service is of version 1.0."""
    answer = place.get()
    told = answer.root.get("version")
    if told is None:
        yield answer.fault("the list of jobs has no version: a service of UWS 1.0", "warning")
    elif not told.startswith("1."):
        yield answer.fault(f"the list of jobs has version={told!r}")


@rule("UWS-2.2.2-02", JOBS, because=["UWS-2.1-01"])
def valid_list(place: Resource) -> Faults:
    """The list of jobs is valid by the schema."""
    answer = place.get()
    yield from invalid(Document("uws", place.label, answer.body, answer))


@rule("UWS-2.2.2-02", UWS_FILES)
def valid_file(document: Document) -> Faults:
    """A document of jobs is valid by the schema."""
    yield from invalid(document, ("current", "rec-2012"))


@rule("UWS-2.2.2.1-03", JOBS, because=["UWS-2.1-01"])
def no_archived(place: Resource) -> Faults:
    """Archived jobs are listed only to whom asks for them."""
    answer = place.get()
    if "ARCHIVED" in [words(node.text) for node in answer.root.iter("{*}phase")]:
        yield answer.fault("an archived job is in the plain list")


@rule("UWS-2.2-01", JOBS, also=["DALI-2.1-08"], because=["UWS-2.1-01"])
def no_such_job(place: Resource) -> Faults:
    """A job that is not there is answered by 404."""
    answer = place.service.get(f"{place.url.rstrip('/')}/volint-no-such-job")
    if answer.status not in (NOT_FOUND, 401, 403):  # strangers are not told which jobs there are
        yield answer.fault(f"an unknown job is answered {answer.status}, expected 404")


@rule(
    CREATED,
    JOBS,
    also=["DALI-2.1-01", "DALI-2.1-02", "SODA-2.2-01"],
)
def created(place: Resource) -> Faults:
    """A POST makes a job and answers 303 with its address."""
    answer = desk(place).first.made
    if answer.status != SEE_OTHER:
        level: Level | None = "info" if answer.status == UNAUTHORIZED else None
        yield answer.fault(f"a POST of parameters is answered {answer.status}, expected 303", level)
    elif not answer.headers.get("location"):
        yield answer.fault("303 comes without Location")


@rule("DALI-2.1-03", JOBS, also=["UWS-2.2.1-01"], because=[CREATED])
def is_a_job(place: Resource) -> Faults:
    """The address of a job gives its document."""
    answer = desk(place).first.document()
    if (
        not answer.ok
        or not answer.is_xml
        or (namespace(answer.root), local(answer.root)) != (NAMESPACE, "job")
    ):
        yield answer.fault(f"the job answers {answer.status} and is no uws:job")


JOB = (CREATED, "DALI-2.1-03")


@rule("UWS-2.1-03", JOBS, because=JOB)
def known_phase(place: Resource) -> Faults:
    """The phase is one of ten."""
    job = desk(place).first
    legal = [phase.name for phase in job.standard.phases]
    if job.phase not in legal:
        yield job.document().fault(f"the phase is {job.phase!r}, expected one of {legal}")


@rule("UWS-2.2.2-02", JOBS, also=["UWS-2.1-02"], because=[*JOB, "UWS-2.1-03"])
def valid_job(place: Resource) -> Faults:
    """The document of a job is valid by the schema."""
    answer = desk(place).first.document()
    yield from invalid(Document("uws", place.label, answer.body, answer))


@rule("UWS-2.2.2.1-01", JOBS, level="info", because=[*JOB, "UWS-2.1-01"])
def own_job_is_listed(place: Resource) -> Faults:
    """The list has the job that was just made."""
    job = desk(place).first
    answer = place.service.get(place.url, fresh=True)
    if answer.ok and job.url.rpartition("/")[2] not in [
        node.get("id") for node in answer.root.iter("{*}jobref")
    ]:
        yield answer.fault(f"{job.url} is not in the list")


@rule("UWS-2.1-04", JOBS, because=[*JOB, "UWS-2.1-03"])
def pending(place: Resource) -> Faults:
    """A new job waits for the word to run."""
    job = desk(place).first
    if job.first_phase != "PENDING":
        yield job.made.fault(f"the phase of a new job is {job.first_phase}, expected PENDING")


@rule("UWS-2.2.2.2-01", JOBS, because=[*JOB, "UWS-2.2.1.1-01"])
def creation_time(place: Resource) -> Faults:
    """A job of UWS 1.1 tells when it was made."""
    answer = desk(place).first.document()
    if not any(True for _ in children(answer.root, "creationTime")):
        yield answer.fault("the job has no creationTime")


@rule("UWS-2.2.1-03", JOBS, because=JOB)
def instants(place: Resource) -> Faults:
    """Instants are written in UTC with a Z."""
    answer = desk(place).first.document()
    for node in answer.root:
        if (
            local(node) in ("quote", "creationTime", "startTime", "endTime", "destruction")
            and words(node.text)
            and not INSTANT.fullmatch(words(node.text))
        ):
            yield answer.fault(f"{local(node)} is {words(node.text)!r}")


@rule("UWS-2.2.1-01", JOBS, also=["UWS-2.2.1-02", "UWS-2.1-13"], because=JOB)
def parts(place: Resource) -> Faults:
    """Each part of a job has an address of its own."""
    job = desk(place).first
    for name in (*ATOMS, "results", "parameters"):
        answer = job.part(name)
        if not answer.ok and answer.status != 204:  # noqa: PLR2004 - an empty value
            yield answer.fault(f"{name} answers {answer.status}")


@rule("UWS-2.2.2-01", JOBS, because=[*JOB, "UWS-2.2.1-01"])
def plain_atoms(place: Resource) -> Faults:
    """What is a single value comes as plain text."""
    job = desk(place).first
    for name in ATOMS:
        answer = job.part(name)
        if answer.media_type.essence != "text/plain" and answer.body:
            yield answer.fault(f"{name} comes as {answer.media_type.essence}")


@rule("UWS-2.1-10", JOBS, because=[*JOB, "UWS-2.2.1-01", "UWS-2.2.2-01"])
def duration(place: Resource) -> Faults:
    """The execution duration is a whole number of seconds."""
    answer = desk(place).first.part("executionduration")
    if not answer.text.strip().isdigit():
        yield answer.fault(f"executionduration is {answer.text.strip()[:30]!r}")


@rule("UWS-2.1-15", JOBS, because=[*JOB, "UWS-2.2.1-01", "UWS-2.2.2-01"])
def owner(place: Resource) -> Faults:
    """A job of nobody in particular has no owner."""
    answer = desk(place).first.part("owner")
    if answer.text.strip() and not place.service.client.who.any:
        yield answer.fault(f"the owner of an anonymous job is {answer.text.strip()[:30]!r}")


@rule("DALI-2.1-04", JOBS, because=JOB)
def keeps_parameters(place: Resource) -> Faults:
    """The parameters given at the start are in the job."""
    job = desk(place).first
    known = job.parameters
    for name, value in job.asked:
        if value not in known.get(name.upper(), []):
            yield job.document().fault(f"{name}={value} was given, the job has {known.get(name.upper())}")


@rule("DALI-2.1-05", JOBS, also=["UWS-2.1-19"], because=[*JOB, "DALI-2.1-04", "UWS-2.1-04"])
def more_parameters(place: Resource) -> Faults:
    """Parameters can be added while the job waits."""
    job = desk(place).fresh()
    answer = job.post("parameters", ("RUNID", "volint"))
    if answer.status != SEE_OTHER:
        yield answer.fault(f"a POST to parameters is answered {answer.status}, expected 303")


@rule("DALI-2.1-06", JOBS, also=["UWS-DALI-01"], because=[*JOB, "DALI-2.1-04", "UWS-2.1-04"])
def not_to_the_job(place: Resource) -> Faults:
    """Parameters are not taken by the job itself."""
    job = desk(place).fresh()
    value = "CIRCLE 1 2 0.5"
    answer = job.post("", ("POS", value))
    if value in job.parameters.get("POS", []):
        yield answer.fault("a POST of POS to the job itself changed its parameters")
