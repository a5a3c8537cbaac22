"""The least that reading costs: the preads of our own plan into ready memory, and nothing else."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bench.peers.ours import cutout_of
from bench.peers.peer import Buffer, Peer

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["RAW", "is_compiled"]

SOURCE = r"""
#define _GNU_SOURCE
#include <unistd.h>
typedef struct { long offset, length, count, stride; } run;
long gather(int file, const run *runs, long size, char *target)
{
    char *at = target;
    for (long i = 0; i < size; i++)
        for (long row = 0; row < runs[i].count; row++) {
            if (pread(file, at, runs[i].length, runs[i].offset + row * runs[i].stride) != runs[i].length)
                return -1;
            at += runs[i].length;
        }
    return at - target;
}
"""


class RunTable(ctypes.Structure):
    """One run of a plan as the compiled loop sees it."""

    _fields_ = [(name, ctypes.c_long) for name in ("offset", "length", "count", "stride")]


@cache
def compiled() -> ctypes.CDLL | None:
    """Return the loop in machine code, None without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        source, library = Path(place, "gather.c"), Path(place, "gather.so")
        source.write_text(SOURCE)
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        loaded = ctypes.CDLL(str(library))
    loaded.gather.restype = ctypes.c_long
    loaded.gather.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_long, ctypes.c_void_p]
    return loaded


def is_compiled() -> bool:
    """Tell whether the loop is machine code; else it is one of Python."""
    return compiled() is not None


class Reads:
    """The reads of one task, prepared."""

    def __init__(self) -> None:
        self._file, self._path = -1, Path()
        self._table: ctypes.Array[RunTable] = (RunTable * 0)()
        self._target = bytearray()

    def prepare(self, task: Task) -> None:
        """Open the file, plan, and have memory ready that was touched before."""
        if self._path != task.sample.path:
            if self._file >= 0:
                os.close(self._file)
            self._file, self._path = os.open(task.sample.path, os.O_RDONLY), task.sample.path
        with cutout_of(task) as cutout:
            runs = cutout.plan.runs
        planes = [
            RunTable(run.offset + plane * run.pitch, run.length, run.count, run.stride)
            for run in runs
            for plane in range(run.planes)
        ]
        self._table = (RunTable * len(planes))(*planes)
        self._target = bytearray(sum(run.size for run in runs))
        compiled()

    def cut(self, _task: Task) -> Buffer:
        """Read all the runs."""
        code = compiled()
        if code is None:
            self._loop()
        else:
            target = (ctypes.c_char * len(self._target)).from_buffer(self._target)
            done = code.gather(self._file, self._table, len(self._table), target)
            if done != len(self._target):
                raise OSError("the file ends too early")
        return memoryview(self._target)

    def _loop(self) -> None:
        """Read without a compiler."""
        view, at = memoryview(self._target), 0
        for run in self._table:
            for row in range(run.count):
                os.preadv(self._file, [view[at : at + run.length]], run.offset + row * run.stride)
                at += run.length


_READS = Reads()
RAW = Peer("raw", _READS.cut, lambda: "", _READS.prepare)
