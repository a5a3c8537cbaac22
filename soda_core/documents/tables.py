"""VOSI tables: the tables behind a service, column by column (VOSI 1.1, 3.3; VODataService 1.1, 3.3)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from ivoa_schemas import vosi_tables
from ivoa_schemas.vodataservice import Table, TableParam, TableSchema, VotableType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soda_core.standards import Column, Standard

__all__ = ["Described", "table", "tableset"]


@dataclass(frozen=True, slots=True)
class Described:
    """A table by its full name `schema.table`, with the declaration that has its columns."""

    name: str
    standard: Standard

    @property
    def schema(self) -> str:
        """The first part of the name."""
        return self.name.partition(".")[0]


def tableset(tables: Sequence[Described], *, brief: bool) -> vosi_tables.Tableset:
    """Describe all *tables*, *brief* without their columns (VOSI 1.1, 3.3.1)."""
    names = dict.fromkeys(entry.schema for entry in tables)
    schemas = [
        TableSchema(name=name, table=[_table(entry, brief) for entry in tables if entry.schema == name])
        for name in names
    ]
    return vosi_tables.Tableset(schema=schemas)


def table(entry: Described) -> vosi_tables.Table:
    """Describe one table with everything (VOSI 1.1, 3.3.2)."""
    whole = _table(entry, brief=False)
    return vosi_tables.Table(**{part.name: getattr(whole, part.name) for part in fields(Table)})


def _table(entry: Described, brief: bool) -> Table:  # noqa: FBT001 - passed on by name everywhere else
    head = entry.standard.head
    return Table(
        name=entry.name,
        title=f"{head.name} {head.version}",
        description=head.description,
        column=[] if brief else [_column(column) for column in entry.standard.columns],
    )


def _column(column: Column) -> TableParam:
    return TableParam(
        name=column.name,
        description=column.description,
        unit=column.unit or None,
        ucd=column.ucd or None,
        utype=column.utype or None,
        data_type=VotableType(
            value=column.datatype,
            arraysize=column.arraysize or None,
            extended_type=column.xtype or None,
        ),
        std=column.std,
    )
