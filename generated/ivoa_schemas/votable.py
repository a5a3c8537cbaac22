# Made from xsd/votable/VOTable-1.5.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import ForwardRef

from xsdata.models.datatype import XmlDateTime

__NAMESPACE__ = "http://www.ivoa.net/xml/VOTable/v1.3"


@dataclass(slots=True, kw_only=True)
class CoordinateSystem:
    value: str = field(default="")
    id: str = field(
        metadata={
            "name": "ID",
            "type": "Attribute",
        }
    )
    equinox: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[JB]?[0-9]+([.][0-9]*)?",
        },
    )
    epoch: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[JB]?[0-9]+([.][0-9]*)?",
        },
    )
    system: object = field(
        default="FK5",
        metadata={
            "type": "Attribute",
        },
    )
    refposition: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class FieldRef:
    ref: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    ucd: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[A-Za-z0-9_.:;\-]*",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


class FieldType(Enum):
    HIDDEN = "hidden"
    NO_QUERY = "no_query"
    TRIGGER = "trigger"
    LOCATION = "location"


@dataclass(slots=True, kw_only=True)
class Info:
    value: str = field(default="")
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    name: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    value_attribute: str = field(
        metadata={
            "name": "value",
            "type": "Attribute",
        }
    )
    unit: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    xtype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ref: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ucd: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[A-Za-z0-9_.:;\-]*",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Link:
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    content_role: None | str = field(
        default=None,
        metadata={
            "name": "content-role",
            "type": "Attribute",
        },
    )
    content_type: None | str = field(
        default=None,
        metadata={
            "name": "content-type",
            "type": "Attribute",
        },
    )
    title: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    value: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    href: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    gref: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    action: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Option:
    option: list[Option] = field(
        default_factory=list,
        metadata={
            "name": "OPTION",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    name: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    value: str = field(
        metadata={
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class ParamRef:
    ref: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    ucd: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[A-Za-z0-9_.:;\-]*",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


class ResourceType(Enum):
    RESULTS = "results"
    META = "meta"


class StreamActuate(Enum):
    ON_LOAD = "onLoad"
    ON_REQUEST = "onRequest"
    OTHER = "other"
    NONE = "none"


class StreamType(Enum):
    LOCATOR = "locator"
    OTHER = "other"


@dataclass(slots=True, kw_only=True)
class TimeSystem:
    value: str = field(default="")
    id: str = field(
        metadata={
            "name": "ID",
            "type": "Attribute",
        }
    )
    timeorigin: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|(JD|MJD)-origin",
        },
    )
    timescale: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    refposition: str = field(
        metadata={
            "type": "Attribute",
        }
    )


class VotableVersion(Enum):
    VALUE_1_3 = "1.3"
    VALUE_1_4 = "1.4"
    VALUE_1_5 = "1.5"


class ValuesType(Enum):
    LEGAL = "legal"
    ACTUAL = "actual"


@dataclass(slots=True, kw_only=True)
class AnyText:
    class Meta:
        name = "anyTEXT"

    content: list[object] = field(
        default_factory=list,
        metadata={
            "type": "Wildcard",
            "namespace": "##any",
            "mixed": True,
        },
    )


class DataType(Enum):
    BOOLEAN = "boolean"
    BIT = "bit"
    UNSIGNED_BYTE = "unsignedByte"
    SHORT = "short"
    INT = "int"
    LONG = "long"
    CHAR = "char"
    UNICODE_CHAR = "unicodeChar"
    FLOAT = "float"
    DOUBLE = "double"
    FLOAT_COMPLEX = "floatComplex"
    DOUBLE_COMPLEX = "doubleComplex"


class EncodingType(Enum):
    GZIP = "gzip"
    BASE64 = "base64"
    DYNAMIC = "dynamic"
    NONE = "none"


class Yesno(Enum):
    YES = "yes"
    NO = "no"


@dataclass(slots=True, kw_only=True)
class Max:
    value: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    inclusive: Yesno = field(
        default=Yesno.YES,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Min:
    value: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    inclusive: Yesno = field(
        default=Yesno.YES,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Stream:
    value: str = field(default="")
    type_value: StreamType = field(
        default=StreamType.LOCATOR,
        metadata={
            "name": "type",
            "type": "Attribute",
        },
    )
    href: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    actuate: StreamActuate = field(
        default=StreamActuate.ON_REQUEST,
        metadata={
            "type": "Attribute",
        },
    )
    encoding: EncodingType = field(
        default=EncodingType.NONE,
        metadata={
            "type": "Attribute",
        },
    )
    expires: None | XmlDateTime = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    rights: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Td:
    value: str = field(default="")
    encoding: None | EncodingType = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Binary:
    stream: Stream = field(
        metadata={
            "name": "STREAM",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        }
    )


@dataclass(slots=True, kw_only=True)
class Binary2:
    stream: Stream = field(
        metadata={
            "name": "STREAM",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        }
    )


@dataclass(slots=True, kw_only=True)
class Fits:
    class Meta:
        name = "FITS"

    stream: Stream = field(
        metadata={
            "name": "STREAM",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        }
    )
    extnum: None | int = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Tr:
    td: list[Td] = field(
        default_factory=list,
        metadata={
            "name": "TD",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
            "min_occurs": 1,
        },
    )
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Values:
    min: None | Min = field(
        default=None,
        metadata={
            "name": "MIN",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    max: None | Max = field(
        default=None,
        metadata={
            "name": "MAX",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    option: list[Option] = field(
        default_factory=list,
        metadata={
            "name": "OPTION",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    type_value: ValuesType = field(
        default=ValuesType.LEGAL,
        metadata={
            "name": "type",
            "type": "Attribute",
        },
    )
    null: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ref: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class FieldElement:
    class Meta:
        name = "Field"

    description: None | AnyText = field(
        default=None,
        metadata={
            "name": "DESCRIPTION",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    values: None | Values = field(
        default=None,
        metadata={
            "name": "VALUES",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    link: list[Link] = field(
        default_factory=list,
        metadata={
            "name": "LINK",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    unit: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    datatype: DataType = field(
        metadata={
            "type": "Attribute",
        }
    )
    precision: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[EF]?[0-9][0-9]*",
        },
    )
    width: None | int = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    xtype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ref: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    name: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    ucd: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[A-Za-z0-9_.:;\-]*",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    arraysize: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    type_value: None | FieldType = field(
        default=None,
        metadata={
            "name": "type",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class TableData:
    tr: list[Tr] = field(
        default_factory=list,
        metadata={
            "name": "TR",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )


@dataclass(slots=True, kw_only=True)
class Data:
    items: None | TableData | Binary | Binary2 | Fits = field(
        default=None,
        metadata={
            "type": "Elements",
            "choices": (
                {
                    "name": "TABLEDATA",
                    "type": TableData,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "BINARY",
                    "type": Binary,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "BINARY2",
                    "type": Binary2,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "FITS",
                    "type": Fits,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
            ),
        },
    )
    info: list[Info] = field(
        default_factory=list,
        metadata={
            "name": "INFO",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )


@dataclass(slots=True, kw_only=True)
class Param(FieldElement):
    value: str = field(
        metadata={
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class Definitions:
    items: list[CoordinateSystem | TimeSystem | Param] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": (
                {
                    "name": "COOSYS",
                    "type": CoordinateSystem,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "TIMESYS",
                    "type": TimeSystem,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "PARAM",
                    "type": Param,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
            ),
        },
    )


@dataclass(slots=True, kw_only=True)
class Group:
    description: None | AnyText = field(
        default=None,
        metadata={
            "name": "DESCRIPTION",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    items: list[FieldRef | ParamRef | Param | Group] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": (
                {
                    "name": "FIELDref",
                    "type": FieldRef,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "PARAMref",
                    "type": ParamRef,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "PARAM",
                    "type": Param,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "GROUP",
                    "type": ForwardRef("Group"),
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
            ),
        },
    )
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    name: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ref: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ucd: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[A-Za-z0-9_.:;\-]*",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Table:
    description: None | AnyText = field(
        default=None,
        metadata={
            "name": "DESCRIPTION",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    items: list[Info | FieldElement | Param | Group | Link | Data] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": (
                {
                    "name": "INFO",
                    "type": Info,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "FIELD",
                    "type": FieldElement,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "PARAM",
                    "type": Param,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "GROUP",
                    "type": Group,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "LINK",
                    "type": Link,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
                {
                    "name": "DATA",
                    "type": Data,
                    "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                },
            ),
        },
    )
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    name: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ref: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    ucd: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "pattern": r"[A-Za-z0-9_.:;\-]*",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    nrows: None | int = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Resource:
    description: None | AnyText = field(
        default=None,
        metadata={
            "name": "DESCRIPTION",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
        },
    )
    items: list[Info | CoordinateSystem | TimeSystem | Group | Param | Link | Table | Resource] = (
        field(
            default_factory=list,
            metadata={
                "type": "Elements",
                "choices": (
                    {
                        "name": "INFO",
                        "type": Info,
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                    {
                        "name": "COOSYS",
                        "type": CoordinateSystem,
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                    {
                        "name": "TIMESYS",
                        "type": TimeSystem,
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                    {
                        "name": "GROUP",
                        "type": Group,
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                    {
                        "name": "PARAM",
                        "type": Param,
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                    {
                        "name": "LINK",
                        "type": Link,
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                    {
                        "name": "TABLE",
                        "type": Table,
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                    {
                        "name": "RESOURCE",
                        "type": ForwardRef("Resource"),
                        "namespace": "http://www.ivoa.net/xml/VOTable/v1.3",
                    },
                ),
            },
        )
    )
    other_element: list[object] = field(
        default_factory=list,
        metadata={
            "type": "Wildcard",
            "namespace": "##other",
        },
    )
    name: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    utype: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    type_value: ResourceType = field(
        default=ResourceType.RESULTS,
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
class Votable:
    class Meta:
        name = "VOTABLE"
        namespace = "http://www.ivoa.net/xml/VOTable/v1.3"

    description: None | AnyText = field(
        default=None,
        metadata={
            "name": "DESCRIPTION",
            "type": "Element",
        },
    )
    definitions: None | Definitions = field(
        default=None,
        metadata={
            "name": "DEFINITIONS",
            "type": "Element",
        },
    )
    items: list[CoordinateSystem | TimeSystem | Group | Param] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": (
                {
                    "name": "COOSYS",
                    "type": CoordinateSystem,
                },
                {
                    "name": "TIMESYS",
                    "type": TimeSystem,
                },
                {
                    "name": "GROUP",
                    "type": Group,
                },
                {
                    "name": "PARAM",
                    "type": Param,
                },
            ),
        },
    )
    items_1: list[Info | Resource] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": (
                {
                    "name": "INFO",
                    "type": Info,
                },
                {
                    "name": "RESOURCE",
                    "type": Resource,
                },
            ),
            "min_occurs": 1,
        },
    )
    id: None | str = field(
        default=None,
        metadata={
            "name": "ID",
            "type": "Attribute",
        },
    )
    version: None | VotableVersion = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
