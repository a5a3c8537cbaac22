"""The list of jobs: what clients ask, what workers do, what is bounded."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from soda_core import standards
from soda_core.dali import NotFoundError, ServiceUnavailable, UsageError
from soda_core.jobs import (
    ACTIVE,
    FINAL,
    Failure,
    IllegalTransition,
    JobStore,
    JobStoreError,
    Limits,
    Progress,
    Result,
    ResultsTooLarge,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

START = datetime(2026, 1, 1, 12, 0, 0, 123_456, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """The clock of the store."""
    return Clock()


@pytest.fixture
def opened(place: str, clock: Clock) -> Iterator[Callable[[Limits], JobStore]]:
    """Opens the store with any limits."""
    made: list[JobStore] = []

    def open_with(limits: Limits) -> JobStore:
        made.append(JobStore(place, limits=limits, clock=clock))
        return made[-1]

    yield open_with
    for store in made:
        store.close()


@pytest.fixture
def store(opened: Callable[[Limits], JobStore]) -> JobStore:
    """An empty store."""
    return opened(Limits())


def result(name: str, size: int = 10) -> Result:
    """Return a result."""
    return Result(name, f"job/1/{name}", size, "image/fits", f"the {name}")


@pytest.mark.requirement("UWS-2.1-04", "UWS-2.1-10", "UWS-2.1-16", "UWS-2.2.2.2-01")
def test_a_new_job_is_what_was_asked(store: JobStore, clock: Clock) -> None:
    """It waits for its owner's word, with the times of the deployment, and is read back as it was made."""
    pairs = [("ID", "ivo://x/y?z"), ("CIRCLE", "1 2 3"), ("CIRCLE", "Ω 'quoted'\n")]

    job = store.create("soda", pairs, owner="vera", run_id="<run> 1")

    created = START.replace(microsecond=123_000)
    assert ("PENDING", "vera", "<run> 1") == (job.phase, job.owner, job.run_id)
    assert (created, created + timedelta(days=7)) == (job.created, job.destruction)
    assert (3600, tuple(pairs), (), None) == (job.duration, job.parameters, job.results, job.failure)
    clock.move(5)
    assert job == store.get(job.id)


def test_identifiers_cannot_be_guessed(store: JobStore) -> None:
    """They have 144 random bits, are safe in addresses, and never look like an option."""
    ids = [store.create("soda", []).id for _ in range(80)]

    assert 80 == len(set(ids))
    assert {24} == set(map(len, ids))
    assert all(name.replace("-", "").replace("_", "").isalnum() for name in ids)
    assert not [name for name in ids if name.startswith("-")]


def test_an_unknown_job_is_told(store: JobStore) -> None:
    """Each request names it."""
    for ask in (store.get, store.run, store.abort, store.destroy):
        with pytest.raises(NotFoundError, match="there is no job 'nix'"):
            ask("nix")


@pytest.mark.requirement("UWS-2.2.2.1-02", "UWS-2.2.2.1-04", "UWS-2.2.2.1-05", "UWS-2.2.2.1-06")
def test_the_list_is_filtered(store: JobStore, clock: Clock) -> None:
    """By service, owner, phase and time; the newest first."""
    made = []
    for number in range(4):
        made.append(store.create("soda", [], owner="vera", run=number % 2 == 0))
        clock.move(1)
    store.create("sia2", [], owner="vera")
    other = store.create("soda", [])

    def ids(**asked: object) -> list[int]:
        listed = store.list(service="soda", owner="vera", **asked)  # type: ignore[arg-type]  # several types
        return [made.index(job) for job in listed]

    assert [3, 2, 1, 0] == ids()
    assert [2, 0] == ids(phases=["QUEUED"])
    assert [3, 2, 1, 0] == ids(phases=["QUEUED", "PENDING"])
    assert [3, 2] == ids(after=made[1].created)
    assert [3] == ids(last=1)
    assert [2] == ids(last=1, phases=["QUEUED"])
    assert [] == ids(phases=["ARCHIVED"])
    assert (other,) == store.list(service="soda")


