"""The process that does the work of one job."""

from __future__ import annotations

import errno
import gc
import logging
import os
import resource
import select
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from soda_core.dali import DaliError, ServiceUnavailable

from .death import die_with
from .errors import ResultsTooLarge
from .messages import Done, next_job, send
from .model import Progress, Result
from .outbox import Outbox
from .results import New
from .words import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .engine import Work
    from .model import Failure, Job
    from .results import ResultStore

__all__ = ["PATIENCE", "PipeContext", "Task", "be_child", "failure_of"]

logger = logging.getLogger(__name__)

SMALL = 1 << 20
"""Bytes up to which a result is held in memory to be stored together with others."""

OFTEN = 0.1
"""Seconds between two messages about progress."""

MANY = 100
"""Jobs of one child."""

PATIENCE = 20.0
"""Seconds that a child waits for a further job."""

LARGE = 1 << 29
"""Bytes of memory above which a child takes no further job."""

KIBIBYTE = 1 if sys.platform == "darwin" else 1024
"""The unit of the kernel's answer."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


Labelled: TypeAlias = tuple[New, str]
"""A small result and its label."""


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
        self._outbox = Outbox(self._deliver)

    def save(self, name: str, data: Iterable[bytes], media_type: str, label: str = "") -> None:
        """Store one result under *name*, which is also its id; small ones are stored together."""
        blocks, head, size = self._counted(data), [], 0
        for block in blocks:
            head.append(block)
            size += len(block)
            if size > SMALL:
                (large,) = self._written([(New(name, chain(head, blocks), media_type), label)])
                self._outbox.put(large, 0)
                return
        self._outbox.put((New(name, head, media_type), label), size)

    def flush(self) -> None:
        """Return once everything is stored and told."""
        self._outbox.flush()

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work has come; what comes too fast is left out."""
        now = time.monotonic()
        if now - self._told >= OFTEN or done == total:
            self._told = now
            with self._lock:
                send(self._pipe, Progress(done, total, text))

    def _deliver(self, batch: Sequence[Labelled | Result]) -> None:
        """Store what is not stored yet, and tell of everything in its order."""
        fresh = iter(self._written([item for item in batch if not isinstance(item, Result)]))
        results = [item if isinstance(item, Result) else next(fresh) for item in batch]
        with self._lock:
            send(self._pipe, *results)

    def _written(self, some: Sequence[Labelled]) -> list[Result]:
        """Store results, and return what there is to tell of them."""
        if not some:
            return []
        job = self._job
        stored = self._results.write(job.id, job.attempt, [new for new, _ in some])
        return [
            Result(new.name, key, size, new.media_type, label)
            for (new, label), (key, size) in zip(some, stored, strict=True)
        ]

    def _counted(self, data: Iterable[bytes]) -> Iterator[bytes]:
        for block in data:
            with self._lock:
                self._stored += len(block)
                over = self._most and self._stored > self._most
            if over:
                raise ResultsTooLarge(self._most)
            yield block


@dataclass(frozen=True, slots=True)
class Task:
    """What a child does, with the first *job*; its results are at most so many bytes, 0 for no limit."""

    work: Work
    job: Job
    results: ResultStore
    most_bytes: int


def be_child(task: Task, parent: int, orders: int, pipe: int) -> NoReturn:
    """Do jobs in this forked process, tell how each ended, and end."""
    status = 1
    try:
        die_with(parent)
        os.setpgid(0, 0)
        gc.freeze()  # to look through what the parent has would copy all its memory
        _do_all(task, orders, pipe)
        status = 0
    except BrokenPipeError:
        pass  # the supervisor is gone, and with it the right to this job
    finally:
        os._exit(status)


def _do_all(task: Task, orders: int, pipe: int) -> None:
    """Do job after job, until one fails or there have been many."""
    job: Job | None = task.job
    with open(orders, "rb") as coming:
        for left in reversed(range(MANY)):
            if job is None:
                return
            failure = _outcome(task.work, job, PipeContext(job, task.results, pipe, task.most_bytes))
            goes_on = failure is None and left > 0 and not _is_large()
            send(pipe, failure or Done(again=goes_on))
            if not goes_on:
                return
            is_told = select.select((orders,), (), (), PATIENCE)[0]
            job = next_job(coming) if is_told else None


def _is_large() -> bool:
    """Tell whether this process has ever had much memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE > LARGE


def _outcome(work: Work, job: Job, context: PipeContext) -> Failure | None:
    """Return why the work failed, None if it did not."""
    try:
        work(job, context)
        context.flush()
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is told in words
        with suppress(Exception):  # what was made before stays; if that fails, the first error is told
            context.flush()
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
