"""UWS 1.1 over the job list of SODA; the tests play the worker, so each phase lasts as long as they want."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from answers import refused
from job_desk import UWS, XLINK, By, Office, desk_of
from lxml import etree
from starlette.testclient import TestClient
from support import M13, errors_of

from soda_core import registry, standards
from soda_core.jobs import Failure
from soda_core.services import endpoints
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soda_core.services import Archive

requirement = pytest.mark.requirement

SPEC = standards.load("uws")
CHILDREN = [e.path.rpartition("/")[2] for e in SPEC.endpoints if e.path.startswith("/{jobs}/{job-id}/")]
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
CIRCLE = "250.4226 36.4602 0.01"
BAD = Failure("fatal", "UsageError: it went wrong", "in this way")


@pytest.fixture(scope="module")
def office(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A job list that nobody works for."""
    desk = desk_of(tmp_path_factory.mktemp("jobs"))
    with TestClient(application(archive_open(archive), desk), raise_server_exceptions=False) as client:
        yield Office(client, desk)


def archive_open(archive: Archive) -> Archive:
    """Return the archive with an inventory of its own, as the application closes it."""
    return type(archive).open(archive.settings)


@requirement("UWS-2.1-01", "UWS-2.2.1-04", "UWS-2.2.1.1-01", "UWS-2.2.1.1-02", "UWS-2.2.2.1-01")
def test_the_registered_address_is_the_list(office: Office) -> None:
    """The address in the capabilities of UWS 1.1 answers the list, which holds a new job."""
    path = office.create(ID=M13)
    capabilities = etree.fromstring(office.client.get("/capabilities").content)
    (url,) = (
        c.findtext("interface/accessURL") for c in capabilities if "UWS#rest-1.1" in str(c.get("standardID"))
    )
    root = etree.fromstring(office.client.get(str(url)).content)

    assert (f"{UWS}jobs", "1.1") == (root.tag, root.get("version"))
    assert f"http://testserver{path}" in {ref.get(f"{XLINK}href") for ref in root}


@requirement("UWS-2.1-02", "UWS-2.1-03", "UWS-2.1-10", "UWS-2.1-15", "UWS-2.2.2.2-01", "UWS-2.2.1-03")
def test_a_job_has_each_property_once(office: Office) -> None:
    """The document holds what the standard lists, nil where there is nothing, instants in UTC with Z."""
    job = office.job(office.create(ID=M13))
    names = [etree.QName(child).localname for child in job.root]

    assert len(set(names)) == len(names)
    assert {
        "jobId",
        "ownerId",
        "phase",
        "startTime",
        "endTime",
        "executionDuration",
        "destruction",
        "results",
    } <= set(names)
    assert "1.1" == job.root.get("version")
    assert job.text("phase") in {phase.name for phase in SPEC.phases}
    assert None is job.text("ownerId") is job.text("startTime") is job.text("endTime")
    assert INSTANT.fullmatch(job.text("creationTime") or "")
    assert INSTANT.fullmatch(job.text("destruction") or "")
    assert 0 < int(job.text("executionDuration") or 0)


@requirement("UWS-2.1-04", "UWS-2.1-05", "UWS-2.1-06", "UWS-2.2.3.5-01", "UWS-2.2.3-01")
def test_a_job_goes_through_the_phases_in_order(office: Office) -> None:
    """PENDING until RUN, QUEUED without results, EXECUTING with partial ones, COMPLETED."""
    path = office.create(ID=M13)
    assert "PENDING" == office.phase(path)
    ran = office.post(f"{path}/phase", PHASE="RUN")
    assert (303, f"http://testserver{path}") == (ran.status_code, ran.headers["location"])
    assert "QUEUED" == office.phase(path)
    assert [] == office.job(path).results()
    job = office.claim(path)
    assert "EXECUTING" == office.phase(path)
    office.save(job, "001-a.txt", b"part")
    assert ["001-a.txt"] == [result.get("id") for result in office.job(path).results()]
    office.desk.store.finish(job.id, job.attempt)
    done = office.job(path)
    assert "COMPLETED" == done.text("phase")
    assert INSTANT.fullmatch(done.text("startTime") or "")
    assert INSTANT.fullmatch(done.text("endTime") or "")


