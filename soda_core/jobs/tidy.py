"""What time does to jobs and their files."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .results import ResultStore
    from .store import JobStore

__all__ = ["keep_house", "tidy"]


def keep_house(store: JobStore, results: ResultStore) -> None:
    """Sweep, and remove the files of what was ended by it or destroyed before."""
    swept = store.sweep()
    tidy(store, results, chain(swept.suspended, swept.failed, swept.aborted))
    if doomed := store.doomed():
        for job_id in doomed:
            results.delete(job_id)
        store.forget(doomed)


def tidy(store: JobStore, results: ResultStore, job_ids: Iterable[str] | None = None) -> None:
    """Remove the files that no row names, of those jobs or of all: a dead worker may leave some."""
    asked = tuple(results.jobs() if job_ids is None else job_ids)
    known = store.attempts(asked)
    for job_id in asked:
        if job_id in known:
            attempt, keys = known[job_id]
            if attempt:  # 0: no worker has written anything yet
                results.prune(job_id, attempt, keys)
        else:
            results.delete(job_id)
