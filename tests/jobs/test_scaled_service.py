"""The service over a broker, PostgreSQL and a bucket, with `sodalite worker`: clients get the same."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import httpx2
import pytest
from astropy.table import Table
from databases import fresh
from job_desk import Office, desk_of
from job_house import STRICT, until
from servers import restart
from starlette.testclient import TestClient
from support import CENTRE, M13

from soda_core.jobs import Limits
from soda_core.services import Archive, Desk
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from servers import Bucket, Valkey

    from soda_core.settings import Settings


@pytest.fixture
def scaled(
    settings: Settings, archive: Archive, postgresql: str, bucket: Bucket, valkey: Valkey
) -> Iterator[Settings]:
    """The settings of the demo archive on many machines; *archive* has read the files."""
    assert archive.settings == settings
    with fresh(postgresql) as place:
        places = {"jobs": place, "results": f"s3://{bucket.name}/scaled", "results_endpoint": bucket.url}
        more = {"results_region": "us-east-1", "broker": valkey.url, "broker_queue": "scaled", "job_slots": 1}
        yield settings.model_copy(update=places | more)


@pytest.fixture
def office(scaled: Settings) -> Iterator[Office]:
    """A client of a server of these settings."""
    desk, archive = Desk.of(scaled), Archive.open(scaled)
    with TestClient(application(archive, desk), raise_server_exceptions=False) as client:
        yield Office(client, desk)


@pytest.fixture
def worker(scaled: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker, as an operator starts it."""
    with (tmp_path / "log").open("wb") as log:
        environment = os.environ | scaled.environment() | {"PYTHONWARNINGS": STRICT}
        command = [sys.executable, "-m", "soda_core.cli", "worker"]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    yield process
    process.kill()
    process.wait()


def test_a_cutout_of_a_worker_is_that_of_the_server(office: Office, worker: subprocess.Popen[bytes]) -> None:
    """Its address in the list leads to the bucket, where it has the same bytes; SIGTERM ends the worker."""
    path = office.create(PHASE="RUN", ID=M13, CIRCLE=[f"{CENTRE} 0.02", f"{CENTRE} 0.01"])
    complete(office, path)

    name = office.job(path).results()[0].get("id")
    answer = office.client.get(f"{path}/results/{name}", follow_redirects=False)
    stored = httpx2.get(answer.headers["location"])

    assert (303, "no-store") == (answer.status_code, answer.headers["cache-control"])
    assert (200, "application/fits") == (stored.status_code, stored.headers["content-type"])
    assert (
        office.client.get("/sync", params={"ID": M13, "CIRCLE": f"{CENTRE} 0.02"}).content == stored.content
    )
    worker.terminate()
    assert 0 == worker.wait(60)


@pytest.mark.usefixtures("worker")
def test_a_list_of_targets_lies_in_the_bucket(office: Office) -> None:
    """The worker reads it there, saves its archives there, and the one archive of all is made of them."""
    ra, dec = map(float, CENTRE.split())
    table = "".join(["ra,dec\n", *(f"{ra},{dec + step / 100}\n" for step in range(3)), "10,10\n"])
    made = office.client.post(
        "/async",
        data={"UPLOAD": "targets,param:table", "ID": M13, "RADIUS": "0.01", "PHASE": "RUN"},
        files={"table": ("targets.csv", table.encode())},
        follow_redirects=False,
    )
    path = made.headers["location"].removeprefix("http://testserver")
    complete(office, path)

    names = [str(result.get("id")) for result in office.job(path).results()]
    manifest, kept, whole = (
        office.client.get(f"{path}/{name}", follow_redirects=False)
        for name in ("results/manifest.vot", "parameters/UPLOAD", f"results/{names[-1]}")
    )
    lines = Table.read(io.BytesIO(httpx2.get(manifest.headers["location"]).content))
    told = office.client.head(f"{path}/results/manifest.vot", follow_redirects=False)
    with tarfile.open(fileobj=io.BytesIO(whole.content)) as archive:
        members = archive.getnames()

    assert {"cutouts-0001.tar", "manifest.vot"} < set(names)
    assert ["OK"] * 3 + ["UsageError"] == list(lines["status"])
    assert table.encode() == kept.content
    assert (200, "bytes") == (told.status_code, told.headers["accept-ranges"])
    assert (
        httpx2.get(manifest.headers["location"]).headers["content-length"] == told.headers["content-length"]
    )
    assert 3 == sum(name.endswith(".fits") for name in members)


def complete(office: Office, path: str) -> None:
    """Wait until a job is completed."""
    for _ in range(3):
        if office.client.get(path, params={"WAIT": "30"}).text and office.phase(path) == "COMPLETED":
            return
    pytest.fail(str(office.desk.store.get(path.rpartition("/")[2])))


def test_the_service_hands_results_on_where_that_is_set(scaled: Settings) -> None:
    """With ranges, as from a folder."""
    inside = scaled.model_copy(update={"results_signed": 0})
    desk = Desk.of(inside)
    with TestClient(application(Archive.open(inside), desk), raise_server_exceptions=False) as client:
        office = Office(client, desk)
        path = office.create(PHASE="RUN", ID=M13, CIRCLE=f"{CENTRE} 0.02")
        job = office.claim(path)
        office.save(job, "001-x.txt", b"hello")

        answer = client.get(f"{path}/results/001-x.txt", headers={"Range": "bytes=1-3"})

    assert (206, b"ell") == (answer.status_code, answer.content)


def test_clients_are_told_to_come_back_while_the_database_is_away(
    office: Office,
    postgresql_server: Any,  # noqa: ANN401 - of a package that need not be there
) -> None:
    """503 and when to try again; afterwards all is as before."""
    path = office.create(ID=M13, CIRCLE=f"{CENTRE} 0.02")

    os.kill(postgresql_server.get_pid(), signal.SIGKILL)
    until(lambda: office.client.get(path).status_code != 200)
    answers = [office.client.get(path), office.post("/async", ID=M13), office.client.get("/async")]
    restart(postgresql_server)

    assert [503] * 3 == [answer.status_code for answer in answers]
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    assert all("the list of jobs does not answer" in answer.text for answer in answers)
    assert "PENDING" == office.phase(path)


def test_who_has_too_many_jobs_is_told_to_come_back(archive: Archive, tmp_path: Path) -> None:
    """503 and when to try again, in the words of the standard."""
    desk = desk_of(tmp_path, Limits(waiting=1))
    with TestClient(application(archive, desk), raise_server_exceptions=False) as client:
        office = Office(client, desk)
        office.create(ID=M13)

        answer = office.post("/async", ID=M13)

    assert 503 == answer.status_code
    assert int(answer.headers["retry-after"]) > 0
    assert answer.text.startswith("ServiceUnavailable: 1 jobs are not finished yet")


def test_a_worker_without_a_broker_says_so(settings: Settings) -> None:
    """In one line."""
    command = [sys.executable, "-m", "soda_core.cli", "worker"]
    told = subprocess.run(
        command, env=os.environ | settings.environment(), capture_output=True, text=True, check=False
    )

    assert 1 == told.returncode
    assert "`broker` is not set" in " ".join(told.stderr.split())
