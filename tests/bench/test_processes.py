"""Servers that the benchmark starts are counted whole and ended."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench import serving
from bench.processes import free_port, started
from bench.samples import make

if TYPE_CHECKING:
    from collections.abc import Sequence

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]])
child.wait()
"""

CHILD = """
import sys, time
from http.server import HTTPServer, SimpleHTTPRequestHandler
while time.process_time() < 0.4:
    pass
HTTPServer(("127.0.0.1", int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()
"""


def command(port: int) -> Sequence[str]:
    """Return the command of a server whose work is done by a child."""
    return (sys.executable, "-c", PARENT, CHILD, str(port))


def test_the_work_of_children_counts_and_they_end_with_the_server() -> None:
    """Workers are the server, too, and none is left over."""
    port = free_port()

    with started("toy", port, command(port), "/") as server:
        used = server.cpu
        process = server.process

    assert used > 0.3
    assert not Path(f"/proc/{process}").exists()
    with pytest.raises(RuntimeError, match="no answer"), started("gone", port, ("true",), "/"):
        pass


@pytest.mark.skipif(bool(serving.missing()), reason=serving.missing() or "nothing is missing")
def test_all_servers_answer_the_same_places(tmp_path: Path) -> None:
    """All requests succeed, and each server is measured in each box."""
    sample = make("B", tmp_path, scale=0.01)

    loads = serving.load(sample, (64,), tmp_path, seconds=1, runs=1, places=20)

    servers = ("sodalite", "sodalite, files mapped", "nginx")
    assert [(server, 64) for server in servers] == [(load.server, load.side) for load in loads]
    assert all(load.rate > 0 for load in loads)
    assert {"server CPU, ms a request", "requests a second", "server CPU over nginx"} == {
        figure.what for figure in serving.figures(loads)
    }
