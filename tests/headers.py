"""Small FITS files whose cards follow the conventions of well-known surveys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["TAN", "butler", "cards_of", "file_of", "sdss_frame", "wise_atlas"]

TAN: Mapping[str, object] = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRPIX1": 4.5,
    "CRPIX2": 4.5,
    "CRVAL1": 10.0,
    "CRVAL2": 20.0,
    "CDELT1": -0.001,
    "CDELT2": 0.001,
    "RADESYS": "ICRS",
}


def cards_of(cards: Mapping[str, object]) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return a header; names of more than eight letters become HIERARCH cards."""
    header = fits.Header()
    for name, value in cards.items():
        header[name if len(name) <= 8 else f"HIERARCH {name}"] = value
    return header


def file_of(path: Path, cards: Mapping[str, object], shape: tuple[int, ...] = (8, 8)) -> Path:
    """Write one image, its slowest axis first in *shape*, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fits.PrimaryHDU(np.ones(shape, ">f4"), cards_of(cards)).writeto(path)
    return path


def sdss_frame(path: Path) -> Path:
    """Write a corrected frame of SDSS DR8 and later: calibrated image, sky, and two tables."""
    cards = {
        **TAN,
        "FLAVOR": "science",
        "VERSION": "v5_6_3",
        "OBJECT": "82 N",
        "TELESCOP": "2.5m",
        "RUN": 4263,
        "FRAME": 311,
        "STRIPE": 82,
        "STRIP": "N",
        "CAMCOL": 3,
        "FILTER": "r",
        "EXPTIME": "53.907456",
        "DATE-OBS": "2003-11-20",
        "TAIHMS": "06:12:21.43",
        "TAI": 4575939141.43,
        "BUNIT": "nanomaggy",
        "NMGY": 0.00488,
    }
    sky = fits.BinTableHDU.from_columns([fits.Column("ALLSKY", "4E", array=np.ones((1, 4)))])
    scale = fits.ImageHDU(np.ones(8, ">f4"))
    fits.HDUList([fits.PrimaryHDU(np.ones((8, 8), ">f4"), cards_of(cards)), scale, sky]).writeto(path)
    return path


def wise_atlas(path: Path) -> Path:
    """Write an intensity image of the WISE All-Sky atlas."""
    cards = {**TAN, "CTYPE1": "RA---SIN", "CTYPE2": "DEC--SIN", "TELESCOP": "WISE", "BAND": 3}
    cards |= {"WAVELEN": 1.2082e-05, "COADDID": "0106p196_ab41", "NUMFRMS": 141, "BUNIT": "DN", "MAGZP": 18.0}
    return file_of(path, cards)


def butler(path: Path, dataset: str, cards: Mapping[str, object]) -> Path:
    """Write a masked image of the LSST pipelines: IMAGE, MASK and VARIANCE, compressed, and a table."""
    primary = cards_of({"LSST BUTLER DATASETTYPE": dataset, **cards})
    planes = [
        fits.CompImageHDU(np.ones((8, 8), kind), cards_of(TAN), name=name)
        for name, kind in (("IMAGE", "f4"), ("MASK", "i4"), ("VARIANCE", "f4"))
    ]
    table = fits.BinTableHDU.from_columns([fits.Column("id", "J", array=[1])], name="ARCHIVE_INDEX")
    fits.HDUList([fits.PrimaryHDU(header=primary), *planes, table]).writeto(path)
    return path
