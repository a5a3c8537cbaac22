"""Measure jobs beside requests: one cutout in each job, many in one job, the same cutouts by /sync.

python -m bench.async --bulk 10000 --report
"""

from __future__ import annotations

import argparse
import csv
import http.client
import io
import itertools
import re
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias
from urllib.parse import urlencode, urlsplit

import numpy as np
from astropy.io import fits

from bench.cluster import Cluster, cluster
from bench.discovery import insert
from bench.machine import describe
from bench.processes import Server, free_port, running, started
from soda_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["main"]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
MARKS = ("<!-- jobs:begin -->", "<!-- jobs:end -->")

CONNECTIONS = 8
SCALE = 1 / 3600
"""Degrees a pixel."""

RADIUS = 32 * SCALE
"""Cutouts of 64² pixels."""

MACHINE = 2
"""Lines that describe machine and versions; what follows them are peers, of which there is none here."""

FORM = "application/x-www-form-urlencoded"
WAITS = {"PENDING", "QUEUED", "EXECUTING", "SUSPENDED"}
PHASE = re.compile(rb"<(?:\w+:)?phase>(\w+)<")
DID = "ivo://sodalite.local/archive?"

Position: TypeAlias = tuple[str, float, float]
"""A dataset and a place in it, ICRS degrees."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to carry out jobs: what servers are told, and what has to run beside them."""

    name: str
    settings: Mapping[str, object]
    beside: Callable[[Path], AbstractContextManager[Cluster]] | None = None
    """Starts further servers in a folder; there are workers then, which get their jobs through a broker."""


def parts(folder: Path) -> AbstractContextManager[Cluster]:
    """Run broker and database; the results lie in a folder, as the bucket that tests have is a slow one."""
    return cluster(folder, results=str(folder / "results"))


ENGINES = (Engine("local", {"job_slots": 1}), Engine("celery", {"job_slots": 2}, parts))
"""One slot in each of two servers, two in one worker: as many cores as /sync has."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What came of a measurement; *cpu* are seconds of all processes of the service."""

    engine: str
    what: str
    count: int
    seconds: float
    cpu: float

    def line(self) -> str:
        """Return a row of the table."""
        rate, each = self.count / self.seconds, 1e3 * self.cpu / self.count
        spent = f"{self.seconds:.1f} | {rate:,.1f} | {each:.1f}"
        return f"| {self.what} | {self.engine} | {self.count:,} | {spent} |\n"


class Client:
    """A connection that is kept; answers are read to their end."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """Return status, where the answer leads, and its content."""
        self._connection.request(method, path, body, dict(headers or {}))
        answer = self._connection.getresponse()
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, answer.read()

    def get(self, path: str) -> bytes:
        """Return what is there."""
        status, _, content = self.ask("GET", path)
        if status != http.client.OK:
            raise SystemExit(f"{path}: {status} {content[:200]!r}")
        return content

    def run(self, body: bytes, kind: str) -> str:
        """Run a job to its end and return its path."""
        status, job, content = self.ask("POST", "/async", body, {"Content-Type": kind})
        if status != http.client.SEE_OTHER:
            raise SystemExit(f"/async: {status} {content[:200]!r}")
        phase = "QUEUED"
        while phase in WAITS:
            told = PHASE.search(self.get(f"{job}?WAIT=30&PHASE={phase}"))
            phase = told[1].decode() if told else "unknown"
        if phase != "COMPLETED":
            raise SystemExit(f"{job}: {phase} {self.ask('GET', f'{job}/error')[2][:200]!r}")
        return job


def build(folder: Path, files: int, side: int) -> list[Position]:
    """Write images of *side*² pixels, and return where cutouts lie in them, in random order."""
    rng = np.random.default_rng(1)
    folder.mkdir()
    found: list[Position] = []
    for number in range(files):
        header = fits.Header(
            {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 20.0 * number, "CRVAL2": 10.0}
            | {"CRPIX1": side / 2, "CRPIX2": side / 2, "CDELT1": -SCALE, "CDELT2": SCALE}
        )
        data = rng.normal(size=(side, side)).astype(np.float32)
        fits.PrimaryHDU(data, header).writeto(folder / f"image{number}.fits")
        reach = 0.4 * side * SCALE
        for x, y in rng.uniform(-reach, reach, (2000, 2)).tolist():
            found.append((f"{DID}image{number}.fits", (20.0 * number + x) % 360, 10.0 + y))
    rng.shuffle(found)
    return [(str(did), float(lon), float(lat)) for did, lon, lat in found]


def query(position: Position) -> str:
    """Return the parameters of one cutout."""
    did, lon, lat = position
    return urlencode({"ID": did, "CIRCLE": f"{lon!r} {lat!r} {RADIUS!r}"})


def by_sync(server: Server, some: Sequence[Position]) -> None:
    """Ask for one cutout after the other on several connections."""

    def work(part: Sequence[Position]) -> None:
        with Client(server.port) as client:
            for position in part:
                client.get(f"/sync?{query(position)}")

    _together(work, some)


def by_jobs(server: Server, some: Sequence[Position]) -> None:
    """Run a job for each cutout and fetch its result."""

    def work(part: Sequence[Position]) -> None:
        with Client(server.port) as client:
            for position in part:
                job = client.run(f"{query(position)}&PHASE=RUN".encode(), FORM)
                name = position[0].removeprefix(DID).partition(".")[0]
                client.get(f"{job}/results/001-{name}-cutout.fits")

    _together(work, some)


def by_upload(server: Server, some: Sequence[Position]) -> None:
    """Run one job with a list of targets and fetch the archive."""
    text = io.StringIO()
    csv.writer(text).writerows([("dataset", "ra", "dec"), *some])
    mark = uuid.uuid4().hex
    fields = {"UPLOAD": "targets,param:table", "RADIUS": repr(RADIUS), "PHASE": "RUN"}
    parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts.append(f'name="table"; filename="targets.csv"\r\n\r\n{text.getvalue()}')
    body = "".join(f"--{mark}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    with Client(server.port) as client:
        job = client.run(f"{body}--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}")
        client.get(f"{job}/results/manifest.vot")
        if len(client.get(f"{job}/results/results.tar")) < len(some) * 64 * 64:
            raise SystemExit("the archive does not have all cutouts")


def by_values(server: Server, some: Sequence[Position]) -> None:
    """Run one job with a circle for each cutout of one dataset; the results are listed one by one."""
    did = some[0][0]
    pairs = [("ID", did), ("PHASE", "RUN"), ("PACKAGE", "tar")]
    pairs += [("CIRCLE", f"{lon!r} {lat!r} {RADIUS!r}") for known, lon, lat in some if known == did]
    with Client(server.port) as client:
        job = client.run(urlencode(pairs).encode(), FORM)
        client.get(f"{job}/results/results.tar")


def _together(work: Callable[[Sequence[Position]], None], some: Sequence[Position]) -> None:
    """Do the work on several connections."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(work, [some[start::CONNECTIONS] for start in range(CONNECTIONS)]))