@requirement("UWS-2.1-08")
def test_a_job_that_runs_too_long_is_aborted(office: Office) -> None:
    """The execution duration is enforced."""
    path = office.create(ID=M13, PHASE="RUN", EXECUTIONDURATION="1")
    office.claim(path)
    office.desk.store.sweep(datetime.now(UTC) + timedelta(seconds=5))

    assert "ABORTED" == office.phase(path)


@requirement("UWS-2.1-09", "UWS-2.2.3.6-01")
def test_abort_keeps_the_job_and_its_results(office: Office) -> None:
    """After ABORT the job is there with what it had made."""
    path = office.create(ID=M13, PHASE="RUN")
    office.save(office.claim(path), "001-a.txt", b"part")
    answer = office.post(f"{path}/phase", PHASE="ABORT")

    assert (303, "ABORTED") == (answer.status_code, office.phase(path))
    assert b"part" == office.client.get(f"{path}/results/001-a.txt").content


@requirement("UWS-2.1-11", "UWS-2.2.3.3-01", "DALI-2.1-08")
def test_at_its_destruction_time_a_job_goes(office: Office) -> None:
    """A client sets the time; when it has come, the job is unknown."""
    path = office.create(ID=M13)
    moment = datetime.now(UTC) + timedelta(hours=1)
    answer = office.post(f"{path}/destruction", DESTRUCTION=moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
    told = office.client.get(f"{path}/destruction").text
    office.desk.store.sweep(moment + timedelta(seconds=2))

    assert 303 == answer.status_code
    assert moment.strftime("%Y-%m-%dT%H:%M:%SZ") == told
    assert 404 == office.client.get(path).status_code


@requirement("UWS-2.1-12", "UWS-2.1-13")
def test_document_and_atoms_agree(office: Office) -> None:
    """What is nil in the document is empty at its address, what is not is the same text."""
    path = office.create(ID=M13, PHASE="RUN")
    job = office.job(path)
    for name, element in (
        ("quote", "quote"),
        ("destruction", "destruction"),
        ("owner", "ownerId"),
        ("phase", "phase"),
        ("executionduration", "executionDuration"),
    ):
        answer = office.client.get(f"{path}/{name}")
        assert (200, job.text(element) or "") == (answer.status_code, answer.text), name
    assert INSTANT.fullmatch(job.text("quote") or "")
    assert None is office.job(office.create(ID=M13)).text("quote")


@requirement("UWS-2.1-14", "UWS-2.2-04", "UWS-2.2.2.5-01", "UWS-2.2.2.5-02", "DALI-4.2-03", "DALI-4.2-04")
def test_a_failed_job_tells_why(office: Office) -> None:
    """The document, still 200, has the message with its label; /error has the same and the detail."""
    path = office.create(ID=M13)
    office.finish(path, BAD)
    job = office.job(path)
    (summary,) = job.root.findall(f"{UWS}errorSummary")
    answer = office.client.get(f"{path}/error")

    assert "ERROR" == job.text("phase")
    assert ("fatal", "true") == (summary.get("type"), summary.get("hasDetail"))
    assert "UsageError: it went wrong" == summary.findtext(f"{UWS}message")
    assert (200, "text/plain") == (answer.status_code, answer.headers["content-type"].partition(";")[0])
    assert "UsageError: it went wrong\nin this way\n" == answer.text


@requirement("UWS-2.1-16", "DALI-3.4-14")
def test_the_run_id_comes_back_as_it_was(office: Office) -> None:
    """RUNID is not parsed."""
    given = "night 7/<&> +%41"

    assert given == office.job(office.create(ID=M13, RUNID=given)).text("runId")


@requirement("UWS-2.1-17", "UWS-2.2.3.2-03")
@pytest.mark.parametrize("child", ["results", "results/001-x.txt", "parameters", "phase", "error", "owner"])
def test_nothing_but_a_job_can_be_deleted(office: Office, child: str) -> None:
    """DELETE and PUT of what belongs to a job are refused, and it stays."""
    path = office.create(ID=M13)
    office.finish(path)

    refused(office.client.delete(f"{path}/{child}"), 405, "UsageError", "Method Not Allowed")
    refused(office.client.put(f"{path}/{child}"), 405, "UsageError", "Method Not Allowed")
    assert 1 == len(office.job(path).results())


@requirement("UWS-2.1-17")
def test_results_cannot_be_posted(office: Office) -> None:
    """The list of results is the service's."""
    path = office.create(ID=M13)

    refused(office.post(f"{path}/results", ID="x"), 405, "UsageError", "Method Not Allowed")


@requirement("UWS-2.1-19", "DALI-2.1-05", "UWS-2.2.2.4-01", "UWS-2.1-18")
def test_parameters_of_a_pending_job_are_replaced_by_name(office: Office) -> None:
    """POST to parameters sets what it names and keeps the rest, under declared names and as it was sent."""
    path = office.create(id=M13, circle="1 2 3")
    answer = office.post(f"{path}/parameters", Circle=[CIRCLE, "1 2 4"], BAND="1e-7 +Inf")
    listed = etree.fromstring(office.client.get(f"{path}/parameters").content)
    expected = [("ID", M13), ("CIRCLE", CIRCLE), ("CIRCLE", "1 2 4"), ("BAND", "1e-7 +Inf")]

    assert (303, f"http://testserver{path}") == (answer.status_code, answer.headers["location"])
    assert sorted(expected) == sorted(office.job(path).parameters())
    assert sorted(expected) == sorted(By(listed).parameters())
    assert f"{CIRCLE}\n1 2 4" == office.client.get(f"{path}/parameters/circle").text
    assert 404 == office.client.get(f"{path}/parameters/POL").status_code


@requirement("UWS-2.1-19")
def test_a_bad_parameter_changes_nothing(office: Office) -> None:
    """A value that the declaration refuses is refused, as is what is no parameter at all."""
    path = office.create(ID=M13)

    refused(office.post(f"{path}/parameters", CIRCLE="1 2"), 400, "UsageError", "CIRCLE='1 2'")
    refused(office.post(f"{path}/parameters", CIRCEL="1 2 3"), 400, "UsageError", "did you mean 'CIRCLE'?")
    refused(office.post(f"{path}/parameters"), 400, "UsageError", "no parameter")
    assert [("ID", M13)] == office.job(path).parameters()


@requirement("UWS-2.1-20", "UWS-2.2.3.1-03", "DALI-2.1-01", "DALI-2.1-02", "UWS-2.2.3.1-01")
def test_control_parameters_at_creation(office: Office) -> None:
    """PHASE=RUN queues the job at once; what controls is no parameter of the job."""
    made = office.post("/async", ID=M13, PHASE="RUN", EXECUTIONDURATION="60", DESTRUCTION="2026-01-01")
    path = made.headers["location"].removeprefix("http://testserver")
    job = office.job(path)

    assert 303 == made.status_code
    assert path.rpartition("/")[2] == job.text("jobId")
    assert ("QUEUED", "60") == (job.text("phase"), job.text("executionDuration"))
    assert [("ID", M13)] == job.parameters()


@requirement("UWS-2.2-01", "DALI-2.1-08", "DALI-2.1-09")
def test_what_is_not_there_is_404(office: Office) -> None:
    """Unknown jobs and unknown children, and the error of a job that has none."""
    path = office.create(ID=M13)
    for unknown in (
        "/async/none",
        "/async/none/phase",
        f"{path}/none",
        f"{path}/results/none",
        f"{path}/error",
    ):
        refused(office.client.get(unknown), 404, "UsageError", "")


@requirement("UWS-2.2-02", "DALI-2.1-07", "UWS-2.2-03")
def test_what_the_phase_forbids_is_403(office: Office) -> None:
    """Parameters after RUN, RUN and ABORT of a job at its end: refused in words, nothing changes."""
    path = office.create(ID=M13, PHASE="RUN")
    refused(office.post(f"{path}/parameters", CIRCLE=CIRCLE), 403, "UsageError", "QUEUED")
    office.finish(path)
    refused(office.post(f"{path}/phase", PHASE="RUN"), 403, "UsageError", "COMPLETED")
    refused(office.post(f"{path}/phase", PHASE="ABORT"), 403, "UsageError", "COMPLETED")

    assert [("ID", M13)] == office.job(path).parameters()
    assert "COMPLETED" == office.phase(path)


@requirement("UWS-2.2.1-01", "UWS-2.2.1-02", "UWS-2.2.2-01", "DALI-2.1-04")
def test_children_have_their_names_and_types(office: Office) -> None:
    """Each declared child answers, containers as XML, atoms as text; other spellings do not."""
    path = office.create(ID=M13)
    office.finish(path, BAD)
    children = [child for child in CHILDREN if "{" not in child]

    assert {
        "phase",
        "executionduration",
        "destruction",
        "error",
        "quote",
        "results",
        "parameters",
        "owner",
    } == set(children)
    for child in children:
        answer = office.client.get(f"{path}/{child}")
        kind = "text/xml" if child in {"results", "parameters"} else "text/plain"
        assert (200, kind) == (answer.status_code, answer.headers["content-type"].partition(";")[0])
    assert 404 == office.client.get(f"{path}/executionDuration").status_code


@requirement("UWS-2.2.1.2-01")
def test_wait_returns_when_the_phase_changes(office: Office) -> None:
    """Progress is no news, the next phase is: the answer tells it long before the time is over."""
    path = office.create(ID=M13, PHASE="RUN")
    job = office.claim(path)
    later = threading.Timer(0.5, lambda: office.desk.store.finish(job.id, job.attempt))
    office_result = threading.Timer(0.1, lambda: office.save(job, "001-a.txt", b"x"))
    for timer in (later, office_result):
        timer.start()
    answer = office.client.get(path, params={"WAIT": "50"})
    for timer in (later, office_result):
        timer.join()

    assert "COMPLETED" == By(etree.fromstring(answer.content)).text("phase")


@requirement("UWS-2.2.1.2-01", "UWS-2.2.1.2-04")
def test_wait_ends_after_the_time_asked_for(office: Office) -> None:
    """A job that stays PENDING is told as such."""
    path = office.create(ID=M13)

    assert "PENDING" == By(etree.fromstring(office.client.get(f"{path}?WAIT=1").content)).text("phase")


@requirement("UWS-2.2.1.2-02", "UWS-2.2.1.2-03", "UWS-2.2.1.2-06")
def test_wait_does_not_block_where_it_must_not(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job at its end, one in another phase than that named, and the address of the phase answer at once."""
    pending, done = office.create(ID=M13), office.create(ID=M13)
    office.finish(done)
    with monkeypatch.context() as patch:
        patch.delattr(type(office.desk.store), "moved")  # whoever waits calls it, and fails
        answers = [
            office.client.get(f"{done}?WAIT=50"),
            office.client.get(f"{pending}?WAIT=50&PHASE=EXECUTING"),
            office.client.get(f"{pending}/phase?WAIT=50"),
            office.client.get(f"{pending}?WAIT=0"),
        ]
        waited = office.client.get(f"{pending}?WAIT=50")

    assert [200] * 4 == [answer.status_code for answer in answers]
    assert 500 == waited.status_code


@requirement("UWS-2.2.1.2-05")
@pytest.mark.parametrize("text", ["abc", "1.5", "-2", ""])
def test_wait_is_a_whole_number(office: Office, text: str) -> None:
    """Anything else is refused."""
    refused(office.client.get(office.create(ID=M13), params={"WAIT": text}), 400, "UsageError", "WAIT")


@requirement("UWS-2.2.2-02", "UWS-2.2.2.3-01", "UWS-2.2.2.3-02", "DALI-2.1-03", "DALI-2.1-10")
def test_documents_keep_the_schema_and_results_their_addresses(office: Office) -> None:
    """All documents are valid; each result has an id and an absolute address that answers."""
    path = office.create(ID=M13, RUNID="r", CIRCLE="1 2 3")
    office.finish(path)
    for address, tag in (
        ("/async", "jobs"),
        (path, "job"),
        (f"{path}/results", "results"),
        (f"{path}/parameters", "parameters"),
    ):
        answer = office.client.get(address)
        assert [] == errors_of(answer)
        assert UWS + tag == etree.fromstring(answer.content).tag
    (result,) = office.job(path).results()
    href = str(result.get(f"{XLINK}href"))

    assert f"http://testserver{path}/results/{result.get('id')}" == href
    assert (b"hello", "5", "text/plain") == (
        office.client.get(href).content,
        result.get("size"),
        result.get("mime-type"),
    )


def test_a_result_is_served_in_parts(office: Office) -> None:
    """A range, a tag to compare with, and the headers alone."""
    path = office.create(ID=M13)
    office.finish(path)
    address = f"{path}/results/001-x.txt"
    whole = office.client.get(address)
    part = office.client.get(address, headers={"Range": "bytes=1-3"})
    same = office.client.get(address, headers={"If-None-Match": whole.headers["etag"]})

    assert (206, b"ell", "bytes 1-3/5") == (part.status_code, part.content, part.headers["content-range"])
    assert (304, b"") == (same.status_code, same.content)
    assert "5" == office.client.head(address).headers["content-length"]


@requirement("UWS-2.2.2-03", "UWS-2.2.2-04")
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "text/xml"),
        ("application/xml,text/plain", "text/xml"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/xml"),
        ("application/xml, text/html;q=0.5", "text/xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html", "text/html"),
    ],
)
def test_browsers_get_pages_and_nobody_else(office: Office, accept: str, kind: str) -> None:
    """XML unless HTML is preferred, which Java's own header does not count for."""
    path = office.create(ID=M13, RUNID="<b>")
    office.finish(path, BAD)
    for address in (path, "/async"):
        answer = office.client.get(address, headers={"Accept": accept})
        assert kind == answer.headers["content-type"].partition(";")[0]
        assert path.rpartition("/")[2] in answer.text
        assert "<b>" not in answer.text


@requirement("UWS-2.2.2.1-02", "UWS-2.2.2.1-03", "UWS-2.2.2.1-04", "UWS-2.2.2.1-05", "UWS-2.2.2.1-06")
def test_the_list_is_filtered(office: Office) -> None:
    """PHASE is a union, AFTER a limit, LAST the newest first; together they narrow."""
    pending, queued, done = office.create(ID=M13), office.create(ID=M13, PHASE="RUN"), office.create(ID=M13)
    office.finish(done)
    made = office.job(queued).text("creationTime") or ""

    def listed(query: str) -> list[tuple[str, str]]:
        root = etree.fromstring(office.client.get(f"/async?{query}").content)
        return [(f"/async/{ref.get('id')}", str(ref.findtext(f"{UWS}phase"))) for ref in root]

    assert {"PENDING", "QUEUED"} == {phase for _, phase in listed("PHASE=PENDING&PHASE=QUEUED")}
    assert [(done, "COMPLETED"), (queued, "QUEUED")] == listed("LAST=2")
    assert [(queued, "QUEUED")] == listed("PHASE=QUEUED&LAST=1")
    assert [] == listed("PHASE=ARCHIVED")
    assert "ARCHIVED" not in {phase for _, phase in listed("")}
    after = {path for path, _ in listed(f"AFTER={made}")}
    assert done in after
    assert not {pending, queued} & after


@pytest.mark.parametrize(
    "query", ["LAST=0", "LAST=-1", "LAST=x", "AFTER=yesterday", "PHASE=DONE", "LAST=1&LAST=2"]
)
def test_a_bad_filter_is_refused(office: Office, query: str) -> None:
    """Rather than answered without it."""
    answer = office.client.get(f"/async?{query}")

    assert 400 == answer.status_code


@requirement("UWS-2.2.3.1-02", "SODA-6-04")
def test_a_rejected_creation_makes_no_job(office: Office) -> None:
    """What cannot become cutouts is refused before there is a job."""
    before = office.client.get("/async").text
    for data, label, words in (
        ({"ID": M13, "CIRCLE": "1 2"}, "UsageError", "CIRCLE"),
        ({"ID": M13, "RUNID": ["a", "b"]}, "MultiValuedParamNotSupported", "RUNID"),
        ({"ID": M13, "RESPONSEFORMAT": ["fits", "fits"]}, "MultiValuedParamNotSupported", "RESPONSEFORMAT"),
        ({"ID": M13, "RESPONSEFORMAT": "bmp", "PHASE": "RUN"}, "UsageError", "RESPONSEFORMAT"),
        ({"ID": M13, "PHASE": "GO"}, "UsageError", "PHASE"),
        ({"ID": M13, "PHASE": "ABORT"}, "UsageError", "PHASE"),
        ({"CIRCLE": CIRCLE, "PHASE": "RUN"}, "UsageError", "ID is required"),
        ({"ID": M13, "DESTRUCTION": "soon"}, "UsageError", "DESTRUCTION"),
        ({"ID": M13, "EXECUTIONDURATION": "-1"}, "UsageError", "EXECUTIONDURATION"),
    ):
        refused(office.post("/async", **data), 400, label, words)

    assert before == office.client.get("/async").text


@requirement("UWS-2.2.3.2-01")
def test_delete_destroys_a_job_but_never_the_list(office: Office) -> None:
    """DELETE leads to the list by GET; a client that repeats its DELETE there is refused."""
    path = office.create(ID=M13)
    answer = office.client.delete(path, follow_redirects=False)

    assert (303, "http://testserver/async") == (answer.status_code, answer.headers["location"])
    assert 404 == office.client.get(path).status_code
    refused(office.client.delete("/async"), 405, "UsageError", "Method Not Allowed")


@requirement("UWS-2.2.3.2-02")
def test_action_delete_does_the_same(office: Office) -> None:
    """For clients that cannot DELETE."""
    path = office.create(ID=M13)
    answer = office.post(path, ACTION="DELETE")

    assert (303, "http://testserver/async") == (answer.status_code, answer.headers["location"])
    assert 404 == office.client.get(path).status_code


@requirement("UWS-2.2.3.4-01")
@pytest.mark.parametrize(("asked", "told"), [("60", "60"), ("99999999999", "3600"), ("0x10", "16")])
def test_the_duration_can_be_set_within_the_limit(office: Office, asked: str, told: str) -> None:
    """The answer leads to the job; more than the deployment allows becomes what it allows."""
    path = office.create(ID=M13)
    answer = office.post(f"{path}/executionduration", EXECUTIONDURATION=asked)

    assert (303, told) == (answer.status_code, office.client.get(f"{path}/executionduration").text)


@requirement("UWS-2.2.3-01")
@pytest.mark.parametrize("child", ["phase", "executionduration", "destruction"])
def test_a_post_that_says_nothing_is_refused(office: Office, child: str) -> None:
    """The name of what is missing is told as a request gives it."""
    name = {"phase": "PHASE"}.get(child, child.upper())

    refused(office.post(f"{office.create(ID=M13)}/{child}"), 400, "UsageError", f"{name} is required")


@requirement("UWS-3-01", "UWS-3-02", "UWS-3-03", "DALI-4.2-05")
def test_a_job_belongs_to_who_made_it(office: Office, archive: Archive) -> None:
    """An identity owns its jobs: others may not see them, and they are not in the list of others."""
    bound = {(b.endpoint.name, *b.methods): b for b in endpoints(archive, office.desk)}
    job = office.desk.store.create("soda", (("ID", M13),), owner="ann")

    def ask(name: str, identity: str | None) -> bytes:
        entry = bound[name, "GET"]
        caller = registry.Caller(identity)
        given = {"job-id": (job.id,)} if entry.endpoint.path_parameters else {}
        request = registry.Request(entry.standard, entry.endpoint, given, caller=caller)
        answer = entry.handler(request)
        assert isinstance(answer, registry.Document)
        return answer.content

    assert b"ann" == ask("owner", "ann")
    assert b"<uws:ownerId>ann</uws:ownerId>" in ask("job", "ann")
    assert job.id.encode() in ask("jobs", "ann")
    assert job.id.encode() not in ask("jobs", "bob")
    assert job.id.encode() not in ask("jobs", None)
    refused(office.client.get(f"/async/{job.id}"), 403, "AuthorizationError", "somebody else")


@requirement("UWS-DALI-01", "DALI-2.1-06")
def test_parameters_are_not_posted_to_the_job(office: Office) -> None:
    """The address of the job takes ACTION alone."""
    path = office.create(ID=M13)

    refused(office.post(path, CIRCLE=CIRCLE), 400, "UsageError", "parameters")
    assert [("ID", M13)] == office.job(path).parameters()


def test_so_many_wait_and_no_more(office: Office) -> None:
    """Blocked calls of one caller are bounded; the next is answered at once, and the others still wait."""
    from soda_core.web.waiting import EACH  # noqa: PLC0415 - one test knows the bound

    path = office.create(ID=M13)
    phases: list[str | None] = []

    def wait() -> None:
        answer = office.client.get(f"{path}?WAIT=50")
        phases.append(By(etree.fromstring(answer.content)).text("phase"))

    threads = [threading.Thread(target=wait) for _ in range(EACH + 1)]
    for thread in threads:
        thread.start()
    while not phases:
        threads[0].join(0.05)
    assert ["PENDING"] == phases
    office.post(f"{path}/phase", PHASE="ABORT")
    for thread in threads:
        thread.join()

    assert ["PENDING", *["ABORTED"] * EACH] == phases


def test_job_ids_are_not_to_be_guessed(office: Office) -> None:
    """At least 128 bits that fit into a path."""
    ids = {office.create(ID=M13).rpartition("/")[2] for _ in range(20)}

    assert 20 == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{21,}", name) for name in ids)
