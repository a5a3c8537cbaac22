"""A first cutout that nobody asked for, so that those of forked processes start warm."""

import tempfile
from pathlib import Path

import numpy as np
from astropy.io import fits

from soda_core.cutout.cutting import cut_by
from soda_core.cutout.file import FitsFile
from soda_core.cutout.model import Request
from soda_core.dali.shapes import Circle

__all__ = ["rehearse"]

SIDE = 64
"""Pixels."""

SCALE = 1e-3
"""Degrees a pixel."""


def rehearse() -> None:
    """Cut a circle out of an image made for it: what is worked out once is known afterwards.

    No thread is left, and no file open. Raises `OSError` where no temporary file can be written.
    """
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 10.0}
    cards |= {"CRPIX1": SIDE / 2, "CRPIX2": SIDE / 2, "CDELT1": -SCALE, "CDELT2": SCALE}
    image = fits.PrimaryHDU(np.zeros((SIDE, SIDE), np.float32), fits.Header(cards))
    with tempfile.TemporaryDirectory(prefix="sodalite-") as folder:
        path = Path(folder, "rehearsal.fits")
        image.writeto(path)
        with cut_by(FitsFile(path), Request((Circle(10.0, 10.0, 4 * SCALE),))) as cutout:
            bytes(cutout)
