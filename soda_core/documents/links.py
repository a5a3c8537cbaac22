"""The links of datasets: a table, and descriptors of the services that its rows name (DataLink 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ivoa_schemas.votable import AnyText, DataType, Param, Resource, Votable

from soda_core.votable import VERSION, Status, info, results

from .descriptor import descriptor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soda_core.standards import Endpoint, Standard

__all__ = ["Descriptor", "links_shell", "own_descriptors", "service"]

Descriptor: TypeAlias = Resource
"""A RESOURCE that describes a service."""

IDENTIFIER = "ID"
"""The column of the identifiers, and its XML ID."""


def links_shell(
    links: Standard, endpoint: Endpoint, descriptors: Sequence[Resource], status: Status = "OK"
) -> Votable:
    """Return a links document without rows: its standard told before the table (DataLink 1.1, 3.3.1)."""
    told = info("standardID", endpoint.standard_id)
    table = results(links.columns, [told], status=status, ids={IDENTIFIER: IDENTIFIER})
    return Votable(version=VERSION, items_1=[table, *descriptors])


def own_descriptors(links: Standard, endpoint: Endpoint, base_url: str) -> tuple[Resource, Resource]:
    """Describe {links} itself, for clients of today and for those of DataLink 1.0 (DataLink 1.1, 4.4)."""
    now = descriptor(links, endpoint, base_url, utype="adhoc:this")
    before = descriptor(links, endpoint, base_url)
    before.name, before.id = "this", f"{before.id}-this"
    return now, before


def service(resource: Resource, xml_id: str, description: str, example: str = "") -> Resource:
    """Give a descriptor its own *xml_id*, name, *description*, and the address of an *example* that works."""
    resource.id = xml_id
    resource.name = f"{resource.name} {xml_id.rpartition('-')[2]}"
    resource.description = AnyText(content=[description])
    if example:
        text = "A cutout from the middle"
        found = Param(name="exampleURL", datatype=DataType.CHAR, arraysize="*", value=example)
        found.description = AnyText(content=[text])
        resource.items.insert(-1, found)  # the input parameters stand last
    return resource
