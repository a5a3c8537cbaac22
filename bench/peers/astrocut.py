"""STScI's astrocut, to memory."""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, Any

from astropy.coordinates import SkyCoord

from bench.peers.peer import Buffer, Peer, missing_package

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["ASTROCUT"]


def cut(task: Task) -> Buffer:
    """Cut one HDU by position and size in pixels."""
    astrocut: Any = import_module("astrocut")
    centre = SkyCoord(task.circle.lon, task.circle.lat, unit="deg")
    (made,) = astrocut.fits_cut(
        [str(task.sample.path)], centre, task.side, extension=task.sample.hdu, memory_only=True
    )
    target = io.BytesIO()
    made.writeto(target)
    return target.getbuffer()


ASTROCUT = Peer("astrocut", cut, missing_package("astrocut"))
