"""DALI examples, made of what the archive holds so that each of them works (DALI 1.1, 2.3)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from soda_core import standards
from soda_core.cutout import NothingSelected
from soda_core.dali import DaliError, NotFoundError
from soda_core.documents import Example, examples
from soda_core.registry import Bound, Document, Request, bind, parse

from .soda import cutout_of

if TYPE_CHECKING:
    from soda_core.inventory import Dataset

    from .archive import Archive

__all__ = ["endpoints", "examples_of"]

TRIES = 5
"""How many datasets are tried for one kind of example."""

LOOK = 200
"""How many datasets are looked at to find one for each kind of example."""

Maker: TypeAlias = Callable[["Dataset"], "tuple[str, str] | None"]


def endpoints(archive: Archive) -> tuple[Bound, ...]:
    """Bind the examples of the services over *archive*."""

    def answer(request: Request) -> Document:
        """Write the examples document; an archive without any has none (DALI 1.1, 2.3)."""
        found = examples_of(archive, request.base_url)
        if not found:
            raise NotFoundError("this service has no examples")
        return Document(examples(archive.settings.title, found), request.endpoint.media_types[0])

    return bind(standards.load("dali"), {"examples": answer})


def examples_of(archive: Archive, base_url: str) -> tuple[Example, ...]:
    """Return one example that works for each way to cut; each takes a small dataset that no other takes."""
    sync = standards.load("soda").endpoint("sync")
    datasets = tuple(archive.datasets(LOOK))
    used: set[str] = set()
    found: list[Example] = []
    for name, make in MAKERS:
        fitting = [(dataset, filters) for dataset in datasets if (filters := make(dataset))]
        fitting.sort(key=lambda choice: (choice[0].did in used, _distance(choice[0])))
        for dataset, filters in fitting[:TRIES]:
            pairs = (("ID", dataset.did), filters)
            if _works(archive, dataset, pairs):
                used.add(dataset.did)
                title = f"{name}: {dataset.title}"
                found.append(Example(_slug(name), title, sync.standard_id, base_url + sync.path, pairs))
                break
    return tuple(found)


def _works(archive: Archive, dataset: Dataset, pairs: tuple[tuple[str, str], ...]) -> bool:
    """Plan the cutout, which reads no pixels: the middle of a dataset may be a gap between its images."""
    soda = standards.load("soda")
    sync = soda.endpoint("sync")
    try:
        cutout_of(dataset, archive.path(dataset), Request(soda, sync, parse(soda, sync, pairs))).close()
    except (DaliError, NothingSelected):
        return False
    return True


def _distance(dataset: Dataset) -> float:
    """How far the size is from 1 MB: a picture that shows something, an answer that is quick."""
    return abs(math.log10(max(dataset.size, 1)) - 6)


def _slug(name: str) -> str:
    return "-".join(name.lower().split())


def _circle(dataset: Dataset) -> tuple[str, str] | None:
    centre = _centre(dataset)
    return centre and ("CIRCLE", f"{centre[0]:.6f} {centre[1]:.6f} {centre[2]:.6f}")


def _pos_range(dataset: Dataset) -> tuple[str, str] | None:
    centre = _centre(dataset)
    if not centre or abs(centre[1]) + centre[2] > 80:  # noqa: PLR2004 - far from the poles, where a range is a box
        return None
    lon, lat, radius = centre
    half = radius / math.cos(math.radians(lat))
    limits = ((lon - half) % 360, (lon + half) % 360, lat - radius, lat + radius)
    return "POS", "RANGE " + " ".join(f"{limit:.6f}" for limit in limits)


def _rectangle(dataset: Dataset) -> tuple[str, str] | None:
    centre = _centre(dataset)
    return centre and ("BRECT", f"{centre[0]:.6f} {centre[1]:.6f} {centre[2]:.6f} {centre[2]:.6f}")


def _polygon(dataset: Dataset) -> tuple[str, str] | None:
    centre = _centre(dataset)
    if not centre or abs(centre[1]) + centre[2] > 80:  # noqa: PLR2004 - far from the poles
        return None
    lon, lat, radius = centre
    half = radius / math.cos(math.radians(lat))
    corners = ((lon - half, lat - radius), (lon + half, lat - radius), (lon, lat + radius))
    return "POLYGON", " ".join(f"{ra % 360:.6f} {dec:.6f}" for ra, dec in corners)


def _band(dataset: Dataset) -> tuple[str, str] | None:
    """The middle third of the wavelengths of a cube."""
    band = dataset.coverage.band
    if band is None or len(dataset.axes) < 3:  # noqa: PLR2004 - a cube
        return None
    third = (band.high - band.low) / 3
    return "BAND", f"{band.low + third!r} {band.high - third!r}"


def _time(dataset: Dataset) -> tuple[str, str] | None:
    time = dataset.coverage.time
    return ("TIME", f"{time.low!r} {time.high!r}") if time else None


def _pol(dataset: Dataset) -> tuple[str, str] | None:
    states = dataset.coverage.pol
    return ("POL", states[0]) if states else None


def _centre(dataset: Dataset) -> tuple[float, float, float] | None:
    """The centre of the first image and an eighth of its size, degrees."""
    if dataset.circle is None or not 0 < dataset.circle[2] < 20:  # noqa: PLR2004 - no all-sky maps
        return None
    lon, lat, radius = dataset.circle
    return lon, lat, radius / 4


MAKERS: tuple[tuple[str, Maker], ...] = (
    ("A circle on the sky", _circle),
    ("A range of right ascension and declination", _pos_range),
    ("A polygon", _polygon),
    ("A rectangle in the way of LSST", _rectangle),
    ("Some channels of a cube", _band),
    ("An exposure by its time", _time),
    ("One polarisation state", _pol),
)
