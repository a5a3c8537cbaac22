"""Peak memory of cutouts, each file in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from bench.gates import Figure
from bench.scene import CENTRE, SCALE, cards
from bench.timing import tasks
from soda_core.dali import Circle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.samples import Sample

__all__ = ["Peak", "figures", "peaks"]

COUNT, SIDE = 20, 1024

STREAM = 46340
"""Pixels a side of 4 GiB of 16-bit values."""

CHILD = Path(__file__).with_name("child.py")

Peak = tuple[str, int, float, float]
"""File, pixels a side, MiB above idle, GiB that came out."""


def peaks(some: Sequence[Sample], large: Sample, scratch: Path) -> Iterator[Peak]:
    """Yield the peak of 20 cutouts of each file, then that of one very large answer."""
    for sample in some:
        circles = [task.circle for task in tasks(sample, SIDE, COUNT, scratch)]
        yield sample.name, SIDE, *_child(sample, circles, scratch)
    side = min(STREAM, round(0.82 * large.shape[0]))
    yield "stream", side, *_child(large, [Circle(*CENTRE, (side / 2 - 0.25) * SCALE)], scratch)


def figures(found: Sequence[Peak]) -> Iterator[Figure]:
    """Yield what is demanded of memory; a stream counts only at its full size."""
    for name, side, mebibytes, _ in found:
        if name != "stream":
            yield Figure("memory above idle, MiB", mebibytes, name, side)
        elif side == STREAM:
            yield Figure("memory of a 4 GiB answer, MiB", mebibytes)
    small = {name: mebibytes for name, _, mebibytes, _ in found}
    if {"A", "C"} <= small.keys():
        yield Figure("memory of A against C, MiB", abs(small["A"] - small["C"]), side=SIDE)


def _child(sample: Sample, circles: Sequence[Circle], scratch: Path) -> tuple[float, float]:
    """Return MiB above idle and GiB of all answers."""
    idle = scratch / "idle.fits"
    fits.PrimaryHDU(np.zeros((64, 64), "f4"), fits.Header(cards(64, 64))).writeto(idle, overwrite=True)
    done = subprocess.run(
        (sys.executable, CHILD, idle, sample.path),
        input=json.dumps([astuple(circle) for circle in circles]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{sample.name}: {done.stderr.strip()[-300:]}")
    mebibytes, size = map(float, done.stdout.split())
    return mebibytes, size / 2**30
