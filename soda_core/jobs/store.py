"""The list of jobs: the rows are the only truth, and every step is one compare-and-set."""

from __future__ import annotations

import secrets
from concurrent.futures import wait as wait_for
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from . import admission, sweeping
from .database import Database
from .model import Limits, Swept, whole
from .phases import (
    ABORTED,
    ARCHIVED,
    COMPLETED,
    ERROR,
    EXECUTING,
    PENDING,
    QUEUED,
    SUSPENDED,
    WRITABLE,
    IllegalTransition,
    sources,
)
from .rows import add_results, change, fetch, job_of, packed, reached, results_of
from .tables import DOOMED, JOB, UPLOAD
from .traffic import traffic_of
from .watcher import Watcher

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Future

    from sqlalchemy import ColumnElement

    from .model import Failure, Job, Progress, Result
    from .traffic import Traffic

__all__ = ["JobStore"]

SECOND = timedelta(seconds=1)
CHUNK = 500
LOOK = 100
WAITING = frozenset({QUEUED, SUSPENDED})


def _now() -> datetime:
    return datetime.now(UTC)


class JobStore:
    """The jobs of all services of a deployment; *place* is an address of SQLAlchemy or an SQLite file.

    Raises `JobStoreError` if it cannot be opened. Threads may share it; it is closed before a fork.
    """

    def __init__(
        self, place: str, *, limits: Limits | None = None, clock: Callable[[], datetime] = _now
    ) -> None:
        self.place = place
        self.limits = limits or Limits()
        self._clock = clock
        self._database = Database(place)
        self._watcher = Watcher(self._states)

    def close(self) -> None:
        """Let go of all connections; they are opened again where they are needed."""
        self._database.close()

    # What clients ask for.

    def create(
        self,
        service: str,
        parameters: Iterable[tuple[str, str]],
        *,
        owner: str | None = None,
        run_id: str | None = None,
        duration: int | None = None,
        destruction: datetime | None = None,
        run: bool = False,
        quote: datetime | None = None,
    ) -> Job:
        """Make a job, waiting for its owner's word or, with *run*, for a worker, to end at *quote*.

        Raises `ServiceUnavailable` if the owner has too many jobs already.
        """
        now = self._now()
        values: dict[str, object] = {
            "id": _unguessable(),
            "service": service,
            "owner": owner,
            "run_id": run_id,
            "parameters": packed(parameters),
            "created": now,
            "queued": now if run else None,
            "phase": QUEUED if run else PENDING,
            "duration": self.limits.seconds(duration),
            "destruction": self.limits.end(now, destruction),
            "quote": quote and whole(quote),
        }
        counters = dict.fromkeys(("attempt", "losses", "result_bytes", "version"), 0)
        with self._database.gated("accept") as connection:
            admission.check_room(connection, self.limits, owner)
            connection.execute(insert(JOB).values(**values, **counters))
            return job_of(fetch(connection, str(values["id"])))

    def get(self, job_id: str) -> Job:
        """Return a job with its results; raises `NotFoundError`."""
        with self._database.reading() as connection:
            return job_of(fetch(connection, job_id), results_of(connection, job_id))

    def list(
        self,
        *,
        service: str,
        owner: str | None = None,
        phases: Iterable[str] = (),
        after: datetime | None = None,
        last: int | None = None,
    ) -> tuple[Job, ...]:
        """Return the jobs of an owner, newest first, without results; archived ones when asked for.

        Without an owner, those that have none.
        """
        asked = tuple(phases)
        query = select(JOB).where(JOB.c.service == service, JOB.c.owner == owner)
        query = query.where(JOB.c.phase.in_(asked) if asked else JOB.c.phase != ARCHIVED)
        if after is not None:
            query = query.where(JOB.c.created > after)
        query = query.order_by(JOB.c.created.desc(), JOB.c.id).limit(last)
        with self._database.reading() as connection:
            return tuple(job_of(row) for row in connection.execute(query).mappings())

    def set_parameters(self, job_id: str, pairs: Iterable[tuple[str, str]]) -> Job:
        """Replace all parameters of a pending job."""
        return self._step(job_id, WRITABLE, "given parameters", parameters=packed(pairs))

    def set_upload(self, job_id: str, size: int) -> None:
        """Note the bytes that come with a pending job, in place of earlier ones.

        Raises `ServiceUnavailable` if its owner has no room for them.
        """
        with self._database.gated("accept") as connection:
            row = fetch(connection, job_id)
            if row["phase"] not in WRITABLE:
                raise IllegalTransition(row["phase"], "given a file", WRITABLE)
            connection.execute(delete(UPLOAD).where(UPLOAD.c.job == job_id))
            connection.execute(insert(UPLOAD).values(job=job_id, size=size))
            admission.check_bytes(connection, self.limits, row["owner"])

    def set_duration(self, job_id: str, seconds: int) -> Job:
        """Set for how long the job may run; the limit of the deployment holds."""
        known = frozenset({*WRITABLE, *WAITING, EXECUTING, *sources(QUEUED)})
        return self._step(job_id, known, "given a duration", duration=self.limits.seconds(seconds))

    def set_destruction(self, job_id: str, moment: datetime | None) -> Job:
        """Set when the job is destroyed; the limit of the deployment holds."""
        created = self.get(job_id).created
        return self._step(job_id, None, "", destruction=self.limits.end(created, moment))

    def run(self, job_id: str, *, quote: datetime | None = None) -> Job:
        """Put a job into the queue, to end at *quote* as is expected.

        Raises `ServiceUnavailable` if the owner's results fill the store.
        """
        owner = self.get(job_id).owner
        with self._database.reading() as connection:
            admission.check_bytes(connection, self.limits, owner)
        values = {"phase": QUEUED, "queued": self._now(), "quote": quote and whole(quote)}
        return self._step(job_id, sources(QUEUED), "run", **values)

    def abort(self, job_id: str) -> Job:
        """End a job; its worker stops within a second, what it has reported stays."""
        return self._step(job_id, sources(ABORTED), "aborted", **sweeping.ended(ABORTED, self._now()))

    def destroy(self, job_id: str) -> None:
        """Forget a job and its results; raises `NotFoundError`."""
        with self._database.writing() as connection:
            fetch(connection, job_id)
            sweeping.destroy(connection, job_id, self._now())
        self._watcher.nudge()

    def changed(self, job_id: str, version: int) -> Future[None]:
        """Return what is done once the job has another version, or is gone; cancel it to wait no longer."""
        return self._watcher.changed(job_id, version)

    def moved(self, job_id: str, phase: str) -> Future[None]:
        """Return what is done once the job is in another phase, or is gone; cancel it to wait no longer."""
        return self._watcher.changed(job_id, phase)

    def wait(self, job_id: str, version: int, seconds: float) -> Job:
        """Return the job once it has another version, or after *seconds*; blocks the thread."""
        news = self.changed(job_id, version)
        wait_for((news,), timeout=seconds)
        news.cancel()
        return self.get(job_id)

    def queue_length(self) -> int:
        """Return how many jobs wait for a worker."""
        query = select(func.count()).select_from(JOB).where(JOB.c.phase.in_(WAITING))
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def traffic(self) -> Traffic:
        """Return how many jobs there are to do, and what the latest took."""
        with self._database.reading() as connection:
            return traffic_of(connection)

    def waiting(self) -> tuple[str, ...]:
        """Return the ids of the jobs that wait longest for a worker, a hundred at most."""
        query = select(JOB.c.id).where(JOB.c.phase.in_(WAITING)).order_by(JOB.c.queued, JOB.c.id)
        with self._database.reading() as connection:
            return tuple(connection.execute(query.limit(LOOK)).scalars())

    # What workers do.

    def claim(self, worker: str, lease_seconds: float, *, job_id: str | None = None) -> Job | None:
        """Take the job that waits longest, or the one named; it is this worker's until the lease ends."""
        now = self._now()
        ready: builtins.list[ColumnElement[bool]] = [JOB.c.phase.in_(sources(EXECUTING, "server"))]
        if job_id is not None:
            ready.append(JOB.c.id == job_id)
        with self._database.reading() as connection:
            if connection.execute(select(JOB.c.id).where(*ready).limit(1)).first() is None:
                return None
        with self._database.gated("claim") as connection:
            chosen = admission.choose(connection, self.limits, ready)
            if chosen is None:
                return None
            taken = {"worker": worker, "lease": now + lease_seconds * SECOND, "started": now}
            attempt = {"attempt": JOB.c.attempt + 1}
            if not change(connection, JOB.c.id == chosen, *ready, phase=EXECUTING, **taken, **attempt):
                return None
            return job_of(fetch(connection, chosen))

    def holds(self, job_id: str, attempt: int) -> bool:
        """Tell whether the attempt may go on; costs no write."""
        with self._database.reading() as connection:
            return connection.execute(select(JOB.c.id).where(*_mine(job_id, attempt))).first() is not None

    def renew(self, job_id: str, attempt: int, lease_seconds: float) -> bool:
        """Keep a job; False if it is no longer this attempt's."""
        lease = self._now() + lease_seconds * SECOND
        with self._database.writing() as connection:
            done = connection.execute(update(JOB).where(*_mine(job_id, attempt)).values(lease=lease))
            return done.rowcount > 0

    def report(
        self, job_id: str, attempt: int, progress: Progress | None, results: Iterable[Result] = ()
    ) -> bool:
        """Show progress and further results while the job runs; False if it is no longer this attempt's.

        Raises `ResultsTooLarge`.
        """
        with self._database.writing() as connection:
            if not change(connection, *_mine(job_id, attempt), **reached(progress)):
                return False
            add_results(connection, job_id, results, self.limits.result_bytes)
        self._watcher.nudge()
        return True

    def finish(
        self,
        job_id: str,
        attempt: int,
        *,
        progress: Progress | None = None,
        results: Iterable[Result] = (),
        failure: Failure | None = None,
    ) -> bool:
        """End a job, adding what was not reported yet; False if it is no longer this attempt's.

        Raises `ResultsTooLarge`.
        """
        values = sweeping.ended(COMPLETED if failure is None else ERROR, self._now(), failure)
        values |= reached(progress)
        with self._database.writing() as connection:
            if not change(connection, *_mine(job_id, attempt), **values):
                return False
            add_results(connection, job_id, results, self.limits.result_bytes)
        self._watcher.nudge()
        return True

    def release(self, job_id: str, attempt: int, *, died: bool) -> bool:
        """Give a job back unfinished, for another worker; what *died* over it too often is given up."""
        mine = _mine(job_id, attempt)
        with self._database.writing() as connection:
            if died:
                done = any(sweeping.lose(connection, self._now(), self.limits, *mine))
            else:
                done = sweeping.suspend(connection, job_id, *mine)
        self._watcher.nudge()
        return done

    def release_worker(self, worker: str) -> Swept:
        """Give back what a dead worker had, before its leases end."""
        with self._database.writing() as connection:
            suspended, failed = sweeping.lose(connection, self._now(), self.limits, JOB.c.worker == worker)
        self._watcher.nudge()
        return Swept(suspended=suspended, failed=failed)

    def sweep(self, now: datetime | None = None) -> Swept:
        """Let time act: destroy, abort what runs too long, take jobs from workers whose lease is over."""
        now = whole(now) if now else self._now()
        if not self._is_due(now):
            return Swept()
        with self._database.gated("sweep") as connection:  # two sweeps would wait for each other's rows
            destroyed = sweeping.destroy_overdue(connection, now)
            aborted = sweeping.abort_overlong(connection, now)
            suspended, failed = sweeping.lose(connection, now, self.limits, JOB.c.lease <= now)
        self._watcher.nudge()
        return Swept(suspended, failed, aborted, destroyed)

    # What is left in the result store.

    def attempts(self, job_ids: Iterable[str]) -> Mapping[str, tuple[int, frozenset[str] | None]]:
        """Return the attempt of each job that exists, and its results' keys unless it is at work."""
        found: dict[str, tuple[int, frozenset[str] | None]] = {}
        with self._database.reading() as connection:
            for job_id in job_ids:
                query = select(JOB.c.attempt, JOB.c.phase).where(JOB.c.id == job_id)
                for attempt, phase in connection.execute(query).all():
                    keys = frozenset(result.key for result in results_of(connection, job_id))
                    found[job_id] = (attempt, None if phase == EXECUTING else keys)
        return found

    def doomed(self) -> tuple[str, ...]:
        """Return the destroyed jobs whose files are to be removed."""
        with self._database.reading() as connection:
            return tuple(connection.execute(select(DOOMED.c.job)).scalars())

    def forget(self, job_ids: Iterable[str]) -> None:
        """Note that the files of destroyed jobs are gone, unless a worker may still write some."""
        over = DOOMED.c.until <= self._now()
        with self._database.writing() as connection:
            for job_id in job_ids:
                connection.execute(delete(DOOMED).where(DOOMED.c.job == job_id, over))

    # What the above has in common.

    def _now(self) -> datetime:
        return whole(self._clock())

    def _step(self, job_id: str, phases: frozenset[str] | None, wish: str, **values: object) -> Job:
        """Change a job that is in one of *phases*, or raise `IllegalTransition` saying what was wished."""
        conditions = [JOB.c.id == job_id] if phases is None else [JOB.c.id == job_id, JOB.c.phase.in_(phases)]
        with self._database.writing() as connection:
            done = change(connection, *conditions, **values)
            row = fetch(connection, job_id)
            if not done:
                raise IllegalTransition(row["phase"], wish, phases or frozenset())
            job = job_of(row, results_of(connection, job_id))
        self._watcher.nudge()
        return job

    def _is_due(self, now: datetime) -> bool:
        """Tell whether a sweep would find anything."""
        running = JOB.c.phase == EXECUTING
        late = (running & (JOB.c.lease <= now)) | (running & sweeping.overlong(now))
        with self._database.reading() as connection:
            query = select(JOB.c.id).where((JOB.c.destruction <= now) | late).limit(1)
            return connection.execute(query).first() is not None

    def _states(self, job_ids: tuple[str, ...]) -> Mapping[str, tuple[int, str]]:
        """Return version and phase of those jobs that exist."""
        found: dict[str, tuple[int, str]] = {}
        with self._database.reading() as connection:
            for start in range(0, len(job_ids), CHUNK):
                part = job_ids[start : start + CHUNK]
                rows = connection.execute(
                    select(JOB.c.id, JOB.c.version, JOB.c.phase).where(JOB.c.id.in_(part))
                )
                found |= {row.id: (row.version, row.phase) for row in rows}
        return found


def _mine(job_id: str, attempt: int) -> tuple[ColumnElement[bool], ...]:
    """Return what is true as long as a job is an attempt's."""
    return JOB.c.id == job_id, JOB.c.attempt == attempt, JOB.c.phase == EXECUTING


def _unguessable() -> str:
    """Return 144 random bits that neither a shell nor a person takes for an option."""
    while (made := secrets.token_urlsafe(18)).startswith("-"):
        pass
    return made
