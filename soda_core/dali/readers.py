"""Readers of parameter values: text → value, or a `BadValue` that says what was expected."""

import math
from typing import cast, get_args

from .errors import BadValue
from .interval import Interval
from .numbers import number, numbers, words
from .shapes import BoundingRectangle, Circle, Polygon, Range, RectangleUnit

__all__ = [
    "read_circle",
    "read_identifier",
    "read_interval",
    "read_polygon",
    "read_range",
    "read_rectangle",
    "read_shape",
    "read_string",
    "read_word",
]

CIRCLE = "three numbers: ra dec radius (ICRS degrees; dec in [-90, 90], radius in (0, 180])"
POLYGON = "at least three pairs of numbers: ra1 dec1 ra2 dec2 ra3 dec3 … (ICRS degrees; dec in [-90, 90])"
RANGE = "four numbers: ra1 ra2 dec1 dec2 (ICRS degrees, dec1 ≤ dec2 in [-90, 90]; ±Inf leaves a side open)"
INTERVAL = "two numbers: low high, low ≤ high (-Inf and +Inf leave an end open)"
RECTANGLE = (
    "ra dec width height and perhaps a unit: deg, arcmin, arcsec or pixel (sizes above 0, dec in [-90, 90])"
)


def read_string(name: str, text: str) -> str:
    """Take any text that a header line may carry."""
    if not text.isprintable():
        raise BadValue(name, text, "printable text")
    return text


def read_identifier(name: str, text: str) -> str:
    """Take an opaque, non-empty identifier (SODA 1.0, 3.2.1)."""
    if not text or not text.isprintable():
        raise BadValue(name, text, "an identifier")
    return text


def read_word(name: str, text: str) -> str:
    """Take one word."""
    if text.split() != [text] or not text.isprintable():
        raise BadValue(name, text, "one word")
    return text


def read_shape(name: str, text: str) -> str:
    """Take a shape word and what follows; which words there are, the declaration knows."""
    label, *rest = words(text) or [""]
    if not rest or not label.isalpha() or not label.isascii() or not all(map(str.isprintable, rest)):
        raise BadValue(name, text, "a shape word and its numbers")
    return text


def read_circle(name: str, text: str) -> Circle:
    """Read `ra dec radius`, ICRS degrees; the right ascension is reduced to [0, 360)."""
    values = numbers(name, text, CIRCLE)
    if len(values) != 3 or not all(map(math.isfinite, values)):  # noqa: PLR2004 - a circle has three
        raise BadValue(name, text, CIRCLE)
    lon, lat, radius = values
    if not (-90 <= lat <= 90 and 0 < radius <= 180):  # noqa: PLR2004 - limits of DALI 1.1, 3.3.6
        raise BadValue(name, text, CIRCLE)
    return Circle(_longitude(lon), lat, radius)


def read_polygon(name: str, text: str) -> Polygon:
    """Read pairs `ra dec`, ICRS degrees; a last vertex that repeats the first is dropped."""
    values = numbers(name, text, POLYGON)
    if len(values) % 2 or not all(map(math.isfinite, values)):
        raise BadValue(name, text, POLYGON)
    vertices = [(_longitude(lon), lat) for lon, lat in zip(values[::2], values[1::2], strict=True)]
    if len(vertices) > 1 and vertices[0] == vertices[-1]:
        del vertices[-1]
    if len(set(vertices)) < 3 or not all(-90 <= lat <= 90 for _, lat in vertices):  # noqa: PLR2004 - DALI 1.1, 3.3.7
        raise BadValue(name, text, POLYGON)
    return Polygon(tuple(vertices))


def read_range(name: str, text: str) -> Range:
    """Read `ra1 ra2 dec1 dec2`; ra1 above ra2 crosses the meridian 0, 360 degrees or more are a full turn."""
    values = numbers(name, text, RANGE)
    if len(values) != 4:  # noqa: PLR2004 - a range has four
        raise BadValue(name, text, RANGE)
    lon = _open_ended(values[0], values[1], (0.0, 360.0))
    lat = _open_ended(values[2], values[3], (-90.0, 90.0))
    if lon is None or lat is None or not -90 <= lat[0] <= lat[1] <= 90:  # noqa: PLR2004 - the poles
        raise BadValue(name, text, RANGE)
    return Range(*_one_turn(*lon), *lat)


def _open_ended(low: float, high: float, limits: tuple[float, float]) -> tuple[float, float] | None:
    """Put *limits* in the place of a low -Inf and a high +Inf; None for an infinity on the wrong side."""
    if low == math.inf or high == -math.inf:
        return None
    return (limits[0] if math.isinf(low) else low, limits[1] if math.isinf(high) else high)


def _one_turn(low: float, high: float) -> tuple[float, float]:
    """Reduce a stretch of longitude to [0, 360]."""
    if high - low >= 360:  # noqa: PLR2004 - a full turn
        return 0.0, 360.0
    # 360 as an upper end is not 0, unless the lower end is the meridian too.
    return _longitude(low), 360.0 if low < 360 == high else high % 360  # noqa: PLR2004 - a full turn


def _longitude(angle: float) -> float:
    """Reduce to [0, 360); the remainder of a tiny negative angle rounds to 360 itself."""
    reduced = angle % 360
    return 0.0 if reduced == 360 else reduced  # noqa: PLR2004 - a full turn


def read_interval(name: str, text: str) -> Interval:
    """Read `low high`; a single number stands for both ends."""
    values = numbers(name, text, INTERVAL)
    if len(values) == 1 and math.isfinite(values[0]):
        return Interval(values[0], values[0])
    if len(values) != 2:  # noqa: PLR2004 - an interval has two
        raise BadValue(name, text, INTERVAL)
    low, high = values
    if low == math.inf or high == -math.inf or low > high:
        raise BadValue(name, text, INTERVAL)
    return Interval(low, high)


def read_rectangle(name: str, text: str) -> BoundingRectangle:
    """Read LSST's `ra dec width height [unit]`."""
    *sizes, last = words(text) or [""]
    if last.lower() in get_args(RectangleUnit):
        unit = cast("RectangleUnit", last.lower())
    else:
        sizes, unit = [*sizes, last], "deg"
    try:
        lon, lat, width, height = map(number, sizes)
    except ValueError:
        raise BadValue(name, text, RECTANGLE) from None
    if not all(map(math.isfinite, (lon, lat, width, height))):
        raise BadValue(name, text, RECTANGLE)
    if not (-90 <= lat <= 90 and width > 0 and height > 0):  # noqa: PLR2004 - the poles
        raise BadValue(name, text, RECTANGLE)
    return BoundingRectangle(_longitude(lon), lat, width, height, unit)
