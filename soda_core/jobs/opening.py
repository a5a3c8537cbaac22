"""The jobs of a deployment, as its settings have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import JobStoreError
from .local import LocalEngine
from .model import Limits
from .results import open_results
from .store import JobStore

if TYPE_CHECKING:
    from soda_core.settings import Settings

    from .broker import Broker
    from .engine import Engine
    from .results import ResultStore
    from .worker import Worker

__all__ = ["limits_of", "open_broker", "open_engine", "open_results_of", "open_store", "open_worker"]

MISSING = "{}: needs the extra {!r} of the installation; there is no {!r}"
MEGABYTE = 1_000_000


def limits_of(settings: Settings) -> Limits:
    """Return what one user may ask for."""
    return Limits(
        duration=settings.job_duration,
        lifetime=settings.job_lifetime,
        waiting=settings.user_jobs,
        running=settings.user_running,
        result_bytes=settings.job_megabytes * MEGABYTE,
        losses=settings.job_losses,
        owner_bytes=settings.user_megabytes * MEGABYTE,
    )


def open_store(settings: Settings) -> JobStore:
    """Return the job list; raises `JobStoreError` if it cannot be opened."""
    return JobStore(settings.jobs_place, limits=limits_of(settings))


def open_results_of(settings: Settings) -> ResultStore:
    """Return the store of the results; raises `OSError` if the folder cannot be made."""
    try:
        return open_results(settings.results_place)
    except ImportError as error:
        raise JobStoreError(MISSING.format("results", "s3", error.name)) from None


def open_engine(settings: Settings, store: JobStore, results: ResultStore, work: str) -> Engine:
    """Return what carries out the jobs; *work* is the `module:function` of an `Opener`."""
    if not settings.broker:
        return LocalEngine(
            store,
            results,
            work,
            slots=settings.job_slots,
            lease_seconds=settings.job_lease,
            environment=settings.environment(),
        )
    try:
        from .sender import Sender  # noqa: PLC0415 - its library is an extra
    except ImportError as error:
        raise JobStoreError(MISSING.format("broker", "celery", error.name)) from None
    return Sender(store, results, open_broker(settings))


def open_broker(settings: Settings) -> Broker:
    """Return where jobs are sent; raises `ImportError`."""
    from .broker import Broker  # noqa: PLC0415 - its library is an extra

    return Broker(settings.broker, settings.broker_queue)


def open_worker(settings: Settings, work: str) -> Worker:
    """Return what does the jobs that are sent; *work* is the `module:function` of an `Opener`."""
    try:
        from .worker import Worker  # noqa: PLC0415 - its library is an extra
    except ImportError as error:
        raise JobStoreError(MISSING.format("broker", "celery", error.name)) from None
    return Worker(settings, work)
