"""When a job of cutouts is expected to end (UWS 1.1, 2.1.6)."""

from __future__ import annotations

import itertools
import os
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, BinaryIO

from soda_core.cutout import NothingSelected
from soda_core.dali import DaliError
from soda_core.jobs import ACTIVE

from .combinations import Combinations
from .soda import cutout_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soda_core.jobs import Job, Traffic
    from soda_core.registry import Request

    from .archive import Archive

__all__ = ["expected_end", "expected_seconds", "expected_wait", "seconds_of_list"]

SAMPLE = 8
"""Cutouts that are planned to learn how large they are."""

EACH, SPEED, START = 1e-3, 200e6, 0.05
"""Seconds for a cutout of no size, bytes a second, seconds for a job of none: before anything is measured."""

OF_LIST = 5e-4
"""Seconds for a cutout of a list of targets, whose file is open already."""

SLOWEST = 1000.0
"""How many times as long as that it may take, or as short."""

BEGINNING, BYTES, PARQUET = 1 << 16, 24, b"PAR1"
"""Bytes that are looked at to learn how long a row is, and how long one is where that shows nothing."""


def expected_seconds(archive: Archive, request: Request, total: int) -> float:
    """Return how long *total* cutouts take, judged by the plans of the first few."""
    sizes = tuple(itertools.islice(_sizes(archive, request), SAMPLE))
    return START + total * (EACH + (fmean(sizes) / SPEED if sizes else 0.0))


def seconds_of_list(table: BinaryIO) -> float:
    """Return how long the cutouts of a table take, judged by its size and the rows at its beginning."""
    sample = table.read(BEGINNING)
    size = table.seek(0, os.SEEK_END)
    rows = sample.count(b"<TR") or sample.count(b"\n") if sample[:4] != PARQUET else 0
    each = len(sample) / rows if rows else BYTES
    return START + size / each * OF_LIST


def expected_wait(seconds: float, traffic: Traffic) -> float:
    """Return how long until a job ends that should take so many *seconds*, with what is before it.

    What jobs took lately tells how quick this machine is, and how long those before it may take.
    """
    lately = traffic.lately
    taken = sum(job.seconds for job in lately)
    foreseen = sum(START + job.steps * EACH + job.size / SPEED for job in lately)
    pace = min(SLOWEST, max(1 / SLOWEST, taken / foreseen)) if foreseen else 1.0
    others = taken / len(lately) if lately else seconds
    return seconds * pace + others * traffic.waiting / max(1, traffic.executing)


def expected_end(job: Job) -> datetime | None:
    """Return when a job ends: as was predicted when it was queued, or by its pace once it has one."""
    progress = job.progress
    if job.phase not in ACTIVE or job.started is None or progress is None or not progress.done:
        return job.quote
    now = datetime.now(UTC)
    left = (now - job.started) * ((progress.total - progress.done) / progress.done)
    return now + max(left, timedelta(0))


def _sizes(archive: Archive, request: Request) -> Iterator[int]:
    """Yield the bytes of the cutouts of a request; no pixels are read."""
    combinations = Combinations(request)
    for did in combinations.datasets:
        try:
            located = archive.located(did)
            for combination in combinations.of(did):
                with cutout_of(located.dataset, located.path, combination.request) as cutout:
                    yield cutout.cost[0]
        except (DaliError, NothingSelected):
            yield 0
