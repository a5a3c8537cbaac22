"""DALI examples, made of what the archive holds so that each of them works (DALI 1.1, 2.3)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from soda_core import standards
from soda_core.cutout import NothingSelected
from soda_core.dali import DaliError, NotFoundError
from soda_core.documents import Example, examples
from soda_core.registry import Answer, Bound, Document, Request, Rows, bind, parse

from .soda import cutout_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soda_core.inventory import Dataset

    from .archive import Archive

__all__ = ["endpoints", "examples_of", "known_good"]

FEW = "10"
"""Rows that are looked at to see whether a search finds anything."""

CELL = b"<TD>"
"""What a table with rows holds."""

TRIES = 5
"""How many datasets are tried for one kind of example."""

LOOK = 200
"""How many datasets are looked at to find one for each kind of example."""

Pair: TypeAlias = tuple[str, str]

Maker: TypeAlias = Callable[["Dataset"], "tuple[Pair, ...] | None"]


def endpoints(archive: Archive, others: Sequence[Bound]) -> tuple[Bound, ...]:
    """Bind the examples of the services *others* over *archive*."""

    def answer(request: Request) -> Document:
        """Write the examples document; an archive without any has none (DALI 1.1, 2.3)."""
        found = examples_of(archive, request.base_url, others)
        if not found:
            raise NotFoundError("this service has no examples")
        return Document(examples(archive.settings.title, found), request.endpoint.media_types[0])

    return bind(standards.load("dali"), {"examples": answer})


def examples_of(archive: Archive, base_url: str, bound: Sequence[Bound]) -> tuple[Example, ...]:
    """Return one example that works for each way to ask each service; each takes a dataset of its own."""
    datasets = tuple(archive.datasets(LOOK))
    used: set[str] = set()
    return tuple(
        example
        for entry in bound
        for name, make in MAKERS.get((entry.standard.name, entry.endpoint.name), ())
        for example in _first(archive, datasets, used, _Kind(entry, name, make, base_url))
    )


def known_good(found: Sequence[Example]) -> Mapping[str, str]:
    """Return by standardID a query that gives data: the first example of each capability."""
    return {example.capability: example.request.partition("?")[2] for example in reversed(found)}


@dataclass(frozen=True, slots=True)
class _Kind:
    """One way to ask one endpoint."""

    bound: Bound
    name: str
    make: Maker
    base_url: str

    def example(self, dataset: Dataset, pairs: tuple[Pair, ...]) -> Example:
        """Return it as it is shown."""
        endpoint, title = self.bound.endpoint, f"{self.name}: {dataset.title}"
        return Example(_slug(self.name), title, endpoint.standard_id, self.base_url + endpoint.path, pairs)


def _first(archive: Archive, datasets: Sequence[Dataset], used: set[str], kind: _Kind) -> Iterator[Example]:
    """Yield an example of one kind, if there is one: of a dataset that no other example has, and small."""
    fitting = [(dataset, chosen) for dataset in datasets if (chosen := kind.make(dataset))]
    fitting.sort(key=lambda choice: (choice[0].did in used, _distance(choice[0])))
    for dataset, chosen in fitting[:TRIES]:
        if _works(archive, dataset, kind.bound, chosen):
            used.add(dataset.did)
            yield kind.example(dataset, chosen)
            return


def _works(archive: Archive, dataset: Dataset, bound: Bound, pairs: tuple[Pair, ...]) -> bool:
    """Try a request: the middle of a dataset may be a gap between its images, a search may find nothing."""
    standard, endpoint = bound.standard, bound.endpoint
    try:
        few = (*pairs, ("MAXREC", FEW)) if "MAXREC" in endpoint.parameters else pairs
        request = Request(standard, endpoint, parse(standard, endpoint, few))
        if bound.quick is None:
            return CELL in _content(bound.handler(request))
        cutout_of(dataset, archive.path(dataset), request).close()  # a plan, which reads no pixels
    except (DaliError, NothingSelected):
        return False
    return True


def _content(answer: Answer) -> bytes:
    """Return a table as it would be sent."""
    if isinstance(answer, Rows):
        return b"".join(answer.write(str))
    return answer.content if isinstance(answer, Document) else b""


def _distance(dataset: Dataset) -> float:
    """How far the size is from 1 MB: a picture that shows something, an answer that is quick."""
    return abs(math.log10(max(dataset.size, 1)) - 6)


def _slug(name: str) -> str:
    return "-".join(name.lower().split())


def _circle(dataset: Dataset) -> Pair | None:
    centre = _centre(dataset)
    return centre and ("CIRCLE", f"{centre[0]:.6f} {centre[1]:.6f} {centre[2]:.6f}")


def _pos_range(dataset: Dataset) -> Pair | None:
    centre = _centre(dataset)
    if not centre or abs(centre[1]) + centre[2] > 80:  # noqa: PLR2004 - far from the poles, where a range is a box
        return None
    lon, lat, radius = centre
    half = radius / math.cos(math.radians(lat))
    limits = ((lon - half) % 360, (lon + half) % 360, lat - radius, lat + radius)
    return "POS", "RANGE " + " ".join(f"{limit:.6f}" for limit in limits)


def _rectangle(dataset: Dataset) -> Pair | None:
    centre = _centre(dataset)
    return centre and ("BRECT", f"{centre[0]:.6f} {centre[1]:.6f} {centre[2]:.6f} {centre[2]:.6f}")


def _polygon(dataset: Dataset) -> Pair | None:
    centre = _centre(dataset)
    if not centre or abs(centre[1]) + centre[2] > 80:  # noqa: PLR2004 - far from the poles
        return None
    lon, lat, radius = centre
    half = radius / math.cos(math.radians(lat))
    corners = ((lon - half, lat - radius), (lon + half, lat - radius), (lon, lat + radius))
    return "POLYGON", " ".join(f"{ra % 360:.6f} {dec:.6f}" for ra, dec in corners)


def _band(dataset: Dataset) -> Pair | None:
    """The middle third of the wavelengths of a cube."""
    band = dataset.coverage.band
    if band is None or len(dataset.axes) < 3:  # noqa: PLR2004 - a cube
        return None
    third = (band.high - band.low) / 3
    return "BAND", f"{band.low + third!r} {band.high - third!r}"


def _time(dataset: Dataset) -> Pair | None:
    time = dataset.coverage.time
    return ("TIME", f"{time.low!r} {time.high!r}") if time else None


def _pol(dataset: Dataset) -> Pair | None:
    states = dataset.coverage.pol
    return ("POL", states[0]) if states else None


def _centre(dataset: Dataset) -> tuple[float, float, float] | None:
    """The centre of the first image and an eighth of its size, degrees."""
    if dataset.circle is None or not 0 < dataset.circle[2] < 20:  # noqa: PLR2004 - no all-sky maps
        return None
    lon, lat, radius = dataset.circle
    return lon, lat, radius / 4


def _search(dataset: Dataset) -> Pair | None:
    centre = _centre(dataset)
    return centre and ("POS", f"CIRCLE {centre[0]:.6f} {centre[1]:.6f} {centre[2]:.6f}")


def _identifier(dataset: Dataset) -> Pair:
    return "ID", dataset.did


def _alone(make: Callable[[Dataset], Pair | None]) -> Maker:
    """Return what makes a request of one parameter."""

    def made(dataset: Dataset) -> tuple[Pair, ...] | None:
        pair = make(dataset)
        return (pair,) if pair else None

    return made


def _of_dataset(make: Callable[[Dataset], Pair | None]) -> Maker:
    """Return what makes a request of the dataset and one parameter."""

    def made(dataset: Dataset) -> tuple[Pair, ...] | None:
        pair = make(dataset)
        return (_identifier(dataset), pair) if pair else None

    return made


MAKERS: Mapping[tuple[str, str], tuple[tuple[str, Maker], ...]] = {
    ("SIA", "query"): (
        ("Images around a place", _alone(_search)),
        ("Images at a wavelength", _alone(_band)),
        ("Images of a night", _alone(_time)),
    ),
    ("DataLink", "links"): (("The links of a dataset", _alone(_identifier)),),
    ("SODA", "sync"): (
        ("A circle on the sky", _of_dataset(_circle)),
        ("A range of right ascension and declination", _of_dataset(_pos_range)),
        ("A polygon", _of_dataset(_polygon)),
        ("A rectangle in the way of LSST", _of_dataset(_rectangle)),
        ("Some channels of a cube", _of_dataset(_band)),
        ("An exposure by its time", _of_dataset(_time)),
        ("One polarisation state", _of_dataset(_pol)),
    ),
}
"""What can be shown, by standard and endpoint; the first of each is a query to test the endpoint with."""
