"""`sodalite serve`: a folder or a configured archive on the web."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import uvicorn
from cyclopts import Parameter

from soda_core.services import Archive
from soda_core.settings import Settings

from .console import Stop, out
from .server import address, listen, report_scan

__all__ = ["serve"]


def serve(
    folder: Path | None = None,
    *,
    config: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: Annotated[int, Parameter(help="Server processes.")] = 1,
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
        Port to listen on.

    """
    settings = _settings(folder, config)
    archive = Archive.open(settings)
    report_scan(archive)
    archive.inventory.close()
    taken = listen(host, port)
    place = address(taken)
    taken.close()
    os.environ |= settings.environment()
    out.print(f"Serving [bold]{settings.title}[/] on [link]{place}/[/link] (Ctrl-C ends it)")
    uvicorn.run("soda_core.web:create", factory=True, host=host, port=port, workers=workers, log_level="info")


def _settings(folder: Path | None, config: Path | None) -> Settings:
    """Return the settings of a file or of a folder, never of both."""
    if folder and config:
        raise Stop("give a folder or --config, not both")
    if config:
        return Settings.from_file(config)
    if folder:
        return Settings.for_folder(folder)
    settings = Settings.from_environment()
    if not settings.collections:
        raise Stop("give a folder, --config FILE or SODALITE_COLLECTIONS in the environment")
    return settings
