"""Child processes: their CPU time and memory as the kernel counts them, and how they are ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Server", "free_port", "running", "started"]

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0
"""Seconds that a server may take to start or to end."""


@dataclass(frozen=True, slots=True)
class _Status:
    parent: int
    ticks: int


def _status(process: int) -> _Status | None:
    """Return what the kernel says of a process, None if it has ended."""
    try:
        words = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return _Status(int(words[1]), sum(map(int, words[11:15])))


def _family(root: int) -> dict[int, int]:
    """Return the clock ticks of a process and of all that descend from it, ended children included."""
    known = {int(entry): _status(int(entry)) for entry in os.listdir("/proc") if entry.isdigit()}  # noqa: PTH208 - a Path costs more
    family, last = {root}, 0
    while len(family) > last:
        last = len(family)
        family |= {process for process, status in known.items() if status and status.parent in family}
    return {process: status.ticks for process in family if (status := known.get(process))}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server on a port of this machine."""

    name: str
    port: int
    process: int
    beside: tuple[int, ...] = ()
    """Processes without which it could not do its work."""

    @property
    def cpu(self) -> float:
        """Seconds of CPU that all its processes have used."""
        return sum(sum(_family(root).values()) for root in (self.process, *self.beside)) / TICK


@contextmanager
def started(
    name: str,
    port: int,
    command: Sequence[str | Path],
    path: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server as long as the block lasts; it has started when *path* is answered."""
    with running(command, environment) as process:
        _wait(process, f"http://127.0.0.1:{port}{path}")
        yield Server(name, port, process.pid)


@contextmanager
def running(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run something as long as the block lasts, and end it with all that it started."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | (environment or {}),
    )
    try:
        yield process
    finally:
        _end(process)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    """Wait for an answer that is no error of the server."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address on this machine
                answer.read(1)
                return
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{url} was answered {error.code}") from None
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"no answer from {url}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and what it started, each by its number."""
    family = _family(process.pid)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in family.keys() - {process.pid}:
        status = _status(child)
        if status and status.parent in {1, os.getpid()}:  # left behind by its parent
            os.kill(child, signal.SIGKILL)


def free_port() -> int:
    """Return a port of the loopback interface that nobody has."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
