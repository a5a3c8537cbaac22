"""fitsio, the Python face of cfitsio; the box comes from astropy, for fitsio knows no sky."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from astropy.io import fits
from astropy.wcs import WCS

from bench.peers.peer import Buffer, Peer, missing_package
from bench.peers.recipe import box_of

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["FITSIO"]


def cut(task: Task) -> Buffer:
    """Read the box, write it with the header to memory."""
    fitsio: Any = import_module("fitsio")
    with fitsio.FITS(str(task.sample.path)) as source:
        hdu = source[task.sample.hdu]
        header = hdu.read_header()
        text = "".join(f"{record['card_string']:80}" for record in header.records())
        x0, x1, y0, y1 = box_of(WCS(fits.Header.fromstring(text)), task)
        planes = (slice(None),) * (len(task.sample.shape) - 2)
        pixels = hdu[(*planes, slice(y0, y1), slice(x0, x1))]
    header["CRPIX1"] -= x0
    header["CRPIX2"] -= y0
    with fitsio.FITS("mem://", "rw") as target:
        target.write(pixels, header=header)
        content: bytes = target.read_raw()
    return content


FITSIO = Peer("fitsio", cut, missing_package("fitsio"))
