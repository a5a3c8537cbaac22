"""What a job is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from soda_core.dali import UsageError

__all__ = [
    "EPOCH",
    "MILLISECOND",
    "Failure",
    "Job",
    "Kind",
    "Limits",
    "Progress",
    "Result",
    "Swept",
    "whole",
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LONGEST = 2**31 - 1

Kind: TypeAlias = Literal["fatal", "transient"]


def whole(moment: datetime) -> datetime:
    """Return *moment* in UTC, cut to milliseconds: what is printed is then what is compared."""
    return EPOCH + (moment - EPOCH) // MILLISECOND * MILLISECOND


@dataclass(frozen=True, slots=True)
class Result:
    """One product of a job; *key* finds its bytes in the result store; a size below 0 is not known."""

    id: str
    key: str
    size: int
    media_type: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job ended early, in words for the client; repeating helps only where it is transient."""

    kind: Kind
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come: *done* of *total* pieces, and a sentence."""

    done: int
    total: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the job list.

    Instants are aware, UTC, of whole milliseconds; the duration is in seconds, 0 for no limit.
    *attempt* counts the workers that took the job, *version* every change that a client could see.
    """

    id: str
    service: str
    owner: str | None
    run_id: str | None
    phase: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    duration: int
    destruction: datetime | None
    quote: datetime | None
    parameters: tuple[tuple[str, str], ...]
    failure: Failure | None
    results: tuple[Result, ...]
    attempt: int
    progress: Progress | None
    version: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What one owner, or all who have no name together, may ask of the service; 0 is no limit."""

    duration: int = 3600
    """Seconds that a job may run: what it gets and the most that a client can ask for."""
    lifetime: int = 7 * 86400
    """Seconds from creation to destruction: what a job gets and the most that a client can ask for."""
    waiting: int = 1000
    """Jobs of an owner that are not finished."""
    running: int = 0
    """Jobs of an owner that run at a time; the others wait in the queue."""
    result_bytes: int = 0
    """Bytes of the results of one job."""
    owner_bytes: int = 0
    """Bytes of the results of all jobs of an owner, above which none is started."""
    losses: int = 3
    """Workers that may die over a job before it is given up."""

    def seconds(self, asked: int | None) -> int:
        """Return for how long a job may run that asks for so much."""
        if asked is not None and asked < 0:
            raise UsageError(f"the execution duration is {asked}; expected 0 for no limit, or more")
        return min(asked, self.duration or LONGEST) if asked else self.duration

    def end(self, created: datetime, asked: datetime | None) -> datetime | None:
        """Return when a job is destroyed that asks for that instant, or for none."""
        most = whole(created + timedelta(seconds=self.lifetime)) if self.lifetime else None
        if asked is None:
            return most
        return min(whole(asked), most or whole(asked))


@dataclass(frozen=True, slots=True)
class Swept:
    """The jobs that a sweep changed, by id."""

    suspended: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    aborted: tuple[str, ...] = ()
    destroyed: tuple[str, ...] = ()
