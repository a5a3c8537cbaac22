"""The values that requests and cutouts are made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from soda_core.cutout.cards import Cards
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Shape

__all__ = ["Box", "Coverage", "Image", "Part", "Request", "Span", "Spans", "Treatment"]

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
class Request:
    """All that narrows a cutout down; shapes intersect."""

    shapes: Sequence[Shape] = ()
    band: Interval | None = None
    time: Interval | None = None
    pol: Collection[str] = ()
    coverage: Coverage = field(default_factory=Coverage)
    origin: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the dataset down."""
        return not self.shapes and self.band is None and self.time is None and not self.pol
