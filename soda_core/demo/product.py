"""One file of the demo archive and how its bytes come about."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from astropy.io import fits

from soda_core.demo.grid import Vector

__all__ = ["Product", "expose", "serialise"]


@dataclass(frozen=True, slots=True)
class Product:
    """Pair a path below the archive's folder with the maker of that file's bytes."""

    path: PurePosixPath
    make: Callable[[], bytes]


def serialise(*hdus: fits.PrimaryHDU | fits.ImageHDU | fits.BinTableHDU | fits.CompImageHDU) -> bytes:
    """Return the FITS file made of *hdus*; a breach of the FITS standard raises."""
    buffer = io.BytesIO()
    fits.HDUList(list(hdus)).writeto(buffer, output_verify="exception")
    return buffer.getvalue()


def expose(
    rng: np.random.Generator, light: Vector, *, gain: float, read_noise: float
) -> tuple[Vector, Vector]:
    """Return one noisy record of *light* and the variance of its pixels.

    *light* has the unit of the image, *gain* turns it into electrons, *read_noise* counts electrons.
    """
    variance = light / gain + (read_noise / gain) ** 2
    return light + np.sqrt(variance) * rng.standard_normal(light.shape), variance
