"""Processes that do not outlive each other."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

__all__ = ["die_with", "kill_group"]

PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """End this process when the thread of *parent* that made it ends, at once if it has already.

    Where there is no such kernel (all but Linux), the pipes between the processes tell, if somewhat later.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def kill_group(leader: int) -> None:
    """End a process and all that it started in its group."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):  # Permission: zombies only, on some systems
            kill(leader, signal.SIGKILL)
