"""A child that does jobs, one after the other as long as all goes well."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .child import PATIENCE, be_child
from .death import kill_group
from .messages import Inbox, order

if TYPE_CHECKING:
    from .child import Task
    from .model import Job

__all__ = ["Forked"]


@dataclass
class Forked:
    """A child of this process of one thread; *inbox* holds what it tells of its present job."""

    pid: int
    inbox: Inbox
    _orders: int
    _paused: float = 0.0

    @classmethod
    def of(cls, task: Task) -> Forked:
        """Fork; connections must be closed before, as the child would inherit them."""
        reading, writing = os.pipe()
        orders, ordering = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            os.close(reading)
            os.close(ordering)
            be_child(task, parent, orders, writing)
        os.close(writing)
        os.close(orders)
        os.set_blocking(reading, False)
        return cls(pid, Inbox(reading), ordering)

    def take(self, job: Job) -> bool:
        """Give it another job; False if it is no more, or about to end for want of one."""
        if self.is_dead() or time.monotonic() - self._paused > PATIENCE / 2:
            return False
        self.inbox = Inbox(self.inbox.pipe)
        try:
            order(self._orders, job)
        except BrokenPipeError:
            return False
        return True

    def pause(self) -> None:
        """Note that it has nothing to do from now on."""
        self._paused = time.monotonic()

    def is_dead(self) -> bool:
        """Tell whether it has ended; it can still be waited for."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def end(self) -> None:
        """Kill it and what it has started, and take the last that it has told."""
        kill_group(self.pid)
        os.waitpid(self.pid, 0)
        self.inbox.read()
        os.close(self.inbox.pipe)
        os.close(self._orders)