@pytest.mark.requirement("UWS-2.1-19")
def test_parameters_belong_to_the_client_until_the_job_runs(store: JobStore) -> None:
    """Then they are refused, in words."""
    job = store.create("soda", [("ID", "a")])

    assert (("ID", "b"),) == store.set_parameters(job.id, [("ID", "b")]).parameters
    store.run(job.id)
    with pytest.raises(IllegalTransition, match="the job is QUEUED; it can be given parameters only while"):
        store.set_parameters(job.id, [("ID", "c")])
    assert (("ID", "b"),) == store.get(job.id).parameters


@pytest.mark.requirement("UWS-2.1-10", "UWS-2.2.3.4-01", "UWS-2.2.3.3-01")
def test_times_are_bounded_by_the_deployment(store: JobStore) -> None:
    """What is asked for beyond them is replaced, what is senseless refused."""
    job = store.create("soda", [], duration=10**9, destruction=START + timedelta(days=99))

    assert (3600, START.replace(microsecond=123_000) + timedelta(days=7)) == (job.duration, job.destruction)
    assert 60 == store.set_duration(job.id, 60).duration
    assert 3600 == store.set_duration(job.id, 0).duration
    soon = START.replace(microsecond=0) + timedelta(seconds=9)
    assert soon == store.set_destruction(job.id, soon).destruction
    with pytest.raises(UsageError, match="the execution duration is -1; expected 0 for no limit, or more"):
        store.set_duration(job.id, -1)


@pytest.mark.requirement("UWS-2.1-12")
def test_without_limits_a_job_may_stay_and_run_for_ever(opened: Callable[[Limits], JobStore]) -> None:
    """Neither time is set."""
    job = opened(Limits(duration=0, lifetime=0)).create("soda", [])

    assert (0, None) == (job.duration, job.destruction)


@pytest.mark.requirement("UWS-2.1-05")
def test_what_a_worker_reports_is_seen_at_once(store: JobStore, clock: Clock) -> None:
    """Results keep their order and are listed once; the end adds what was not reported."""
    job = store.create("soda", [], run=True)
    clock.move(1)
    claimed = store.claim("w", 10)
    assert claimed is not None
    assert (job.id, 1, "EXECUTING", START.replace(microsecond=123_000) + timedelta(seconds=1)) == (
        claimed.id,
        claimed.attempt,
        claimed.phase,
        claimed.started,
    )

    assert store.report(job.id, 1, Progress(1, 2, "half"), [result("b"), result("a")])
    assert store.report(job.id, 1, None, [result("a")])
    halfway = store.get(job.id)
    assert store.finish(job.id, 1, results=[result("b"), result("c")])

    assert (Progress(1, 2, "half"), (result("b"), result("a"))) == (halfway.progress, halfway.results)
    assert (result("b"), result("a"), result("c")) == store.get(job.id).results
    assert not store.finish(job.id, 1, failure=Failure("fatal", "too late"))
    assert ("COMPLETED", None) == (store.get(job.id).phase, store.get(job.id).failure)


@pytest.mark.requirement("UWS-2.1-14", "UWS-2.2.2.5-01")
def test_a_failure_is_kept(store: JobStore) -> None:
    """Kind, message and detail."""
    job = store.create("soda", [], run=True)
    store.claim("w", 10)
    failure = Failure("transient", "ServiceUnavailable: later", "detail")

    store.finish(job.id, 1, failure=failure)

    assert ("ERROR", failure) == (store.get(job.id).phase, store.get(job.id).failure)


def test_one_of_many_claims_gets_the_job(opened: Callable[[Limits], JobStore]) -> None:
    """However many workers ask at the same instant, each job has one attempt."""
    jobs = {opened(Limits()).create("soda", [], run=True).id for _ in range(6)}
    stores = [opened(Limits()) for _ in range(6)]
    taken: list[str] = []

    def work(store: JobStore) -> None:
        while job := store.claim("w", 60):
            taken.append(job.id)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(jobs) == sorted(taken)
    assert {1} == {stores[0].get(job).attempt for job in jobs}


