"""A process with a job engine, as a server has one; it lives until it is ended."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from soda_core.jobs import FolderResults, JobStore, Limits
from soda_core.jobs.local import LocalEngine

__all__ = ["main"]


def main(folder: str, slots: str, lease: str, losses: str) -> None:
    """Run the jobs of the store in *folder*."""
    store = JobStore(str(Path(folder, "jobs.sqlite")), limits=Limits(losses=int(losses)))
    results = FolderResults(Path(folder, "results"))
    engine = LocalEngine(store, results, "job_works:do", slots=int(slots), lease_seconds=float(lease))
    engine.start()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
