"""The real images: those that the astropy package carries among its tests."""

from collections.abc import Iterator
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Final

from soda_core.demo.product import Product

__all__ = ["IMAGES", "path", "products"]

IMAGES: Final = (
    "io/fits/hdu/compressed/tests/data/m13.fits",
    "io/fits/hdu/compressed/tests/data/m13_rice.fits",
    "io/fits/hdu/compressed/tests/data/m13_gzip.fits",
    "io/fits/hdu/compressed/tests/data/m13_hcomp.fits",
    "io/fits/hdu/compressed/tests/data/m13_plio.fits",
    "io/fits/tests/data/comp.fits",
    "wcs/tests/data/dist_lookup.fits.gz",
    "nddata/tests/data/sip-wcs.fits",
    "modeling/tests/data/1904-66_AZP.fits",
)


def path(image: str) -> PurePosixPath:
    """Return where the archive keeps *image*, one of `IMAGES`."""
    return PurePosixPath("real", PurePosixPath(image).name)


def products(source: Traversable) -> Iterator[Product | str]:
    """Yield the images found below *source*, and one sentence for each that is not there."""
    for image in IMAGES:
        found = source.joinpath(*image.split("/"))
        if found.is_file():
            yield Product(path(image), partial(_read, found))
        else:
            yield f"This distribution of astropy does not carry {image}; the archive goes without it."


def _read(file: Traversable) -> bytes:
    """Return the bytes of *file*."""
    return file.read_bytes()
