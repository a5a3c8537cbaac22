"""The engine in the process of a server: begins, ends in order, and goes on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from soda_core.jobs import FINAL, FolderResults, JobStoreError, open_engine, open_results_of, open_store
from soda_core.jobs.local import LocalEngine
from soda_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from soda_core.jobs import Job, JobStore


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A deployment with one slot."""
    return Settings(jobs=str(tmp_path / "jobs.sqlite"), job_slots=1, job_megabytes=1, user_jobs=5)


@pytest.fixture
def store(settings: Settings) -> Iterator[JobStore]:
    """Its job list."""
    made = open_store(settings)
    yield made
    made.close()


def end_of(store: JobStore, job: Job) -> Job:
    """Wait for the end of a job, as a client does."""
    while job.phase not in FINAL:
        job = store.wait(job.id, job.version, 60)
    return job


def test_the_settings_make_a_working_engine(settings: Settings, store: JobStore) -> None:
    """What was queued before it starts is done, as is what is submitted later; limits hold in the child."""
    results = open_results_of(settings)
    engine = open_engine(settings, store, results, "job_works:open_work")
    early = store.create("soda", [("COUNT", "2")], run=True)
    engine.start()
    try:
        late = store.create("soda", [("COUNT", "999")], run=True)
        engine.submit(late.id)
        ends = [end_of(store, job) for job in (early, late)]
    finally:
        engine.stop()

    assert ["COMPLETED", "ERROR"] == [job.phase for job in ends]
    assert ["result 0", "result 1"] == [result.label for result in ends[0].results]
    assert ends[1].failure is not None
    assert "larger than 1000000 bytes, the most that one job may have" in ends[1].failure.message
    assert 5 == store.limits.waiting


def test_nothing_is_started_before_there_is_a_job(settings: Settings, store: JobStore) -> None:
    """A server to which nobody gives jobs has no supervisors, and still sweeps its list."""
    engine = open_engine(settings, store, open_results_of(settings), "job_works:open_work")
    assert isinstance(engine, LocalEngine)
    overdue = store.create("soda", [], destruction=datetime.now(UTC))
    engine.start()
    try:
        gone = store.changed(overdue.id, overdue.version)
        gone.result(60)
        before = engine.pids()
        job = store.create("soda", [], run=True)
        engine.submit(job.id)
        done = end_of(store, job)
        after = engine.pids()
    finally:
        engine.stop()

    assert ((), "COMPLETED", 1) == (before, done.phase, len(after))


def test_what_a_dead_server_had_is_found_without_a_word(settings: Settings, store: JobStore) -> None:
    """Its job has a lease that nobody renews: once that is over, the engine starts a supervisor for it."""
    engine = open_engine(settings, store, open_results_of(settings), "job_works:open_work")
    left = store.create("soda", [], run=True)
    assert store.claim("dead", 1) is not None
    engine.start()
    try:
        done = end_of(store, left)
    finally:
        engine.stop()

    assert ("COMPLETED", 2) == (done.phase, done.attempt)


def test_an_orderly_stop_gives_the_job_back(settings: Settings, store: JobStore) -> None:
    """It costs no life of the job, leaves no file, and the next engine goes on."""
    results = open_results_of(settings)
    engine = LocalEngine(store, results, "job_works:open_work", slots=1)
    job = store.create("soda", [("SPIN", "600"), ("SPIN_ATTEMPTS", "4")], run=True)

    for attempt in range(1, 5):
        engine.start()
        while not (job.attempt == attempt and job.results):
            job = store.wait(job.id, job.version, 60)
        engine.stop()
        job = store.get(job.id)
        assert ("SUSPENDED", (), ()) == (job.phase, job.results, tuple(results.jobs()))
        assert () == engine.pids()

    engine.start()
    job = end_of(store, job)
    engine.stop()
    assert ("COMPLETED", 5, None) == (job.phase, job.attempt, job.failure)


def test_work_that_cannot_be_imported_is_told_at_the_start(store: JobStore, tmp_path: Path) -> None:
    """Not by supervisors that end again and again."""
    engine = LocalEngine(store, FolderResults(tmp_path / "results"), "no_such_module:open_work")

    with pytest.raises(ImportError, match="no_such_module"):
        engine.start()
    engine.stop()


@pytest.mark.parametrize(
    ("setting", "library", "told"),
    [
        ({"results": "s3://bucket"}, "obstore", "results: needs the extra 's3'"),
        ({"broker": "redis://127.0.0.1"}, "celery", "broker: needs the extra 'celery'"),
    ],
)
def test_an_extra_that_is_missing_is_named(
    setting: dict[str, Any],
    library: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """By whoever starts the service."""
    for module in ("s3", "sender", "broker"):
        monkeypatch.delitem(sys.modules, f"soda_core.jobs.{module}", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    settings = Settings(jobs=str(tmp_path / "jobs.sqlite"), **setting)
    store = open_store(settings)

    with pytest.raises(JobStoreError, match=told):
        open_engine(settings, store, open_results_of(settings), "job_works:open_work")
    store.close()
