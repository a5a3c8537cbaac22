"""When jobs are expected to end: by what jobs took lately, and by those before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from soda_core.jobs import JobStore, Progress, Result, Taken, Traffic
from soda_core.services.forecast import EACH, SPEED, START, expected_wait

if TYPE_CHECKING:
    from pathlib import Path

MODEL = START + 100 * EACH + 4e6 / SPEED
"""Seconds foreseen for a hundred cutouts of together 4 MB."""


@pytest.mark.parametrize("times", [0.25, 1.0, 12.0])
def test_a_job_is_foreseen_by_what_others_took(times: float) -> None:
    """A machine that takes so many times as long as foreseen will do so again."""
    lately = (Taken(times * MODEL, 100, 4_000_000), Taken(times * MODEL, 100, 4_000_000))

    assert times * 3.0 == pytest.approx(expected_wait(3.0, Traffic(0, 1, lately)))


def test_jobs_before_it_share_the_workers() -> None:
    """Each of those that wait takes what jobs took on the average, on as many workers as there are."""
    lately = (Taken(2 * MODEL, 100, 4_000_000), Taken(0.0, 100, 4_000_000))

    assert 3.0 + 8 * MODEL / 2 == pytest.approx(expected_wait(3.0, Traffic(8, 2, lately)))
    assert 3.0 + 8 * 3.0 == pytest.approx(expected_wait(3.0, Traffic(8, 0)))


def test_the_store_tells_what_jobs_took(tmp_path: Path) -> None:
    """Only completed jobs say how long things take; those that wait and those that run are counted."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    store = JobStore(str(tmp_path / "jobs.db"), clock=lambda: now)
    done, failed, running, _waiting = (store.create("soda", (), run=True).id for _ in range(4))
    for name in (done, failed, running):
        job = store.claim("worker", 60, job_id=name)
        assert job is not None
    now += timedelta(seconds=5)
    result = Result("1", "a/1", 1000, "application/fits", "")
    store.finish(done, 1, progress=Progress(7, 7), results=[result], failure=None)
    store.abort(failed)

    traffic = store.traffic()
    store.close()

    assert Traffic(1, 1, (Taken(5.0, 7, 1000),)) == traffic
