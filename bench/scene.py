"""Headers and noise of the files that are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["CENTRE", "SCALE", "SIP", "alternate", "cards", "many_cards", "noise", "spectral", "stripes"]

CENTRE = (150.1, 2.2)
"""Right ascension and declination of the middle of every image, degrees."""

SCALE = 0.2 / 3600
"""Degrees a pixel."""

SKY, SIGMA = 1000.0, 30.0
"""Level and noise of the sky, counts."""

SIP: dict[str, object] = {
    "A_ORDER": 3,
    "A_2_0": 2.1e-8,
    "A_1_1": -1.3e-8,
    "A_3_0": 1.7e-12,
    "B_ORDER": 3,
    "B_0_2": 1.9e-8,
    "B_1_1": 0.9e-8,
    "B_0_3": -1.1e-12,
    "AP_ORDER": 3,
    "AP_2_0": -2.1e-8,
    "AP_1_1": 1.3e-8,
    "BP_ORDER": 3,
    "BP_0_2": -1.9e-8,
    "BP_1_1": -0.9e-8,
}


def cards(width: int, height: int, *, projection: str = "TAN") -> dict[str, object]:
    """Return the world coordinates of an image, its middle at CENTRE."""
    return {
        "CTYPE1": f"RA---{projection}",
        "CTYPE2": f"DEC--{projection}",
        "CUNIT1": "deg",
        "CUNIT2": "deg",
        "CRVAL1": CENTRE[0],
        "CRVAL2": CENTRE[1],
        "CRPIX1": (width + 1) / 2,
        "CRPIX2": (height + 1) / 2,
        "CD1_1": -SCALE,
        "CD1_2": 1e-7,
        "CD2_1": 1e-7,
        "CD2_2": SCALE,
        "RADESYS": "ICRS",
        "BUNIT": "adu",
    }


def spectral() -> dict[str, object]:
    """Return a third axis in frequency."""
    return {"CTYPE3": "FREQ", "CUNIT3": "Hz", "CRVAL3": 1.42e9, "CRPIX3": 1.0, "CD3_3": 1e4}


def alternate() -> dict[str, object]:
    """Return the alternate coordinates `A` of the LSST pipelines: pixels of the parent."""
    return {
        "CTYPE1A": "LINEAR",
        "CTYPE2A": "LINEAR",
        "CUNIT1A": "PIXEL",
        "CUNIT2A": "PIXEL",
        "CRVAL1A": 0.0,
        "CRVAL2A": 0.0,
        "CRPIX1A": 1.0,
        "CRPIX2A": 1.0,
    }


def many_cards(count: int = 250) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return a primary header as long as that of a survey product."""
    header = fits.Header()
    for number in range(count):
        header[f"HIERARCH OBS PARAMETER {number}"] = (number * 0.37, "value of the observation")
    return header


def noise(rows: int, width: int, seed: int = 1) -> NDArray[np.float32]:
    """Return sky noise with stars; quantised by 16 steps a sigma it takes about 7 bits a pixel."""
    random = np.random.default_rng(seed)
    image = random.standard_normal((rows, width), dtype=np.float32) * SIGMA + SKY
    stars = max(1, rows * width // 4000)
    y, x = random.integers(0, rows, stars), random.integers(0, width, stars)
    image[y, x] += random.exponential(2000.0, stars).astype(np.float32)
    return image.astype(np.float32)


def stripes(height: int, width: int, rows: int = 500) -> Iterator[NDArray[np.float32]]:
    """Yield *height* rows of noise, some at a time; each stripe is the first one rotated."""
    first = noise(min(rows, height), width)
    for number, start in enumerate(range(0, height, len(first))):
        yield np.roll(first, 1009 * number, axis=1)[: height - start]
