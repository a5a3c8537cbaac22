"""A process that does jobs, as a server or a worker of these settings; it lives until it is ended."""

from __future__ import annotations

import logging
import threading

from soda_core.jobs import open_engine, open_results_of, open_store, open_worker
from soda_core.settings import Settings

__all__ = ["WORK", "main"]

WORK = "job_works:open_work"


def main() -> None:
    """Do the jobs of the settings in the environment."""
    logging.basicConfig(level=logging.INFO)
    settings = Settings.from_environment()
    if settings.broker:
        open_worker(settings, WORK).run()
        return
    engine = open_engine(settings, open_store(settings), open_results_of(settings), WORK)
    engine.start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
