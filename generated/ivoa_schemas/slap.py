# Made from xsd/simpledalregext/SLAP-1.1.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .voresource import Capability

__NAMESPACE__ = "http://www.ivoa.net/xml/SLAP/v1.0"


class ComplianceLevel(Enum):
    MINIMAL = "minimal"
    FULL = "full"


class DataSource(Enum):
    OBSERVATIONAL_ASTROPHYSICAL = "observational/astrophysical"
    OBSERVATIONAL_LABORATORY = "observational/laboratory"
    THEORETICAL = "theoretical"


@dataclass(slots=True, kw_only=True)
class WavelengthRange:
    min_wavelength: None | float = field(
        default=None,
        metadata={
            "name": "minWavelength",
            "type": "Element",
            "namespace": "",
        },
    )
    max_wavelength: None | float = field(
        default=None,
        metadata={
            "name": "maxWavelength",
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class Query:
    wavelength: None | WavelengthRange = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    query_data_cmd: None | str = field(
        default=None,
        metadata={
            "name": "queryDataCmd",
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class SimpleLineAccess(Capability):
    compliance_level: ComplianceLevel = field(
        metadata={
            "name": "complianceLevel",
            "type": "Element",
            "namespace": "",
        }
    )
    data_source: DataSource = field(
        metadata={
            "name": "dataSource",
            "type": "Element",
            "namespace": "",
        }
    )
    max_records: None | int = field(
        default=None,
        metadata={
            "name": "maxRecords",
            "type": "Element",
            "namespace": "",
        },
    )
    test_query: None | Query = field(
        default=None,
        metadata={
            "name": "testQuery",
            "type": "Element",
            "namespace": "",
        },
    )
