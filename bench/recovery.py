"""How long a job rests after `kill -9` of its worker, on both engines: `python -m bench.recovery`.

Real parts on the loopback, the lease of a deployment. The time runs from the kill to the first result that
the next attempt has listed: the lease, the sweep, the way to a worker and a new child are all in it.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.cluster import cluster
from soda_core.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from job_house import House, opened, parent_of, until

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main", "measure"]


def measure(house: House, lease: float) -> float:
    """Kill the worker of a job that has begun, and return after how many seconds its next attempt shows."""
    job = house.queue(COUNT=1, SPIN=600)
    child = house.executing(job)
    time.sleep(lease / 2)  # somewhere between two renewals, as it comes
    os.kill(parent_of(child), signal.SIGKILL)
    killed = time.monotonic()
    house.executing(job, attempt=2)
    seconds = time.monotonic() - killed
    house.store.abort(job.id)
    until(lambda: house.store.queue_length() == 0)
    return seconds


@contextmanager
def large(folder: Path, lease: float) -> Iterator[House]:
    """Give a deployment with a broker, PostgreSQL and a bucket."""
    with cluster(folder, results="s3:recovery") as servers:
        settings = Settings.model_validate(servers.settings)
        with opened(folder, settings, lease) as house:
            yield house


def main() -> None:
    """Measure, and print seconds."""
    parser = argparse.ArgumentParser(prog="python -m bench.recovery", description=__doc__)
    parser.add_argument("--lease", type=float, default=10.0, help="seconds (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=5, help="kills for each engine (default: %(default)s)")
    told = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="sodalite-") as first,
        tempfile.TemporaryDirectory(prefix="sodalite-") as second,
    ):
        small = Settings(jobs=f"{first}/jobs.sqlite", results=f"{first}/results")
        engines = {
            "local": opened(Path(first), small, told.lease),
            "celery": large(Path(second), told.lease),
        }
        for name, made in engines.items():
            with made as house:
                house.start(slots=2, losses=0)
                times = sorted(measure(house, told.lease) for _ in range(told.repeat))
            print(
                f"{name}: lease {told.lease:g} s; next attempt after {statistics.median(times):.1f} s "
                f"(median of {told.repeat}, {times[0]:.1f} to {times[-1]:.1f})"
            )


if __name__ == "__main__":
    main()
