# Made from xsd/simpledalregext/SSA-1.2.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .voresource import Capability

__NAMESPACE__ = "http://www.ivoa.net/xml/SSA/v1.1"


class ComplianceLevel(Enum):
    QUERY = "query"
    MINIMAL = "minimal"
    FULL = "full"


class CreationType(Enum):
    ARCHIVAL = "archival"
    CUTOUT = "cutout"
    FILTERED = "filtered"
    MOSAIC = "mosaic"
    PROJECTION = "projection"
    SPECTRAL_EXTRACTION = "spectralExtraction"
    CATALOG_EXTRACTION = "catalogExtraction"


class DataSource(Enum):
    SURVEY = "survey"
    POINTED = "pointed"
    CUSTOM = "custom"
    THEORY = "theory"
    ARTIFICIAL = "artificial"


@dataclass(slots=True, kw_only=True)
class PosParam:
    long: float = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    lat: float = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    refframe: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


class SupportedFrame(Enum):
    FK4 = "FK4"
    FK5 = "FK5"
    ECLIPTIC = "ECLIPTIC"
    ICRS = "ICRS"
    GALACTIC_I = "GALACTIC_I"
    GALACTIC_II = "GALACTIC_II"
    SUPER_GALACTIC = "SUPER_GALACTIC"
    AZ_EL = "AZ_EL"
    BODY = "BODY"
    GEO_C = "GEO_C"
    GEO_D = "GEO_D"
    MAG = "MAG"
    GSE = "GSE"
    GSM = "GSM"
    HGC = "HGC"
    HGS = "HGS"
    HEEQ = "HEEQ"
    HRTN = "HRTN"
    HPC = "HPC"
    HPR = "HPR"
    HCC = "HCC"
    HGI = "HGI"
    MERCURY_C = "MERCURY_C"
    VENUS_C = "VENUS_C"
    LUNA_C = "LUNA_C"
    MARS_C = "MARS_C"
    JUPITER_C_III = "JUPITER_C_III"
    SATURN_C_III = "SATURN_C_III"
    URANUS_C_III = "URANUS_C_III"
    NEPTUNE_C_III = "NEPTUNE_C_III"
    PLUTO_C = "PLUTO_C"
    MERCURY_G = "MERCURY_G"
    VENUS_G = "VENUS_G"
    LUNA_G = "LUNA_G"
    MARS_G = "MARS_G"
    JUPITER_G_III = "JUPITER_G_III"
    SATURN_G_III = "SATURN_G_III"
    URANUS_G_III = "URANUS_G_III"
    NEPTUNE_G_III = "NEPTUNE_G_III"
    PLUTO_G = "PLUTO_G"
    UNKNOWN = "UNKNOWN"


@dataclass(slots=True, kw_only=True)
class Query:
    pos: None | PosParam = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    size: None | float = field(
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
class SimpleSpectralAccess(Capability):
    compliance_level: ComplianceLevel = field(
        metadata={
            "name": "complianceLevel",
            "type": "Element",
            "namespace": "",
        }
    )
    data_source: list[DataSource] = field(
        default_factory=list,
        metadata={
            "name": "dataSource",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    creation_type: list[CreationType] = field(
        default_factory=list,
        metadata={
            "name": "creationType",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    supported_frame: list[SupportedFrame] = field(
        default_factory=list,
        metadata={
            "name": "supportedFrame",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    max_search_radius: None | float = field(
        default=None,
        metadata={
            "name": "maxSearchRadius",
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
    default_max_records: None | int = field(
        default=None,
        metadata={
            "name": "defaultMaxRecords",
            "type": "Element",
            "namespace": "",
        },
    )
    max_aperture: None | float = field(
        default=None,
        metadata={
            "name": "maxAperture",
            "type": "Element",
            "namespace": "",
        },
    )
    max_file_size: None | int = field(
        default=None,
        metadata={
            "name": "maxFileSize",
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
