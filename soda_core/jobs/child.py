"""The process that does the work of one job."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
import uuid
from typing import TYPE_CHECKING, NoReturn

from soda_core.dali import DaliError, ServiceUnavailable

from .death import die_with
from .errors import ResultsTooLarge
from .messages import send
from .model import Progress, Result
from .words import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .engine import Work
    from .model import Failure, Job
    from .results import ResultStore

__all__ = ["PipeContext", "be_child", "failure_of"]

logger = logging.getLogger(__name__)

OFTEN = 0.1
"""Seconds between two messages about progress."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class PipeContext:
    """The `Context` of a child process, which tells everything to its supervisor."""

    def __init__(self, job: Job, results: ResultStore, pipe: int, most_bytes: int) -> None:
        self._job = job
        self._results = results
        self._pipe = pipe
        self._most = most_bytes
        self._stored = 0
        self._told = 0.0
        self._lock = threading.Lock()

    def save(self, name: str, data: Iterable[bytes], media_type: str, label: str = "") -> Result:
        """Store one result under *name*, which is also its id; clients see it at once."""
        job = self._job
        key, size = self._results.write(job.id, job.attempt, name, self._counted(data), media_type)
        result = Result(name, key, size, media_type, label)
        with self._lock:
            send(self._pipe, result)
        return result

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work has come; what comes too fast is left out."""
        now = time.monotonic()
        if now - self._told >= OFTEN or done == total:
            self._told = now
            with self._lock:
                send(self._pipe, Progress(done, total, text))

    def _counted(self, data: Iterable[bytes]) -> Iterator[bytes]:
        for block in data:
            with self._lock:
                self._stored += len(block)
                over = self._most and self._stored > self._most
            if over:
                raise ResultsTooLarge(self._most)
            yield block


def be_child(work: Work, job: Job, context: PipeContext, parent: int, pipe: int) -> NoReturn:
    """Do the work in this forked process, tell how it ended, and end."""
    status = 1
    try:
        die_with(parent)
        os.setpgid(0, 0)
        send(pipe, _outcome(work, job, context))
        status = 0
    except BrokenPipeError:
        pass  # the supervisor is gone, and with it the right to this job
    finally:
        os._exit(status)


def _outcome(work: Work, job: Job, context: PipeContext) -> Failure | None:
    """Return why the work failed, None if it did not."""
    try:
        work(job, context)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is told in words
        return failure_of(error, job)
    return None


def failure_of(error: Exception, job: Job) -> Failure:
    """Return what the client is told; what is not meant for clients goes to the log."""
    if isinstance(error, DaliError):
        return told(job.service, error)
    reference = uuid.uuid4().hex[:12]
    logger.error("job %s failed, reference %s", job.id, reference, exc_info=error)
    return told(job.service, _in_words(error, reference), reference)


def _in_words(error: Exception, reference: str) -> DaliError:
    """Return what a client may know of an error of ours."""
    if isinstance(error, OSError) and error.errno in FULL:
        return ServiceUnavailable("the results could not be stored; try again later")
    if isinstance(error, MemoryError):
        return ServiceUnavailable("the work needs more memory than there is at the moment")
    return DaliError(f"the work failed for a reason of the service; reference {reference}")
