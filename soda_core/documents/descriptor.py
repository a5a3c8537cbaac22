"""DataLink service descriptors: an endpoint as a RESOURCE that clients can call (DataLink 1.1, 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoa_schemas.votable import (
    AnyText,
    Data,
    DataType,
    FieldElement,
    Group,
    Info,
    Max,
    Min,
    Option,
    Param,
    Resource,
    ResourceType,
    Table,
    TableData,
    Values,
    Votable,
    VotableVersion,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soda_core.standards import Column, Endpoint, Parameter, Standard

__all__ = ["Admissible", "descriptor", "self_description"]


VERSION = VotableVersion.VALUE_1_4
"""The newest that clients in wide use, such as STILTS 3.4, read without complaint."""


@dataclass(frozen=True, slots=True)
class Admissible:
    """What makes sense for one dataset: a fixed value, limits, or a list to choose from, as text.

    *ref* is the XML ID of the column that holds the value in each row.
    """

    value: str = ""
    minimum: str = ""
    maximum: str = ""
    options: tuple[str, ...] = ()
    ref: str | None = None


def descriptor(
    standard: Standard,
    endpoint: Endpoint,
    base_url: str,
    *,
    admissible: Mapping[str, Admissible] | None = None,
    utype: str = "adhoc:service",
) -> Resource:
    """Describe *endpoint* with the parameters its declaration gives it.

    *admissible* narrows the description to one dataset (SODA 1.0, 4.2): parameters that it does not name are
    left out.
    """
    declared = standard.parameters_of(endpoint)
    chosen = [p for p in declared if admissible is None or p.name in admissible]
    group = Group(name="inputParams")
    group.items.extend(_param(p, (admissible or {}).get(p.name, Admissible())) for p in chosen)
    resource = Resource(
        id=f"{standard.name.lower()}-{endpoint.name}",
        name=f"{standard.name} {endpoint.name}",
        type_value=ResourceType.META,
        utype=utype,
        description=AnyText(content=[endpoint.description]),
    )
    resource.items.extend(
        [
            _constant("standardID", endpoint.standard_id),
            _constant("accessURL", base_url + endpoint.path, ucd="meta.ref.url"),
            *(_constant("contentType", kind) for kind in endpoint.media_types[:1]),
            group,
        ]
    )
    return resource


def self_description(standard: Standard, endpoint: Endpoint, base_url: str, links: Standard) -> Votable:
    """Answer a request without parameters: no links, and what the endpoint takes (DataLink 1.1, 4.4).

    *links* is the declaration of DataLink. The description stands there twice, as `adhoc:this` and, for older
    clients, as an `adhoc:service` with the name `this`.
    """
    now = descriptor(standard, endpoint, base_url, utype="adhoc:this")
    before = descriptor(standard, endpoint, base_url)
    before.name, before.id = "this", f"{before.id}-this"
    return Votable(version=VERSION, items_1=[_no_links(links), now, before])


def _no_links(links: Standard) -> Resource:
    """Return an empty links table (DataLink 1.1, 3.2)."""
    table = Table(items=[_field(column) for column in links.columns if column.mandatory])
    table.items.append(Data(items=TableData()))
    resource = Resource(type_value=ResourceType.RESULTS)
    resource.items += [
        Info(name="QUERY_STATUS", value_attribute="OK"),
        Info(name="standardID", value_attribute=links.endpoint("links").standard_id),
        table,
    ]
    return resource


def _field(column: Column) -> FieldElement:
    return FieldElement(
        name=column.name,
        datatype=DataType(column.datatype),
        arraysize=column.arraysize or None,
        unit=column.unit or None,
        ucd=column.ucd or None,
    )


def _constant(name: str, value: str, ucd: str | None = None) -> Param:
    return Param(name=name, datatype=DataType.CHAR, arraysize="*", value=value, ucd=ucd)


def _param(parameter: Parameter, admissible: Admissible) -> Param:
    """Return one input parameter with what is admissible for it."""
    return Param(
        name=parameter.word,
        datatype=DataType(parameter.datatype),
        arraysize=parameter.arraysize or None,
        xtype=parameter.xtype or None,
        unit=parameter.unit or None,
        ucd=parameter.ucd or None,
        value=admissible.value,
        ref=admissible.ref,
        description=AnyText(content=[parameter.description]),
        values=_values(parameter, admissible),
    )


def _values(parameter: Parameter, admissible: Admissible) -> Values | None:
    """Return limits and options, None where there are none (SODA 1.0, 4.2)."""
    options = admissible.options or (() if admissible.value else parameter.values)
    if not (options or admissible.minimum or admissible.maximum):
        return None
    return Values(
        min=Min(value=admissible.minimum) if admissible.minimum else None,
        max=Max(value=admissible.maximum) if admissible.maximum else None,
        option=[Option(value=option) for option in options],
    )
