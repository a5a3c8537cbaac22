"""SODA: cutouts from one dataset (SODA 1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from soda_core import standards
from soda_core.cutout import Cutout, NothingSelected, Options, cut_by, warm
from soda_core.cutout import Request as Wanted
from soda_core.cutout.preview import preview
from soda_core.dali import Interval, Shape
from soda_core.documents import self_description, serialize
from soda_core.registry import (
    Answer,
    Bound,
    ByMethod,
    Deferred,
    Document,
    Handler,
    Nothing,
    Request,
    Stream,
    Under,
    bind,
)

if TYPE_CHECKING:
    from pathlib import Path

    from soda_core.cutout.file import FitsFile
    from soda_core.cutout.model import Compression, Masking, Planes
    from soda_core.inventory import Dataset
    from soda_core.standards import Format

    from .archive import Archive
    from .uws import JobList

__all__ = ["cutout_of", "endpoints", "stream_of", "wanted_of"]

DATALINK = "application/x-votable+xml;content=datalink"
FITS = "application/fits"
PNG = "image/png"
SLOW = frozenset({"RESPONSEFORMAT", "MASK", "COMPRESS", "CHECKSUM"})
"""Parameters that mean more work than reading."""


def endpoints(archive: Archive, jobs: JobList | None = None) -> tuple[Bound, ...]:
    """Bind the SODA declaration to cutouts from *archive*, at once and, where there are *jobs*, in those."""

    def sync(request: Request) -> Answer:
        """Cut the one dataset asked for by the filters given; without parameters, describe the endpoint."""
        if not request.values:
            return _description(request)
        form = request.format()
        located = archive.located(request.only("ID", str))
        return _cut(located.dataset, located.path, request, form)

    def quick(request: Request) -> Answer | None:
        """Cut at once where dataset, file and its coordinates are at hand; leave the rest to `sync`."""
        did = request.optional("ID", str)
        located = archive.recent.get(did) if did else None
        if located is None or SLOW & request.values.keys():
            return None
        file = warm(located.path)
        return _cut(located.dataset, file, request, request.format()) if file else None

    soda = standards.load("soda")
    handlers: dict[str, Handler | ByMethod] = {"sync": sync}
    if jobs is None:
        return bind(soda, handlers, quick={"sync": quick})
    place = Under({"jobs": jobs.endpoint.path.strip("/")}, soda)
    handlers["async"] = {"POST": jobs.create}
    most = archive.settings.job_fields
    return (
        *bind(soda, handlers, quick={"sync": quick}, fields={"async": most}, files=("async",)),
        *bind(
            standards.load("uws"),
            jobs.handlers(),
            fields={"parameters": most},
            files=("parameters",),
            under=place,
        ),
    )


def _cut(dataset: Dataset, source: Path | FitsFile, request: Request, form: Format) -> Answer:
    """Plan the cutout; its pixels are read when they are sent."""
    try:
        cutout = cutout_of(dataset, source, request)
    except NothingSelected:
        return Nothing()
    return _picture(cutout) if form.media_type == PNG else stream_of(cutout, dataset, form)


def _description(request: Request) -> Document:
    """Answer what the endpoint takes."""
    links = standards.load("datalink")
    votable = self_description(request.standard, request.endpoint, request.base_url, links)
    return Document(serialize(votable), DATALINK)


def cutout_of(dataset: Dataset, source: Path | FitsFile, request: Request) -> Cutout:
    """Cut by every filter of the request; shapes intersect, the values of POL are one filter."""
    return cut_by(source, wanted_of(dataset, request))


def wanted_of(dataset: Dataset, request: Request) -> Wanted:
    """Return all filters and options of the request, as they narrow *dataset* down."""
    return Wanted(
        _shapes(request),
        band=request.optional("BAND", Interval),
        time=request.optional("TIME", Interval),
        pol=request.all("POL", str),
        coverage=dataset.coverage,
        origin=dataset.did,
        options=_options(request),
    )


def _options(request: Request) -> Options:
    """Return what the answer is to hold, in which form; the words are those of the declarations."""
    return Options(
        hdus=request.all("HDU", str),
        planes=cast("Planes", request.optional("PLANES", str) or "all"),
        mask=cast("Masking | None", request.optional("MASK", str)),
        compress=cast("Compression | None", request.optional("COMPRESS", str)),
        checksum=request.optional("CHECKSUM", str) == "yes",
        provenance=request.optional("PROVENANCE", str) != "none",
    )


def _shapes(request: Request) -> tuple[Shape, ...]:
    """Return the shapes of all parameters whose values are shapes, one value each."""
    declared = request.standard.parameters
    values = [request.optional(name, object) for name in request.values if not declared[name].filter]
    return tuple(value for value in values if isinstance(value, get_args(Shape)))


def stream_of(cutout: Cutout, dataset: Dataset, form: Format) -> Stream:
    """Return the file under the name of FITS that was asked for; one packed as a whole keeps its own."""
    name = dataset.key.rpartition("/")[2]
    whole = all(part.treatment == "kept" for part in cutout.parts)
    return Stream(
        cutout,
        form.media_type if cutout.media_type == FITS else cutout.media_type,
        name if whole else f"{name.partition('.')[0]}-cutout.fits",
    )


def _picture(cutout: Cutout) -> Deferred:
    """Return the first image of a cutout as PNG."""
    return Deferred(lambda: preview(cutout), PNG, cutout.close)
