"""Jobs as XML: the list, one job, its results, its parameters (UWS 1.1, 2.2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import quote

from ivoa_schemas import uws
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.models.datatype import XmlDateTime

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

__all__ = ["JobRecord", "instant", "job", "jobs", "parameters", "results"]

VERSION = "1.1"
"""Clients take a list without it for one of UWS 1.0, and do not WAIT (UWS 1.1, 2.2.1.1)."""


class ResultRecord(Protocol):
    """One result, as far as it is told."""

    @property
    def id(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def media_type(self) -> str: ...
    @property
    def label(self) -> str: ...


class FailureRecord(Protocol):
    """Why a job failed."""

    @property
    def kind(self) -> Literal["fatal", "transient"]: ...
    @property
    def message(self) -> str: ...


class ProgressRecord(Protocol):
    """How far a job has come."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def text(self) -> str: ...


class JobRecord(Protocol):
    """One job, as far as it is told; instants are aware and in UTC, the duration is in seconds."""

    @property
    def id(self) -> str: ...  # noqa: D102 - the name says it
    @property
    def owner(self) -> str | None: ...  # noqa: D102 - None for nobody in particular
    @property
    def run_id(self) -> str | None: ...  # noqa: D102 - the client's
    @property
    def phase(self) -> str: ...  # noqa: D102 - the name says it
    @property
    def created(self) -> datetime: ...  # noqa: D102 - the name says it
    @property
    def started(self) -> datetime | None: ...  # noqa: D102 - the name says it
    @property
    def ended(self) -> datetime | None: ...  # noqa: D102 - the name says it
    @property
    def duration(self) -> int: ...  # noqa: D102 - seconds
    @property
    def destruction(self) -> datetime | None: ...  # noqa: D102 - the name says it
    @property
    def quote(self) -> datetime | None: ...  # noqa: D102 - the name says it
    @property
    def parameters(self) -> tuple[tuple[str, str], ...]: ...  # noqa: D102 - names and texts
    @property
    def failure(self) -> FailureRecord | None: ...  # noqa: D102 - the name says it
    @property
    def results(self) -> Sequence[ResultRecord]: ...  # noqa: D102 - the name says it
    @property
    def progress(self) -> ProgressRecord | None: ...  # noqa: D102 - the name says it


def jobs(records: Iterable[JobRecord], address: str) -> uws.Jobs:
    """Return the list at *address*, in the order of *records*."""
    return uws.Jobs(version=VERSION, jobref=[_reference(record, address) for record in records])


def job(record: JobRecord, address: str) -> uws.Job:
    """Return one job; *address* is that of the job itself."""
    failure = record.failure
    return uws.Job(
        version=VERSION,
        job_id=record.id,
        run_id=record.run_id,
        owner_id=record.owner,
        phase=uws.ExecutionPhase(record.phase),
        quote=_moment(record.quote),
        creation_time=_moment(record.created),
        start_time=_moment(record.started),
        end_time=_moment(record.ended),
        execution_duration=record.duration,
        destruction=_moment(record.destruction),
        parameters=parameters(record, address),
        results=results(record, address),
        error_summary=_summary(failure) if failure else None,
        job_info=_info(record.progress) if record.progress else None,
    )


def results(record: JobRecord, address: str) -> uws.Results:
    """Return the results of a job, each with its address below that of the job."""
    return uws.Results(
        result=[
            uws.ResultReference(
                id=result.id,
                href=f"{address}/results/{quote(result.id)}",
                size=result.size if result.size >= 0 else None,
                mime_type=result.media_type,
                uwscustom_attributes={"{urn:uwscustom}label": result.label} if result.label else {},
            )
            for result in record.results
        ]
    )


def parameters(record: JobRecord, address: str) -> uws.Parameters:
    """Return the parameters of a job; files and what XML cannot hold by address (UWS 1.1, 2.2.2.4)."""
    return uws.Parameters(parameter=[_parameter(name, text, address) for name, text in record.parameters])


def instant(moment: datetime | None) -> str:
    """Return a moment as text: T between date and time, Z at the end; nothing for none (UWS 1.1, 2.2.1)."""
    return str(_moment(moment) or "")


def _moment(moment: datetime | None) -> XmlDateTime | None:
    return XmlDateTime.from_datetime(moment) if moment else None


def _reference(record: JobRecord, address: str) -> uws.ShortJobDescription:
    return uws.ShortJobDescription(
        id=record.id,
        href=f"{address}/{record.id}",
        phase=uws.ExecutionPhase(record.phase),
        run_id=record.run_id,
        owner_id=record.owner,
        creation_time=_moment(record.created),
    )


def _parameter(name: str, text: str, address: str) -> uws.Parameter:
    is_file = name == "UPLOAD" and ",param:" in text  # the same for all standards (DALI 1.1, 3.4.5)
    if all(character.isprintable() for character in text) and not is_file:
        return uws.Parameter(id=name, content=[text])
    return uws.Parameter(id=name, by_reference=True, content=[f"{address}/parameters/{quote(name)}"])


def _summary(failure: FailureRecord) -> uws.ErrorSummary:
    """Return what went wrong; the same is at the address `error`, so there is detail (DALI 1.1, 4.2)."""
    return uws.ErrorSummary(message=failure.message, type_value=uws.ErrorType(failure.kind), has_detail=True)


def _info(progress: ProgressRecord) -> uws.JobSummaryJobInfo:
    """Return the progress as an element of no namespace, which the schema leaves free."""
    counts = {"done": str(progress.done), "total": str(progress.total)}
    return uws.JobSummaryJobInfo(
        any_element=[AnyElement(qname="progress", text=progress.text, attributes=counts)]
    )
