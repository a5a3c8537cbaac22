"""How much is going on: who waits, who is being served, what jobs took lately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from .phases import COMPLETED, EXECUTING, QUEUED, SUSPENDED
from .tables import JOB

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["LATELY", "Taken", "Traffic", "traffic_of"]

LATELY = 32
"""Jobs that tell how long things take."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a completed job took: seconds from start to end, for so many steps and bytes of results."""

    seconds: float
    steps: int
    size: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Numbers of jobs that wait for a worker and that have one, and what the latest completed ones took."""

    waiting: int
    executing: int
    lately: tuple[Taken, ...] = ()


def traffic_of(connection: Connection) -> Traffic:
    """Look at the jobs of all owners."""
    columns = (JOB.c.phase, func.count().label("number"))
    busy = select(*columns).where(JOB.c.phase.in_((QUEUED, SUSPENDED, EXECUTING))).group_by(JOB.c.phase)
    counts = {row.phase: row.number for row in connection.execute(busy)}
    done = select(JOB.c.started, JOB.c.ended, JOB.c.total, JOB.c.result_bytes)
    last = done.where(JOB.c.phase == COMPLETED).order_by(JOB.c.queued.desc()).limit(LATELY)
    lately = tuple(
        Taken((ended - started).total_seconds(), steps or 1, size)
        for started, ended, steps, size in connection.execute(last)
        if started and ended
    )
    return Traffic(counts.get(QUEUED, 0) + counts.get(SUSPENDED, 0), counts.get(EXECUTING, 0), lately)
