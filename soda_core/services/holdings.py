"""What the archive holds, in the words of queries: values to choose from, limits, columns in use."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from soda_core import standards
from soda_core.documents import Admissible
from soda_core.inventory.tables import DATASET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soda_core.inventory import Catalogue
    from soda_core.standards import Column, Parameter

__all__ = ["Holdings", "Summary"]

LISTED = 200
"""Values that a list offers; a longer one is of no use to a form."""

LEAST = 5.0
"""Seconds for which a summary is good; more where it takes long to make."""

SHARE = 50
"""How much longer a summary is good than it took to make: looking takes 2 % of the time at most."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Lowest and highest value of the columns in use, None where not known, and the lists of values."""

    limits: Mapping[str, tuple[Any, Any]]
    values: Mapping[str, tuple[object, ...]]

    def columns(self, declared: Sequence[Column]) -> tuple[Column, ...]:
        """Return the columns that an answer has: the obligatory ones, and of the others those in use."""
        return tuple(c for c in declared if c.mandatory or c.name in self.limits)

    def admissible(
        self, parameters: Sequence[Parameter], more: Mapping[str, tuple[str, ...]]
    ) -> dict[str, Admissible]:
        """Return what can usefully be asked for by each parameter; *more* adds values to a column."""
        return {p.name: self._admissible(p, more.get("".join(p.obscore), ())) for p in parameters}

    def _admissible(self, parameter: Parameter, more: tuple[str, ...]) -> Admissible:
        if parameter.listed:
            values = self.values[parameter.obscore[0]]
            kept = [str(v) for v in values if not parameter.found or v in parameter.found]
            return Admissible(options=(*more, *kept) if len(values) < LISTED else ())
        if parameter.match not in {"interval-overlap", "value-in-interval"}:
            return Admissible()
        low = self.limits.get(parameter.obscore[0], (None, None))[0]
        high = self.limits.get(parameter.obscore[-1], (None, None))[1]
        if low is None or high is None:
            return Admissible()
        return Admissible(minimum=repr(float(low)), maximum=repr(float(high)))


@dataclass(slots=True)
class Holdings:
    """The summary of an inventory, made again from time to time by one request while others use the old."""

    inventory: Catalogue
    _lock: Lock = field(default_factory=Lock)
    _summary: Summary | None = None
    _until: float = 0.0

    def summary(self) -> Summary:
        """Return what the inventory held a short while ago."""
        known = self._summary
        if known and (monotonic() < self._until or not self._lock.acquire(blocking=False)):
            return known
        if not known:
            self._lock.acquire()
        try:
            if self._summary is None or monotonic() >= self._until:
                start = monotonic()
                self._summary = _summary_of(self.inventory)
                end = monotonic()
                self._until = end + max(LEAST, SHARE * (end - start))
            return self._summary
        finally:
            self._lock.release()


def _summary_of(inventory: Catalogue) -> Summary:
    """Look through the table once for the limits, and through what the lists need."""
    names = [column.name for column in standards.load("obscore").columns if column.name in DATASET.c]
    listed = {p.obscore[0] for p in standards.load("sia2").parameters.values() if p.listed}
    values = {name: inventory.values(name, LISTED) for name in sorted(listed)}
    return Summary(inventory.limits(names), values)
