"""Rows of the database ↔ jobs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from soda_core.dali import NotFoundError, shown

from .errors import ResultsTooLarge
from .model import Failure, Job, Progress, Result
from .tables import JOB, RESULT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, RowMapping

__all__ = ["add_results", "change", "drop_results", "fetch", "job_of", "packed", "results_of"]

PLAIN = (
    "id",
    "service",
    "owner",
    "run_id",
    "phase",
    "created",
    "started",
    "ended",
    "duration",
    "destruction",
)


def packed(pairs: Iterable[tuple[str, str]]) -> str:
    """Return parameters as they are kept."""
    return json.dumps([list(pair) for pair in pairs], ensure_ascii=False, separators=(",", ":"))


def job_of(row: RowMapping, results: tuple[Result, ...] = ()) -> Job:
    """Return the job of a row."""
    failure = row["failure_kind"] and Failure(
        row["failure_kind"], row["failure_message"], row["failure_detail"]
    )
    progress = None if row["done"] is None else Progress(row["done"], row["total"], row["progress_text"])
    return Job(
        **{name: row[name] for name in PLAIN},
        quote=row["quote"],
        parameters=tuple((name, value) for name, value in json.loads(row["parameters"])),
        failure=failure or None,
        results=results,
        attempt=row["attempt"],
        progress=progress,
        version=row["version"],
    )


def fetch(connection: Connection, job_id: str) -> RowMapping:
    """Return the row of a job; raises `NotFoundError`."""
    row = connection.execute(select(JOB).where(JOB.c.id == job_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no job {shown(job_id)}")
    return row


def results_of(connection: Connection, job_id: str) -> tuple[Result, ...]:
    """Return the results of a job, in the order in which they were stored."""
    query = select(RESULT).where(RESULT.c.job == job_id).order_by(RESULT.c.number)
    return tuple(
        Result(row["id"], row["key"], row["size"], row["media_type"], row["label"])
        for row in connection.execute(query).mappings()
    )


def change(connection: Connection, *conditions: ColumnElement[bool], **values: Any) -> bool:  # noqa: ANN401 - values of columns
    """Change the rows that still meet the conditions, and tell whether there was any."""
    done = connection.execute(update(JOB).where(*conditions).values(version=JOB.c.version + 1, **values))
    return done.rowcount > 0


def add_results(connection: Connection, job_id: str, results: Iterable[Result], limit: int) -> None:
    """Add to the list of a job what is not in it yet; raises `ResultsTooLarge` above *limit* bytes."""
    mine = RESULT.c.job == job_id
    offered = {result.id: result for result in results}
    if not offered:
        return
    known = set(connection.execute(select(RESULT.c.id).where(mine)).scalars())
    fresh = [result for name, result in offered.items() if name not in known]
    rows = [
        {"job": job_id, "id": new.id, "number": number, "key": new.key, "size": new.size}
        | {"media_type": new.media_type, "label": new.label}
        for number, new in enumerate(fresh, len(known))
    ]
    if rows:
        connection.execute(insert(RESULT), rows)
    total = connection.execute(select(func.sum(RESULT.c.size)).where(mine)).scalar_one() or 0
    if limit and total > limit:
        raise ResultsTooLarge(limit)
    connection.execute(update(JOB).where(JOB.c.id == job_id).values(result_bytes=int(total)))


def drop_results(connection: Connection, job_id: str) -> None:
    """Remove all results of a job from its list."""
    connection.execute(delete(RESULT).where(RESULT.c.job == job_id))
