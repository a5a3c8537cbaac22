"""Where a cutout comes from, in the words of its header, and what tells one cutout from another."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from soda_core.cutout.model import Part, Request, Span
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import BoundingRectangle, Circle, Polygon, Range, Shape
from soda_core.storage import Identity

__all__ = ["Stamp", "history"]

SPACE = b"sodalite cutout"
"""What sets the UUIDs of cutouts apart from other digests; it never changes."""

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
    def uuid(self) -> str:
        """The same for the same request made of the same file; version 8 of RFC 9562."""
        word = blake2b(self.seed.encode(), digest_size=16, person=SPACE).hexdigest()
        variant = "89ab"[int(word[16], 16) & 3]
        return f"{word[:8]}-{word[8:12]}-8{word[13:16]}-{variant}{word[17:20]}-{word[20:]}"

    @property
    def tag(self) -> str:
        """A short text that is the same as long as the bytes are."""
        return blake2b(f"{self.seed} {self.day}".encode(), digest_size=TAG_BYTES).hexdigest()


def history(request: Request, parts: tuple[Part, ...], stamp: Stamp, remarks: tuple[str, ...]) -> list[str]:
    """Return the lines that tell source, filters, pixels and what else was done; on one day the same."""
    lines = [f"Cutout made by Sodalite {_version()} on {stamp.day}", f"  UUID {stamp.uuid}"]
    if request.origin:
        lines.append(f"  of {request.origin}")
    lines += [f"  POS {_shape(shape)} (ICRS)" for shape in request.shapes]
    if request.band is not None:
        lines.append(f"  BAND {_interval(request.band)} m")
    if request.time is not None:
        lines.append(f"  TIME {_interval(request.time)} d (MJD)")
    if request.pol:
        lines.append(f"  POL {' '.join(request.pol)}")
    lines += [
        f"  HDU {part.index} of the source, pixels [{','.join(map(_pixels, part.spans))}]"
        for part in parts
        if part.treatment == "cut"
    ]
    return lines + [f"  {remark}" for remark in remarks]


def _pixels(span: Span) -> str:
    """Spell a span as FITS counts: from 1, both ends within."""
    last = span.start + (span.count - 1) * span.step + 1
    return f"{span.start + 1}:{last}:{span.step}" if span.step > 1 else f"{span.start + 1}:{last}"


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
