"""Cutout2D of astropy, over the section so that compressed images are not unpacked whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astropy.coordinates import SkyCoord
from astropy.nddata import Cutout2D
from astropy.wcs import WCS

from bench.peers.peer import Buffer, Peer, missing_package
from bench.peers.recipe import opened, written

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["CUTOUT2D"]


def cut(task: Task) -> Buffer:
    """Cut by position and size, keep the header, put the new coordinates over it."""
    with opened(task) as hdus:
        hdu = hdus[task.sample.hdu]
        centre = SkyCoord(task.circle.lon, task.circle.lat, unit="deg")
        part = Cutout2D(hdu.section, centre, (task.side, task.side), wcs=WCS(hdu.header))
        header = hdu.header.copy()
        header.update(part.wcs.to_header(relax=True))
        return written(part.data, header)


CUTOUT2D = Peer("Cutout2D", cut, missing_package("astropy.nddata"))
