"""SIA2: images and cubes found by what is asked of them (SIA 2.0)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ivoa_schemas.votable import Votable

from soda_core import standards
from soda_core.documents import Admissible, descriptor
from soda_core.inventory.query import Condition
from soda_core.registry import Bound, Request, Rows, bind
from soda_core.votable import VERSION, Shell, info, results, told, write

from .datasets import addresses_of
from .escapes import quoted
from .holdings import Holdings
from .recent import Recent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ivoa_schemas.votable import Info, Resource

    from soda_core.inventory import Catalogue
    from soda_core.standards import Column
    from soda_core.votable import Turn, Values

    from .archive import Archive
    from .holdings import Summary

__all__ = ["endpoints"]

DID, URL, FORMAT = "obs_publisher_did", "access_url", "access_format"
COLLECTION = "obs_collection"

REMEMBERED, LASTS = 64, 600.0
"""Addresses of this service for which the frame of an answer is kept, and for how many seconds."""


def endpoints(archive: Archive) -> tuple[Bound, ...]:
    """Bind the SIA2 declaration to the inventory of *archive*."""
    holdings = Holdings(archive.inventory)
    shells: Recent[tuple[Summary, Shell]] = Recent(REMEMBERED, LASTS)

    def query(request: Request) -> Rows:
        """Find the datasets that meet every constraint."""
        form = request.format()
        limit = _limit(request, archive)
        search = _Search.of(request, holdings.summary())
        known = shells.get(request.base_url)
        if known is None or known[0] is not search.summary:
            known = search.summary, Shell(search.shell())
            shells.put(request.base_url, known)
        rows, turn = search.rows(archive.inventory, limit + 1) if limit else (iter(()), list)
        infos = [told("OK" if limit else "OVERFLOW"), *search.infos()]
        made = partial(write, known[1], search.columns, rows, form.serialization, infos=infos, limit=limit)
        return Rows(lambda tell: made(tell=tell, turn=turn), form.media_type)

    return bind(standards.load("sia2"), {"query": query})


def _limit(request: Request, archive: Archive) -> int:
    """Return how many rows may be answered (SIA 2.0, 2.1.18; DALI 1.1, 3.4.4)."""
    asked = request.optional("MAXREC", int)
    settings = archive.settings
    return min(settings.maxrec_default if asked is None else asked, settings.maxrec_limit)


@dataclass(frozen=True, slots=True)
class _Search:
    """One query and the table that answers it.

    The address of a row is that of its links. Where the media types that were asked for leave links out, it
    is that of the file, so that the column tells the type of what the address gives.
    """

    request: Request
    summary: Summary
    conditions: tuple[Condition, ...]
    columns: tuple[Column, ...]
    as_links: bool

    @classmethod
    def of(cls, request: Request, summary: Summary) -> _Search:
        """Make the search of a request."""
        conditions = tuple(_conditions(request))
        formats = [c for c in conditions if c.columns == (FORMAT,)]
        as_links = all(links_type() in c.values for c in formats)
        if as_links:
            conditions = tuple(c for c in conditions if c not in formats)
        columns = summary.columns(standards.load("obscore").columns)
        return cls(request, summary, conditions, columns, as_links)

    def rows(self, inventory: Catalogue, limit: int) -> tuple[Iterator[Sequence[object]], Turn]:
        """Return up to *limit* datasets, and what makes the columns of the table of theirs."""
        names = [column.name for column in self.columns if column.name != URL]
        if not self.as_links:
            names.append(inventory.place)

        def turn(values: Sequence[Values]) -> list[Values]:
            found = dict(zip(names, values, strict=True))
            found |= self._links(found) if self.as_links else self._files(found)
            return [found[column.name] for column in self.columns]

        return inventory.search(self.conditions, names, limit), turn

    def _links(self, found: Mapping[str, Values]) -> Mapping[str, Values]:
        """Return the addresses of links, and their type."""
        start, dids = f"{self.request.base_url}{_links_path()}?ID=", found[DID]
        return {URL: [start + did for did in quoted(dids)], FORMAT: [links_type()] * len(dids)}

    def _files(self, found: Mapping[str, Values]) -> Mapping[str, Values]:
        """Return the addresses of files, unless the inventory has them."""
        if URL in found:
            return {}
        return {URL: addresses_of(found[COLLECTION], found["key"], self.request.base_url)}

    def shell(self) -> Votable:
        """Return what all answers have in common: the columns and the descriptors."""
        table = results(self.columns, status=None, ids={DID: DID})
        return Votable(version=VERSION, items_1=[table, *self._descriptors()])

    def infos(self) -> list[Info]:
        """Tell standard and constraints, and what was sent in vain (DALI 1.1, 4.4.3)."""
        standard_id = self.request.endpoint.standard_id.partition("#")[0]
        taken = self.request.standard.parameters_of(self.request.endpoint)
        known = {parameter.name.casefold(): parameter.name for parameter in taken}
        return [
            info("standardID", standard_id),
            *(
                info(known[name.casefold()], text) if name.casefold() in known else info("ignored", name)
                for name, text in self.request.sent
            ),
        ]

    def _descriptors(self) -> list[Resource]:
        """Describe this endpoint, the links of a row and its cutouts (SIA 2.0, 3.1.1 and 3.1.2)."""
        standard, endpoint, base_url = self.request.standard, self.request.endpoint, self.request.base_url
        offered = self.summary.admissible(standard.parameters_of(endpoint), {FORMAT: (links_type(),)})
        this = descriptor(standard, endpoint, base_url, admissible=offered, utype="adhoc:this")
        this.name = "this"
        return [this, *(_of_rows(name, part, base_url) for name, part in FOLLOWING)]


FOLLOWING = (("datalink", "links"), ("soda", "sync"))
"""Declarations and endpoints that take the identifier of a row."""


def _of_rows(name: str, part: str, base_url: str) -> Resource:
    """Describe an endpoint that is called with the identifier of a row."""
    standard = standards.load(name)
    endpoint = standard.endpoint(part)
    admissible = {
        parameter.name: Admissible(ref=DID if DID in parameter.obscore else None)
        for parameter in standard.parameters_of(endpoint)
    }
    return descriptor(standard, endpoint, base_url, admissible=admissible)


def _conditions(request: Request) -> Iterator[Condition]:
    """Yield what the declaration makes of the request, and what holds for every answer."""
    for parameter in request.standard.parameters_of(request.endpoint):
        if not parameter.match:
            continue
        if values := request.values.get(parameter.name):
            yield Condition(parameter.match, parameter.obscore, values)
        if parameter.found:
            yield Condition(parameter.match, parameter.obscore, parameter.found)


def links_type() -> str:
    """Return the media type of what the address of a row gives."""
    return standards.load("datalink").endpoint("links").media_types[0]


def _links_path() -> str:
    return standards.load("datalink").endpoint("links").path
