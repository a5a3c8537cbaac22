"""What there is to ask about: a dataset that exists, and regions inside and outside of its data."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from .examples import read_examples
from .manners import NoAnswer
from .model import Skip
from .sky import apart
from .votable.view import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .examples import Example
    from .service import Service
    from .votable import Descriptor, Param

__all__ = ["ABSENT", "Dataset", "Subjects"]

ABSENT = "ivo://volint.invalid/there-is?no-such-dataset"
"""An identifier that no service can know."""

LOOKED_AT = 12
"""Datasets that are looked at to find one with a wanted property."""


@dataclass(frozen=True)
class Dataset:
    """A dataset: what a descriptor says of it, and its row of ObsCore; `source` is where it was found."""

    did: str
    source: str
    inputs: Mapping[str, Param] = field(default_factory=dict)
    row: Mapping[str, str] = field(default_factory=dict)

    def circle(self, share: float = 1.0) -> str:
        """Return a circle around the centre of the data, as wide as they are or a share of that."""
        lon, lat, radius = self.cover
        return f"{lon:.8f} {lat:.8f} {radius * share:.8g}"

    @cached_property
    def cover(self) -> tuple[float, float, float]:
        """A circle that covers the data: centre and radius, degrees."""
        limit = self.inputs["CIRCLE"].numbers if "CIRCLE" in self.inputs else ()
        row = numbers(" ".join(self.row.get(name, "") for name in ("s_ra", "s_dec", "s_fov")))
        if len(limit) == 3 and abs(limit[1]) <= 90 and limit[2] > 0:  # noqa: PLR2004 - longitude, latitude, radius
            astray = len(row) == 3 and row[2] > 0 and apart(*limit[:2], *row[:2]) > 1 + 2 * row[2]  # noqa: PLR2004
            if not astray:
                return limit[0], limit[1], limit[2]
        if len(row) == 3 and row[2] > 0:  # noqa: PLR2004 - the same, from its diameter
            return row[0], row[1], row[2] / 2
        raise Skip(f"nothing tells where on the sky {self.did} lies")

    @property
    def elsewhere(self) -> str:
        """A small circle as far from the data as there is."""
        lon, lat, _ = self.cover
        return f"{(lon + 180) % 360:.6f} {-lat:.6f} 0.001"

    def polygon(self, share: float = 0.25) -> str:
        """Return a square around the centre of the data, counter-clockwise as seen from inside the sphere."""
        lon, lat, radius = self.cover
        high = min(radius * share, 89.9 - abs(lat))
        wide = high / max(math.cos(math.radians(lat)), 0.01)
        corners = ((1, -1), (1, 1), (-1, 1), (-1, -1))
        return " ".join(f"{(lon + x * wide) % 360:.8f} {lat + y * high:.8f}" for x, y in reversed(corners))

    def range(self, share: float = 0.25) -> str:
        """Return a range of coordinates around the centre of the data."""
        lon, lat, radius = self.cover
        high = min(radius * share, 89.9 - abs(lat))
        wide = high / max(math.cos(math.radians(lat)), 0.01)
        ends = ((lon - wide) % 360, (lon + wide) % 360, lat - high, lat + high)
        return " ".join(f"{end:.8f}" for end in ends)

    def limits(self, name: str) -> tuple[float, float]:
        """Return the interval that the data cover on another axis: BAND in metres, TIME as MJD."""
        column = {"BAND": "em", "TIME": "t"}[name]
        told = (
            numbers(f"{self.inputs[name].minimum} {self.inputs[name].maximum}") if name in self.inputs else ()
        )
        told = told or numbers(f"{self.row.get(f'{column}_min', '')} {self.row.get(f'{column}_max', '')}")
        if len(told) != 2 or not told[0] <= told[1] or not all(map(math.isfinite, told)):  # noqa: PLR2004 - both ends
            raise Skip(f"nothing tells what {name} {self.did} covers")
        return told[0], told[1]

    @property
    def observed(self) -> tuple[str, ...]:
        """The polarisation states by the row of ObsCore, which has all of them."""
        return tuple(state for state in self.row.get("pol_states", "").split("/") if state)

    @property
    def states(self) -> tuple[str, ...]:
        """The polarisation states of the data."""
        offered = self.inputs["POL"].options if "POL" in self.inputs else ()
        return tuple(state for state in offered if state)


class Subjects:
    """Looks for datasets in examples, test queries, SIA2 and DataLink; each source is asked once."""

    def __init__(self, service: Service) -> None:
        self.service = service

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples that the service gives."""
        places = [place.url for place in self.service.resources("dali.examples")]
        if not places and self.service.target.base:
            places = [f"{self.service.target.base}/examples"]
        found: list[Example] = []
        for url in places:
            try:
                answer = self.service.get(url)
                found += read_examples(answer.root) if answer.ok else []
            except (NoAnswer, Skip):
                continue
        return tuple(found)

    @cached_property
    def rows(self) -> tuple[Mapping[str, str], ...]:
        """Some rows of SIA2."""
        for query in self.service.resources("sia2.query"):
            try:
                return query.get(MAXREC="50").view.rows
            except (NoAnswer, Skip):
                continue
        return ()

    def _identifiers(self) -> Iterator[tuple[str, str]]:
        """Yield identifiers and where they stand, the surest first."""
        if self.service.profile.id:
            yield self.service.profile.id, "the profile"
        for example in self.examples:
            if example.value("ID") and "soda" in example.capability.lower():
                yield example.value("ID"), "an example"
        for place in self.service.resources("soda.sync", "datalink.links", "soda.async"):
            query = place.endpoint.interface.test_query if place.endpoint.interface else ""
            yield from ((value, "a test query") for name, value in parse_qsl(query) if name.upper() == "ID")
        for row in self.rows:
            if row.get("obs_publisher_did"):
                yield row["obs_publisher_did"], "a row of SIA2"
        for example in self.examples:
            if example.value("ID"):
                yield example.value("ID"), "an example"

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        """Datasets with what is known of them."""
        known = dict(reversed(list(islice(self._identifiers(), LOOKED_AT * 2))))
        order = list(dict.fromkeys(did for did, _ in islice(self._identifiers(), LOOKED_AT * 2)))
        rows = {row.get("obs_publisher_did", ""): row for row in self.rows}
        return tuple(
            Dataset(did, known[did], self._inputs(did), rows.get(did) or self._row(did))
            for did in order[:LOOKED_AT]
        )

    @property
    def first(self) -> Dataset:
        """The dataset to ask about: the first whose place on the sky is known, or else the first."""
        for dataset in self.datasets:
            try:
                _ = dataset.cover
            except Skip:
                continue
            return dataset
        for dataset in self.datasets:
            return dataset
        raise Skip("no dataset was found in examples, test queries, SIA2 or the profile")

    def having(self, name: str) -> Dataset:
        """Return a dataset whose descriptor gives limits of an axis, or lists its polarisation states."""
        for dataset in self.datasets:
            if name == "POL" and dataset.states:
                return dataset
            if name in ("BAND", "TIME") and name in dataset.inputs:
                try:
                    dataset.limits(name)
                except Skip:
                    continue
                return dataset
        raise Skip(f"no dataset was found whose descriptor gives values of {name}")

    def descriptor(self, did: str) -> Descriptor | None:
        """Return what the links of a dataset say of SODA."""
        for place in self.service.resources("datalink.links"):
            try:
                found = place.get(ID=did).view.descriptors
            except (NoAnswer, Skip):
                continue
            for descriptor in found:
                if "/std/soda#sync" in descriptor.standard_id:
                    return descriptor
        return None

    def _inputs(self, did: str) -> Mapping[str, Param]:
        found = self.descriptor(did)
        return found.inputs if found is not None else {}

    def _row(self, did: str) -> Mapping[str, str]:
        for place in self.service.resources("sia2.query"):
            try:
                rows = place.get(ID=did, MAXREC="1").view.rows
            except (NoAnswer, Skip):
                continue
            return rows[0] if rows else {}
        return {}
