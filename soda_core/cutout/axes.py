"""Axes beside the sky: wavelength, time and polarisation, and which of their pixels a filter selects."""

from collections.abc import Collection
from itertools import pairwise
from typing import Any

import numpy as np

from soda_core.cutout.errors import CannotFilter
from soda_core.cutout.model import Image, Span
from soda_core.cutout.moments import CLOCKS, utc_of
from soda_core.cutout.quiet import quiet
from soda_core.cutout.wavelengths import in_si, rest_wavelength, wavelengths_of
from soda_core.cutout.world import WCS_FAILURE
from soda_core.dali.interval import Interval
from soda_core.sky.vectors import Floats

__all__ = ["STATES", "Axes", "overlapping", "wanted_states"]

STATES = {1: "I", 2: "Q", 3: "U", 4: "V"}
STATES |= {-1: "RR", -2: "LL", -3: "RL", -4: "LR", -5: "XX", -6: "YY", -7: "XY", -8: "YX"}
"""Values of a STOKES axis (FITS 4.0, table 29)."""

NEEDS_REST = ("VRAD", "VOPT", "VELO", "ZOPT", "BETA")


class Axes:
    """The wavelength, time and polarisation axes of one image; axes are counted from 0."""

    def __init__(self, wcs: Any, image: Image) -> None:  # noqa: ANN401 - astropy is not typed
        self._wcs = wcs
        self._image = image
        words = [str(word).strip().upper() for word in wcs.wcs.ctype]
        names = [word.split("-")[0] for word in words[: len(image.shape)]]
        spectral = int(wcs.wcs.spec)
        self.spectral = spectral if 0 <= spectral < len(image.shape) else None
        self.pol = _first(names, ("STOKES", "POL"))
        self.time = _first(names, ("TIME", "MJD", *CLOCKS))

    def wavelengths(self) -> Floats | None:
        """Return the vacuum wavelengths, metres, at the n + 1 edges of the channels, None without the axis.

        They are in the frame that SPECSYS declares: nothing is moved to another one.
        """
        if self.spectral is None:
            return None
        sub = self._alone(self.spectral, "BAND")
        name = str(sub.wcs.ctype[0])[:4].strip()
        rest = rest_wavelength(float(sub.wcs.restfrq), float(sub.wcs.restwav))
        if name in NEEDS_REST and rest is None:
            raise CannotFilter(f"BAND: the spectral axis is a velocity ({name}) without a rest frequency")
        try:
            with quiet():
                values = in_si(name, self._edges(sub, self.spectral), str(sub.wcs.cunit[0]).strip())
                return wavelengths_of(name, values, rest or 0.0)
        except (*WCS_FAILURE, KeyError):
            raise CannotFilter(f"BAND: the spectral axis ({name}) cannot be turned to wavelengths") from None

    def times(self) -> Floats | None:
        """Return the times in MJD UTC at the n + 1 edges of the pixels, None without such an axis.

        They are those at the place where they were taken (TREFPOS): no light travel time is added.
        """
        if self.time is None:
            return None
        sub = self._alone(self.time, "TIME")
        name = str(sub.wcs.ctype[0]).split("-")[0].strip().upper()
        unit = str(sub.wcs.cunit[0]).strip() or str(self._wcs.wcs.timeunit).strip() or "s"
        try:
            with quiet():
                system = name if name in CLOCKS else str(self._wcs.wcs.timesys).strip().upper()
                return utc_of(self._edges(sub, self.time), unit, system, self._image.header)
        except (*WCS_FAILURE, KeyError):
            raise CannotFilter(f"TIME: the time axis ({name}, {unit}) cannot be turned to MJD") from None

    def states(self) -> tuple[str, ...]:
        """Return the polarisation state of each pixel of that axis, '' for values of no meaning."""
        if self.pol is None:
            return ()
        sub = self._alone(self.pol, "POL")
        with quiet():
            values = sub.wcs_pix2world(np.arange(self._image.shape[self.pol], dtype=float), 0)[0]
        return tuple(STATES.get(round(float(value)), "") if np.isfinite(value) else "" for value in values)

    def _alone(self, axis: int, parameter: str) -> Any:  # noqa: ANN401 - astropy is not typed
        """Return the coordinates of one axis that does not depend on others."""
        try:
            with quiet():
                sub = self._wcs.sub([axis + 1])
                sub.wcs.set()
        except WCS_FAILURE:
            raise CannotFilter(f"{parameter}: that axis is tied to another axis of the image") from None
        return sub

    def _edges(self, sub: Any, axis: int) -> Floats:  # noqa: ANN401 - astropy is not typed
        """Return the coordinates half a pixel before and after every pixel.

        Where a lookup table ends at the middle of the first or the last pixel, its last step is gone on with.
        """
        size = self._image.shape[axis]
        edges = np.asarray(sub.wcs_pix2world(np.arange(size + 1) - 0.5, 0)[0], dtype=np.float64)
        if np.isfinite(edges).all():
            return edges
        middles = np.asarray(sub.wcs_pix2world(np.arange(size, dtype=float), 0)[0], dtype=np.float64)
        for edge, middle, inner in ((0, 0, 1), (size, size - 1, size - 1)):
            if not np.isfinite(edges[edge]):
                edges[edge] = 2 * middles[middle] - edges[inner]
        return edges


def overlapping(edges: Floats, asked: Interval) -> Span | None:
    """Return the pixels that share more than a point with an interval; for one value, the one around it."""
    low, high = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
    with np.errstate(invalid="ignore"):
        if asked.low == asked.high:
            hit = np.flatnonzero((low <= asked.low) & (asked.low <= high))[:1]
        else:
            hit = np.flatnonzero(np.minimum(high, asked.high) > np.maximum(low, asked.low))
    return Span(int(hit[0]), int(hit[-1] - hit[0] + 1)) if len(hit) else None


def wanted_states(states: tuple[str, ...], wanted: Collection[str]) -> Span | None:
    """Return the pixels with the wanted states: at equal distances if they are so, else all between."""
    names = {word.upper() for word in wanted}
    hit = [at for at, state in enumerate(states) if state and state in names]
    if not hit:
        return None
    steps = {after - before for before, after in pairwise(hit)}
    if len(steps) == 1:
        return Span(hit[0], len(hit), steps.pop())
    return Span(hit[0], hit[-1] - hit[0] + 1)


def _first(names: list[str], wanted: Collection[str]) -> int | None:
    """Return the place of the first name that is wanted."""
    return next((at for at, name in enumerate(names) if name in wanted), None)
