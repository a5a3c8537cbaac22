"""Where jobs are taken in: their list, their results, and what carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soda_core.jobs.local import LocalEngine
from soda_core.jobs.opening import open_store
from soda_core.jobs.results import open_results

from .cutout_jobs import WORK

if TYPE_CHECKING:
    from soda_core.jobs import Engine, JobStore, ResultStore
    from soda_core.settings import Settings

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of a deployment that jobs need."""

    store: JobStore
    results: ResultStore
    engine: Engine

    @classmethod
    def of(cls, settings: Settings) -> Desk:
        """Open the list of jobs that the settings name; nothing is carried out yet."""
        store = open_store(settings)
        results = open_results(settings.results_place)
        engine = LocalEngine(
            store, results, WORK, slots=settings.job_slots, environment=settings.environment()
        )
        return cls(store, results, engine)

    def open(self) -> None:
        """Begin to carry out jobs, also those that an earlier server left."""
        self.engine.start()

    def close(self) -> None:
        """Stop; what is not finished goes on under the next server."""
        self.engine.stop()
        self.store.close()
