"""Pixels outside of a shape lose their value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soda_core.cutout.cards import Cards
from soda_core.cutout.file import HDU, FitsFile
from soda_core.cutout.model import Request, Span, Spans
from soda_core.cutout.world import PixelSky
from soda_core.dali.shapes import BoundingRectangle, Shape
from soda_core.sky import Intersection, SkyRegion, sky_region
from soda_core.sky.vectors import Flags

__all__ = ["Mask", "Masks", "Shade", "blank_of", "region_of"]

AT_ONCE = 1 << 17
"""Pixels whose sky is worked out at once."""

KEPT = 1 << 26
"""Pixels of a box up to which is remembered which lie inside: 8 MiB of bits."""


def region_of(shapes: Sequence[Shape]) -> SkyRegion | None:
    """Return what the shapes on the sky share; None where all are boxes of pixels, which hide nothing."""
    regions = [
        sky_region(shape)
        for shape in shapes
        if not (isinstance(shape, BoundingRectangle) and shape.unit == "pixel")
    ]
    return Intersection(regions) if regions else None


def blank_of(image: HDU, cards: Cards) -> float | int | None:
    """Return the stored value of a pixel without a value, None where the type has no room for one.

    That is NaN, or what BLANK says. Without BLANK it is the lowest number there is; the highest where BZERO
    makes them unsigned, as the lowest is a zero then. 8 bits are too few to give one away.
    """
    if image.place.bitpix < 0:
        return float("nan")
    bits = image.place.bitpix
    low, high = (0, 255) if bits == 8 else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)  # noqa: PLR2004 - bytes are unsigned
    text = cards.text("BLANK")
    if text is not None:
        number = int(text) if text.lstrip("+-").isdecimal() else low - 1
        return number if low <= number <= high else None
    if bits == 8:  # noqa: PLR2004 - bytes are unsigned
        return None
    unsigned = cards.number("BZERO") == 1 << (bits - 1) and cards.number("BSCALE") in (None, 1.0)
    return high if unsigned else low


@dataclass(frozen=True)
class Shade:
    """Which pixels of a box lie in a region; *spans* are those of the two sky axes."""

    sky: PixelSky
    region: SkyRegion
    spans: tuple[Span, Span]

    def outside(self, x: Span, y: Span) -> Flags:
        """Tell which centres of some pixels of the image lie outside of the region, (rows, columns)."""
        whole = self.spans
        if whole[0].count * whole[1].count > KEPT:
            return np.concatenate([~rows for rows in self._inside(x, y)])
        rows, columns = (_within(outer, inner) for outer, inner in zip(whole[::-1], (y, x), strict=True))
        bits = self._bits[rows]
        inside = np.unpackbits(bits, axis=1, count=whole[0].count)[:, columns]
        return np.asarray(inside == 0, dtype=np.bool_)

    @cached_property
    def _bits(self) -> NDArray[np.uint8]:
        """The pixels inside; all of them where the region lies between the centres."""
        bits = np.concatenate([np.packbits(rows, axis=1) for rows in self._inside(*self.spans)])
        return bits if bits.any() else ~bits

    def _inside(self, x: Span, y: Span) -> Sequence[Flags]:
        """Tell which pixels lie inside, some rows at a time."""
        columns = x.start + x.step * np.arange(x.count, dtype=np.float64)
        height = max(1, AT_ONCE // x.count)
        found: list[Flags] = []
        for first in range(0, y.count, height):
            rows = y.start + y.step * np.arange(first, min(y.count, first + height), dtype=np.float64)
            found.append(self._tried(columns, rows))
        return found

    def _tried(self, columns: NDArray[np.float64], rows: NDArray[np.float64]) -> Flags:
        """Try every pixel of some rows."""
        x, y = np.tile(columns, len(rows)), np.repeat(rows, len(columns))
        if plane := self.sky.plane:
            return self.region.contains(plane.vectors(np.stack([x, y], axis=-1))).reshape(
                len(rows), len(columns)
            )
        vectors = self.sky.vectors(x, y)
        inside = np.isfinite(vectors[:, 0])
        inside[inside] = self.region.contains(vectors[inside])
        return inside.reshape(len(rows), len(columns))


@dataclass(frozen=True, slots=True)
class Mask:
    """A shade over every plane of an image, and the stored value of what it hides."""

    shade: Shade
    blank: float

    def apply(self, spans: Spans, values: NDArray[Any]) -> None:
        """Hide pixels of a box; *values* are stored ones, slowest axis first."""
        one, two = self.shade.sky.axes
        hidden = self.shade.outside(spans[one], spans[two])
        shape = [1] * len(spans)
        shape[-1 - one], shape[-1 - two] = spans[one].count, spans[two].count
        np.copyto(values, np.array(self.blank, dtype=values.dtype), where=hidden.reshape(shape))


class Masks:
    """The masks of the images of a file under a request; images on one grid share what is worked out."""

    def __init__(self, file: FitsFile, request: Request, selected: Mapping[int, Spans | None]) -> None:
        self.refused: list[int] = []
        """HDUs that have no room for pixels without a value."""
        self._shades: dict[int, Shade] = {}
        region = region_of(request.shapes)
        for sky, images in file.grids if region else ():
            shades: dict[tuple[Span, Span], Shade] = {}
            for image in images:
                if region and (spans := selected.get(image.index)):
                    place = (spans[sky.axes[0]], spans[sky.axes[1]])
                    self._shades[image.index] = shades.setdefault(place, Shade(sky, region, place))

    def of(self, image: HDU, cards: Cards) -> Mask | None:
        """Return the mask of an image, None if there is nothing to hide; *cards* get a BLANK if need be."""
        shade = self._shades.get(image.index)
        if shade is None:
            return None
        blank = blank_of(image, cards)
        if blank is None:
            self.refused.append(image.index)
            return None
        if image.place.bitpix > 0 and cards.text("BLANK") is None:
            cards.set("BLANK", str(blank))
        return Mask(shade, blank)


def _within(outer: Span, inner: Span) -> slice:
    """Return the places in a span of the pixels of another one that lies in it."""
    first = (inner.start - outer.start) // outer.step
    step = max(1, inner.step // outer.step)
    return slice(first, first + (inner.count - 1) * step + 1, step)
