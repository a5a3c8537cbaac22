"""Where jobs are taken in: their list, their results, and what carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from soda_core.jobs import FolderResults, JobStore
from soda_core.jobs.local import LocalEngine

from .cutout_jobs import WORK

if TYPE_CHECKING:
    from soda_core.jobs import Engine, ResultStore
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
        base = Path(settings.inventory_place.partition(":///")[2] or settings.inventory_place)
        store = JobStore(str(base.with_suffix(".jobs.sqlite")))
        results = FolderResults(base.with_suffix(".results"))
        engine = LocalEngine(store, results, WORK, slots=1, environment=settings.environment())
        return cls(store, results, engine)

    def open(self) -> None:
        """Begin to carry out jobs, also those that an earlier server left."""
        self.engine.start()

    def close(self) -> None:
        """Stop; what is not finished goes on under the next server."""
        self.engine.stop()
        self.store.close()
