# Made from xsd/standardsregext/StandardsRegExt-1.1.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .voresource import (
    Interface,
    Resource,
)

__NAMESPACE__ = "http://www.ivoa.net/xml/StandardsRegExt/v1.0"


class EndorsedVersionStatus(Enum):
    REC = "rec"
    PR = "pr"
    WD = "wd"
    IWD = "iwd"
    NOTE = "note"
    PEN = "pen"
    EN = "en"
    N_A = "n/a"


class EndorsedVersionUse(Enum):
    PREFERRED = "preferred"
    DEPRECATED = "deprecated"


@dataclass(slots=True, kw_only=True)
class Schema:
    location: str = field(
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
    example: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    namespace: str = field(
        metadata={
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class StandardKey:
    name: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
            "pattern": r"([A-Za-z0-9;/\?:@&=\+$,\-_\.!~\*'\(\)]|%[A-Fa-f0-9]{2})+",
        }
    )
    description: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )


@dataclass(slots=True, kw_only=True)
class EndorsedVersion:
    value: str = field(default="")
    status: EndorsedVersionStatus = field(
        default=EndorsedVersionStatus.N_A,
        metadata={
            "type": "Attribute",
        },
    )
    use: None | EndorsedVersionUse = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Standard(Resource):
    endorsed_version: list[EndorsedVersion] = field(
        default_factory=list,
        metadata={
            "name": "endorsedVersion",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    schema: list[Schema] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    deprecated: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    key: list[StandardKey] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class ServiceStandard(Standard):
    interface: list[Interface] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
