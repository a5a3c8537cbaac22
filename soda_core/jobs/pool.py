"""The process of Celery: takes messages, and lets each of its children do one job at a time.

It has its settings in the environment; its arguments are the `module:function` of an `Opener` and its parent.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import sys
import uuid
from typing import TYPE_CHECKING

from celery import signals
from sqlalchemy.exc import SQLAlchemyError

from soda_core.settings import Settings

from .broker import TASK, app_of
from .death import die_with
from .errors import JobStoreError
from .opening import open_broker, open_results_of, open_store
from .post import find_work
from .supervision import Supervision

if TYPE_CHECKING:
    from .store import JobStore

__all__ = ["Slot", "main"]

logger = logging.getLogger(__name__)


class Slot:
    """What a child of the pool does with a message; *stop* is a pipe that can be read once it is to stop."""

    def __init__(self, settings: Settings, work: str, stop: int) -> None:
        self._settings = settings
        self._work = work
        self._stop = stop
        self._worker = ""
        self._opened: tuple[JobStore, Supervision] | None = None

    def take(self, job_id: str) -> None:
        """Do the job that is named, or else the one that waits longest, if there is any."""
        lease = self._settings.job_lease
        try:
            store, supervision = self._opened = self._opened or self._open()
            if self.stopping(0, -1):
                return
            job = store.claim(self._worker, lease, job_id=job_id) or store.claim(self._worker, lease)
        except (SQLAlchemyError, JobStoreError):
            logger.warning("the job store is away; the job will be sent again", exc_info=True)
            return
        if job is not None:
            supervision.run(job)

    def stopping(self, seconds: float, other: int) -> bool:
        """Wait until something can be read from *other*, or it is to stop; tell whether it is."""
        files = [self._stop] if other < 0 else [self._stop, other]
        return self._stop in select.select(files, (), (), seconds)[0]

    def _open(self) -> tuple[JobStore, Supervision]:
        """Open everything in the process that needs it."""
        store = open_store(self._settings)
        self._worker = f"{socket.gethostname()[:64]}/{uuid.uuid4().hex}"
        work, lease = find_work(self._work)(), self._settings.job_lease
        return store, Supervision(store, open_results_of(self._settings), work, lease, self.stopping)


def main() -> None:
    """Take messages until told to stop."""
    work, parent = sys.argv[1:]
    die_with(int(parent))
    settings = Settings.from_environment()
    find_work(work)
    signals.setup_logging.connect(_log, weak=False)
    stop, stopped = os.pipe()
    # Never read: every child of the pool sees it, and those that are made later too.
    signals.worker_shutting_down.connect(lambda **_told: os.write(stopped, b"\n"), weak=False)
    app = app_of(open_broker(settings))
    app.task(name=TASK)(Slot(settings, work, stop).take)
    worker = app.Worker(
        hostname=f"{uuid.uuid4().hex}@{socket.gethostname()}",
        concurrency=settings.job_slots or os.cpu_count() or 1,
        pool="prefork",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _log(**_told: object) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


if __name__ == "__main__":
    main()
