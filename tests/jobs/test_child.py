"""What a child tells, and what a client is told of failures."""

from __future__ import annotations

import errno
import logging
import os
from typing import TYPE_CHECKING

import pytest

from soda_core.dali import BadValue, DaliError, NotFoundError, ServiceUnavailable
from soda_core.jobs import Failure, FolderResults, Job, JobStore, Progress, Result, ResultsTooLarge
from soda_core.jobs.child import PipeContext, failure_of
from soda_core.jobs.messages import Inbox, send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    """A job that was claimed."""
    store = JobStore(str(tmp_path / "jobs.sqlite"))
    store.create("soda", [], run=True)
    claimed = store.claim("w", 60)
    assert claimed is not None
    yield claimed
    store.close()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The reading end, which does not block, and the writing end."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)
    os.close(writing)


RESULT = Result("a", "job/1/a", 3, "text/plain", "Ω\n")


def test_messages_arrive_as_they_were_sent(pipe: tuple[int, int]) -> None:
    """Results in their order, the latest progress, the failure."""
    inbox = Inbox(pipe[0])
    for message in (Progress(1, 3), RESULT, Progress(2, 3, "x"), Failure("fatal", "no", "d")):
        send(pipe[1], message)

    inbox.read()

    assert ([RESULT], Progress(2, 3, "x"), Failure("fatal", "no", "d")) == (
        inbox.results,
        inbox.progress,
        inbox.failure,
    )
    assert inbox.is_over
    assert not inbox.done


def test_a_message_cut_off_by_death_is_left_out() -> None:
    """What came before it counts."""
    reading, writing = os.pipe()
    send(writing, RESULT)
    os.write(writing, b'["Result", {"id": "b"')
    os.close(writing)
    inbox = Inbox(reading)

    inbox.read()
    os.close(reading)

    assert ([RESULT], True, None) == (inbox.results, inbox.ended, inbox.done)


def test_results_of_one_job_are_bounded_while_they_are_written(
    job: Job, pipe: tuple[int, int], tmp_path: Path
) -> None:
    """The work is stopped before the store is full, and no part of the file stays."""
    results = FolderResults(tmp_path / "results")
    context = PipeContext(job, results, pipe[1], 10)
    context.save("a", [b"123456"], "text/plain")

    with pytest.raises(ResultsTooLarge, match="larger than 10 bytes"):
        context.save("b", iter([b"123", b"45"]), "text/plain")
    context.flush()

    assert ["a"] == [path.name for path in (tmp_path / "results" / job.id / "1").iterdir()]


@pytest.mark.requirement("UWS-2.1-14")
@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (NotFoundError("no such dataset"), "fatal", "UsageError: no such dataset"),
        (ServiceUnavailable("later"), "transient", "ServiceUnavailable: later"),
        (BadValue("BAND", "x", "two numbers"), "fatal", "UsageError: BAND='x': expected two numbers"),
        (DaliError("broken"), "fatal", "Error: broken"),
        (
            OSError(errno.ENOSPC, "full", "/secret"),
            "transient",
            "ServiceUnavailable: the results could not be stored; try",
        ),
        (MemoryError(), "transient", "ServiceUnavailable: the work needs more memory"),
        (
            OSError(errno.ENOENT, "none", "/secret"),
            "fatal",
            "Error: the work failed for a reason of the service",
        ),
        (ValueError("/secret"), "fatal", "Error: the work failed for a reason of the service; reference"),
    ],
)
def test_a_failure_is_told_in_words(job: Job, error: Exception, kind: str, message: str) -> None:
    """With the label of the standard; never a path or what only the log should have."""
    with_log = failure_of(error, job)

    assert kind == with_log.kind
    assert with_log.message.startswith(message)
    assert "secret" not in with_log.message + with_log.detail


def test_the_log_has_the_reference(job: Job, caplog: pytest.LogCaptureFixture) -> None:
    """Who runs the service finds the traceback by it."""
    with caplog.at_level(logging.ERROR):
        told = failure_of(ValueError("inside"), job)

    assert told.detail in caplog.text
    assert "ValueError: inside" in caplog.text
