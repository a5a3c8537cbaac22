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
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, RowMapping

__all__ = ["add_results", "change", "drop_results", "fetch", "job_of", "packed", "reached", "results_of"]

CHUNK = 500
"""Names in one question."""

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


def reached(progress: Progress | None) -> dict[str, object]:
    """Return the columns that tell how far a job has come, none where that is not known."""
    if progress is None:
        return {}
    return {"done": progress.done, "total": progress.total, "progress_text": progress.text}


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
    offered = {result.id: result for result in results}
    if not offered:
        return
    known = _known(connection, job_id, tuple(offered))
    fresh = [result for name, result in offered.items() if name not in known]
    count = select(func.count()).select_from(RESULT).where(RESULT.c.job == job_id)
    rows = [
        {"job": job_id, "id": new.id, "number": number, "key": new.key, "size": new.size}
        | {"media_type": new.media_type, "label": new.label}
        for number, new in enumerate(fresh, connection.execute(count).scalar_one())
    ]
    if rows:
        connection.execute(insert(RESULT), rows)
    more = update(JOB).where(JOB.c.id == job_id)
    connection.execute(more.values(result_bytes=JOB.c.result_bytes + sum(new.size for new in fresh)))
    total = connection.execute(select(JOB.c.result_bytes).where(JOB.c.id == job_id)).scalar_one()
    if limit and total > limit:
        raise ResultsTooLarge(limit)


def _known(connection: Connection, job_id: str, names: Sequence[str]) -> set[str]:
    """Return those of *names* that are in the list of a job."""
    known: set[str] = set()
    for start in range(0, len(names), CHUNK):
        some = RESULT.c.id.in_(names[start : start + CHUNK])
        known.update(connection.execute(select(RESULT.c.id).where(RESULT.c.job == job_id, some)).scalars())
    return known


def drop_results(connection: Connection, job_id: str) -> None:
    """Remove all results of a job from its list."""
    connection.execute(delete(RESULT).where(RESULT.c.job == job_id))
