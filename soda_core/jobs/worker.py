"""A worker: the process of Celery, kept alive, and a look at what others have lost."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from .opening import open_broker, open_results_of, open_store
from .sender import Sender

if TYPE_CHECKING:
    from soda_core.settings import Settings

__all__ = ["Worker"]

logger = logging.getLogger(__name__)

RUN = "from soda_core.jobs.pool import main; main()"
"""Not `-m`, which warns of a module that its package has imported already; warnings may be errors."""

PAUSE = 1.0
"""Seconds before an ended process is replaced."""

PATIENCE = 20
"""Seconds in which the jobs at hand must be given back."""


class Worker:
    """Does the jobs of a deployment, *work* the `module:function` of an `Opener`, until told to stop."""

    def __init__(self, settings: Settings, work: str) -> None:
        self._settings = settings
        self._work = work
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work; SIGTERM and SIGINT give the jobs at hand back, and end it. Raises `JobStoreError`."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        store = open_store(self._settings)
        sender = Sender(store, open_results_of(self._settings), open_broker(self._settings))
        sender.start()
        try:
            while not self._stopping.is_set():
                self._once()
        finally:
            sender.stop()
            store.close()

    def _once(self) -> None:
        """Run the process of Celery until it ends or is to end."""
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", RUN, self._work, str(os.getpid())],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | self._settings.environment(),
        )
        while process.poll() is None and not self._stopping.wait(0.1):
            pass
        if process.poll() is not None and not self._stopping.is_set():
            logger.warning("the process of the workers ended, status %s", process.returncode)
            self._stopping.wait(PAUSE)
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
