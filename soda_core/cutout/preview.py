"""A small picture of a cutout."""

import io
import re

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soda_core.cutout.cutout import Cutout
from soda_core.cutout.errors import NoSky
from soda_core.cutout.model import Span
from soda_core.cutout.plan import Pixels
from soda_core.cutout.quiet import quiet

__all__ = ["preview"]

LIMITS = (0.5, 99.7)
"""Percentiles of the values that become black and white."""

SOFTENING = 10.0
"""How strongly faint values are lifted."""

SKY = re.compile(r"RA--|DEC-|[A-Z]L(?:ON|AT)-")
PLANE = 2
LARGEST = 1024
"""Longest side in pixels where no size is asked for."""


def preview(cutout: Cutout, *, size: int | None = None) -> bytes:
    """Draw the first image of *cutout* as a PNG of at most *size* pixels a side, axis 2 upwards.

    Of a cube the middle plane along each further axis is drawn. Pixels without a value are transparent.
    """
    cuts = (piece for piece in cutout.pieces if piece.part.treatment != "carried")
    pixels = next((piece.pixels for piece in cuts if piece.pixels), None)
    if pixels is None:
        raise NoSky("there is no image to draw")
    longest = size or LARGEST
    values = _plane(pixels, longest)
    picture = Image.fromarray(_stretched(values)[::-1], "LA")
    if max(picture.size) > longest or size:
        factor = longest / max(picture.size)
        if factor < 1:
            picture = picture.resize(
                [max(1, round(side * factor)) for side in picture.size], Image.Resampling.BOX
            )
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _plane(pixels: Pixels, longest: int) -> NDArray[np.float64]:
    """Read one plane in physical values, rows along axis 2, no finer than twice the picture."""
    shape = tuple(span.count for span in pixels.spans)
    cards = pixels.image.cards()
    drawn = _drawn(shape, [cards.text(f"CTYPE{axis}") or "" for axis in range(1, len(shape) + 1)])
    step = max(1, max(shape[axis] for axis in drawn) // (2 * longest))
    spans = tuple(
        Span(0, -(-count // step), step) if axis in drawn else Span(count // 2, 1)
        for axis, count in enumerate(shape)
    )
    stored = pixels.read(spans)
    flat = stored.reshape([spans[axis].count for axis in reversed(drawn)])
    blank, scale, zero = (cards.number(word) for word in ("BLANK", "BSCALE", "BZERO"))
    with quiet():
        values = flat.astype(np.float64)
        if stored.dtype.kind != "f" and blank is not None:
            values[flat == blank] = np.nan
        return np.asarray(values * (1.0 if scale is None else scale) + (zero or 0.0), dtype=np.float64)


def _drawn(shape: tuple[int, ...], types: list[str]) -> tuple[int, ...]:
    """Return the sky axes, else the first two with more than one pixel."""
    sky = tuple(axis for axis, word in enumerate(types) if SKY.match(word))
    if len(sky) == PLANE:
        return sky
    order = sorted(range(len(shape)), key=lambda axis: (shape[axis] == 1, axis))
    return tuple(sorted(order[:PLANE]))


def _stretched(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Turn values into grey and opacity, (rows, columns, 2)."""
    values = np.atleast_2d(values)
    known = np.isfinite(values)
    grey = np.zeros(values.shape)
    if known.any():
        low, high = np.percentile(values[known], LIMITS)
        part = np.clip((values[known] - low) / (high - low if high > low else 1.0), 0.0, 1.0)
        grey[known] = np.arcsinh(SOFTENING * part) / np.arcsinh(SOFTENING)
    return np.stack([np.rint(255 * grey), 255.0 * known], axis=-1).astype(np.uint8)
