"""The jobs of a deployment, as its settings have it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .local import LocalEngine
from .model import Limits
from .results import FolderResults
from .store import JobStore

if TYPE_CHECKING:
    from soda_core.settings import Settings

    from .engine import Engine
    from .results import ResultStore

__all__ = ["limits_of", "open_engine", "open_results_of", "open_store"]

MEGABYTE = 1_000_000


def limits_of(settings: Settings) -> Limits:
    """Return what one user may ask for."""
    return Limits(
        duration=settings.job_duration,
        lifetime=settings.job_lifetime,
        waiting=settings.user_jobs,
        running=settings.user_running,
        result_bytes=settings.job_megabytes * MEGABYTE,
        owner_bytes=settings.user_megabytes * MEGABYTE,
    )


def open_store(settings: Settings) -> JobStore:
    """Return the job list; raises `JobStoreError` if it cannot be opened."""
    return JobStore(settings.jobs_place, limits=limits_of(settings))


def open_results_of(settings: Settings) -> FolderResults:
    """Return the store of the results; raises `OSError` if the folder cannot be made."""
    return FolderResults(Path(settings.results_place))


def open_engine(settings: Settings, store: JobStore, results: ResultStore, work: str) -> Engine:
    """Return what carries out the jobs; *work* is the `module:function` of a `Work`."""
    return LocalEngine(store, results, work, slots=settings.job_slots, environment=settings.environment())
