# Made from a stub of STC by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field

__NAMESPACE__ = "http://www.ivoa.net/xml/STC/stc-v1.30.xsd"


@dataclass(slots=True, kw_only=True)
class StcDescriptionType:
    class Meta:
        name = "stcDescriptionType"

    any_element: list[object] = field(
        default_factory=list,
        metadata={
            "type": "Wildcard",
            "namespace": "##any",
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
class StcresourceProfile(StcDescriptionType):
    class Meta:
        name = "STCResourceProfile"
        namespace = "http://www.ivoa.net/xml/STC/stc-v1.30.xsd"
