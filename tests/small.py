"""Small FITS files, archives over them, and ways to spoil them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from starlette.testclient import TestClient

from soda_core.inventory import Inventory
from soda_core.services import Archive
from soda_core.settings import Collection, Settings
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

__all__ = ["archive_of", "client_of", "did_of", "engine_of", "image", "settings_of"]


def image(path: Path, *, side: int = 8, value: float = 1.0, dec: float = 20.0) -> Path:
    """Write an image of 1 arcmin pixels around right ascension 10 degrees, and return its path."""
    header = fits.Header(
        {
            "CTYPE1": "RA---TAN",
            "CTYPE2": "DEC--TAN",
            "CRPIX1": (side + 1) / 2,
            "CRPIX2": (side + 1) / 2,
            "CRVAL1": 10.0,
            "CRVAL2": dec,
            "CDELT1": -1 / 60,
            "CDELT2": 1 / 60,
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    data = np.full((side, side), value, dtype=">f4")
    fits.PrimaryHDU(data, header).writeto(path, overwrite=True)
    return path


def settings_of(folder: Path, *, name: str = "c") -> Settings:
    """Return the settings of an archive of one folder, its inventory beside the folder."""
    return Settings(
        collections=(Collection(name=name, folder=folder),),
        inventory=str(folder.parent / f"{folder.name}.sqlite"),
        base_url="http://archive.example/soda",
        job_slots=1,
    )


@contextmanager
def archive_of(settings: Settings) -> Iterator[Archive]:
    """Open an archive, its inventory up to date."""
    archive = Archive.open(settings)
    try:
        archive.refresh()
        yield archive
    finally:
        archive.inventory.close()


@contextmanager
def client_of(settings: Settings) -> Iterator[TestClient]:
    """Open a client of the service over a fresh archive."""
    with (
        archive_of(settings) as archive,
        TestClient(application(archive), raise_server_exceptions=False) as client,
    ):
        yield client


def engine_of(archive: Archive) -> Engine:
    """Return the database of an archive that has one of its own."""
    assert isinstance(archive.inventory, Inventory)
    return archive.inventory.engine


def did_of(key: str) -> str:
    """Return the identifier of a file whose name needs no escapes."""
    return f"ivo://sodalite.local/c?{key}"
