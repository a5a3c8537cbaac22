"""What a file holds, from its headers alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits

from soda_core.cutout.axes import Axes
from soda_core.cutout.cache import FILES
from soda_core.cutout.errors import CannotFilter, NoSky
from soda_core.cutout.file import HDU, FitsFile
from soda_core.cutout.footprint import Cap, Footprint, cap_of, footprint_of
from soda_core.cutout.model import Coverage
from soda_core.cutout.world import pixel_sky, world_of
from soda_core.dali.interval import Interval
from soda_core.sky import unit_vectors
from soda_core.sky.vectors import Floats

__all__ = ["Description", "ImageDescription", "describe"]

NANOMETRE = 1e-9
DAY = 86400.0
EPOCH = datetime(1858, 11, 17, tzinfo=UTC)
"""Day 0 of the modified Julian date."""


@dataclass(frozen=True, slots=True)
class ImageDescription:
    """One image: its HDU, axes (NAXIS1 first), and what it covers: ICRS degrees, metres, MJD UTC.

    *footprint* is empty where a polygon would not tell the truth (no sky, an all-sky map, open rims);
    *circle* (longitude, latitude, radius) covers the image whenever it has a sky.
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


@dataclass(frozen=True, slots=True)
class Description:
    """A file: its images, a circle (ICRS degrees) around all of them, and what it covers as a whole."""

    images: tuple[ImageDescription, ...]
    circle: Cap | None
    coverage: Coverage

    @property
    def footprint(self) -> Footprint:
        """The outline of the first image that has one."""
        return next((image.footprint for image in self.images if image.footprint), ())


def describe(source: str | Path) -> Description:
    """Read what a FITS file covers from its headers."""
    file = FILES.open(source)
    with file.lock:
        images = tuple(_image(file, image) for image in file.plain)
        headers = [hdu.header for hdu in file.hdus]
    return Description(images, _around(images), _coverage(images, headers))


def _image(file: FitsFile, image: HDU) -> ImageDescription:
    """Describe one image; coordinates that cannot be used are a problem, not a failure."""
    try:
        wcs = world_of(file.content, image)
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
    states = tuple(dict.fromkeys(state for state in axes.states() if state))
    types = tuple(str(word) for word in wcs.wcs.ctype)
    return ImageDescription(
        image.index, image.name, image.shape, types, footprint, circle, bounds[0], bounds[1], states, problem
    )


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


def _coverage(images: tuple[ImageDescription, ...], headers: list[Any]) -> Coverage:
    """Merge the axes of the images; where there are none, take the cards of the first header with some."""
    band = _union(image.band for image in images) or _first(_card_band(header) for header in headers)
    time = _union(image.time for image in images) or _first(_card_time(header) for header in headers)
    states = tuple(dict.fromkeys(state for image in images for state in image.pol))
    return Coverage(band, time, states)


def _union(intervals: Iterator[Interval | None]) -> Interval | None:
    known = [interval for interval in intervals if interval]
    if not known:
        return None
    return Interval(min(one.low for one in known), max(one.high for one in known))


def _first(intervals: Iterator[Interval | None]) -> Interval | None:
    return next((interval for interval in intervals if interval), None)


def _card_band(header: Any) -> Interval | None:  # noqa: ANN401 - astropy is not typed
    """Read WAVELMIN and WAVELMAX, nanometres."""
    low, high = _number(header, "WAVELMIN"), _number(header, "WAVELMAX")
    if low is None or high is None or not 0 < low <= high:
        return None
    return Interval(low * NANOMETRE, high * NANOMETRE)


def _card_time(header: Any) -> Interval | None:  # noqa: ANN401 - astropy is not typed
    """Read MJD-BEG and MJD-END, else the start and the exposure time."""
    start = _number(header, "MJD-BEG")
    if start is None:
        start = _number(header, "MJD-OBS")
    if start is None:
        start = _mjd(_text(header, "DATE-BEG") or _text(header, "DATE-OBS"))
    if start is None:
        return None
    end = _number(header, "MJD-END")
    if end is None:
        end = start + (_number(header, "EXPTIME") or 0.0) / DAY
    return Interval(start, max(start, end))


def _number(header: Any, keyword: str) -> float | None:  # noqa: ANN401 - astropy is not typed
    value = _value(header, keyword)
    number = isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)
    return float(value) if number else None


def _text(header: Any, keyword: str) -> str:  # noqa: ANN401 - astropy is not typed
    value = _value(header, keyword)
    return value.strip() if isinstance(value, str) else ""


def _value(header: Any, keyword: str) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the value of a card, None also where it is not to be understood."""
    try:
        return header.get(keyword)
    except (ValueError, fits.VerifyError):
        return None


def _mjd(text: str) -> float | None:
    """Turn a date as FITS spells it, UTC, into MJD."""
    for form in ("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%d/%m/%y"):
        try:
            moment = datetime.strptime(text.removesuffix("Z")[:26], form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if form == "%d/%m/%y" and moment.year >= 2000:  # noqa: PLR2004 - two digits mean 19xx (FITS 4.0, 4.4.2.1)
            moment = moment.replace(year=moment.year - 100)
        return (moment - EPOCH).total_seconds() / DAY
    return None
