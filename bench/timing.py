"""CPU time of peers in turn, each at the same random places."""

from __future__ import annotations

import gc
import io
import resource
import statistics
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from bench.peers import ASTROPY, OURS, RAW, Peer, Task
from bench.scene import SCALE
from soda_core.dali import Circle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.peers.peer import Buffer
    from bench.samples import Sample

__all__ = ["Case", "WrongPixels", "measure", "tasks"]


REASONS = {
    "memory-mapped": "refuses scaled values",
    "conversion overflow": "data type overflow",
    "must have the same number": "two axes only",
    "too many values to unpack": "two axes only",
    "Region outside": "sees no image",
    "pixels, not": "wrong pixel count",
}
"""What peers say when they fail, and that in three words."""


IN_A_ROW = 5
"""Places at which one peer cuts before the next does: none pays for what others pushed out of caches."""


class WrongPixels(Exception):
    """Our pixels are not those of the recipe."""


@dataclass(slots=True)
class Case:
    """Median CPU milliseconds of each peer on one file and box, or why it failed."""

    file: str
    title: str
    side: int
    milliseconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    size: int = 0
    """Bytes of our answer."""


def tasks(sample: Sample, side: int, count: int, scratch: Path) -> Iterator[Task]:
    """Yield circles about random pixels of the warm area whose boxes have about *side* pixels."""
    random = np.random.default_rng((20170517, side, *sample.shape))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wcs: Any = WCS(fits.getheader(sample.path, sample.hdu)).celestial
    x0, x1, y0, y1 = sample.area
    if side + 4 > min(x1 - x0, y1 - y0):
        raise ValueError(f"{sample.name} is too small for boxes of {side} pixels")
    for _ in range(count):
        x, y = (int(random.integers(a + side // 2 + 1, b - side // 2 - 1)) for a, b in ((x0, x1), (y0, y1)))
        lon, lat = (float(angle) for angle in wcs.all_pix2world(x, y, 0))
        yield Task(sample, Circle(lon, lat, (side / 2 - 0.25) * SCALE), side, (x, y), scratch)


def measure(peers: Sequence[Peer], places: Sequence[Task]) -> Case:
    """Let each peer cut at some places in a row, all in turn; who begins changes from turn to turn."""
    first = places[0]
    case = Case(first.sample.name, first.sample.title, first.side)
    able = [peer for peer in peers if _try(peer, first, case)]
    taken: dict[str, list[float]] = {peer.name: [] for peer in able}
    for turn, start in enumerate(range(0, len(places), IN_A_ROW)):
        begins = turn % len(able)
        gc.collect()
        for peer in (*able[begins:], *able[:begins]):
            for task in places[start : start + IN_A_ROW]:
                peer.prepare(task)
                with _no_collection():
                    taken[peer.name].append(_cpu(peer, task))
    case.milliseconds = {name: statistics.median(times) * 1e3 for name, times in taken.items()}
    return case


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let nobody pay for the garbage of others."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _try(peer: Peer, task: Task, case: Case) -> bool:
    """Cut once, which also loads what is loaded late; note a failure, compare our pixels."""
    if reason := peer.missing():
        case.failures[peer.name] = reason
        return False
    try:
        peer.prepare(task)
        made = peer.cut(task)
        if peer is not RAW:
            _count(made, task)
    except Exception as error:  # peers fail in ways of their own, and that is a result
        if peer is OURS or peer is ASTROPY:
            raise
        case.failures[peer.name] = f"fails: {_in_short(error)}"
        return False
    if peer is OURS:
        case.size = len(made)
        _compare(made, task)
    return True


def _in_short(error: Exception) -> str:
    """Return a failure in a few words."""
    said = " ".join(str(error).split())
    known = (words for part, words in REASONS.items() if part in said)
    return next(known, said[:40] or type(error).__name__)


def _count(made: Buffer, task: Task) -> None:
    """Raise `WrongPixels` if an answer does not have about as many pixels as were asked for."""
    count, wanted = _image(made, task)[0].size, task.side**2 * task.sample.planes
    margin = 4 * task.side * task.sample.planes + 16
    if abs(count - wanted) > margin:
        raise WrongPixels(f"{count} pixels, not {wanted}")


def _cpu(peer: Peer, task: Task) -> float:
    """Return the seconds of CPU, user and system, of one cutout."""
    if peer.by_children:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        peer.cut(task)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    start = time.process_time()
    peer.cut(task)
    return time.process_time() - start


def _compare(made: Buffer, task: Task) -> None:
    """Raise `WrongPixels` unless our box is the recipe's to two pixels a side, with the same pixels."""
    mine, (x, y) = _image(made, task)
    other, (u, v) = _image(ASTROPY.cut(task), task)
    x0, y0 = max(x, u), max(y, v)
    x1 = min(x + mine.shape[-1], u + other.shape[-1])
    y1 = min(y + mine.shape[-2], v + other.shape[-2])
    edges = (u - x, v - y, x + mine.shape[-1] - u - other.shape[-1], y + mine.shape[-2] - v - other.shape[-2])
    if max(map(abs, edges)) > 2:  # noqa: PLR2004 - what the box may be larger
        raise WrongPixels(f"{task.sample.name} {task.side}²: the box differs by {edges} pixels")
    ours = mine[..., y0 - y : y1 - y, x0 - x : x1 - x]
    if not np.array_equal(ours, other[..., y0 - v : y1 - v, x0 - u : x1 - u], equal_nan=True):
        raise WrongPixels(f"{task.sample.name} {task.side}²: pixels differ from those of the recipe")


def _image(content: Buffer, task: Task) -> tuple[Any, tuple[int, int]]:
    """Return the first image of a file, and its first pixel in the parent."""
    parent = fits.getheader(task.sample.path, task.sample.hdu)
    with fits.open(io.BytesIO(content)) as hdus:
        hdu = next(hdu for hdu in hdus if hdu.is_image and hdu.header["NAXIS"])
        start = tuple(round(parent[card] - hdu.header[card]) for card in ("CRPIX1", "CRPIX2"))
        return hdu.data, (start[0], start[1])
