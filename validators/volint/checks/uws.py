"""Jobs: what can be read, and with leave to write, how one runs and ends (UWS 1.1; DALI 1.1, 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.check import rule
from volint.document import Document
from volint.jobs import INSTANT, Desk, Job
from volint.schema import invalid
from volint.scopes import JOBS, UWS_FILES
from volint.xml import children, local, namespace, words

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.service import Resource

__all__ = [
    "aborted",
    "created",
    "creation_time",
    "deleted",
    "deleted_by_post",
    "destruction",
    "duration",
    "error_document",
    "fails",
    "filtered",
    "frozen",
    "instants",
    "is_a_job",
    "keeps_parameters",
    "known_phase",
    "listed",
    "more_parameters",
    "no_archived",
    "no_such_job",
    "no_such_part",
    "not_to_the_job",
    "only_jobs",
    "owner",
    "parts",
    "pending",
    "plain_atoms",
    "results",
    "runs",
    "set_duration",
    "valid_file",
    "valid_job",
    "valid_list",
    "version",
    "waits",
    "waits_no_more",
]

NAMESPACE = "http://www.ivoa.net/xml/UWS/v1.0"
CREATED = "UWS-2.2.3.1-01"
RAN = "UWS-2.2.3.5-01"
ATOMS = ("phase", "executionduration", "destruction", "quote", "owner")
SEE_OTHER, NOT_FOUND = 303, 404


def desk(place: Resource) -> Desk:
    """Return the jobs made at an endpoint."""
    return Desk.at(place)


@rule("UWS-2.1-01", JOBS, also=["UWS-2.2.1-04", "UWS-2.2.2.1-01"])
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
    if answer.status != NOT_FOUND:
        yield answer.fault(f"an unknown job is answered {answer.status}, expected 404")


@rule(
    CREATED,
    JOBS,
    also=["DALI-2.1-01", "DALI-2.1-02", "UWS-2.2.3-01", "SODA-2.2-01", "UWS-2.2.2.1-01", "UWS-2.1-20"],
)
def created(place: Resource) -> Faults:
    """A POST makes a job and answers 303 with its address."""
    answer = desk(place).first.made
    if answer.status != SEE_OTHER:
        yield answer.fault(f"a POST of parameters is answered {answer.status}, expected 303")
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


@rule("UWS-2.2.2-02", JOBS, also=["UWS-2.1-02", "UWS-2.1-12"], because=[*JOB, "UWS-2.1-03"])
def valid_job(place: Resource) -> Faults:
    """The document of a job is valid by the schema."""
    answer = desk(place).first.document()
    yield from invalid(Document("uws", place.label, answer.body, answer))


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
        if not answer.ok:
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


@rule("DALI-2.1-04", JOBS, also=["UWS-2.1-18"], because=JOB)
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


@rule("UWS-2.2.3.3-01", JOBS, because=[*JOB, "UWS-2.2.1-01"])
def destruction(place: Resource) -> Faults:
    """The time of destruction can be asked for; the service may choose another."""
    job = desk(place).fresh()
    answer = job.post("destruction", ("DESTRUCTION", "2099-01-01T00:00:00Z"))
    told = job.part("destruction").text.strip()
    if answer.status != SEE_OTHER:
        yield answer.fault(f"a POST of DESTRUCTION is answered {answer.status}, expected 303")
    elif told and not INSTANT.fullmatch(told):
        yield job.part("destruction").fault(f"destruction is {told[:30]!r}")


@rule("UWS-2.2.3.4-01", JOBS, because=[*JOB, "UWS-2.1-10"])
def set_duration(place: Resource) -> Faults:
    """The execution duration can be asked for; the service may choose another."""
    answer = desk(place).fresh().post("executionduration", ("EXECUTIONDURATION", "60"))
    if answer.status != SEE_OTHER:
        yield answer.fault(f"a POST of EXECUTIONDURATION is answered {answer.status}, expected 303")


@rule("UWS-2.2.1.2-03", JOBS, also=["UWS-2.2.1.2-01"], because=[*JOB, "UWS-2.1-04", "UWS-2.2.1.1-01"])
def waits(place: Resource) -> Faults:
    """WAIT returns when the time is over, and at once if the phase is another already."""
    job = desk(place).fresh()
    longest = 6.0
    answer = job.document(("WAIT", "2"))
    if answer.seconds > longest:
        yield answer.fault(f"WAIT=2 took {answer.seconds:.1f} s")
    answer = job.document(("WAIT", "20"), ("PHASE", "EXECUTING"))
    if answer.seconds > longest:
        yield answer.fault(f"WAIT=20&PHASE=EXECUTING of a pending job took {answer.seconds:.1f} s", "error")


@rule(RAN, JOBS, also=["UWS-2.1-06", "UWS-2.1-07"], because=[*JOB, "UWS-2.1-03", "UWS-2.1-04"])
def runs(place: Resource) -> Faults:
    """PHASE=RUN starts a job, which then ends."""
    job = desk(place).ran
    if job.started is None or job.started.status != SEE_OTHER:
        yield job.made.fault(
            f"PHASE=RUN is answered {job.started.status if job.started else 'nothing'}, expected 303"
        )
    elif not job.ended:
        yield job.document().fault(f"after {job.waited:.0f} s the phase is still {job.phase}")
    elif job.phase != "COMPLETED":
        yield job.document().fault(f"a job that any service must be able to do ended as {job.phase}")


@rule("UWS-2.2.2.3-01", JOBS, also=["SODA-6-01", "DALI-2.1-10", "UWS-2.2.2.3-02"], because=[*JOB, RAN])
def results(place: Resource) -> Faults:
    """Each result has a name of its own and can be fetched."""
    job = desk(place).ran
    listing = job.part("results")
    if not listing.is_xml or local(listing.root) != "results":
        yield listing.fault("results is no uws:results")
        return
    found = job.results
    if not found:
        yield listing.fault("a completed job has no result")
    if len({key for key, _ in found}) != len(found):
        yield listing.fault(f"the ids of the results are {[key for key, _ in found]}")
    for key, url in found[:5]:
        answer = place.service.get(url)
        if not answer.ok:
            yield answer.fault(f"result {key!r} answers {answer.status}")


@rule("DALI-2.1-07", JOBS, also=["UWS-2.2-02"], because=[*JOB, RAN])
def frozen(place: Resource) -> Faults:
    """The parameters of a job that has run cannot be changed."""
    job = desk(place).ran
    answer = job.post("parameters", ("POS", "CIRCLE 1 2 0.5"))
    if not answer.refused:
        yield answer.fault(f"a POST of parameters after the run is answered {answer.status}, expected 4xx")


@rule("UWS-2.2.1.2-02", JOBS, because=[*JOB, RAN])
def waits_no_more(place: Resource) -> Faults:
    """WAIT returns at once when a job has ended."""
    answer = desk(place).ran.document(("WAIT", "20"))
    if answer.seconds > 6:  # noqa: PLR2004 - far less than was asked for
        yield answer.fault(f"WAIT=20 of a job that has ended took {answer.seconds:.1f} s")


@rule("DALI-2.1-09", JOBS, because=[*JOB, RAN])
def no_such_part(place: Resource) -> Faults:
    """A part that a job does not have is answered by 404."""
    job = desk(place).ran
    for name in ("results/volint-no-such-result", "volint-no-such-part"):
        answer = job.part(name)
        if answer.status != NOT_FOUND:
            yield answer.fault(f"{name} is answered {answer.status}, expected 404")


@rule("UWS-2.2.2.5-01", JOBS, also=["UWS-2.1-14", "DALI-4.2-04", "UWS-2.2-04"], because=[*JOB, RAN])
def fails(place: Resource) -> Faults:
    """A job that cannot be done ends as ERROR and says why."""
    job = desk(place).broken
    if job.made.refused:
        return
    if job.phase != "ERROR":
        yield job.document().fault(f"a job of an unknown dataset ends as {job.phase}, expected ERROR")
        return
    told = list(children(job.document().root, "errorSummary"))
    if not told or not words("".join(str(part) for part in told[0].itertext())):
        yield job.document().fault("the job has no errorSummary with a message", "warning")


@rule("DALI-4.2-03", JOBS, also=["UWS-2.2.2.5-02"], because=[*JOB, RAN, "UWS-2.2.2.5-01"])
def error_document(place: Resource) -> Faults:
    """The error of a failed job is a document of its own, served with success."""
    job = desk(place).broken
    if job.made.refused:
        return
    answer = job.part("error")
    if not answer.ok:
        yield answer.fault(f"the error of a failed job answers {answer.status}, expected 200")
    elif (
        place.labels
        and not answer.text.startswith(place.labels)
        and answer.media_type.essence == "text/plain"
    ):
        yield answer.fault(f"the error text opens with {answer.text[:40]!r}, expected one of {place.labels}")


@rule("UWS-2.2.3.6-01", JOBS, also=["UWS-2.1-09"], because=[*JOB, "UWS-2.1-04"])
def aborted(place: Resource) -> Faults:
    """PHASE=ABORT ends a job, which stays there to be read."""
    job = desk(place).fresh()
    answer = job.post("phase", ("PHASE", "ABORT"))
    if answer.status != SEE_OTHER:
        yield answer.fault(f"PHASE=ABORT is answered {answer.status}, expected 303")
    elif job.phase != "ABORTED":
        yield job.document().fault(f"after PHASE=ABORT the phase is {job.phase}")


def _gone(job: Job, how: str) -> Faults:
    answer = job.delete() if how == "DELETE" else job.post("", ("ACTION", "DELETE"))
    after = job.document()
    archived = after.ok and job.phase == "ARCHIVED"
    if answer.status != SEE_OTHER:
        yield answer.fault(f"{how} is answered {answer.status}, expected 303")
    elif after.status != NOT_FOUND and not archived:
        yield after.fault(f"after {how} the job answers {after.status}, expected 404")


@rule("UWS-2.2.3.2-01", JOBS, also=["SODA-6-05"], because=JOB)
def deleted(place: Resource) -> Faults:
    """DELETE makes a job go away."""
    yield from _gone(desk(place).fresh(), "DELETE")


@rule("UWS-2.2.3.2-02", JOBS, because=[*JOB, "UWS-2.2.3.2-01"])
def deleted_by_post(place: Resource) -> Faults:
    """A POST of ACTION=DELETE makes a job go away."""
    yield from _gone(desk(place).fresh(), "ACTION=DELETE")


@rule("UWS-2.2.3.2-03", JOBS, also=["UWS-2.1-17"], because=JOB)
def only_jobs(place: Resource) -> Faults:
    """Nothing but a whole job can be deleted."""
    answer = desk(place).first.delete("results")
    if not answer.refused:
        yield answer.fault(f"DELETE of the results is answered {answer.status}, expected 4xx")


@rule("UWS-2.2.2.1-02", JOBS, also=["UWS-2.2.2.1-06"], because=["UWS-2.1-01", "UWS-2.2.1.1-01"])
def filtered(place: Resource) -> Faults:
    """The list can be asked for jobs of one phase, and for the last few."""
    for phase in ("COMPLETED", "ERROR"):
        answer = place.get(("PHASE", phase), ("LAST", "2"))
        found = [words(node.text) for node in answer.root.iter("{*}phase")] if answer.ok else []
        if [entry for entry in found if entry != phase]:
            yield answer.fault(f"PHASE={phase} lists jobs of {sorted(set(found))}")
        elif len(found) > 2:  # noqa: PLR2004 - as many as were asked for
            yield answer.fault(f"LAST=2 lists {len(found)} jobs")