def test_a_named_job_is_claimed(store: JobStore) -> None:
    """An engine that is told an id takes this one, once."""
    store.create("soda", [], run=True)
    second = store.create("soda", [], run=True)

    claimed = store.claim("w", 10, job_id=second.id)

    assert claimed is not None
    assert second.id == claimed.id
    assert store.claim("w", 10, job_id=second.id) is None


def test_an_owner_runs_no_more_jobs_than_allowed(opened: Callable[[Limits], JobStore], clock: Clock) -> None:
    """The jobs of others go first then; those without a name count together."""
    store = opened(Limits(running=1))
    names = ("vera", "vera", None, None, "ed")
    jobs = []
    for owner in names:
        jobs.append(store.create("soda", [], owner=owner, run=True).id)
        clock.move(1)

    taken = [claimed and jobs.index(claimed.id) for claimed in (store.claim("w", 99) for _ in range(4))]

    assert [0, 2, 4, None] == taken
    store.finish(jobs[2], 1)
    after = store.claim("w", 99)
    assert after is not None
    assert jobs[3] == after.id


@pytest.mark.requirement("UWS-2.2.3.1-02")
def test_an_owner_has_no_more_jobs_than_allowed(opened: Callable[[Limits], JobStore]) -> None:
    """The next one is refused for the moment; the jobs of others and finished ones do not count."""
    store = opened(Limits(waiting=2))
    first = store.create("soda", [], owner="vera")
    store.create("soda", [], owner="vera")

    with pytest.raises(ServiceUnavailable, match="2 jobs are not finished yet"):
        store.create("soda", [], owner="vera")

    store.create("soda", [])
    store.abort(first.id)
    assert "PENDING" == store.create("soda", [], owner="vera").phase


def test_results_are_bounded(opened: Callable[[Limits], JobStore]) -> None:
    """Those of one job when they come, those of an owner before the next job."""
    store = opened(Limits(result_bytes=100, owner_bytes=90))
    job, later = (store.create("soda", [], owner="vera", run=run) for run in (True, False))
    store.claim("w", 99)
    store.report(job.id, 1, None, [result("a", 95)])

    with pytest.raises(ResultsTooLarge, match="larger than 100 bytes, the most that one job may have"):
        store.finish(job.id, 1, results=[result("b", 6)])

    assert "EXECUTING" == store.get(job.id).phase
    full = "fill the 90 bytes that one user may have, uploads and results together; delete some jobs"
    with pytest.raises(ServiceUnavailable, match=full):
        store.create("soda", [], owner="vera")
    with pytest.raises(ServiceUnavailable, match=full):
        store.run(later.id)
    store.destroy(job.id)
    assert "QUEUED" == store.run(later.id).phase


@pytest.mark.requirement("UWS-2.1-08", "UWS-2.1-11")
def test_time_acts_on_jobs(store: JobStore, clock: Clock) -> None:
    """A sweep ends what runs too long, frees what a silent worker has, and destroys what is overdue."""
    slow, silent, old = (store.create("soda", [], run=True, duration=d) for d in (5, 60, 60))
    store.set_destruction(old.id, START + timedelta(seconds=3))
    for job in (slow, silent):
        store.claim("w", 8, job_id=job.id)

    clock.move(1)
    assert ((), ()) == (store.sweep().destroyed, store.sweep().aborted)
    clock.move(9)
    swept = store.sweep()

    assert ((silent.id,), (), (slow.id,), (old.id,)) == (
        swept.suspended,
        swept.failed,
        swept.aborted,
        swept.destroyed,
    )
    assert "SUSPENDED" == store.get(silent.id).phase
    again = store.claim("other", 8)
    assert again is not None
    assert (silent.id, 2) == (again.id, again.attempt)


