"""Files that were cut lately, so that a further cutout starts warm."""

import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TypeAlias

from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.file import FitsFile
from soda_core.storage import Identity, ReadError

__all__ = ["FILES", "FileCache", "warm"]

_Key: TypeAlias = str

TRIES = 3
"""How often a file that changes while its headers are read is read anew."""


class FileCache:
    """The last used files: at most so many, so many bytes of memory and so many unpacked bytes on disk.

    A file counts as the same as long as device, inode, size and time of change are. Whoever holds one that
    was evicted can go on reading.
    """

    def __init__(self, *, files: int = 256, memory: int = 1 << 28, unpacked: int = 1 << 32) -> None:
        self._files = files
        self._memory = memory
        self._unpacked = unpacked
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, FitsFile] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def open(self, path: str | Path) -> FitsFile:
        """Return what the path holds now; raises `UnreadableFile`."""
        key = os.fspath(path)
        return self._known(key, _identity(key)) or self._opened(key)

    def warm(self, path: str | Path) -> FitsFile | None:
        """Return the file if it is at hand as it is now, with the coordinates of its images."""
        key = os.fspath(path)
        known = self._known(key, _identity(key))
        return known if known is not None and known.is_warm else None

    def clear(self) -> None:
        """Forget all files."""
        with self._lock:
            self._kept.clear()

    def _known(self, key: _Key, identity: Identity) -> FitsFile | None:
        """Return the file of that content if it is kept, and note that it was used."""
        with self._lock:
            known = self._kept.get(key)
            if known is None or known.raw.identity != identity:
                return None
            self._kept.move_to_end(key)
            return known

    def _opened(self, key: _Key) -> FitsFile:
        """Read the headers of a file that is new, or has changed."""
        for _ in range(TRIES):
            file = FitsFile(Path(key))
            try:
                file.raw.check()
            except ReadError:
                continue
            if file.raw.identity == _identity(key):
                self._keep(key, file)
                return file
        raise UnreadableFile("the data is being changed at the moment")

    def _keep(self, key: _Key, file: FitsFile) -> None:
        """Take a file in and let go of the least used beyond the bounds, but never of this one."""
        with self._lock:
            self._kept[key] = file
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._is_full():
                self._kept.popitem(last=False)

    def _is_full(self) -> bool:
        files = self._kept.values()
        return (
            len(files) > self._files
            or sum(file.weight for file in files) > self._memory
            or sum(file.unpacked_size for file in files) > self._unpacked
        )


def _identity(key: _Key) -> Identity:
    try:
        return Identity.of(os.stat(key))  # noqa: PTH116 - asked on every request, and a Path costs more
    except OSError:
        raise UnreadableFile("the data cannot be read") from None


FILES = FileCache()
"""The cache of this process."""


def warm(path: str | Path) -> FitsFile | None:
    """Return a file of which a region can be planned without reading anything, else None."""
    return FILES.warm(path)
