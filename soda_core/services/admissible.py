"""What the parameters of SODA can usefully be for one dataset (SODA 1.0, 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core.documents import Admissible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from soda_core.dali import Interval
    from soda_core.inventory import Dataset

__all__ = ["admissible_of"]


def admissible_of(dataset: Dataset) -> Mapping[str, Admissible]:
    """Return the parameters that make sense for *dataset*, with limits where they are known.

    Angles are ICRS degrees, wavelengths metres, times MJD.
    """
    return dict(_entries(dataset))


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
    for name in ("HDU", "PLANES", "COMPRESS", "PROVENANCE", "CHECKSUM", "RESPONSEFORMAT"):
        yield name, Admissible()


def _limits(interval: Interval) -> Admissible:
    return Admissible(minimum=repr(interval.low), maximum=repr(interval.high))


def _text(numbers: Iterable[float]) -> str:
    return " ".join(repr(float(x)) for x in numbers)
