"""Where a cutout comes from, in the words of its header."""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from soda_core.cutout.model import Part, Request
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape

__all__ = ["history"]


def history(request: Request, parts: tuple[Part, ...]) -> Iterator[str]:
    """Yield the lines that tell source, filters and pixels; the same request gives the same lines."""
    yield f"Cutout made by Sodalite {_version()}"
    if request.origin:
        yield f"  of {request.origin}"
    for shape in request.shapes:
        yield f"  POS {_shape(shape)} (ICRS)"
    if request.band is not None:
        yield f"  BAND {_interval(request.band)} m"
    if request.time is not None:
        yield f"  TIME {_interval(request.time)} d (MJD)"
    if request.pol:
        yield f"  POL {' '.join(request.pol)}"
    for part in parts:
        if part.treatment == "cut":
            pixels = ",".join(
                f"{s.start + 1}:{s.slice.stop}" + f":{s.step}" * (s.step > 1) for s in part.spans
            )
            yield f"  HDU {part.index} of the source, pixels [{pixels}]"


@cache
def _version() -> str:
    """Return the version of this software, 'unknown' where it is not installed."""
    try:
        return version("sodalite")
    except PackageNotFoundError:
        return "unknown"


def _shape(shape: Shape) -> str:
    """Spell a shape as POS does."""
    match shape:
        case Circle():
            return f"CIRCLE {_numbers(shape.lon, shape.lat, shape.radius)}"
        case Polygon():
            return f"POLYGON {_numbers(*(number for vertex in shape.vertices for number in vertex))}"
        case Range():
            return f"RANGE {_numbers(shape.lon_min, shape.lon_max, shape.lat_min, shape.lat_max)}"
        case BoundingRectangle():
            return f"BRECT {_numbers(shape.lon, shape.lat, shape.width, shape.height)} {shape.unit}"


def _interval(interval: Interval) -> str:
    return _numbers(interval.low, interval.high)


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.12g}" for value in values)
