"""The world coordinates of one image: which axis is what, and its pixels on the sky."""

from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import Any, Protocol

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS, WCSSUB_CELESTIAL

from soda_core.cutout.blocks import Pyramid, pyramid_of
from soda_core.cutout.cards import Cards
from soda_core.cutout.errors import NoSky
from soda_core.cutout.frames import Frame, frame_of
from soda_core.cutout.headers import letters_of
from soda_core.cutout.mend import mended, sky_alone
from soda_core.cutout.model import Image
from soda_core.cutout.quiet import quiet
from soda_core.cutout.tangent import TangentPlane, tangent_plane
from soda_core.sky import Vectors, lonlat_of, unit_vectors
from soda_core.sky.vectors import Floats

__all__ = ["WCS_FAILURE", "PixelSky", "pixel_sky", "world_of"]

WCS_FAILURE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    RuntimeError,
    MemoryError,
    fits.VerifyError,
)
"""What astropy raises for headers it cannot make coordinates of."""

SAMPLES = 17
LOOKUPS = ("CPDIS", "CQDIS", "D2IMDIS", "AXISCORR")
SOLAR = ("HPLN", "HGLN", "CRLN", "HRLN", "SOLX", "HECH", "HECR", "HGRT")


class Tables(Protocol):
    """A file with the tables that world coordinates may refer to."""

    @property
    def hdus(self) -> Any:  # noqa: ANN401 - astropy is not typed
        """The HDUs as astropy presents them."""
        ...


@dataclass(frozen=True)
class PixelSky:
    """Where the pixels of an image lie on the sky; 0-based pixels, ICRS unit vectors.

    *axes* are the two sky axes (0-based, in the order of the file), *shape* their lengths.
    """

    wcs: Any
    frame: Frame
    axes: tuple[int, int]
    shape: tuple[int, int]
    lock: Any = field(default_factory=RLock, compare=False, repr=False)
    """wcslib works in place: one thread at a time."""

    def vectors(self, x: Floats, y: Floats) -> Vectors:
        """Return the directions of pixel positions (N,); NaN where the projection has no sky."""
        if not len(x):
            return np.empty((0, 3))
        places = np.stack([x, y], axis=-1)
        if self.wcs.has_distortion:
            places = self.wcs.pix2foc(places, 0)
        return self.undistorted(places)

    def undistorted(self, places: Floats) -> Vectors:
        """Return the directions of places (N, 2) on the plane of projection; NaN where it has no sky."""
        with self.lock, np.errstate(all="ignore"):
            world = self.wcs.wcs.p2s(places, 0)["world"]
            lng = self.wcs.wcs.lng
            native = unit_vectors(world[:, lng], world[:, 1 - lng])
            known = np.isfinite(native[:, 0])
            if known.all():
                return self.frame.to_icrs(native)
            found = np.full(native.shape, np.nan)
            if known.any():
                found[known] = self.frame.to_icrs(native[known])
            return found

    @cached_property
    def plane(self) -> TangentPlane | None:
        """The same as a plane that touches the sphere, if it is one."""
        return tangent_plane(self)

    @cached_property
    def pyramid(self) -> Pyramid:
        """The sky of the parts of the image."""
        return pyramid_of(self)

    def pixels(self, vectors: Vectors) -> tuple[Floats, Floats]:
        """Return the pixel positions of directions (N, 3); NaN where there is none."""
        with self.lock, quiet():
            lon, lat = lonlat_of(self.frame.from_icrs(vectors))
            world = (lon, lat) if self.wcs.wcs.lng == 0 else (lat, lon)
            try:
                x, y = self.wcs.all_world2pix(*world, 0, quiet=True)
            except WCS_FAILURE:
                x, y = self.wcs.wcs_world2pix(*world, 0)
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def same_as(self, other: "PixelSky") -> bool:
        """Tell whether another image has the same pixels on the sky."""
        if (self.axes, self.shape) != (other.axes, other.shape):
            return False
        x, y = np.meshgrid(*(np.linspace(0, size - 1, SAMPLES) for size in self.shape))
        one, two = (sky.vectors(x.ravel(), y.ravel()) for sky in (self, other))
        return np.array_equal(one, two, equal_nan=True)


def world_of(source: Tables, image: Image) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the world coordinates of an image as astropy's WCS.

    They are the primary ones; where a header has only lettered ones, the first with a sky, else the first.
    """
    cards = image.cards()
    letters = letters_of(cards)
    tables = source.hdus if _needs_tables(cards) else None
    for axis in "12":
        for keyword in (f"CPDIS{axis}", f"CQDIS{axis}", f"D2IMDIS{axis}"):
            if (function := cards.text(keyword)) and function.strip().upper() != "LOOKUP":
                raise NoSky(f"HDU {image.index}: the distortion {keyword}={function!r} is not understood")
    header = mended(image.header)
    try:
        with quiet():
            if "" in letters or not letters:
                return _read(header, tables, "")
            found = [_read(header, tables, letter) for letter in letters]
    except WCS_FAILURE as error:
        reason = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        raise NoSky(f"HDU {image.index}: its world coordinates are not understood: {reason[0]}") from None
    return next((wcs for wcs in found if wcs.wcs.lng >= 0), found[0])


def _read(header: Any, tables: Any, letter: str) -> Any:  # noqa: ANN401 - astropy is not typed
    """Let wcslib work out what a header means; where it stumbles over other axes, at least its sky."""
    try:
        wcs = WCS(header.copy(), tables, key=letter or " ")
        wcs.wcs.set()
    except WCS_FAILURE:
        plain = sky_alone(header, letter)
        if plain is None:
            raise
        wcs = WCS(plain, tables, key=letter or " ")
        wcs.wcs.set()
    return wcs


def _needs_tables(cards: Cards) -> bool:
    """Tell whether other HDUs take part in the coordinates of an image."""
    for word in cards.keywords():
        if word.startswith(LOOKUPS) or (word.startswith("CTYPE") and "-TAB" in (cards.text(word) or "")):
            return True
    return False


def pixel_sky(wcs: Any, image: Image) -> PixelSky | None:  # noqa: ANN401 - astropy is not typed
    """Return the sky of an image, None if it has no celestial axes; refuse what cannot be cut rightly."""
    types = [str(word) for word in wcs.wcs.ctype]
    solar = [word for word in types if word[:4] in SOLAR]
    if solar:
        raise NoSky(f"HDU {image.index}: {solar[0]} is a solar coordinate, not one of the celestial sphere")
    axes = sorted((int(wcs.wcs.lng), int(wcs.wcs.lat)))
    if axes[0] < 0 or axes[1] >= len(image.shape):
        return None
    try:
        with quiet():
            sub = wcs.sub([WCSSUB_CELESTIAL])
            sub.wcs.set()
            frame = frame_of(sub.wcs.lngtyp.strip(), sub.wcs.radesys, float(sub.wcs.equinox))
    except WCS_FAILURE:
        raise NoSky(f"HDU {image.index}: its sky axes depend on a third axis; that cannot be cut") from None
    return PixelSky(sub, frame, (axes[0], axes[1]), (image.shape[axes[0]], image.shape[axes[1]]))