def test_a_late_worker_cannot_write(store: JobStore, clock: Clock) -> None:
    """Once another attempt has begun, the earlier one neither renews, nor reports, nor finishes."""
    job = store.create("soda", [], run=True)
    store.claim("late", 5)
    store.report(job.id, 1, Progress(1, 2), [result("a")])
    clock.move(6)
    store.sweep()
    store.claim("other", 5)

    assert not store.holds(job.id, 1)
    assert not store.renew(job.id, 1, 60)
    assert not store.report(job.id, 1, None, [result("b")])
    assert not store.finish(job.id, 1, results=[result("c")])
    assert not store.release(job.id, 1, died=True)

    now = store.get(job.id)
    assert ("EXECUTING", 2, (), None) == (now.phase, now.attempt, now.results, now.progress)
    assert store.finish(job.id, 2)


def test_files_of_a_destroyed_job_are_remembered_until_no_worker_can_write(
    store: JobStore, clock: Clock
) -> None:
    """The lease of the worker is waited for."""
    job = store.create("soda", [], run=True)
    store.claim("w", 8)
    store.destroy(job.id)

    store.forget(store.doomed())
    assert (job.id,) == store.doomed()
    clock.move(11)
    store.forget(store.doomed())

    assert () == store.doomed()


def test_who_waits_for_a_phase_is_left_alone_by_reports(store: JobStore) -> None:
    """Progress changes the version, and not what is waited for."""
    store.create("soda", [], run=True)
    job = store.claim("w", 60)
    assert job is not None
    phase, version = store.moved(job.id, job.phase), store.changed(job.id, job.version)

    store.report(job.id, job.attempt, Progress(1, 2))
    version.result(60)
    early = phase.done()
    store.finish(job.id, job.attempt)
    phase.result(60)

    assert not early


@pytest.mark.requirement("UWS-2.2.1.2-01")
def test_waiting_ends_with_a_change_by_another_process(
    opened: Callable[[Limits], JobStore], store: JobStore
) -> None:
    """Whoever changes the row, all who wait are told; without a change the time ends the wait."""
    job = store.create("soda", [])
    assert job == store.wait(job.id, job.version, 0.05)
    other = opened(Limits())
    news = [store.changed(job.id, job.version) for _ in range(40)]
    assert not any(future.done() for future in news)

    other.run(job.id)

    for future in news:
        future.result(timeout=60)
    assert "QUEUED" == store.wait(job.id, job.version, 60).phase


def test_waiting_ends_with_the_job(opened: Callable[[Limits], JobStore], store: JobStore) -> None:
    """A destroyed job is told of."""
    job = store.create("soda", [])
    news = store.changed(job.id, job.version)

    opened(Limits()).destroy(job.id)

    news.result(timeout=60)
    with pytest.raises(NotFoundError):
        store.wait(job.id, job.version, 60)


def test_nobody_watches_when_nobody_waits(store: JobStore) -> None:
    """The thread that looks for changes ends with the last who waits."""
    job = store.create("soda", [])
    before = set(threading.enumerate())
    news = store.changed(job.id, job.version)
    (watcher,) = set(threading.enumerate()) - before

    news.cancel()
    watcher.join(timeout=60)

    assert not watcher.is_alive()


def test_another_version_of_the_table_is_refused(tmp_path: Path) -> None:
    """Jobs are not thrown away: who runs the service has to decide."""
    path = tmp_path / "jobs.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE job (id TEXT, colour TEXT)")
    connection.close()

    with pytest.raises(
        JobStoreError, match="the job store was made by another version: the columns of 'job'"
    ):
        JobStore(str(path))


def test_a_store_that_cannot_be_opened_is_told_without_its_password(tmp_path: Path) -> None:
    """The words of the driver are enough."""
    with pytest.raises(JobStoreError, match="the job store cannot be opened: unable to open database file"):
        JobStore(str(tmp_path / "none" / "jobs.sqlite"))
    with pytest.raises(JobStoreError) as caught:
        JobStore("nodialect://user:secret@host/base")
    assert "secret" not in str(caught.value)


def test_phases_are_the_declared_ones() -> None:
    """What is final and what waits or works comes from the declaration."""
    phases = standards.load("uws").phases

    assert {phase.name for phase in phases if phase.terminal} == FINAL
    assert {phase.name for phase in phases if phase.active} == ACTIVE
