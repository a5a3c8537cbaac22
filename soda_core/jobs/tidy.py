"""What time does to jobs and their files."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Swept
    from .results import ResultStore
    from .store import JobStore

__all__ = ["Chores", "House", "clean", "keep_house", "sweep", "tidy"]

logger = logging.getLogger(__name__)


THOROUGH = 3600
"""Seconds between two looks through all files."""


@dataclass(frozen=True, slots=True)
class Chores:
    """The jobs whose files are to be looked at: *ended* by time just now, *doomed* before."""

    ended: tuple[str, ...]
    doomed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.ended or self.doomed)


def sweep(store: JobStore) -> tuple[Swept, Chores]:
    """Let time act on the rows, and tell what follows for the files."""
    swept = store.sweep()
    return swept, Chores(swept.suspended + swept.failed + swept.aborted, store.doomed())


def clean(store: JobStore, results: ResultStore, chores: Chores) -> None:
    """Remove the files of what was ended or destroyed."""
    tidy(store, results, chores.ended)
    gone = [job_id for job_id in chores.doomed if _delete(results, job_id)]
    if gone:
        store.forget(gone)


def keep_house(store: JobStore, results: ResultStore) -> Swept:
    """Sweep, and remove the files of what was ended by it or destroyed before."""
    swept, chores = sweep(store)
    if chores:
        clean(store, results, chores)
    return swept


class House:
    """Keeps house again and again, and at the beginning and now and then looks through all files."""

    def __init__(self, store: JobStore, results: ResultStore) -> None:
        self._store = store
        self._results = results
        self._thorough = -float(THOROUGH)

    def keep(self) -> Swept:
        """Do what is due; raises what SQLAlchemy raises while the store is away."""
        now = time.monotonic()
        if now - self._thorough >= THOROUGH:
            tidy(self._store, self._results)
            self._thorough = now
        return keep_house(self._store, self._results)


def tidy(store: JobStore, results: ResultStore, job_ids: Iterable[str] | None = None) -> None:
    """Remove the files that no row names, of those jobs or of all: a dead worker may leave some."""
    try:
        asked = tuple(results.jobs() if job_ids is None else job_ids)
    except OSError as error:
        logger.warning("the files of the jobs cannot be looked through: %s", error)
        return
    known = store.attempts(asked)
    for job_id in asked:
        if job_id not in known:
            _delete(results, job_id)
            continue
        attempt, keys = known[job_id]
        if not attempt:  # no worker has written anything yet
            continue
        try:
            results.prune(job_id, attempt, keys)
        except OSError as error:
            logger.warning("files of job %s stay for now: %s", job_id, error)


def _delete(results: ResultStore, job_id: str) -> bool:
    """Remove all files of a job; tell whether that was possible."""
    try:
        results.delete(job_id)
    except OSError as error:
        logger.warning("the files of job %s stay for now: %s", job_id, error)
        return False
    return True
