"""The process of one slot of the local engine: takes jobs from the store, one at a time.

It is started as `python -m soda_core.jobs.supervisor`; the first line of its input is its `Post`. A
further line says that there may be something to do, the end of the input that the server is gone.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import sys
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from .death import die_with
from .model import Limits
from .post import Post, find_work
from .results import open_results
from .store import JobStore
from .supervision import Supervision

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["Orders", "main"]

logger = logging.getLogger(__name__)

IDLE = 1.0
"""Seconds between two looks for jobs that another server has queued."""

BLOCK = 4096


class Orders:
    """What the server says through *pipe*: its end is the order to stop, as is a signal to terminate."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self.over = False
        signal.signal(signal.SIGTERM, self._stop)

    def wait(self, seconds: float, other: int = -1) -> bool:
        """Wait until something can be read from the pipe or from *other*; tell whether to stop."""
        files = [self._pipe] if other < 0 else [self._pipe, other]
        if not self.over and self._pipe in select.select(files, (), (), seconds)[0]:
            self.over = not os.read(self._pipe, BLOCK) or self.over
        return self.over

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.over = True


def main() -> None:
    """Take jobs until the server is gone."""
    pipe = sys.stdin.fileno()
    with open(pipe, "rb", buffering=0, closefd=False) as unbuffered:
        line = unbuffered.readline()
    if not line:  # the server was gone before it could say anything
        return
    post = Post(**json.loads(line))
    die_with(post.parent)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sys.path[:] = post.path
    orders = Orders(pipe)
    store = JobStore(post.store, limits=Limits(**post.limits))
    supervision = Supervision(
        store, open_results(post.results), find_work(post.work)(), post.lease_seconds, orders.wait
    )
    while not orders.over:
        try:
            job = store.claim(post.worker, post.lease_seconds)
        except SQLAlchemyError:
            logger.warning("the job store is away", exc_info=True)
            job = None
        if job is None:
            orders.wait(IDLE)
        else:
            supervision.run(job)
    supervision.rest()
    store.close()


if __name__ == "__main__":
    main()
