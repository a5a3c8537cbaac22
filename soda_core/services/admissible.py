"""What the parameters of SODA can usefully be for one dataset (SODA 1.0, 4.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.documents import Admissible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from soda_core.dali import Interval
    from soda_core.inventory import Dataset

__all__ = ["PICTURE", "admissible_of", "can_be_cut", "common", "has_picture", "images_of"]

TILES, TILED = "tiles", ".fz"
"""The tiles of a file as they are, and the end of names of files that are made of tiles."""

PICTURE = "image/"
"""How the media types of pictures open."""


def can_be_cut(dataset: Dataset) -> bool:
    """Tell whether there is a file, and any axis that a filter could be compared with."""
    coverage = dataset.coverage
    return bool(dataset.key) and bool(dataset.circle or coverage.band or coverage.time or coverage.pol)


def has_picture(dataset: Dataset) -> bool:
    """Tell whether its first image has two axes to draw."""
    return bool(dataset.key) and len(dataset.axes) > 1


def admissible_of(dataset: Dataset) -> Mapping[str, Admissible]:
    """Return the parameters that make sense for *dataset*, with limits where they are known.

    Angles are ICRS degrees, wavelengths metres, times MJD.
    """
    return dict(_entries(dataset))


def common(datasets: Iterable[Dataset]) -> Mapping[str, Admissible]:
    """Return the parameters that make sense for each of *datasets*, with what is true of all of them."""
    shared: dict[str, Admissible] | None = None
    for dataset in datasets:
        own = admissible_of(dataset)
        if shared is None:
            shared = dict(own)
        shared = {
            name: entry if entry == own[name] else Admissible()
            for name, entry in shared.items()
            if name in own
        }
    return shared or {}


def _entries(dataset: Dataset) -> Iterator[tuple[str, Admissible]]:
    yield "ID", Admissible(value=dataset.did)
    if dataset.circle is not None:
        yield "POS", Admissible()
        yield "CIRCLE", Admissible(maximum=_text(dataset.circle))
        yield "POLYGON", Admissible(maximum=_text(x for vertex in dataset.footprint for x in vertex))
        yield "BRECT", Admissible()
        yield "MASK", Admissible()
    coverage = dataset.coverage
    if coverage.band:
        yield "BAND", _limits(coverage.band)
    if coverage.time:
        yield "TIME", _limits(coverage.time)
    if coverage.pol:
        yield "POL", Admissible(options=coverage.pol)
    if len(images := images_of(dataset)) > 1:
        yield "HDU", Admissible(options=images)
    if dataset.axes:
        yield "PLANES", Admissible()
        yield "COMPRESS", Admissible(options=_compressions(dataset))
    for name in ("PROVENANCE", "CHECKSUM"):
        yield name, Admissible()
    yield "RESPONSEFORMAT", Admissible(options=_formats(dataset))


def images_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the numbers of the HDUs that hold images, as far as the inventory knows them."""
    return tuple(str(image["index"]) for image in json.loads(dataset.row["hdus"] or "[]"))


def _compressions(dataset: Dataset) -> tuple[str, ...]:
    """Return the ways to compress; tiles are sure to be there only where the name promises them."""
    words = standards.load("soda").parameters["COMPRESS"].values
    return tuple(word for word in words if word != TILES or dataset.key.endswith(TILED))


def _formats(dataset: Dataset) -> tuple[str, ...]:
    """Return the media types that an answer can have."""
    soda = standards.load("soda")
    known = dict.fromkeys(entry.media_type for entry in soda.formats_of(soda.endpoint("sync")))
    return tuple(kind for kind in known if has_picture(dataset) or not kind.startswith(PICTURE))


def _limits(interval: Interval) -> Admissible:
    return Admissible(minimum=repr(interval.low), maximum=repr(interval.high))


def _text(numbers: Iterable[float]) -> str:
    return " ".join(repr(float(x)) for x in numbers)
