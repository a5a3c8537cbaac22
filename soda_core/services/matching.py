"""Which datasets a target is cut out of."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress
from math import radians
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from soda_core.dali import Circle, DaliError
from soda_core.inventory.areas import AREA, footprints
from soda_core.inventory.compare import folded
from soda_core.inventory.query import Condition
from soda_core.sky import unit_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soda_core.inventory import Dataset
    from soda_core.sky import Footprints

    from .archive import Archive
    from .targets import Target

__all__ = ["Found", "Matcher", "Place"]

POINT = 1e-7
"""Radius in degrees of what stands for a position."""

POSITIONS = 100
"""Positions that one query asks for; databases limit the length of a query."""

ALL, WORTH = 200_000, 25
"""Datasets that are read all at once: at most, and for each position, as one query for it takes as long."""

COLUMNS = ("obs_collection", "key", "obs_publisher_did")


class Place(NamedTuple):
    """Where a dataset lies: places sort in the order of files."""

    collection: str
    key: str
    did: str


Found: TypeAlias = "Sequence[Place] | DaliError"
"""The datasets of a target, or what is wrong with the one that it names."""

Areas: TypeAlias = "tuple[list[Place], Footprints]"
"""Places, and what they cover of the sky."""


@dataclass(slots=True)
class Matcher:
    """Finds the datasets of targets: those that they name, else those of *dids* that they touch, else all."""

    archive: Archive
    dids: Sequence[str] = ()
    _named: dict[str, Found] = field(default_factory=dict)
    _places: list[Place] = field(default_factory=list)
    _areas: Footprints | None = None
    _all: Areas | None = None
    _seen: int = 0

    def __post_init__(self) -> None:
        """Look the given datasets up; raises `NotFoundError` for one that is not there."""
        if self.dids:
            datasets = [self.archive.dataset(did) for did in dict.fromkeys(self.dids)]
            self._places = [_place(dataset) for dataset in datasets]
            self._areas = footprints([tuple(dataset.row[name] for name in AREA) for dataset in datasets])

    def places(self, targets: Sequence[Target]) -> Iterator[Found]:
        """Yield the datasets of each target, which may be none, or why it has none."""
        self._look_up([target.did for target in targets if target.did is not None])
        free = [target for target in targets if target.did is None]
        found = iter(self._holding(free) if self._areas is None else self._touched(free, self._areas))
        for target in targets:
            yield next(found) if target.did is None else self._named[target.did]

    def _look_up(self, dids: Sequence[str]) -> None:
        """Remember the datasets that are named, by one query; the others tell one by one what is wrong."""
        new = [did for did in dict.fromkeys(dids) if did not in self._named]
        found = self.archive.inventory.found(new) if new else {}
        for did in new:
            dataset = found.get(folded(did))
            self._named[did] = [_place(dataset)] if dataset else self._missing(did)

    def _missing(self, did: str) -> Found:
        """Return what is wrong with an identifier, unless its dataset was recorded just now."""
        try:
            return [_place(self.archive.dataset(did))]
        except DaliError as error:
            return error

    def _touched(self, targets: Sequence[Target], areas: Footprints) -> Iterator[Sequence[Place]]:
        """Yield the datasets of the request that share a point with each shape.

        A single one is not looked at: whether it has pixels there its own coordinates tell, and faster.
        """
        for target in targets:
            if len(self._places) == 1:
                yield self._places
                continue
            shape = target.shape
            in_pixels = not isinstance(shape, Circle) and shape.unit == "pixel"
            met = areas.meets(_point(target) if in_pixels else shape)
            yield list(compress(self._places, met.tolist()))

    def _holding(self, targets: Sequence[Target]) -> Iterator[Sequence[Place]]:
        """Yield the datasets of the inventory that hold each position: many are looked up at once."""
        self._seen += len(targets)
        if self._all is None and self.archive.inventory.count() <= min(ALL, WORTH * self._seen):
            self._all = self._areas_of(())
        size = POSITIONS if self._all is None else len(targets)
        for start in range(0, len(targets), max(1, size)):
            some = targets[start : start + size]
            yield from _held(self._all or self._areas_of(some), some)

    def _areas_of(self, targets: Sequence[Target]) -> Areas:
        """Return the datasets about the positions, or without any all that there are."""
        points = tuple(map(_point, targets))
        query = [Condition("region", ("s_region",), points)] if points else []
        rows = list(self.archive.inventory.search(query, (*COLUMNS, *AREA)))
        areas = footprints([row[len(COLUMNS) :] for row in rows])
        return [Place(*row[: len(COLUMNS)]) for row in rows], areas


def _held(areas: Areas, targets: Sequence[Target]) -> Iterator[Sequence[Place]]:
    """Yield the places whose areas hold each position."""
    places, footprints_ = areas
    found: list[list[Place]] = [[] for _ in targets]
    points = unit_vectors([target.lon for target in targets], [target.lat for target in targets])
    for area, at in zip(
        *(part.tolist() for part in footprints_.holders(points, radians(POINT))), strict=True
    ):
        found[at].append(places[area])
    yield from found


def _place(dataset: Dataset) -> Place:
    return Place(dataset.collection, dataset.key, dataset.did)


def _point(target: Target) -> Circle:
    return Circle(target.lon, target.lat, POINT)
