"""A job list, its results, and processes that do jobs, all of which can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from job_server import WORK
from job_works import content, digest
from lxml import etree

from soda_core.jobs import FINAL, open_engine, open_results_of, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from soda_core.jobs import Job
    from soda_core.settings import Settings

__all__ = ["LEASE", "LONG", "House", "check_complete", "is_alive", "opened", "parent_of", "until"]

HERE = Path(__file__).parent
LEASE = 1.5
LONG = 90.0
"""Seconds within which anything must have happened, on a machine however busy."""

STRICT = "error,ignore:You're running the worker with superuser"
"""Who runs the tests may be root, of which Celery warns."""

S3 = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class House:
    """The parts of a deployment in *folder*; *settings* say which they are."""

    def __init__(self, folder: Path, settings: Settings, lease: float = LEASE) -> None:
        self.folder = folder
        self.settings = settings.model_copy(update={"job_lease": lease})
        self.pids = folder / "pids"
        self.pids.mkdir()
        self.store = open_store(self.settings)
        self.results = open_results_of(self.settings)
        self.engine = open_engine(self.settings, self.store, self.results, WORK)
        self.servers: list[subprocess.Popen[bytes]] = []
        if self.is_cluster:
            self.engine.start()

    @property
    def is_cluster(self) -> bool:
        """Whether workers get jobs through a broker; else the servers do them."""
        return bool(self.settings.broker)

    def start(self, slots: int = 1, losses: int = 3) -> subprocess.Popen[bytes]:
        """Start one more server, or worker."""
        mine = self.settings.model_copy(update={"job_slots": slots, "job_losses": losses})
        path = os.pathsep.join([str(HERE), *filter(None, sys.path)])
        with (self.folder / "log").open("ab") as log:
            server = subprocess.Popen(
                [sys.executable, str(HERE / "job_server.py")],
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=os.environ | mine.environment() | {"PYTHONPATH": path, "PYTHONWARNINGS": STRICT},
            )
        self.servers.append(server)
        return server

    def queue(self, **parameters: object) -> Job:
        """Make a job that notes its processes."""
        pairs = [("PIDS", str(self.pids)), *((name, str(value)) for name, value in parameters.items())]
        job = self.store.create("soda", pairs, run=True)
        self.engine.submit(job.id)
        return job

    def executing(self, job: Job, attempt: int = 1) -> int:
        """Wait until a result of the attempt is listed, and return the process at work."""
        until(lambda: self.store.get(job.id).attempt >= attempt and self.store.get(job.id).results)
        return next(pid for pid in self.workers() if is_alive(pid))

    def workers(self) -> list[int]:
        """Return all processes that ever worked on a job, the newest first."""
        files = sorted(self.pids.iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        return [int(file.name) for file in files]

    def end_of(self, job: Job) -> Job:
        """Wait for the end of a job."""
        until(lambda: self.store.get(job.id).phase in FINAL, self.log)
        return self.store.get(job.id)

    def files(self) -> set[str]:
        """Return the keys of all files in the result store, unfinished ones too."""
        if "://" not in self.settings.results:
            root = Path(self.settings.results)
            return {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}
        bucket, _, prefix = self.settings.results.removeprefix("s3://").partition("/")
        asked = {"list-type": "2", "prefix": prefix, "max-keys": "100000"}
        answer = httpx2.get(f"{self.settings.results_endpoint}/{bucket}", params=asked)
        keys = [str(node.text) for node in etree.fromstring(answer.content).iter(f"{S3}Key")]
        unfinished = httpx2.get(f"{self.settings.results_endpoint}/{bucket}", params={"uploads": ""})
        keys += [str(node.text) for node in etree.fromstring(unfinished.content).iter(f"{S3}Key")]
        return {key.removeprefix(f"{prefix}/") for key in keys if key.startswith(f"{prefix}/")}

    def log(self) -> str:
        """Return what the servers have written."""
        return (self.folder / "log").read_text("utf-8", "replace")[-5000:]

    def close(self) -> None:
        """End the servers."""
        for server in self.servers:
            server.kill()
            server.wait()
        if self.is_cluster:
            self.engine.stop()
        self.store.close()


@contextmanager
def opened(folder: Path, settings: Settings, lease: float = LEASE) -> Iterator[House]:
    """Give a store without servers yet; afterwards there must be no process and no file too many."""
    made = House(folder, settings, lease)
    try:
        yield made
        jobs = [made.store.get(job.id) for job in made.store.list(service="soda")]
        listed = {result.key for job in jobs for result in job.results}
        until(lambda: listed == made.files(), lambda: f"{listed ^ made.files()}\n{made.log()}")
    finally:
        made.close()
    until(lambda: not [pid for pid in made.workers() if is_alive(pid)])


def until(condition: Callable[[], object], why: Callable[[], str] = str) -> None:
    """Wait for *condition*; fail if it does not come true."""
    deadline = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"it did not happen: {why()}")
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def parent_of(pid: int) -> int:
    """Return the parent of a process."""
    return int(Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[1])


def check_complete(house: House, job: Job, count: int) -> None:
    """The job is completed with one set of results, each with the bytes it must have."""
    done = house.end_of(job)
    assert ("COMPLETED", None) == (done.phase, done.failure)
    assert [f"r{number}" for number in range(count)] == [result.id for result in done.results]
    for number, result in enumerate(done.results):
        with house.results.open(result.key) as file:
            data = file.read()
        assert (result.size, digest(content(job.id, number))) == (len(data), digest(data))
