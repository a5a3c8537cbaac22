"""Any order of what clients, workers and time can do, against the declared steps."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from databases import fresh
from hypothesis import settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import create_engine, make_url

from soda_core import standards
from soda_core.dali import NotFoundError
from soda_core.jobs import Failure, IllegalTransition, JobStore, Limits, Progress, Result

if TYPE_CHECKING:
    from collections.abc import Callable

UWS = standards.load("uws")
STEPS = frozenset((step.source, step.target) for step in UWS.transitions)
FINAL = frozenset(phase.name for phase in UWS.phases if phase.terminal)
LIMITS = Limits(duration=100, lifetime=1000, losses=3)
LEASE = 10
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, where there is one
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Expected:
    """What a job must be."""

    destruction: datetime
    phase: str = "PENDING"
    queued: tuple[datetime, int] = (START, 0)
    attempt: int = 0
    losses: int = 0
    duration: int = 100
    started: datetime = START
    lease: datetime = START
    results: list[str] = field(default_factory=list)
    finished: int = 0


@dataclass(frozen=True)
class Claim:
    """What a worker believes to have."""

    job: str
    attempt: int


class Jobs(RuleBasedStateMachine):
    """Clients, workers that may die or come late, and a clock."""

    ids = Bundle("ids")
    claims = Bundle("claims")

    def __init__(self, place: str) -> None:
        super().__init__()
        self.now = START
        self.turn = 0
        self.store = JobStore(place, limits=LIMITS, clock=lambda: self.now)
        self.jobs: dict[str, Expected] = {}
        self.seen: dict[str, tuple[str, int]] = {}

    def teardown(self) -> None:
        """Let go of the store."""
        self.store.close()

    @rule(target=ids, run=st.booleans(), lifetime=st.sampled_from([None, 30, 5000]))
    def create(self, *, run: bool, lifetime: int | None) -> str:
        """A job begins in the initial phase, or queued."""
        return self.make(run=run, lifetime=lifetime)

    def make(self, *, run: bool, lifetime: int | None) -> str:
        """Make a job and what it must be."""
        asked = None if lifetime is None else self.now + timedelta(seconds=lifetime)
        job = self.store.create("soda", [("ID", "a")], run=run, destruction=asked)
        expected = Expected(self.now + timedelta(seconds=min(lifetime or 1000, 1000)))
        assert expected.destruction == job.destruction
        if run:
            self.enter_queue(expected)
        self.jobs[job.id] = expected
        return job.id

    @rule(job=ids)
    def set_parameters(self, job: str) -> None:
        """Parameters are written while the job is pending only."""
        self.ask(job, "PENDING", None, lambda: self.store.set_parameters(job, [("ID", "b")]))

    @rule(job=ids)
    def run_it(self, job: str) -> None:
        """RUN leads into the queue."""
        if self.ask(job, "PENDING HELD", "QUEUED", lambda: self.store.run(job)):
            self.enter_queue(self.jobs[job])

    @rule(job=ids)
    def abort(self, job: str) -> None:
        """ABORT ends what is not ended, and keeps what was reported."""
        self.ask(job, "PENDING QUEUED EXECUTING HELD SUSPENDED", "ABORTED", lambda: self.store.abort(job))

    @rule(job=ids, seconds=st.sampled_from([0, 5, 500]))
    def set_duration(self, job: str, seconds: int) -> None:
        """The time to run is bounded by the deployment."""
        waits = "PENDING QUEUED EXECUTING HELD SUSPENDED"
        if self.ask(job, waits, None, lambda: self.store.set_duration(job, seconds)):
            self.jobs[job].duration = min(seconds or 100, 100)

    @rule(job=ids, seconds=st.sampled_from([-5, 20, 5000]))
    def set_destruction(self, job: str, seconds: int) -> None:
        """The end of life is bounded by the deployment."""
        asked = self.now + timedelta(seconds=seconds)
        if job in self.jobs:
            most = self.store.get(job).created + timedelta(seconds=LIMITS.lifetime)
            self.jobs[job].destruction = min(asked, most)
            self.store.set_destruction(job, asked)

    @rule(job=ids)
    def destroy(self, job: str) -> None:
        """A job that was destroyed is unknown, and its files are to be removed."""
        if job not in self.jobs:
            with pytest.raises(NotFoundError):
                self.store.destroy(job)
            return
        self.store.destroy(job)
        del self.jobs[job]
        assert job in self.store.doomed()

    @rule(target=claims)
    def claim(self) -> object:
        """The job that waits longest is taken, under a new attempt number."""
        return self.take()

    def take(self) -> object:
        """Claim a job, and compare it with the one that waits longest."""
        ready = [(e.queued, name) for name, e in self.jobs.items() if e.phase in {"QUEUED", "SUSPENDED"}]
        job = self.store.claim("worker", LEASE)
        assert (min(ready)[1] if ready else None) == (job and job.id)
        if job is None:
            return multiple()
        expected = self.jobs[job.id]
        expected.phase, expected.attempt, expected.started = "EXECUTING", expected.attempt + 1, self.now
        expected.lease = self.now + timedelta(seconds=LEASE)
        assert expected.attempt == job.attempt
        return Claim(job.id, job.attempt)

    @rule(claim=claims)
    def renew(self, claim: Claim) -> None:
        """Only the valid attempt keeps its job."""
        assert self.is_valid(claim) == self.store.renew(claim.job, claim.attempt, LEASE)
        assert self.is_valid(claim) == self.store.holds(claim.job, claim.attempt)
        if self.is_valid(claim):
            self.jobs[claim.job].lease = self.now + timedelta(seconds=LEASE)

    @rule(claim=claims, name=st.sampled_from("abc"))
    def report(self, claim: Claim, name: str) -> None:
        """Only the valid attempt adds results, each once."""
        done = self.store.report(claim.job, claim.attempt, Progress(1, 2), [self.result(claim, name)])
        assert self.is_valid(claim) == done
        if done and name not in self.jobs[claim.job].results:
            self.jobs[claim.job].results.append(name)

    @rule(claim=claims, failed=st.booleans())
    def finish(self, claim: Claim, *, failed: bool) -> None:
        """Only the valid attempt finishes, once; it may come late."""
        failure = Failure("fatal", "UsageError: no") if failed else None
        done = self.store.finish(claim.job, claim.attempt, results=[self.result(claim, "z")], failure=failure)
        assert self.is_valid(claim) == done
        if done:
            expected = self.jobs[claim.job]
            expected.phase = "ERROR" if failed else "COMPLETED"
            expected.results.append("z")
            expected.finished += 1

    @rule(claim=consumes(claims), died=st.booleans())
    def release(self, claim: Claim, *, died: bool) -> None:
        """A job is given back by its valid attempt only."""
        valid = self.is_valid(claim)
        assert valid == self.store.release(claim.job, claim.attempt, died=died)
        if valid and died:
            self.lose(self.jobs[claim.job])
        elif valid:
            self.jobs[claim.job].phase, self.jobs[claim.job].results = "SUSPENDED", []

    @initialize(target=ids)
    def begin(self) -> str:
        """One job is there from the beginning, queued."""
        return self.make(run=True, lifetime=None)

    @rule(target=claims)
    def fall_silent(self) -> object:
        """All workers are silent for longer than their leases, and what they had is taken by another."""
        self.pass_time(LEASE + 1)
        self.sweep()
        return self.take()

    @rule(seconds=st.sampled_from([1, 4, 11, 60]))
    def pass_time(self, seconds: int) -> None:
        """Time alone changes nothing."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        """A sweep destroys, aborts, and takes jobs from silent workers, in this order."""
        swept = self.store.sweep()
        for name, expected in tuple(self.jobs.items()):
            overlong = expected.started + timedelta(seconds=expected.duration) <= self.now
            if expected.destruction <= self.now:
                assert name in swept.destroyed
                del self.jobs[name]
            elif expected.phase != "EXECUTING":
                continue
            elif overlong:
                assert name in swept.aborted
                expected.phase = "ABORTED"
            elif expected.lease <= self.now:
                self.lose(expected)
                assert name in (swept.failed if expected.phase == "ERROR" else swept.suspended)

    @invariant()
    def is_as_expected(self) -> None:
        """Phases, attempts and results are those of the model, and every step is a declared one."""
        for name, expected in self.jobs.items():
            job = self.store.get(name)
            assert (expected.phase, expected.attempt) == (job.phase, job.attempt)
            assert expected.duration == job.duration
            assert expected.results == [result.id for result in job.results]
            assert all(result.key.startswith(f"{name}/{job.attempt}/") for result in job.results)
            assert not (job.results and job.phase in {"PENDING", "QUEUED"})
            assert (job.phase in FINAL) == (job.ended is not None)
            assert expected.finished <= 1
            phase, version = self.seen.get(name, (job.phase, job.version))
            assert phase == job.phase or ((phase, job.phase) in STEPS and version < job.version)
            self.seen[name] = job.phase, job.version

    @invariant()
    def is_listed(self) -> None:
        """The list has the jobs that are not destroyed, the newest first."""
        listed = self.store.list(service="soda")
        assert set(self.jobs) == {job.id for job in listed}
        assert sorted((job.created for job in listed), reverse=True) == [job.created for job in listed]

    def ask(self, job: str, phases: str, target: str | None, request: Callable[[], object]) -> bool:
        """Ask for what is allowed in *phases* only; tell whether it was."""
        if job not in self.jobs:
            with pytest.raises(NotFoundError):
                request()
            return False
        if self.jobs[job].phase not in phases.split():
            with pytest.raises(IllegalTransition, match=f"the job is {self.jobs[job].phase}"):
                request()
            return False
        request()
        self.jobs[job].phase = target or self.jobs[job].phase
        return True

    def enter_queue(self, expected: Expected) -> None:
        """Note the place in the queue; the clock moves on, as two jobs of one instant have no order."""
        expected.phase, expected.queued = "QUEUED", (self.now, self.turn)
        self.turn += 1
        self.now += timedelta(milliseconds=1)

    def lose(self, expected: Expected) -> None:
        """Note that a worker died over the job."""
        expected.losses += 1
        if expected.losses == LIMITS.losses:
            expected.phase = "ERROR"
        else:
            expected.phase, expected.results = "SUSPENDED", []

    def is_valid(self, claim: Claim) -> bool:
        """Whether the attempt may still write."""
        job = self.jobs.get(claim.job)
        return job is not None and (job.phase, job.attempt) == ("EXECUTING", claim.attempt)

    @staticmethod
    def result(claim: Claim, name: str) -> Result:
        """Return a result of an attempt."""
        return Result(name, f"{claim.job}/{claim.attempt}/{name}", 5, "text/plain")


@pytest.mark.requirement("UWS-2.1-03", "UWS-2.1-04", "UWS-2.1-05", "UWS-2.1-06")
def test_any_order_in_a_file() -> None:
    """The rows of SQLite are as the declared steps have them."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        numbers = itertools.count()

        class InAFile(Jobs):
            def __init__(self) -> None:
                super().__init__(str(Path(folder, f"{next(numbers)}.sqlite")))

        run_state_machine_as_test(InAFile, settings=settings(max_examples=60, stateful_step_count=50))


def test_any_order_on_a_server(postgresql: str) -> None:
    """The rows of PostgreSQL too; each example begins with empty tables."""
    with fresh(postgresql) as place:
        JobStore(place).close()
        engine = create_engine(make_url(place).set(drivername="postgresql+psycopg"))

        class OnAServer(Jobs):
            def __init__(self) -> None:
                with engine.begin() as connection:
                    connection.exec_driver_sql("TRUNCATE job, result, doomed")
                super().__init__(place)

        run_state_machine_as_test(OnAServer, settings=settings(max_examples=6, stateful_step_count=40))
        engine.dispose()
