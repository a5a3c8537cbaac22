"""Where jobs are taken in: their list, their results, and what carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from soda_core.jobs.opening import open_engine, open_results_of, open_store

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
        results = open_results_of(settings)
        return cls(store, results, open_engine(settings, store, results, WORK))

    def open(self) -> None:
        """Begin to carry out jobs, also those that an earlier server left."""
        self.engine.start()

    def troubles(self) -> tuple[str, ...]:
        """Ask the list of jobs whether it answers; one sentence if it does not."""
        try:
            self.store.queue_length()
        except SQLAlchemyError:
            return ("The list of jobs does not answer.",)
        return ()

    def close(self) -> None:
        """Stop; what is not finished goes on under the next server."""
        self.engine.stop()
        self.store.close()
