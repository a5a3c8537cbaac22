"""pyvo's client of UWS against the job list of the running service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pyvo.dal.exceptions import DALQueryError
from pyvo.dal.tap import AsyncTAPJob
from support import M13, opened

if TYPE_CHECKING:
    import httpx2

CIRCLES = ["250.4226 36.4602 0.02", "250.42 36.46 0.01"]


def created(http: httpx2.Client, **data: str | list[str]) -> AsyncTAPJob:
    """Make a job; pyvo makes jobs of TAP alone, and takes over from here."""
    answer = http.post("/async", data=data, follow_redirects=False)
    assert 303 == answer.status_code
    return AsyncTAPJob(answer.headers["location"])


def test_a_job_is_run_awaited_and_read(http: httpx2.Client) -> None:
    """Run, wait, list the results, read the pixels of each, delete."""
    job = created(http, ID=M13, CIRCLE=CIRCLES)
    assert ("PENDING", "1.1", None) == (job.phase, job.uws_version, job.owner)
    job.run().wait(timeout=60)
    job.raise_if_error()

    assert "COMPLETED" == job.phase
    assert [(len(http.get("/sync", params={"ID": M13, "CIRCLE": circle}).content)) for circle in CIRCLES] == [
        len(http.get(uri).content) for uri in job.result_uris
    ]
    assert opened(http.get(job.result_uris[0]).content)[0].data.size
    url = job.url
    job.delete()
    assert 404 == http.get(url).status_code


def test_times_are_set_and_read(http: httpx2.Client) -> None:
    """The duration and the destruction that pyvo sets are the ones it reads."""
    job = created(http, ID=M13)
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    job.execution_duration = 77
    job.destruction = moment

    assert 77 == job.execution_duration.sec
    assert moment.replace(tzinfo=None) == job.destruction.to_datetime()
    job.abort()
    assert "ABORTED" == job.phase


def test_a_failure_is_raised_with_its_label(http: httpx2.Client) -> None:
    """What the service says comes through."""
    job = created(http, ID="ivo://sodalite.local/demo?none")
    job.run().wait(timeout=60)

    with pytest.raises(DALQueryError, match=r"UsageError: .*no such dataset"):
        job.raise_if_error()
