"""Where a cutout comes from, in the words of its header, and what tells one cutout from another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from typing import Self
from uuid import UUID, uuid5

from soda_core.cutout.model import Part, Request
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.storage import Identity

__all__ = ["Stamp", "history"]

NAMESPACE = UUID("3f0b7c52-5d0e-4c1b-9a55-6f1d2f8f6c11")
"""The space of names that the UUIDs of cutouts are made in; it never changes."""

TAG_BYTES = 12


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a cutout depends on: the content of the source, the request, the software, the day if written."""

    seed: str
    day: str

    @classmethod
    def of(cls, source: Identity, request: Request) -> Self:
        """Stamp a request made of one content of a file; the day is that of UTC."""
        dated = request.options.provenance and not request.is_empty
        day = datetime.now(UTC).date().isoformat() if dated else ""
        return cls(f"{source.size} {source.mtime_ns} {_version()} {request!r}", day)

    @property
    def uuid(self) -> UUID:
        """The same for the same request made of the same file."""
        return uuid5(NAMESPACE, self.seed)

    @property
    def tag(self) -> str:
        """A short text that is the same as long as the bytes are."""
        return blake2b(f"{self.seed} {self.day}".encode(), digest_size=TAG_BYTES).hexdigest()


def history(
    request: Request, parts: tuple[Part, ...], stamp: Stamp, remarks: tuple[str, ...]
) -> Iterator[str]:
    """Yield the lines that tell source, filters, pixels and what else was done; on one day the same."""
    yield f"Cutout made by Sodalite {_version()} on {stamp.day}"
    yield f"  UUID {stamp.uuid}"
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
    yield from (f"  {remark}" for remark in remarks)


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
