"""Jobs: how one is steered, how it runs, fails and goes (UWS 1.1; DALI 1.1, 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volint.check import rule
from volint.jobs import INSTANT, Job
from volint.model import Skip
from volint.scopes import JOBS
from volint.service import joined
from volint.xml import children, local, words

from .soda_sync import untruth
from .uws import CREATED, JOB, NOT_FOUND, SEE_OTHER, desk

if TYPE_CHECKING:
    from volint.check import Faults
    from volint.exchange import Exchange
    from volint.service import Resource

__all__ = [
    "a_result_for_each",
    "aborted",
    "after",
    "deleted",
    "deleted_by_post",
    "destruction",
    "error_document",
    "fails",
    "filtered",
    "frozen",
    "last",
    "no_such_part",
    "only_jobs",
    "only_jobs_wait",
    "own_jobs",
    "results",
    "run_id",
    "runs",
    "runs_at_once",
    "same_as_sync",
    "set_duration",
    "waits",
    "waits_no_more",
    "xml_first",
]

RAN = "UWS-2.2.3.5-01"
OK = 200
OPENING = 9
"""Bytes that tell one kind of file from another."""

LEAST = 10.0
"""Seconds in which a job that was started leaves PENDING."""


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
    if not answer.ok:
        yield answer.fault(f"WAIT=2 is answered {answer.status}", "error")
    elif answer.seconds > longest:
        yield answer.fault(f"WAIT=2 took {answer.seconds:.1f} s")
    answer = job.document(("WAIT", "20"), ("PHASE", "EXECUTING"))
    if answer.seconds > longest:
        yield answer.fault(f"WAIT=20&PHASE=EXECUTING of a pending job took {answer.seconds:.1f} s", "error")


@rule(RAN, JOBS, because=[*JOB, "UWS-2.1-03", "UWS-2.1-04"])
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
        if url.rstrip("/") == f"{job.url}/results":
            yield listing.fault(f"result {key!r} has no href")
            continue
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


@rule("UWS-2.2.2.5-01", JOBS, also=["UWS-2.1-14", "UWS-2.2-04"], because=[*JOB, RAN])
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


@rule("UWS-2.2.3.6-01", JOBS, because=[*JOB, "UWS-2.1-04"])
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


@rule("UWS-2.2.3.2-03", JOBS, because=JOB)
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
        if not answer.ok:
            yield from _refused(place, answer, f"PHASE={phase}&LAST=2")
        elif [entry for entry in found if entry != phase]:
            yield answer.fault(f"PHASE={phase} lists jobs of {sorted(set(found))}")
        elif len(found) > 2:  # noqa: PLR2004 - as many as were asked for
            yield answer.fault(f"LAST=2 lists {len(found)} jobs")


@rule("UWS-2.2.3.1-03", JOBS, also=["UWS-2.1-20"], because=[*JOB, RAN])
def runs_at_once(place: Resource) -> Faults:
    """PHASE=RUN in the request that makes a job starts it."""
    job = desk(place).fresh(("PHASE", "RUN"))
    job.wait(LEAST)
    if job.phase == "PENDING":
        yield job.document().fault("a job made with PHASE=RUN is still PENDING", "warning")


@rule(
    "SODA-6-02",
    JOBS,
    because=[*JOB, RAN, "UWS-2.2.2.3-01", "UWS-2.2.2.5-01", "DALI-2.1-04"],
)
def a_result_for_each(place: Resource) -> Faults:
    """Each combination of values gives a result, one without data too, or all are refused by label."""
    job = desk(place).both
    if job.made.refused:
        return
    if job.phase == "ERROR":
        told = job.part("error")
        if "MultiValuedParamNotSupported" not in told.text:
            yield told.fault("a job of two circles fails for another reason than their number")
        return
    number = len(job.results)
    if number < 2:  # noqa: PLR2004 - two circles
        yield job.part("results").fault(f"two circles give {number} results, expected one for each")


@rule("SODA-3-01", JOBS, also=["DALI-2.2-02"], because=[*JOB, RAN, "UWS-2.2.2.3-01", "DALI-2.1-04"])
def same_as_sync(place: Resource) -> Faults:
    """A job takes the parameters of a synchronous request, and gives what that gives."""
    desk(place).needs_cutouts()
    for sync in place.service.resources("soda.sync"):
        job = desk(place).ran
        own = place.service.get(job.results[0][1])
        other = sync.get(*job.asked)
        if other.status != OK or not other.body or untruth(other):
            raise Skip("the synchronous request does not work")
        if len(own.body) != len(other.body):
            yield own.fault(
                f"the job gives {len(own.body)} bytes, the same request at {sync.url} {len(other.body)}"
            )
        elif own.body[:OPENING] != other.body[:OPENING]:
            yield own.fault(f"the job gives another kind of file than the same request at {sync.url}")
        elif wrong := untruth(own):
            yield own.fault(wrong, "warning")


@rule("UWS-2.1-16", JOBS, because=JOB)
def run_id(place: Resource) -> Faults:
    """The name that a client gives a run comes back as it was."""
    job = desk(place).fresh(("RUNID", "volint: run 1"))
    told = [words(node.text) for node in children(job.document().root, "runId")]
    if told and told != ["volint: run 1"]:
        yield job.document().fault(f"RUNID=volint: run 1 comes back as {told}")


@rule("UWS-2.2.1.2-06", JOBS, level="info", because=[*JOB, "UWS-2.1-04"])
def only_jobs_wait(place: Resource) -> Faults:
    """WAIT makes the job wait, and none of its parts."""
    answer = desk(place).fresh().part("phase?WAIT=10")
    if answer.seconds > 6:  # noqa: PLR2004 - far less than was asked for
        yield answer.fault(f"phase?WAIT=10 took {answer.seconds:.1f} s")


@rule("UWS-2.2.2-03", JOBS, also=["UWS-2.2.2-04"], because=JOB)
def xml_first(place: Resource) -> Faults:
    """Who does not ask for a page gets XML."""
    answer = desk(place).first.document()
    if answer.media_type.essence not in ("text/xml", "application/xml"):
        yield answer.fault(f"the job comes as {answer.media_type.essence}")


def _refused(place: Resource, answer: Exchange, asked: str) -> Faults:
    """Yield a fault where the list is given, and not to whom asks for a part of it."""
    if not answer.ok and place.get().ok:
        yield answer.fault(f"the list with {asked} is answered {answer.status}")


@rule("UWS-2.2.2.1-04", JOBS, because=["UWS-2.1-01", "UWS-2.2.1.1-01", CREATED])
def after(place: Resource) -> Faults:
    """The list can be asked for jobs made after an instant."""
    answer = place.get(AFTER="2099-01-01T00:00:00Z")
    number = sum(1 for _ in answer.root.iter("{*}jobref")) if answer.ok else 0
    yield from _refused(place, answer, "AFTER")
    if number:
        yield answer.fault(f"AFTER=2099-01-01T00:00:00Z lists {number} jobs")


@rule("UWS-2.2.2.1-05", JOBS, because=["UWS-2.1-01", "UWS-2.2.1.1-01", CREATED, "UWS-2.2.2.1-02"])
def last(place: Resource) -> Faults:
    """The last few jobs come with the youngest first."""
    answer = place.service.get(joined(place.url, (("LAST", "2"),)), fresh=True)
    times = [words(node.text) for node in answer.root.iter("{*}creationTime")] if answer.ok else []
    yield from _refused(place, answer, "LAST=2")
    if len(times) > 2 or times != sorted(times, reverse=True):  # noqa: PLR2004 - as many as were asked for
        yield answer.fault(f"LAST=2 lists jobs of {times}")


@rule("UWS-3-02", JOBS, because=[*JOB, "UWS-2.2.1-01"])
def own_jobs(place: Resource) -> Faults:
    """A job of a caller who is known has an owner."""
    if not place.service.client.who.any:
        raise Skip("the run is anonymous")
    job = desk(place).first
    answer = job.part("owner")
    told = [words(node.text) for node in children(job.document().root, "ownerId")]
    if not answer.text.strip():
        yield answer.fault("the job of a known caller has no owner")
    elif told and told[0] != words(answer.text):
        yield answer.fault(f"the owner is {words(answer.text)!r}, the document has {told[0]!r}")
