"""Small FITS files for the tests of the cutout core, and what is true about them."""

import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from soda_core.cutout import Cutout, Part
from soda_core.cutout.boxes import Box
from soda_core.cutout.frames import frame_of
from soda_core.cutout.source import Source
from soda_core.cutout.world import PixelSky, pixel_sky, world_of
from soda_core.sky import SkyRegion

__all__ = [
    "Cards",
    "brute_box",
    "header_of",
    "image",
    "opened",
    "pixel_sky_of",
    "sky_box",
    "sky_difference",
    "sky_of",
    "write",
]

Cards: TypeAlias = Mapping[str, object]


def header_of(cards: Cards) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return a header with the given cards."""
    header = fits.Header()
    for keyword, value in cards.items():
        header[keyword] = value
    return header


def pixel_sky_of(cards: Cards) -> PixelSky:
    """Return the sky of an image with the given cards."""
    wcs: Any = WCS(header_of(cards))
    shape = (int(str(cards["NAXIS1"])), int(str(cards["NAXIS2"])))
    return PixelSky(wcs, frame_of(wcs.wcs.lngtyp, wcs.wcs.radesys, wcs.wcs.equinox), (0, 1), shape)


def image(cards: Cards, shape: tuple[int, ...], dtype: str = "f4", *, kind: type[Any] = fits.ImageHDU) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return an HDU whose pixels are all different; *shape* has the slowest axis first."""
    values = (np.arange(np.prod(shape)) % 30011).reshape(shape).astype(dtype)
    return kind(values, header_of(cards))


def write(path: Path, *hdus: Any) -> Path:  # noqa: ANN401 - astropy is not typed
    """Write HDUs to a file."""
    fits.HDUList(list(hdus)).writeto(path)
    return path


def opened(cutout: Cutout) -> Any:  # noqa: ANN401 - astropy is not typed
    """Read the bytes of a cutout with astropy, which must find nothing to complain about."""
    data = bytes(cutout)
    assert len(data) == cutout.size
    assert len(data) % 2880 == 0
    hdus = fits.open(io.BytesIO(data), do_not_scale_image_data=True)
    hdus.verify("exception")
    return hdus


def sky_of(source: Source, index: int) -> PixelSky:
    """Return the sky of one image."""
    sky = pixel_sky(world_of(source, source.parts[index]), source.parts[index])
    assert sky is not None
    return sky


def brute_box(sky: PixelSky, region: SkyRegion) -> Box | None:
    """Return the bounding box of the pixels whose centre lies in the region, from all pixels."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(sky.shape[0]), np.arange(sky.shape[1])))
    vectors = sky.vectors(x.astype(float), y.astype(float))
    known = np.isfinite(vectors[:, 0])
    inside = region.contains(vectors[known])
    if not inside.any():
        return None
    x, y = x[known][inside], y[known][inside]
    return int(x.min()), int(x.max()), int(y.min()), int(y.max())


def sky_box(sky: PixelSky, part: Part) -> Box:
    """Return the pixels of a part along its sky axes."""
    one, two = (part.spans[axis] for axis in sky.axes)
    return one.start, one.start + one.count - 1, two.start, two.start + two.count - 1


def sky_difference(parent: PixelSky, child: PixelSky, part: Part) -> float:
    """Return the largest distance in degrees between the sky of a cutout by itself and by its parent."""
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(*(np.arange(size) for size in child.shape)))
    box = sky_box(parent, part)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, two = child.vectors(x, y), parent.vectors(x + box[0], y + box[2])
    known = np.isfinite(one[:, 0])
    assert np.array_equal(known, np.isfinite(two[:, 0]))
    return float(np.degrees(np.linalg.norm(one - two, axis=1)[known].max(initial=0.0)))
