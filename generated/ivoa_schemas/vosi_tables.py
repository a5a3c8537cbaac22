# Made from xsd/vosi/VOSITables-1.1.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass

from .vodataservice import (
    Table as VodataserviceTable,
)
from .vodataservice import (
    TableSet as VodataserviceTableSet,
)

__NAMESPACE__ = "http://www.ivoa.net/xml/VOSITables/v1.0"


@dataclass(slots=True, kw_only=True)
class Table(VodataserviceTable):
    class Meta:
        name = "table"
        namespace = "http://www.ivoa.net/xml/VOSITables/v1.0"


@dataclass(slots=True, kw_only=True)
class Tableset(VodataserviceTableSet):
    class Meta:
        name = "tableset"
        namespace = "http://www.ivoa.net/xml/VOSITables/v1.0"
