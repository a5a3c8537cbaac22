# Made from xsd/vosi/VOSIAvailability-1.0.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field

from xsdata.models.datatype import XmlDateTime

__NAMESPACE__ = "http://www.ivoa.net/xml/VOSIAvailability/v1.0"


@dataclass(slots=True, kw_only=True)
class Availability1:
    class Meta:
        name = "Availability"

    available: bool = field(
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOSIAvailability/v1.0",
        }
    )
    up_since: None | XmlDateTime = field(
        default=None,
        metadata={
            "name": "upSince",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOSIAvailability/v1.0",
        },
    )
    down_at: None | XmlDateTime = field(
        default=None,
        metadata={
            "name": "downAt",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOSIAvailability/v1.0",
        },
    )
    back_at: None | XmlDateTime = field(
        default=None,
        metadata={
            "name": "backAt",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOSIAvailability/v1.0",
        },
    )
    note: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/VOSIAvailability/v1.0",
        },
    )


@dataclass(slots=True, kw_only=True)
class Availability(Availability1):
    class Meta:
        name = "availability"
        namespace = "http://www.ivoa.net/xml/VOSIAvailability/v1.0"
