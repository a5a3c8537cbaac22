# Made from xsd/vosi/VOSICapabilities-1.0.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field

from .voresource import Capability

__NAMESPACE__ = "http://www.ivoa.net/xml/VOSICapabilities/v1.0"


@dataclass(slots=True, kw_only=True)
class Capabilities:
    class Meta:
        name = "capabilities"
        namespace = "http://www.ivoa.net/xml/VOSICapabilities/v1.0"

    capability: list[Capability] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
