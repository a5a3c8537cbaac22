"""SODA 1.0, section 6: jobs of cutouts, carried out by the engine of the service."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest
from answers import refused
from job_desk import UWS, XLINK, By, Office
from lxml import etree
from starlette.testclient import TestClient
from support import CUBE, M13, TILE, get

from soda_core import standards
from soda_core.services import Archive, Desk
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soda_core.settings import Settings

requirement = pytest.mark.requirement

SODA = standards.load("soda")
UPLOADS = {"UPLOAD", "COLUMN", "RADIUS", "SIZE"}
"""What only a job takes: the parameters of a list of targets."""

HIT, SMALL, MISS = "250.4226 36.4602 0.02", "250.42 36.46 0.01", "10 10 0.01"


@pytest.fixture(scope="module")
def office(
    settings: Settings, client: TestClient, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A job list with its engine over the demo archive, whose inventory the other client has filled."""
    assert 200 == client.get("/sync").status_code
    folder = tmp_path_factory.mktemp("async")
    own = settings.model_copy(
        update={"jobs": str(folder / "jobs.sqlite"), "results": str(folder / "results")}
    )
    desk = Desk.of(own)
    with TestClient(application(Archive.open(own), desk), raise_server_exceptions=False) as made:
        yield Office(made, desk)


def done(office: Office, **data: str | list[str]) -> By:
    """Run a job and return its document once it has ended."""
    path = office.create(**data, PHASE="RUN")
    for _ in range(100):
        job = By(etree.fromstring(office.client.get(f"{path}?WAIT=10").content))
        if job.text("endTime"):
            return job
    raise AssertionError(job.text("phase"))


def contents(office: Office, job: By) -> list[tuple[str, bytes]]:
    """Return type and content of each result, in the order of the list."""
    answers = [office.client.get(str(result.get(f"{XLINK}href"))) for result in job.results()]
    assert {200} == {answer.status_code for answer in answers}
    assert [r.get("mime-type") for r in job.results()] == [
        a.headers["content-type"].partition(";")[0] for a in answers
    ]
    assert [r.get("size") for r in job.results()] == [str(len(a.content)) for a in answers]
    return [(answer.headers["content-type"].partition(";")[0], answer.content) for answer in answers]


@requirement("SODA-2.2-01", "SODA-2.2-02", "SODA-2-01")
def test_async_is_a_sibling_of_capabilities_and_a_job_list(office: Office) -> None:
    """Its address is advertised, one step below the base, and answers as DALI-async."""
    root = etree.fromstring(office.client.get("/capabilities").content)
    url = next(
        str(c.findtext("interface/accessURL"))
        for c in root
        if c.get("standardID") == SODA.endpoint("async").standard_id
    )

    assert "http://testserver/async" == url
    assert f"{UWS}jobs" == etree.fromstring(office.client.get(url).content).tag
    assert 303 == office.post(url, ID=M13).status_code


@requirement("SODA-3-01", "DALI-2.2-02", "SODA-6-01")
def test_a_job_gives_the_bytes_of_sync(office: Office, client: TestClient) -> None:
    """The same request, the same cutout: every pixel and every card."""
    for parameters in ({"CIRCLE": HIT}, {"POS": f"CIRCLE {HIT}", "COMPRESS": "rice"}, {"HDU": "0"}):
        ((kind, content),) = contents(office, done(office, ID=M13, **parameters))

        assert get(client, ID=M13, **parameters).content == content
        assert "application/fits" == kind


@requirement("SODA-3-01")
def test_sync_and_async_take_the_same(office: Office) -> None:
    """The declarations name the same parameters, and the same values are refused in the same words."""
    assert {"PACKAGE", *UPLOADS} == set(SODA.endpoint("async").parameters) - set(
        SODA.endpoint("sync").parameters
    )
    assert set() == set(SODA.endpoint("sync").parameters) - set(SODA.endpoint("async").parameters)
    for bad in ({"CIRCLE": "1 2"}, {"BAND": "NaN NaN"}, {"POL": "no word"}, {"COMPRESS": "zip"}):
        sync = office.client.get("/sync", params={"ID": M13, **bad})
        refused(office.post("/async", ID=M13, **bad), 400, "UsageError", sync.text.strip()[12:40])


@requirement("SODA-6-02", "SODA-3.1-03")
def test_each_combination_gives_a_result(office: Office, client: TestClient) -> None:
    """2 datasets × 2 circles × 2 bands in the order of the request; the values of POL are one filter."""
    circles, bands = ["198.1 27.9 0.2", "198.1 27.9 30"], ["0.2 0.22", "-Inf +Inf"]
    job = done(office, ID=[CUBE, CUBE], CIRCLE=circles, BAND=bands, POL=["I", "Q"])
    labels = [str(result.get("{urn:uwscustom}label")) for result in job.results()]

    assert 8 == len(labels)
    assert [f"00{n}" for n in range(1, 9)] == [str(result.get("id"))[:3] for result in job.results()]
    assert [f"ID={CUBE} CIRCLE={c} BAND={b}" for c in circles for b in bands] * 2 == labels
    for label, (kind, content) in zip(labels, contents(office, job), strict=True):
        circle, band = label.split(" CIRCLE=")[1].split(" BAND=")
        sync = get(client, ID=CUBE, CIRCLE=circle, BAND=band, POL=["I", "Q"])
        if sync.status_code == 200:
            assert ("application/fits", sync.content) == (kind, content)
        else:
            assert (204, "text/plain") == (sync.status_code, kind)


