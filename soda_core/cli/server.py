"""A running server for the commands that need one."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import uvicorn
from cyclopts import Parameter, validators

from soda_core.inventory import Work
from soda_core.web import application

from .connection import Connection
from .console import Stop, done, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soda_core.services import Archive

__all__ = ["Port", "address", "listen", "report_scan", "running"]

Port: TypeAlias = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))]

START = 20.0
"""Seconds that a server may take to start."""


def listen(host: str, port: int) -> socket.socket:
    """Take *port* of *host* (0 takes any free one), or say who has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as failure:
        taken.close()
        if failure.errno == errno.EADDRINUSE:
            raise Stop(f"port {port} of {host} is in use; choose another with --port") from None
        raise Stop(f"cannot listen on {host}:{port}: {failure.strerror}") from None
    return taken


def address(taken: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def running(archive: Archive, taken: socket.socket) -> Iterator[str]:
    """Serve *archive* in a thread as long as the block lasts; gives the URL."""
    config = uvicorn.Config(application(archive), http=Connection, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    try:
        _wait(server, thread)
        yield address(taken)
    finally:
        server.should_exit = True
        thread.join()


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise Stop("the server did not start")
        time.sleep(0.02)


def report_scan(archive: Archive) -> None:
    """Bring the inventory up to date and tell what it holds."""
    scan = archive.refresh(Work(processes=len(os.sched_getaffinity(0))))
    for key, reason in scan.skipped:
        error(f"{key} is left out: {reason}")
    done(f"{scan.datasets} datasets in the inventory, {scan.fresh} of them read now")
