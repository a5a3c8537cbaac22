"""Which datasets a target is cut out of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from soda_core.dali import Circle, DaliError
from soda_core.inventory.areas import AREA, footprints
from soda_core.inventory.query import Condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soda_core.inventory import Dataset
    from soda_core.sky import Footprints

    from .archive import Archive
    from .targets import Target

__all__ = ["Matcher", "Place"]

POINT = 1e-7
"""Radius in degrees of what stands for a position."""

COLUMNS = ("obs_collection", "key", "obs_publisher_did")


class Place(NamedTuple):
    """Where a dataset lies: places sort in the order of files."""

    collection: str
    key: str
    did: str


@dataclass(slots=True)
class Matcher:
    """Finds the datasets of targets: those that they name, else those of *dids* that they touch, else all."""

    archive: Archive
    dids: Sequence[str] = ()
    _named: dict[str, Place | DaliError] = field(default_factory=dict)
    _places: list[Place] = field(default_factory=list)
    _areas: Footprints | None = None

    def __post_init__(self) -> None:
        """Look the given datasets up; raises `NotFoundError` for one that is not there."""
        if self.dids:
            datasets = [self.archive.dataset(did) for did in dict.fromkeys(self.dids)]
            self._places = [_place(dataset) for dataset in datasets]
            self._areas = footprints([tuple(dataset.row[name] for name in AREA) for dataset in datasets])

    def places(self, target: Target) -> Sequence[Place]:
        """Return the datasets of a target, which may be none; raises a `DaliError` for an unknown one."""
        if target.did is not None:
            return (self._by_name(target.did),)
        return self._holding(target) if self._areas is None else self._touched(target, self._areas)

    def _by_name(self, did: str) -> Place:
        if did not in self._named:
            try:
                self._named[did] = _place(self.archive.dataset(did))
            except DaliError as error:
                self._named[did] = error
        found = self._named[did]
        if isinstance(found, DaliError):
            raise found
        return found

    def _touched(self, target: Target, areas: Footprints) -> list[Place]:
        """Return the datasets of the request that share a point with the shape.

        A single one is not looked at: whether it has pixels there its own coordinates tell, and faster.
        """
        if len(self._places) == 1:
            return self._places
        shape = target.shape
        in_pixels = not isinstance(shape, Circle) and shape.unit == "pixel"
        met = areas.meets(_point(target) if in_pixels else shape)
        return [place for place, meets in zip(self._places, met.tolist(), strict=True) if meets]

    def _holding(self, target: Target) -> list[Place]:
        """Return the datasets of the inventory that hold the position."""
        condition = Condition("region", ("s_region",), (_point(target),))
        return [Place(*row) for row in self.archive.inventory.search((condition,), COLUMNS)]


def _place(dataset: Dataset) -> Place:
    return Place(dataset.collection, dataset.key, dataset.did)


def _point(target: Target) -> Circle:
    return Circle(target.lon, target.lat, POINT)
