"""Every combination of the values of a request, which is one cutout each (SODA 1.0, 6)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from soda_core.registry import Request, parse, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from soda_core.standards import Endpoint, Standard

__all__ = ["Combination", "Combinations", "count", "read"]

ID = "ID"


@dataclass(frozen=True, slots=True)
class Combination:
    """One value for each parameter that may repeat; *number* counts from 1, *label* tells the values."""

    number: int
    did: str
    request: Request
    label: str


def read(standard: Standard, endpoint: Endpoint, pairs: tuple[tuple[str, str], ...]) -> Request:
    """Return the request that names and texts make."""
    return Request(
        standard, endpoint, parse(standard, endpoint, pairs), sent=texts(standard, endpoint, pairs)
    )


def count(standard: Standard, values: Mapping[str, tuple[object, ...]]) -> int:
    """Return how many combinations there are."""
    return prod(len(values[name]) for name in _factors(standard, values))


class Combinations:
    """The combinations of a request, by dataset.

    The dataset changes slowest, then the parameters in their declared order: a number means the same whatever
    is worked on first.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._factors = [name for name in _factors(request.standard, request.values) if name != ID]
        said: dict[str, list[str]] = {name: [] for name in self._factors}
        for name, text in request.sent:
            if name in said:
                said[name].append(text)
        self._choices = [list(zip(request.values[name], said[name], strict=True)) for name in self._factors]
        self._places: dict[str, list[int]] = {}
        for place, did in enumerate(request.all(ID, str)):
            self._places.setdefault(did, []).append(place)

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets in the order in which they were named, each once."""
        return tuple(self._places)

    def of(self, did: str) -> Iterator[Combination]:
        """Yield the combinations of one dataset in the order of their numbers."""
        request, each = self._request, prod(map(len, self._choices))
        for place in self._places[did]:
            for index, chosen in enumerate(itertools.product(*self._choices)):
                single = {name: (value,) for name, (value, _) in zip(self._factors, chosen, strict=True)}
                label = [f"{name}={text}" for name, (_, text) in zip(self._factors, chosen, strict=True)]
                yield Combination(
                    place * each + index + 1,
                    did,
                    replace(request, values={**request.values, ID: (did,), **single}),
                    " ".join([f"{ID}={did}", *label]),
                )


def _factors(standard: Standard, values: Mapping[str, tuple[object, ...]]) -> list[str]:
    """Return the parameters whose values each make a cutout; those of a filter belong together."""
    declared = standard.parameters
    return [
        name
        for name in declared
        if name in values and declared[name].occurs.endswith("*") and not declared[name].filter
    ]
