"""The parts of a VOTable that answers are made of (VOTable 1.4; DALI 1.1, 4.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from ivoa_schemas.votable import (
    AnyText,
    DataType,
    FieldElement,
    Info,
    Resource,
    ResourceType,
    Table,
    Votable,
    VotableVersion,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soda_core.standards import Column

__all__ = [
    "STATUS",
    "VERSION",
    "Status",
    "failed",
    "field",
    "info",
    "legible",
    "results",
    "told",
]

VERSION = VotableVersion.VALUE_1_4
"""The newest that clients in wide use, such as STILTS 3.4, read without complaint."""

Status: TypeAlias = Literal["OK", "OVERFLOW", "ERROR"]

STATUS = "QUERY_STATUS"

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold (XML 1.0, 2.2)."""


def legible(text: str) -> str:
    """Return *text* with a sign of replacement for each character that XML cannot hold."""
    return ILLEGAL.sub("\ufffd", text)


def info(name: str, value: str, text: str = "") -> Info:
    """Return an INFO, whatever characters its texts hold."""
    return Info(name=name, value_attribute=legible(value), value=legible(text))


def field(column: Column, xml_id: str | None = None) -> FieldElement:
    """Return the metadata of *column*, perhaps with an ID that descriptors can refer to."""
    return FieldElement(
        id=xml_id,
        name=column.name,
        datatype=DataType(column.datatype),
        arraysize=column.arraysize or None,
        xtype=column.xtype or None,
        unit=column.unit or None,
        ucd=column.ucd or None,
        utype=column.utype or None,
        description=AnyText(content=[column.description]) if column.description else None,
    )


def results(
    columns: Sequence[Column],
    infos: Sequence[Info] = (),
    *,
    status: Status | None = "OK",
    ids: Mapping[str, str] | None = None,
) -> Resource:
    """Return a table without rows as the results of a query.

    *ids* holds XML IDs by the name of a column. Without *status* it is for who fills the table to tell.
    """
    known = ids or {}
    resource = Resource(type_value=ResourceType.RESULTS)
    resource.items += [*([told(status)] if status else []), *infos]
    resource.items.append(Table(items=[field(column, known.get(column.name)) for column in columns]))
    return resource


def told(status: Status, text: str = "") -> Info:
    """Return what tells how a query went: an error with its label and message (DALI 1.1, 4.4)."""
    return info(STATUS, status, text)


def failed(text: str) -> Votable:
    """Return the answer to a request that failed."""
    return Votable(
        version=VERSION, items_1=[Resource(type_value=ResourceType.RESULTS, items=[told("ERROR", text)])]
    )
