"""Who may have one more job: waiting, and running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from soda_core.dali import ServiceUnavailable

from .phases import EXECUTING, FINAL
from .tables import JOB, UPLOAD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection

    from .model import Limits

__all__ = ["check_bytes", "check_room", "choose"]


def check_room(connection: Connection, limits: Limits, owner: str | None) -> None:
    """Raise `ServiceUnavailable` if the owner has as many unfinished jobs as are allowed."""
    most = limits.waiting
    query = select(func.count()).select_from(JOB).where(JOB.c.owner == owner, JOB.c.phase.not_in(FINAL))
    if most and connection.execute(query).scalar_one() >= most:
        raise ServiceUnavailable(
            f"{most} jobs are not finished yet, the most that are kept for one user; try again later"
        )
    check_bytes(connection, limits, owner)


def check_bytes(connection: Connection, limits: Limits, owner: str | None) -> None:
    """Raise `ServiceUnavailable` if the results and uploads of the owner fill what is allowed."""
    most = limits.owner_bytes
    if not most:
        return
    results = select(func.sum(JOB.c.result_bytes)).where(JOB.c.owner == owner)
    sent = select(func.sum(UPLOAD.c.size)).join(JOB, JOB.c.id == UPLOAD.c.job).where(JOB.c.owner == owner)
    if sum(connection.execute(query).scalar_one() or 0 for query in (results, sent)) >= most:
        raise ServiceUnavailable(
            f"earlier jobs fill the {most} bytes that one user may have, uploads and results together; "
            "delete some jobs"
        )


def choose(connection: Connection, limits: Limits, ready: Iterable[ColumnElement[bool]]) -> str | None:
    """Return the ready job that waits longest among those whose owners may run one more."""
    query = select(JOB.c.id).where(*ready).order_by(JOB.c.queued, JOB.c.created, JOB.c.id).limit(1)
    if limits.running:
        other = JOB.alias()
        same = (other.c.owner == JOB.c.owner) | (other.c.owner.is_(None) & JOB.c.owner.is_(None))
        busy = select(func.count()).select_from(other).where(other.c.phase == EXECUTING, same)
        query = query.where(busy.scalar_subquery() < limits.running)
    return connection.execute(query).scalar_one_or_none()