@requirement("SODA-6-03")
def test_a_combination_without_data_is_told_in_its_place(office: Office) -> None:
    """An empty selection, an unknown dataset: a text that opens with a label; the job is complete."""
    job = done(office, ID=[M13, "ivo://sodalite.local/demo?no/such.fits"], CIRCLE=[HIT, MISS, SMALL])
    found = contents(office, job)

    assert "COMPLETED" == job.text("phase")
    assert ["application/fits", "text/plain", "application/fits", *["text/plain"] * 3] == [
        kind for kind, _ in found
    ]
    assert all(content.startswith(b"UsageError: ") for kind, content in found if kind == "text/plain")
    assert b"no such dataset" in found[3][1]


@requirement("UWS-2.2.2.5-01", "DALI-4.2-03", "DALI-4.2-04")
def test_a_job_of_unknown_datasets_fails(office: Office) -> None:
    """Accepted, then ERROR with the label in the summary and at /error."""
    job = done(office, ID="ivo://sodalite.local/demo?garbage")
    message = job.root.findtext(f"{UWS}errorSummary/{UWS}message") or ""
    error = office.client.get(f"/async/{job.text('jobId')}/error")

    assert "ERROR" == job.text("phase")
    assert message.startswith("UsageError: ")
    assert (200, True) == (error.status_code, error.text.startswith(message))


@requirement("SODA-6-05")
def test_a_job_can_be_filled_later_and_then_run(office: Office) -> None:
    """Parameters by POST while it is pending, then the phase; full control of a job of cutouts."""
    path = office.create(RUNID="later")
    refused(office.post(f"{path}/phase", PHASE="RUN"), 400, "UsageError", "ID is required")
    assert 303 == office.post(f"{path}/parameters", ID=[TILE, M13]).status_code
    assert 303 == office.post(f"{path}/phase", PHASE="RUN").status_code
    while (job := office.job(f"{path}?WAIT=10")).text("endTime") is None:
        pass

    assert "COMPLETED" == job.text("phase")
    assert ["001-tile_11_r.fits", "002-m13.fits"] == [result.get("id") for result in job.results()]
    assert "2" == job.root.find(f"{UWS}jobInfo/progress").get("done")  # type: ignore[union-attr]  # it is there
    assert 303 == office.client.delete(path, follow_redirects=False).status_code


def test_all_results_come_in_one_archive(office: Office) -> None:
    """PACKAGE=tar adds an archive of all results, which has its size beforehand and is served in parts."""
    job = done(office, ID=M13, CIRCLE=[HIT, MISS, SMALL], PACKAGE="tar")
    *cutouts, (kind, packed) = contents(office, job)
    names = [str(result.get("id")) for result in job.results()]
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        found = [(member.name, archive.extractfile(member).read()) for member in archive]  # type: ignore[union-attr]  # files all
    address = str(job.results()[-1].get(f"{XLINK}href"))

    assert (
        ["001-m13-cutout.fits", "002-m13.txt", "003-m13-cutout.fits", "results.tar"],
        "application/x-tar",
    ) == (names, kind)
    assert [content for _, content in cutouts] == [content for _, content in found]
    assert names[:-1] == [name for name, _ in found]
    for start in (0, 1, 511, 512, 700, 46_080, 46_700, len(packed) - 1):
        part = office.client.get(address, headers={"Range": f"bytes={start}-"})
        assert (206, packed[start:]) == (part.status_code, part.content)


def test_too_many_combinations_are_refused(office: Office) -> None:
    """The number is told."""
    data = {"ID": [M13] * 300, "CIRCLE": [HIT] * 300, "BAND": ["1 2"] * 3}

    refused(office.post("/async", **data, PHASE="RUN"), 400, "UsageError", "270000 cutouts")


def test_request_30_a_started_job_is_not_seen_pending(office: Office) -> None:
    """What answers RUN leads to a job in the queue at least; DELETE is answered by an address alone."""
    path = office.create(ID=M13, CIRCLE=SMALL)
    before = office.phase(path)
    run = office.client.post(f"{path}/phase", data={"PHASE": "RUN"}, follow_redirects=True)
    told = By(etree.fromstring(run.content)).text("phase")
    deleted = office.client.delete(path, follow_redirects=False)
    office.create(ID=M13)
    office.create(ID=M13)
    some = etree.fromstring(office.client.get("/async", params={"LAST": "1"}).content)

    assert "PENDING" == before
    assert told in {"QUEUED", "EXECUTING", "COMPLETED"}
    assert (303, b"") == (deleted.status_code, deleted.content)
    assert 1 == len(some.findall(f"{UWS}jobref"))
