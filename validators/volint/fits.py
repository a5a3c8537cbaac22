"""FITS files as far as a check needs them: where on the sky a pixel lies."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from .model import Skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["columns_of_table", "holds", "within"]


def holds(content: bytes, lon: float, lat: float) -> bool:
    """Tell whether a direction (ICRS degrees) lies in any image of a FITS file."""
    from astropy.coordinates import SkyCoord  # noqa: PLC0415 - slow to import, and rarely needed

    seen = False
    for wcs, sides in _images(content):
        seen = True
        x, y = SkyCoord(lon, lat, unit="deg", frame="icrs").to_pixel(wcs)
        if -1 <= x <= sides[0] and -1 <= y <= sides[1]:
            return True
    if not seen:
        raise Skip("the cutout has no image with coordinates of the sky")
    return False


def columns_of_table(content: bytes, number: int) -> int | None:
    """Return how many columns an extension has, None where it is no binary table of the file."""
    from astropy.io import fits  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with fits.open(io.BytesIO(content)) as hdus:
                hdu = hdus[number] if number < len(hdus) else None
                return len(hdu.columns) if isinstance(hdu, fits.BinTableHDU) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None


def within(part: bytes, whole: bytes) -> bool:
    """Tell whether the corners of each image lie in an image of another file, to a pixel and a half."""
    images = tuple(_images(whole))
    for wcs, (wide, high) in _images(part):
        corners = wcs.pixel_to_world([0, wide - 1, 0, wide - 1], [0, 0, high - 1, high - 1])
        places = ((own.world_to_pixel(corners), sides) for own, sides in images)
        if not any(_inside(x, sides[0]) and _inside(y, sides[1]) for (x, y), sides in places):
            return False
    return True


def _inside(values: Iterable[float], side: int) -> bool:
    return all(-1.5 <= value <= side + 0.5 for value in values)  # noqa: PLR2004 - a pixel and a half


def _images(content: bytes) -> Iterator[tuple[Any, tuple[int, int]]]:
    """Yield the celestial coordinates of each image and its sides in pixels."""
    from astropy.io import fits  # noqa: PLC0415 - as above
    from astropy.wcs import WCS  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with fits.open(io.BytesIO(content)) as hdus:
                for hdu in hdus:
                    wcs = WCS(hdu.header, hdus) if hdu.is_image and len(hdu.shape) > 1 else None
                    if wcs is not None and wcs.has_celestial:
                        yield wcs.celestial, (hdu.shape[-1], hdu.shape[-2])
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Skip(f"the cutout cannot be read as FITS: {error}") from None
