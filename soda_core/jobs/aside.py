"""What may take long or hang, done by a forked process beside the work."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING

from .death import die_with, kill_group

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Aside"]

logger = logging.getLogger(__name__)

TICK = 0.01


class Aside:
    """One such process at a time, a child of this process of one thread.

    Some stores of results have threads of their own, which no fork survives: what has to fork again never
    touches a store itself.
    """

    def __init__(self) -> None:
        self._child = 0

    def is_busy(self) -> bool:
        """Tell whether the last one is still at work."""
        if self._child and os.waitpid(self._child, os.WNOHANG)[0]:
            self._child = 0
        return bool(self._child)

    def begin(self, deed: Callable[[], object]) -> None:
        """Do something; what goes wrong is in the log. Connections must be closed before."""
        parent = os.getpid()
        self._child = os.fork()
        if self._child:
            return
        try:
            die_with(parent)
            os.setpgid(0, 0)
            deed()
        except Exception:  # a deed may fail in any way; the log has it, and the next round tries again
            logger.exception("keeping house failed")
        finally:
            os._exit(0)

    def end(self, seconds: float) -> None:
        """Wait for the end of what was begun; after *seconds* it is killed."""
        last = time.monotonic() + seconds
        while self.is_busy():
            if time.monotonic() > last:
                kill_group(self._child)
                os.waitpid(self._child, 0)
                self._child = 0
                return
            time.sleep(TICK)
