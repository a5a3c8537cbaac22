"""Files kept mapped into memory, where whoever runs the service allows it."""

import mmap
import threading
import weakref
from dataclasses import dataclass

import numpy as np

from soda_core.storage.run import Run

__all__ = ["MAPS", "Maps"]

AROUND = 1 << 16
"""Bytes that the kernel shows around a place that is touched, if they are in memory."""


class Maps:
    """The mapped files of this process; of all of them together about *limit* bytes are shown at a time.

    Copying rows out of a mapping that was touched there before costs a third of reading them. A file that is
    truncated meanwhile ends the process; so nothing is mapped unless a limit is set.
    """

    def __init__(self, limit: int = 0) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._at_most = 0
        self._known: weakref.WeakKeyDictionary[object, _Map] = weakref.WeakKeyDictionary()

    def copy(self, owner: object, descriptor: int, run: Run, target: memoryview) -> None:
        """Fill *target* with the stretches of a run; the mapping lasts as long as its owner."""
        with self._lock:
            known = self._known.get(owner)
            if known is None:
                known = self._known[owner] = _Map(mmap.mmap(descriptor, 0, prot=mmap.PROT_READ))
            more = _touched(run)
            known.shown = min(len(known.memory), known.shown + more)
            self._at_most += more
            if self._at_most > self.limit:
                self._at_most = self.shown
            if self._at_most > self.limit:
                self._let_go()
                known.shown = self._at_most = more
        shape, strides = (run.planes, run.count, run.length), (run.pitch, run.stride, 1)
        stored = np.ndarray(shape, np.uint8, known.memory, run.offset, strides)
        np.ndarray(shape, np.uint8, target)[...] = stored

    @property
    def shown(self) -> int:
        """Bytes that are shown at most."""
        return sum(known.shown for known in self._known.values())

    def _let_go(self) -> None:
        """Show nothing any more; what is touched again comes back."""
        for known in self._known.values():
            known.memory.madvise(mmap.MADV_DONTNEED)
            known.shown = 0


@dataclass(slots=True)
class _Map:
    """A mapped file, and how many bytes of it are shown at most."""

    memory: mmap.mmap
    shown: int = 0


def _touched(run: Run) -> int:
    """Return how many bytes the kernel may show for a run."""
    return run.count * run.planes * (min(run.stride, AROUND) + run.length)


MAPS = Maps()
"""Those of this process."""
