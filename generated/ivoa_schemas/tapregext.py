# Made from xsd/tapregext/TAPRegExt-1.0-erratum1.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .voresource import Capability

__NAMESPACE__ = "http://www.ivoa.net/xml/TAPRegExt/v1.0"


class DataLimitUnit(Enum):
    BYTE = "byte"
    ROW = "row"


@dataclass(slots=True, kw_only=True)
class DataModelType:
    value: str = field(default="")
    ivo_id: str = field(
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class LanguageFeature:
    form: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    description: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class OutputFormat:
    mime: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    alias: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    ivo_id: None | str = field(
        default=None,
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class TimeLimits:
    default: None | int = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    hard: None | int = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class UploadMethod:
    any_element: None | object = field(
        default=None,
        metadata={
            "type": "Wildcard",
            "namespace": "##any",
        },
    )
    ivo_id: None | str = field(
        default=None,
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Version:
    value: str = field(default="")
    ivo_id: None | str = field(
        default=None,
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class DataLimit:
    value: int = field()
    unit: DataLimitUnit = field(
        metadata={
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class LanguageFeatureList:
    feature: list[LanguageFeature] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    type_value: str = field(
        metadata={
            "name": "type",
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class TapcapRestriction(Capability):
    class Meta:
        name = "TAPCapRestriction"

    standard_id: str = field(
        init=False,
        default="ivo://ivoa.net/std/TAP",
        metadata={
            "name": "standardID",
            "type": "Attribute",
            "required": True,
            "pattern": r"ivo://[\w\d][\w\d\-_\.!~\*'\(\)\+=]{2,}(/[\w\d\-_\.!~\*'\(\)\+=]+(/[\w\d\-_\.!~\*'\(\)\+=]+)*)?",
        },
    )


@dataclass(slots=True, kw_only=True)
class DataLimits:
    default: None | DataLimit = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    hard: None | DataLimit = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class Language:
    name: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    version: list[Version] = field(
        default_factory=list,
        metadata={
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
    language_features: list[LanguageFeatureList] = field(
        default_factory=list,
        metadata={
            "name": "languageFeatures",
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class TableAccess(TapcapRestriction):
    data_model: list[DataModelType] = field(
        default_factory=list,
        metadata={
            "name": "dataModel",
            "type": "Element",
            "namespace": "",
        },
    )
    language: list[Language] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    output_format: list[OutputFormat] = field(
        default_factory=list,
        metadata={
            "name": "outputFormat",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    upload_method: list[UploadMethod] = field(
        default_factory=list,
        metadata={
            "name": "uploadMethod",
            "type": "Element",
            "namespace": "",
        },
    )
    retention_period: None | TimeLimits = field(
        default=None,
        metadata={
            "name": "retentionPeriod",
            "type": "Element",
            "namespace": "",
        },
    )
    execution_duration: None | TimeLimits = field(
        default=None,
        metadata={
            "name": "executionDuration",
            "type": "Element",
            "namespace": "",
        },
    )
    output_limit: None | DataLimits = field(
        default=None,
        metadata={
            "name": "outputLimit",
            "type": "Element",
            "namespace": "",
        },
    )
    upload_limit: None | DataLimits = field(
        default=None,
        metadata={
            "name": "uploadLimit",
            "type": "Element",
            "namespace": "",
        },
    )
