"""DataLink: what belongs to each dataset, and where it is (DataLink 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, urlencode

from soda_core import standards
from soda_core.dali import NotFoundError, label_of
from soda_core.documents import Admissible, descriptor, links_shell, own_descriptors, service
from soda_core.registry import Bound, Document, Request, bind
from soda_core.votable import write

from .admissible import PICTURE, admissible_of, can_be_cut, common, has_picture, images_of
from .datasets import file_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soda_core.documents import Descriptor
    from soda_core.inventory import Dataset

    from .archive import Archive

__all__ = ["DESCRIBED", "endpoints"]

DESCRIBED = 100
"""Datasets of one answer up to which each has a descriptor of its own; more of them share one."""

Link: TypeAlias = "dict[str, object]"
"""The cells of a row by the name of their column."""


def endpoints(archive: Archive) -> tuple[Bound, ...]:
    """Bind {links} over *archive*."""
    standard = standards.load("datalink")
    most = archive.settings.max_ids

    def links(request: Request) -> Document:
        """List the links of each identifier; describe the endpoint where no row is asked for."""
        media_type = _media_type(request)
        asked, maxrec = dict.fromkeys(request.all("ID", str)), request.optional("MAXREC", int)
        answer = _Answer(archive, request, tuple(asked)[:most], maxrec)
        answer.fill()
        if len(asked) > most:
            answer.is_cut_off = True
        return Document(answer.document(), media_type)

    return bind(standard, {"links": links}, fields={"links": 2 * most})


def _media_type(request: Request) -> str:
    """Return the type of the answer: the declared one, under whichever name of it was asked for."""
    asked, declared = request.format().media_type, request.endpoint.media_types[0]
    return declared if asked.partition(";")[0] == declared.partition(";")[0] else asked


class _Answer:
    """The rows of one answer, and the descriptors that they name."""

    def __init__(self, archive: Archive, request: Request, asked: Sequence[str], maxrec: int | None) -> None:
        self._archive = archive
        self._request = request
        self._asked = asked
        self._maxrec = maxrec
        self._rows: list[Link] = []
        self._services: list[Descriptor] = []
        self.is_cut_off = maxrec == 0

    def fill(self) -> None:
        """Add the rows of as many identifiers as may be, all rows of one or none (DataLink 1.1, 2.1.1)."""
        if self.is_cut_off:
            return
        found = self._archive.inventory.found(self._asked)
        cuttable = [dataset for dataset in found.values() if can_be_cut(dataset)]
        cutouts = _Cutouts(self._archive, self._request.base_url, cuttable, is_alone=len(self._asked) == 1)
        for did in self._asked:
            dataset = found.get(did.casefold())
            rows = [*self._links(dataset, cutouts)] if dataset else [self._unknown()]
            if self._maxrec is not None and len(self._rows) + len(rows) > self._maxrec:
                self.is_cut_off = True
                break
            self._rows += [{"ID": did, **row} for row in rows]
        self._services += cutouts.used

    def document(self) -> bytes:
        """Write it."""
        standard, endpoint = self._request.standard, self._request.endpoint
        services: Sequence[Descriptor] = self._services
        if not self._rows:
            services = own_descriptors(standard, endpoint, self._request.base_url)
        shell = links_shell(standard, endpoint, services, "OVERFLOW" if self.is_cut_off else "OK")
        names = [column.name for column in standard.columns]
        rows = (tuple(map(row.get, names)) for row in self._rows)
        return b"".join(write(shell, standard.columns, rows))

    def _unknown(self) -> Link:
        """Tell that there is no such dataset, which is no failure of the answer (DataLink 1.1, 3.2.4)."""
        error = NotFoundError("this service has no dataset of this identifier")
        return {
            "error_message": f"{label_of(error, self._request.standard.labels)}: {error}",
            "description": "There is no such dataset.",
            "semantics": "#this",
        }

    def _links(self, dataset: Dataset, cutouts: _Cutouts) -> Iterator[Link]:
        """Yield the links of one dataset: its file, a picture, the service that cuts it."""
        common_cells = _kind(dataset) | _rights(is_kept_back=self._archive.is_kept_back(dataset))
        yield common_cells | {
            "access_url": file_url(dataset, self._request.base_url),
            "description": f"The whole file {_name(dataset)}",
            "semantics": "#this",
            "content_type": dataset.media_type,
            "content_length": dataset.size,
            "local_semantics": "file",
        }
        if has_picture(dataset):
            yield common_cells | cutouts.picture(dataset)
        if can_be_cut(dataset):
            yield common_cells | cutouts.link(dataset)


class _Cutouts:
    """The SODA service as rows and descriptors name it.

    *is_alone* tells whether one identifier was asked for. Then its descriptor holds it as a constant. Else
    clients take it from the row, as some look at the first descriptor only, whichever row they have.
    """

    def __init__(
        self, archive: Archive, base_url: str, datasets: Sequence[Dataset], *, is_alone: bool
    ) -> None:
        self._archive = archive
        self._soda = standards.load("soda")
        self._sync = self._soda.endpoint("sync")
        self._base_url = base_url
        self._by_row = {} if is_alone else {"ID": Admissible(ref="ID")}
        self._is_shared = len(datasets) > DESCRIBED
        self.used: list[Descriptor] = [self._shared(datasets)] if self._is_shared else []

    def picture(self, dataset: Dataset) -> Link:
        """Return the link to the whole image as a small picture."""
        form = next(f for f in self._soda.formats_of(self._sync) if f.media_type == f"{PICTURE}png")
        return {
            "access_url": self._address(ID=dataset.did, RESPONSEFORMAT=form.media_type),
            "description": f"A small picture of {_name(dataset)}",
            "semantics": "#preview",
            "content_type": form.media_type,
            "content_qualifier": "#image",
            "local_semantics": "picture",
        }

    def link(self, dataset: Dataset) -> Link:
        """Return the row of the cutout service, its descriptor made."""
        if not self._is_shared:
            self.used.append(self._own(dataset))
        return {
            "service_def": self.used[-1].id,
            "description": f"Cutouts of {_name(dataset)} by region, wavelength, time or polarisation",
            "semantics": "#cutout",
            "content_type": self._sync.media_types[0],
            "local_semantics": "cutout",
        }

    def _own(self, dataset: Dataset) -> Descriptor:
        """Describe the service for one dataset, with the limits of that dataset."""
        made = self._described(admissible_of(dataset))
        text = _size_of(dataset) + UNLIMITED
        return service(made, f"{made.id}-{len(self.used) + 1}", text, self._example(dataset))

    def _example(self, dataset: Dataset) -> str:
        """Return a small cutout of the one image of an open file; of several the middle may be empty."""
        if (
            self._archive.is_kept_back(dataset)
            or dataset.circle is None
            or not dataset.footprint
            or len(images_of(dataset)) != 1
        ):
            return ""
        lon, lat, radius = dataset.circle
        return self._address(ID=dataset.did, CIRCLE=f"{lon!r} {lat!r} {radius / 20:.3g}")

    def _address(self, **parameters: str) -> str:
        query = urlencode(parameters, quote_via=quote, safe="/~")
        return f"{self._base_url}{self._sync.path}?{query}"

    def _shared(self, datasets: Sequence[Dataset]) -> Descriptor:
        """Describe the service for all rows, without limits, as they differ."""
        made = self._described(common(datasets))
        text = f"Cutouts of each dataset; ask for at most {DESCRIBED} datasets to learn the limits of each. "
        return service(made, f"{made.id}-1", text + UNLIMITED)

    def _described(self, admissible: Mapping[str, Admissible]) -> Descriptor:
        """Describe the service with its identifier from where this answer has it."""
        return descriptor(self._soda, self._sync, self._base_url, admissible={**admissible, **self._by_row})


UNLIMITED = (
    "Without a region, wavelength, time or polarisation the answer is the whole file; any part of it may be "
    "asked for, there is no limit to its size. A selection without pixels is answered 204."
)


def _size_of(dataset: Dataset) -> str:
    """Return what a cutout can be cut from."""
    axes = " × ".join(map(str, dataset.axes))
    circle = f" in a circle of radius {dataset.circle[2]:.4g} deg" if dataset.circle else ""
    return f"Cutouts of {_name(dataset)}: {axes} pixels{circle}, {dataset.size} bytes. "


def _name(dataset: Dataset) -> str:
    return dataset.key.rpartition("/")[2] or dataset.title


def _kind(dataset: Dataset) -> Link:
    """Return the kind of product: as recorded, else by the number of axes that have any length."""
    recorded = dataset.row["dataproduct_type"]
    if recorded is None and dataset.axes:
        recorded = "cube" if sum(length > 1 for length in dataset.axes) > 2 else "image"  # noqa: PLR2004 - axes
    return {"content_qualifier": f"#{recorded}" if recorded else None}


def _rights(*, is_kept_back: bool) -> Link:
    """Return who may follow a link: what is kept back, nobody without leave."""
    return {"link_auth": "true" if is_kept_back else "false", "link_authorized": not is_kept_back}
