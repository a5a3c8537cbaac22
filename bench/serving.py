"""Requests to the service and to nginx, which has the same bytes as files."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.gates import Figure
from bench.peers.ours import cutout_of
from bench.processes import Server, free_port, started
from bench.timing import tasks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bench.peers.peer import Task
    from bench.samples import Sample

__all__ = ["Load", "figures", "load", "missing"]

CONNECTIONS, THREADS, PLACES = 8, 2, 400
OURS, MAPPED = "sodalite", "sodalite, files mapped"

NGINX = """
{user}
daemon off;
worker_processes 2;
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    default_type application/fits;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""

SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local at = 0
function init(args) math.randomseed(os.time()); at = math.random(#paths) end
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("counted %%d %%d %%d\\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Medians over the runs of one server and box."""

    server: str
    side: int
    rate: float
    """Requests a second."""
    milliseconds: float
    """CPU of all processes of the server, a request."""


def missing() -> str:
    """Return why servers cannot be measured here."""
    absent = [name for name in ("wrk", "nginx") if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def load(
    sample: Sample, sides: Sequence[int], scratch: Path, *, seconds: int, runs: int, places: int = PLACES
) -> list[Load]:
    """Ask both servers in turn for the same cutouts of one file, served by two workers each."""
    archive, static = scratch / "archive", scratch / "static"
    archive.mkdir()
    os.link(sample.path, archive / "image.fits")
    found = {side: list(tasks(sample, side, places, scratch)) for side in sides}
    for side, some in found.items():
        _write(some, static / str(side))
    with ExitStack() as stack:
        first = found[sides[0]][0]
        servers = [
            _sodalite(stack, archive, first, OURS, {}),
            _sodalite(stack, archive, first, MAPPED, {"SODALITE_MAP_MEGABYTES": "4000"}),
            _nginx(stack, scratch, static, sides[0]),
        ]
        loads = []
        for side, some in found.items():
            scripts = [_script(scratch, server, some, side) for server in servers]
            rounds = [
                [_shoot(server, script, seconds) for server, script in zip(servers, scripts, strict=True)]
                for _ in range(runs)
            ]
            for server, results in zip(servers, zip(*rounds, strict=True), strict=True):
                rate, cpu = (statistics.median(column) for column in zip(*results, strict=True))
                loads.append(Load(server.name, side, rate, cpu * 1e3))
    return loads


def figures(loads: Sequence[Load]) -> Iterator[Figure]:
    """Yield what is demanded of the service."""
    limit = {load.side: load.milliseconds for load in loads if load.server == "nginx"}
    for each in loads:
        if each.server == MAPPED:
            yield Figure("server CPU, ms a request", each.milliseconds, side=each.side)
            yield Figure("requests a second", each.rate, side=each.side)
            yield Figure("server CPU over nginx", each.milliseconds / limit[each.side], side=each.side)


def _write(some: Sequence[Task], place: Path) -> None:
    """Write the answers as files."""
    place.mkdir(parents=True)
    for number, task in enumerate(some):
        with cutout_of(task) as cutout:
            (place / f"{number}.fits").write_bytes(bytes(cutout))


def _sodalite(
    stack: ExitStack, archive: Path, task: Task, name: str, environment: Mapping[str, str]
) -> Server:
    port = free_port()
    words = ("serve", archive, "--port", str(port), "--workers", "2", "--quiet")
    command = (sys.executable, "-m", "soda_core.cli", *words)
    return stack.enter_context(started(name, port, command, _query(task), environment))


def _nginx(stack: ExitStack, scratch: Path, root: Path, side: int) -> Server:
    port, place = free_port(), scratch / "nginx"
    place.mkdir()
    configuration = place / "nginx.conf"
    user = "" if os.getuid() else "user root;"  # else the workers are nobody and may not see the files
    configuration.write_text(NGINX.format(user=user, place=place, root=root, port=port))
    command = (shutil.which("nginx") or "nginx", "-e", place / "error.log", "-p", place, "-c", configuration)
    return stack.enter_context(started("nginx", port, command, f"/{side}/0.fits"))


def _query(task: Task) -> str:
    circle = task.circle
    values = {
        "ID": "ivo://sodalite.local/archive?image.fits",
        "CIRCLE": f"{circle.lon!r} {circle.lat!r} {circle.radius!r}",
    }
    return f"/sync?{urlencode(values)}"


def _script(scratch: Path, server: Server, some: Sequence[Task], side: int) -> Path:
    """Write the script of wrk that goes round the places."""
    paths = scratch / f"{server.port}-{side}.txt"
    names = [f"/{side}/{n}.fits" if server.name == "nginx" else _query(task) for n, task in enumerate(some)]
    paths.write_text("".join(f"{name}\n" for name in names))
    script = paths.with_suffix(".lua")
    script.write_text(SCRIPT % paths)
    return script


def _shoot(server: Server, script: Path, seconds: int) -> tuple[float, float]:
    """Return requests a second, and seconds of CPU a request."""
    address = f"http://127.0.0.1:{server.port}"
    options = ("wrk", "-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s", "-s", str(script))
    before = server.cpu
    said = subprocess.run((*options, address), capture_output=True, text=True, check=True).stdout
    used = server.cpu - before
    counted = re.search(r"counted (\d+) (\d+) (\d+)", said)
    requests, microseconds, errors = map(int, counted.groups()) if counted else (0, 1, 0)
    if not requests or errors:
        raise RuntimeError(f"{server.name}: {errors} of {requests} requests failed")
    return requests / microseconds * 1e6, used / requests