def measured(server: Server, engine: str, what: str, count: int, work: Callable[[], None]) -> Figure:
    """Measure the time of *work*, and the CPU that the service spends on it."""
    cpu, start = server.cpu, time.perf_counter()
    work()
    return Figure(engine, what, count, time.perf_counter() - start, server.cpu - cpu)


@contextmanager
def serving(engine: Engine, archive: Path, scratch: Path, probe: str) -> Iterator[Server]:
    """Run the service with an engine: two workers, and what belongs to the engine."""
    told = {"inventory": str(scratch / "inventory.sqlite"), **engine.settings}
    sodalite = (sys.executable, "-m", "soda_core.cli")
    beside: list[int] = []
    with ExitStack() as stack:
        if engine.beside:
            servers = stack.enter_context(engine.beside(scratch))
            told |= servers.settings
            beside += servers.processes
        environment = Settings.for_folder(archive).model_copy(update=told).environment()
        port = free_port()
        words = ("serve", archive, "--port", str(port), "--workers", "2", "--quiet")
        server = stack.enter_context(started(engine.name, port, (*sodalite, *words), probe, environment))
        if engine.beside:
            beside.append(stack.enter_context(running((*sodalite, "worker"), environment)).pid)
        yield replace(server, beside=tuple(beside))


def run(engine: Engine, options: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    """Yield the figures of one engine, /sync first, all from the same servers."""
    scratch = folder / engine.name
    scratch.mkdir()
    places = options.positions
    many = list(itertools.islice(itertools.cycle(places), options.bulk))
    one = [position for position in places if position[0] == places[0][0]][: options.values]
    with serving(engine, folder / "archive", scratch, f"/sync?{query(places[0])}") as server:
        by_jobs(server, places[: 2 * CONNECTIONS])  # workers that are still starting would be counted
        by_sync(server, places[:200])
        some = many[: options.sync]
        yield measured(server, "–", "requests to /sync", len(some), partial(by_sync, server, some))
        small = many[: options.small]
        yield measured(server, engine.name, "jobs of one cutout", len(small), partial(by_jobs, server, small))
        what = "cutouts of one job, a list of targets"
        yield measured(server, engine.name, what, len(many), partial(by_upload, server, many))
        what = "cutouts of one job, a circle each"
        yield measured(server, engine.name, what, len(one), partial(by_values, server, one))


def options_of(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.async", description=__doc__)
    parser.add_argument("--files", type=int, default=8, help="images (default: %(default)s)")
    parser.add_argument("--side", type=int, default=2048, help="pixels a side (default: %(default)s)")
    parser.add_argument("--sync", type=int, default=4000, help="requests to /sync (default: %(default)s)")
    parser.add_argument("--small", type=int, default=100, help="jobs of one cutout (default: %(default)s)")
    parser.add_argument("--bulk", type=int, default=10_000, help="cutouts of one job (default: %(default)s)")
    parser.add_argument("--values", type=int, default=1000, help="circles of one job (default: %(default)s)")
    names = [engine.name for engine in ENGINES]
    parser.add_argument("--engines", nargs="+", choices=names, default=names, help="only these engines")
    parser.add_argument("--report", action="store_true", help=f"write the table into {PAGE.name}")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print the table, write it into the page if asked to."""
    options = options_of(words)
    lines = [
        "| what | engine | number | seconds | a second | CPU, ms each |\n",
        "|---|---|--:|--:|--:|--:|\n",
    ]
    with tempfile.TemporaryDirectory(prefix="sodalite-") as place:
        folder = Path(place)
        options.positions = build(folder / "archive", options.files, options.side)
        print(*lines, sep="", end="")
        for engine in (engine for engine in ENGINES if engine.name in options.engines):
            for figure in run(engine, options, folder):
                lines.append(figure.line())
                print(lines[-1], end="", flush=True)
    if options.report:
        shown = " ".join(["python -m bench.async", *(words if words is not None else sys.argv[1:])])
        machine = "".join(f"{line}\n" for line in describe()[:MACHINE])
        insert(PAGE, f"\n`{shown}`\n\n{machine}\n{''.join(lines)}\n", MARKS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
