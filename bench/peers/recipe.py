"""The careful recipe with astropy: box of the outline, section, header kept, reference pixel moved."""

from __future__ import annotations

import io
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy import units
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS

from bench.peers.peer import Buffer, Peer, missing_package

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["ASTROPY", "box_of", "opened", "written"]

ANGLES = np.linspace(0, 2 * np.pi, 64, endpoint=False) * units.rad

Box = tuple[int, int, int, int]


def box_of(wcs: Any, task: Task) -> Box:  # noqa: ANN401 - astropy is not typed
    """Return first and end column, first and end row of the pixels that enclose the circle."""
    circle = task.circle
    centre = SkyCoord(circle.lon, circle.lat, unit="deg")
    ring = centre.directional_offset_by(ANGLES, circle.radius * units.deg)
    x, y = wcs.celestial.all_world2pix(ring.ra.deg, ring.dec.deg, 0)
    width, height = task.sample.shape[:2]
    return (
        max(0, floor(x.min() + 0.5)),
        min(width, ceil(x.max() + 0.5)),
        max(0, floor(y.min() + 0.5)),
        min(height, ceil(y.max() + 0.5)),
    )


def moved(header: Any, box: Box) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the header with its reference pixel where the box begins."""
    header = header.copy()
    header["CRPIX1"] -= box[0]
    header["CRPIX2"] -= box[2]
    return header


def written(pixels: Any, header: Any) -> Buffer:  # noqa: ANN401 - astropy is not typed
    """Return a FITS file in memory."""
    target = io.BytesIO()
    fits.PrimaryHDU(pixels, header).writeto(target)
    return target.getbuffer()


def opened(task: Task) -> Any:  # noqa: ANN401 - astropy is not typed
    """Open the file; astropy refuses to map one whose values are scaled, and then reads the section alone."""
    return fits.open(task.sample.path, memmap=not task.sample.is_scaled)


def cut(task: Task) -> Buffer:
    """Cut as a careful user of astropy does."""
    with opened(task) as hdus:
        hdu = hdus[task.sample.hdu]
        box = box_of(WCS(hdu.header), task)
        x0, x1, y0, y1 = box
        return written(hdu.section[..., y0:y1, x0:x1], moved(hdu.header, box))


ASTROPY = Peer("astropy", cut, missing_package("astropy"))
