"""What the jobs of the tests do; the parameters of a job say how."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from soda_core.dali import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soda_core.jobs import Context, Job, Work

__all__ = ["blocks", "content", "digest", "open_work"]

BLOCK = 4096


def blocks(job_id: str, number: int) -> Iterator[bytes]:
    """Yield the bytes of a result, which depend on the job and its number."""
    seed = hashlib.sha256(f"{job_id} {number}".encode()).digest()
    for _ in range(1 + seed[0] % 16):
        yield seed * (BLOCK // len(seed))


def content(job_id: str, number: int) -> bytes:
    """Return the bytes that a result must have."""
    return b"".join(blocks(job_id, number))


def digest(data: bytes) -> str:
    """Return what two results are compared by."""
    return hashlib.sha256(data).hexdigest()


def open_work() -> Work:
    """Return what these jobs do."""
    return _do


def _do(job: Job, context: Context) -> None:
    """Make COUNT results, SLEEP seconds before each; the other parameters make trouble."""
    told = dict(job.parameters)
    if "PIDS" in told:
        Path(told["PIDS"], str(os.getpid())).touch()
    if "REFUSE" in told:
        raise UsageError(told["REFUSE"])
    if "BREAK" in told:
        raise RuntimeError(told["BREAK"])
    if "FILE_LIMIT" in told:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(told["FILE_LIMIT"]),) * 2)
    count = int(told.get("COUNT", "1"))
    for number in range(count):
        time.sleep(float(told.get("SLEEP", "0")))
        context.save(f"r{number}", blocks(job.id, number), "application/octet-stream", f"result {number}")
        context.progress(number + 1, count, "made")
    spin_until = time.monotonic() + float(told.get("SPIN", "0"))
    while time.monotonic() < spin_until and job.attempt <= int(told.get("SPIN_ATTEMPTS", "99")):
        pass
    if job.attempt <= int(told.get("DIE_UNTIL", "0")):
        os.kill(os.getpid(), signal.SIGKILL)
