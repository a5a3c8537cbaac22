"""`sodalite serve`: a folder or a configured archive on the web."""

from __future__ import annotations

import os
from copy import deepcopy
from pathlib import Path  # noqa: TC003 - cyclopts reads the annotations
from typing import Annotated, Any

import uvicorn
import uvicorn.config
from cyclopts import Parameter, validators
from rich.markup import escape

from soda_core.services import Archive
from soda_core.settings import Settings

from .connection import Connection
from .console import Stop, out
from .server import Port, address, listen, report_scan

__all__ = ["serve"]

START = 60
"""Seconds for which a server process may be silent, as it is while it starts, before it is replaced."""


def serve(
    folder: Path | None = None,
    *,
    config: Path | None = None,
    host: str = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[
        int | None,
        Parameter(
            help="Server processes, by default one a core.", validator=validators.Number(gte=1, lte=64)
        ),
    ] = None,
    quiet: Annotated[bool, Parameter(negative="", help="Write no line for each request.")] = False,
) -> None:
    """Serve the FITS files of a folder, or what a configuration names.

    Parameters
    ----------
    folder
        Folder of FITS files.
    config
        File with the settings (`sodalite.toml`).
    host
        Address to listen on.
    port
        Port to listen on; 0 takes any free one.

    """
    settings = _settings(folder, config)
    with listen(host, port) as taken:
        archive = Archive.open(settings)
        report_scan(archive)
        archive.inventory.close()
        place = address(taken)
        port = taken.getsockname()[1]
    os.environ |= settings.environment()
    out.print(f"Serving [bold]{escape(settings.title)}[/] on [link]{place}/[/link] (Ctrl-C ends it)")
    uvicorn.run(
        "soda_core.web:create",
        factory=True,
        host=host,
        port=port,
        workers=workers or cores(),
        loop="uvloop",
        http=Connection,
        log_config=logging_of(quiet=quiet),
        access_log=False,  # ours tells more
        timeout_worker_healthcheck=START,
    )


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def logging_of(*, quiet: bool) -> dict[str, Any]:
    """Return the configuration of the log: that of the server, and ours by the same handler."""
    config = deepcopy(uvicorn.config.LOGGING_CONFIG)
    config["loggers"]["soda_core"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    config["loggers"]["soda_core.access"] = {"level": "WARNING" if quiet else "INFO"}
    return config


def _settings(folder: Path | None, config: Path | None) -> Settings:
    """Return the settings of a file or of a folder, never of both."""
    if folder and config:
        raise Stop("give a folder or --config, not both")
    if config:
        return Settings.from_file(config)
    if folder:
        if not folder.is_dir():
            raise Stop(f"{str(folder)!r} is no folder")
        return Settings.for_folder(folder)
    settings = Settings.from_environment()
    if not settings.collections:
        raise Stop("give a folder, --config FILE or SODALITE_COLLECTIONS in the environment")
    return settings
