"""`sodalite worker`: does the jobs of a deployment that has a broker."""

from __future__ import annotations

import logging
from pathlib import Path  # noqa: TC003 - cyclopts reads the annotations

from soda_core.jobs import open_worker
from soda_core.services import WORK
from soda_core.settings import Settings

from .console import Stop, out

__all__ = ["worker"]


def worker(*, config: Path | None = None) -> None:
    """Do the jobs that servers of the same settings queue.

    Parameters
    ----------
    config
        File with the settings (`sodalite.toml`), by default the environment.

    """
    settings = Settings.from_file(config) if config else Settings.from_environment()
    if not settings.broker:
        raise Stop("there is nothing to wait for: `broker` is not set, so that the servers do the jobs")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    out.print("Waiting for jobs (Ctrl-C ends it)")
    open_worker(settings, WORK).run()
