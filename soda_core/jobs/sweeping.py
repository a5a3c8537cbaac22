"""What time does to jobs: each function changes the rows and returns the ids of the jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, delete, insert, select, type_coerce

from soda_core.dali import ServiceUnavailable, UsageError

from .model import EPOCH, MILLISECOND
from .phases import ABORTED, ERROR, EXECUTING, SUSPENDED
from .rows import change, drop_results
from .tables import DOOMED, JOB, UPLOAD
from .words import told

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from .model import Failure, Limits

__all__ = ["abort_overlong", "destroy", "destroy_overdue", "ended", "lose", "overlong", "suspend"]

SECOND = timedelta(seconds=1)


def ended(phase: str, now: datetime, failure: Failure | None = None) -> dict[str, object]:
    """Return the columns of a job that comes to its end."""
    values: dict[str, object] = {"phase": phase, "ended": now, "lease": None, "worker": None, "quote": None}
    if failure is not None:
        values |= {"failure_kind": failure.kind, "failure_message": failure.message}
        values["failure_detail"] = failure.detail
    return values


def lose(
    connection: Connection, now: datetime, limits: Limits, *conditions: ColumnElement[bool]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take executing jobs from their workers: some wait for another one, some have lost too many."""
    query = select(JOB.c.id, JOB.c.service, JOB.c.attempt, JOB.c.losses)
    query = query.where(JOB.c.phase == EXECUTING, *conditions).order_by(JOB.c.id)
    suspended, failed = [], []
    for job_id, service, attempt, losses in connection.execute(query).all():
        mine = (JOB.c.id == job_id, JOB.c.attempt == attempt, JOB.c.phase == EXECUTING)
        if limits.losses and losses + 1 >= limits.losses:
            error = ServiceUnavailable(f"the job was given up after {losses + 1} workers died over it")
            if change(connection, *mine, losses=losses + 1, **ended(ERROR, now, told(service, error))):
                failed.append(job_id)
        elif suspend(connection, job_id, *mine, more=1):
            suspended.append(job_id)
    return tuple(suspended), tuple(failed)


def suspend(connection: Connection, job_id: str, *conditions: ColumnElement[bool], more: int = 0) -> bool:
    """Let a job wait for another worker, which begins anew: what was there is no longer listed."""
    free: dict[str, object] = {"lease": None, "worker": None, "result_bytes": 0}
    gone: dict[str, object] = {"done": None, "total": None, "progress_text": None}
    done = change(connection, *conditions, phase=SUSPENDED, losses=JOB.c.losses + more, **free, **gone)
    if done:
        drop_results(connection, job_id)
    return done


def abort_overlong(connection: Connection, now: datetime) -> tuple[str, ...]:
    """End the jobs that run longer than they may."""
    late = (JOB.c.phase == EXECUTING, overlong(now))
    aborted = []
    query = select(JOB.c.id, JOB.c.service, JOB.c.duration).where(*late).order_by(JOB.c.id)
    for job_id, service, duration in connection.execute(query).all():
        error = UsageError(f"the job ran longer than {duration} s, the time it may take")
        if change(connection, JOB.c.id == job_id, *late, **ended(ABORTED, now, told(service, error))):
            aborted.append(job_id)
    return tuple(aborted)


def overlong(now: datetime) -> ColumnElement[bool]:
    """Return what is true of a running job whose time is over."""
    end = type_coerce(JOB.c.started, BigInteger) + JOB.c.duration * 1000
    return (JOB.c.duration > 0) & (end <= (now - EPOCH) // MILLISECOND)


def destroy_overdue(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Forget the jobs whose destruction time has come."""
    query = select(JOB.c.id).where(JOB.c.destruction <= now).order_by(JOB.c.id)
    overdue = tuple(connection.execute(query).scalars())
    return tuple(job_id for job_id in overdue if destroy(connection, job_id, now))


def destroy(connection: Connection, job_id: str, now: datetime) -> bool:
    """Forget a job; its files are removed until no worker can write for it any more."""
    lease = connection.execute(select(JOB.c.lease).where(JOB.c.id == job_id)).scalar_one_or_none()
    if not connection.execute(delete(JOB).where(JOB.c.id == job_id)).rowcount:
        return False
    drop_results(connection, job_id)
    connection.execute(delete(UPLOAD).where(UPLOAD.c.job == job_id))
    until = max(lease or now, now) + 2 * SECOND
    connection.execute(insert(DOOMED).values(job=job_id, until=until))
    return True
