"""What a file holds, from its headers alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from soda_core.cutout.axes import Axes
from soda_core.cutout.cache import FILES
from soda_core.cutout.coordinates import Coordinates, coordinates_of, world_alone
from soda_core.cutout.errors import CannotFilter, NoSky
from soda_core.cutout.exposure import band_of, time_of
from soda_core.cutout.file import HDU, FitsFile
from soda_core.cutout.footprint import Cap, Footprint, around, cap_of, footprint_of
from soda_core.cutout.keywords import Keywords
from soda_core.cutout.model import Coverage
from soda_core.cutout.world import PixelSky, pixel_sky
from soda_core.dali.interval import Interval
from soda_core.sky import unit_vectors
from soda_core.sky.vectors import Floats, angles

__all__ = ["Description", "ImageDescription", "describe", "describe_file"]


@dataclass(frozen=True, slots=True)
class ImageDescription:
    """One image: its HDU, axes (NAXIS1 first), and what it covers: ICRS degrees, metres, MJD UTC.

    *footprint* is empty where a polygon would not tell the truth (no sky, an all-sky map, open rims);
    *circle* (longitude, latitude, radius) covers the image whenever it has a sky. Axes are counted from 0;
    *pixel_scale* is the smaller side of a pixel in the middle, arcsec.
    """

    hdu: int
    name: str
    axes: tuple[int, ...]
    ctype: tuple[str, ...]
    footprint: Footprint
    circle: Cap | None
    band: Interval | None
    time: Interval | None
    pol: tuple[str, ...]
    problem: str | None = None
    sky_axes: tuple[int, int] | None = None
    spectral_axis: int | None = None
    time_axis: int | None = None
    pol_axis: int | None = None
    pixel_scale: float | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """A file: its images, the sky around all of them (ICRS degrees), and what it covers as a whole.

    *headers* are those of all HDUs, that of the table for a compressed image.
    """

    images: tuple[ImageDescription, ...]
    circle: Cap | None
    footprint: Footprint
    coverage: Coverage
    headers: tuple[Keywords, ...]
    media_type: str
    bytes_read: int


def describe(source: str | Path) -> Description:
    """Read what a FITS file covers from its headers."""
    return describe_file(FILES.open(source))


def describe_file(file: FitsFile) -> Description:
    """Tell what an open file covers, from its headers."""
    with file.lock:
        images = tuple(_images(file))
        headers = tuple(Keywords.read(hdu.place.raw) for hdu in file.hdus)
    footprint, coverage = _outline(images), _coverage(images, headers)
    read = file.account.bytes_read
    return Description(images, _around(images), footprint, coverage, headers, file.media_type, read)


def _images(file: FitsFile) -> Iterator[ImageDescription]:
    """Describe the images that are no distortion tables of others; planes on one grid are worked out once."""
    images = [coordinates_of(image) for image in file.images]
    tables = {name for image in images for name, _ in image.lookups}
    done: dict[object, ImageDescription] = {}
    for image in images:
        if image.name.upper() in tables:
            continue
        key = (image.lines, image.shape) if isinstance(image, Coordinates) else image.index
        if key not in done:
            done[key] = _image(file, image)
        yield replace(done[key], hdu=image.index, name=image.name)


def _image(file: FitsFile, image: Coordinates | HDU) -> ImageDescription:
    """Describe one image; coordinates that cannot be used are a problem, not a failure."""
    try:
        wcs = world_alone(file.content, image)
        sky = pixel_sky(wcs, image)
    except NoSky as error:
        return ImageDescription(
            image.index, image.name, image.shape, (), (), None, None, None, (), str(error)
        )
    axes = Axes(wcs, image)
    footprint, circle = footprint_of(sky) if sky else ((), None)
    problem, bounds = None, []
    for edges in (axes.wavelengths, axes.times):
        try:
            bounds.append(_bounds(edges()))
        except CannotFilter as error:
            problem = str(error)
            bounds.append(None)
    return ImageDescription(
        image.index,
        image.name,
        image.shape,
        tuple(str(word) for word in wcs.wcs.ctype),
        footprint,
        circle,
        bounds[0],
        bounds[1],
        tuple(dict.fromkeys(state for state in axes.states() if state)),
        problem,
        sky.axes if sky else None,
        axes.spectral,
        axes.time,
        axes.pol,
        _pixel_scale(sky) if sky else None,
    )


def _pixel_scale(sky: PixelSky) -> float | None:
    """Return the smaller side of the pixel in the middle, arcsec."""
    x, y = ((size - 1) / 2 for size in sky.shape)
    middle, right, upper = sky.vectors(np.array([x, x + 1, x]), np.array([y, y, y + 1]))
    sides = np.degrees([float(angles(middle, other)) for other in (right, upper)]) * 3600
    return float(sides.min()) if np.isfinite(sides).all() and sides.min() > 0 else None


def _bounds(edges: Floats | None) -> Interval | None:
    """Return the lowest and the highest of the finite edges."""
    if edges is None or not np.isfinite(edges).any():
        return None
    return Interval(float(np.nanmin(edges)), float(np.nanmax(edges)))


def _around(images: tuple[ImageDescription, ...]) -> Cap | None:
    """Return a circle around the circles of all images."""
    circles = [image.circle for image in images if image.circle]
    if len(circles) <= 1:
        return circles[0] if circles else None
    lon, lat, radius = np.asarray(circles).T
    return cap_of(unit_vectors(lon, lat), np.radians(radius))


def _outline(images: tuple[ImageDescription, ...]) -> Footprint:
    """Return a polygon that covers all images, empty where none tells the truth."""
    skies = [image.footprint for image in images if image.circle]
    return around(tuple(dict.fromkeys(skies)))


def _coverage(images: tuple[ImageDescription, ...], headers: tuple[Keywords, ...]) -> Coverage:
    """Merge the axes of the images; where there are none, take the cards of the first header with some."""
    band, time = _union(image.band for image in images), _union(image.time for image in images)
    band = band or _first(band_of(header) for header in headers)
    time = time or time_of(Keywords.merged(headers))
    states = tuple(dict.fromkeys(state for image in images for state in image.pol))
    return Coverage(band, time, states)


def _union(intervals: Iterator[Interval | None]) -> Interval | None:
    known = [interval for interval in intervals if interval]
    if not known:
        return None
    return Interval(min(one.low for one in known), max(one.high for one in known))


def _first(intervals: Iterator[Interval | None]) -> Interval | None:
    return next((interval for interval in intervals if interval), None)
