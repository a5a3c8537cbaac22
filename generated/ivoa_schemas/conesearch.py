# Made from xsd/simpledalregext/ConeSearch-1.1.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field

from .voresource import Capability

__NAMESPACE__ = "http://www.ivoa.net/xml/ConeSearch/v1.0"


@dataclass(slots=True, kw_only=True)
class Query:
    ra: float = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    dec: float = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    sr: float = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    verb: None | int = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    catalog: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    extras: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class ConeSearch(Capability):
    max_sr: None | float = field(
        default=None,
        metadata={
            "name": "maxSR",
            "type": "Element",
            "namespace": "",
        },
    )
    max_records: None | int = field(
        default=None,
        metadata={
            "name": "maxRecords",
            "type": "Element",
            "namespace": "",
        },
    )
    verbosity: bool = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    test_query: None | Query = field(
        default=None,
        metadata={
            "name": "testQuery",
            "type": "Element",
            "namespace": "",
        },
    )
