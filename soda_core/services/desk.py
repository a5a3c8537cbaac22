"""Where jobs are taken in: their list, their results, and what carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soda_core.jobs import Engine, JobStore, ResultStore

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of a deployment that jobs need."""

    store: JobStore
    results: ResultStore
    engine: Engine

    def open(self) -> None:
        """Begin to carry out jobs, also those that an earlier server left."""
        self.engine.start()

    def close(self) -> None:
        """Stop; what is not finished goes on under the next server."""
        self.engine.stop()
        self.store.close()
