# Made from xsd/vodataservice/VODataService-1.2.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .stc_stub import (
    StcDescriptionType,
    StcresourceProfile,
)
from .voresource import (
    AccessUrl,
    Interface,
    Resource,
    ResourceName,
    Rights,
    Service,
)

__NAMESPACE__ = "http://www.ivoa.net/xml/VODataService/v1.1"


@dataclass(slots=True, kw_only=True)
class BaseParam:
    name: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    description: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    unit: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    ucd: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    other_attributes: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "type": "Attributes",
            "namespace": "##other",
        },
    )


@dataclass(slots=True, kw_only=True)
class DataType:
    value: str = field(default="")
    arraysize: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"([0-9]+x)*[0-9]*[0-9*]",
        },
    )
    delim: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    extended_type: None | str = field(
        default=None,
        metadata={
            "name": "extendedType",
            "type": "Attribute",
        },
    )
    extended_schema: None | str = field(
        default=None,
        metadata={
            "name": "extendedSchema",
            "type": "Attribute",
        },
    )
    other_attributes: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "type": "Attributes",
            "namespace": "##other",
        },
    )


@dataclass(slots=True, kw_only=True)
class Fkcolumn:
    class Meta:
        name = "FKColumn"

    from_column: str = field(
        metadata={
            "name": "fromColumn",
            "type": "Element",
            "namespace": "",
        }
    )
    target_column: str = field(
        metadata={
            "name": "targetColumn",
            "type": "Element",
            "namespace": "",
        }
    )


@dataclass(slots=True, kw_only=True)
class Format:
    value: str = field(default="")
    is_mimetype: bool = field(
        default=False,
        metadata={
            "name": "isMIMEType",
            "type": "Attribute",
        },
    )


class HttpqueryType(Enum):
    GET = "GET"
    POST = "POST"


class ParamUse(Enum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    IGNORED = "ignored"


@dataclass(slots=True, kw_only=True)
class ServiceReference:
    value: str = field(default="")
    ivo_id: None | str = field(
        default=None,
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
            "pattern": r"ivo://[\w\d][\w\d\-_\.!~\*'\(\)\+=]{2,}(/[\w\d\-_\.!~\*'\(\)\+=]+(/[\w\d\-_\.!~\*'\(\)\+=]+)*)?",
        },
    )


@dataclass(slots=True, kw_only=True)
class SpatialCoverage:
    value: str = field(default="")
    frame: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Coverage:
    stcresource_profile: None | StcresourceProfile = field(
        default=None,
        metadata={
            "name": "STCResourceProfile",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/STC/stc-v1.30.xsd",
        },
    )
    spatial: None | SpatialCoverage = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    temporal: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
            "pattern": r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? [+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?",
        },
    )
    spectral: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
            "pattern": r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? [+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?",
        },
    )
    footprint: None | ServiceReference = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    waveband: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    region_of_regard: None | float = field(
        default=None,
        metadata={
            "name": "regionOfRegard",
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class ForeignKey:
    target_table: str = field(
        metadata={
            "name": "targetTable",
            "type": "Element",
            "namespace": "",
        }
    )
    fk_column: list[Fkcolumn] = field(
        default_factory=list,
        metadata={
            "name": "fkColumn",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    description: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class InputParam(BaseParam):
    data_type: None | DataType = field(
        default=None,
        metadata={
            "name": "dataType",
            "type": "Element",
            "namespace": "",
        },
    )
    use: ParamUse = field(
        default=ParamUse.OPTIONAL,
        metadata={
            "type": "Attribute",
        },
    )
    std: bool = field(
        default=True,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class SimpleDataType(DataType):
    delim: str = field(
        default=" ",
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class StandardStc(Resource):
    class Meta:
        name = "StandardSTC"

    stc_definitions: list[StcDescriptionType] = field(
        default_factory=list,
        metadata={
            "name": "stcDefinitions",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )


@dataclass(slots=True, kw_only=True)
class TableDataType(DataType):
    pass


@dataclass(slots=True, kw_only=True)
class DataResource(Service):
    facility: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    instrument: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    coverage: None | Coverage = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class ParamHttp(Interface):
    class Meta:
        name = "ParamHTTP"

    query_type: list[HttpqueryType] = field(
        default_factory=list,
        metadata={
            "name": "queryType",
            "type": "Element",
            "namespace": "",
            "max_occurs": 2,
        },
    )
    result_type: None | str = field(
        default=None,
        metadata={
            "name": "resultType",
            "type": "Element",
            "namespace": "",
        },
    )
    param: list[InputParam] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    test_query: None | str = field(
        default=None,
        metadata={
            "name": "testQuery",
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class TapdataType(TableDataType):
    class Meta:
        name = "TAPDataType"

    size: None | int = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class TableParam(BaseParam):
    data_type: None | TableDataType = field(
        default=None,
        metadata={
            "name": "dataType",
            "type": "Element",
            "namespace": "",
        },
    )
    flag: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    std: None | bool = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class VotableType(TableDataType):
    class Meta:
        name = "VOTableType"

    delim: str = field(
        default=" ",
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class DataService(DataResource):
    pass


@dataclass(slots=True, kw_only=True)
class Taptype(TapdataType):
    class Meta:
        name = "TAPType"

    delim: str = field(
        default=" ",
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Table:
    name: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    title: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    description: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    nrows: None | int = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    column: list[TableParam] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    foreign_key: list[ForeignKey] = field(
        default_factory=list,
        metadata={
            "name": "foreignKey",
            "type": "Element",
            "namespace": "",
        },
    )
    type_value: None | str = field(
        default=None,
        metadata={
            "name": "type",
            "type": "Attribute",
        },
    )
    other_attributes: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "type": "Attributes",
            "namespace": "##other",
        },
    )


@dataclass(slots=True, kw_only=True)
class TableSchema:
    name: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    title: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    description: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    table: list[Table] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    other_attributes: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "type": "Attributes",
            "namespace": "##other",
        },
    )


@dataclass(slots=True, kw_only=True)
class TableSet:
    schema: list[TableSchema] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    other_attributes: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "type": "Attributes",
            "namespace": "##other",
        },
    )


@dataclass(slots=True, kw_only=True)
class CatalogResource(DataResource):
    tableset: None | TableSet = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class DataCollection(Resource):
    facility: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    instrument: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    rights: list[Rights] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    format: list[Format] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    coverage: None | Coverage = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    tableset: None | TableSet = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    access_url: None | AccessUrl = field(
        default=None,
        metadata={
            "name": "accessURL",
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class CatalogService(CatalogResource):
    pass
