"""The values that requests and cutouts are made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from soda_core.cutout.cards import Cards
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Shape

__all__ = [
    "Box",
    "Compression",
    "Coverage",
    "Image",
    "Masking",
    "Options",
    "Part",
    "Planes",
    "Request",
    "Span",
    "Spans",
    "Treatment",
]

Planes: TypeAlias = Literal["all", "images"]
"""All: what is not cut is carried along; images: it is left away."""

Masking: TypeAlias = Literal["shape"]
"""Shape: pixels whose centre lies outside of the shapes lose their value."""

Compression: TypeAlias = Literal["rice", "gzip", "tiles"]
"""Rice and gzip: images are compressed anew, without loss; tiles: tiles go out as they are stored."""

Treatment: TypeAlias = Literal["kept", "cut", "carried"]
"""Kept: the whole file goes out; cut: a box of it; carried: the HDU goes out whole beside a cut one."""


@dataclass(frozen=True, slots=True)
class Span:
    """Pixels along one axis: the first (0-based), how many, and the distance between them."""

    start: int
    count: int
    step: int = 1

    @property
    def slice(self) -> slice:
        """The same as a slice."""
        return slice(self.start, self.start + (self.count - 1) * self.step + 1, self.step)


Box: TypeAlias = tuple[int, int, int, int]
"""First and last pixel along the first, first and last along the second axis; 0-based, inclusive."""

Spans: TypeAlias = tuple[Span, ...]
"""One span an axis, NAXIS1 first."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a dataset as a whole covers: metres, MJD, polarisation states; None and () where unknown."""

    band: Interval | None = None
    time: Interval | None = None
    pol: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One HDU of a cutout: where it comes from, its pixels in the parent, its shape (NAXIS1 first)."""

    index: int
    name: str
    treatment: Treatment
    spans: Spans
    shape: tuple[int, ...]


class Image(Protocol):
    """An HDU that may hold an array of pixels; *shape* has NAXIS1 first and is empty where there is none."""

    @property
    def index(self) -> int:
        """The place in the file, from 0."""
        ...

    @property
    def name(self) -> str:
        """EXTNAME, '' where there is none."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        ...

    @property
    def header(self) -> Any:  # noqa: ANN401 - astropy is not typed
        """The header as astropy presents it, that of the plain image for a compressed one."""
        ...

    def cards(self) -> Cards:
        """Return the same as cards that can be changed."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What the answer holds of the file, in which form; *hdus* are numbers, `NAME` or `NAME,VERSION`."""

    hdus: tuple[str, ...] = ()
    planes: Planes = "all"
    mask: Masking | None = None
    compress: Compression | None = None
    checksum: bool = False
    provenance: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether they leave a file that is not narrowed down as it is."""
        return not (self.hdus or self.planes != "all" or self.mask or self.compress or self.checksum)


@dataclass(frozen=True, slots=True)
class Request:
    """All that narrows a cutout down; shapes intersect."""

    shapes: Sequence[Shape] = ()
    band: Interval | None = None
    time: Interval | None = None
    pol: Collection[str] = ()
    coverage: Coverage = field(default_factory=Coverage)
    origin: str | None = None
    options: Options = field(default_factory=Options)

    @property
    def has_filters(self) -> bool:
        """Whether a region of sky, wavelength, time or polarisation is asked for."""
        return bool(self.shapes or self.band is not None or self.time is not None or self.pol)

    @property
    def is_empty(self) -> bool:
        """Whether the file goes out as it is."""
        return not self.has_filters and self.options.is_plain
