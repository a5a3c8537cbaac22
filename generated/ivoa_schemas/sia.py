# Made from xsd/simpledalregext/SIA-1.2.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .voresource import Capability

__NAMESPACE__ = "http://www.ivoa.net/xml/SIA/v1.1"


class ImageServiceType(Enum):
    CUTOUT = "Cutout"
    MOSAIC = "Mosaic"
    ATLAS = "Atlas"
    POINTED = "Pointed"


@dataclass(slots=True, kw_only=True)
class SkyPos:
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


@dataclass(slots=True, kw_only=True)
class SkySize:
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


@dataclass(slots=True, kw_only=True)
class Query:
    pos: None | SkyPos = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    size: None | SkySize = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    verb: None | int = field(
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
class SimpleImageAccess(Capability):
    image_service_type: ImageServiceType = field(
        metadata={
            "name": "imageServiceType",
            "type": "Element",
            "namespace": "",
        }
    )
    max_query_region_size: None | SkySize = field(
        default=None,
        metadata={
            "name": "maxQueryRegionSize",
            "type": "Element",
            "namespace": "",
        },
    )
    max_image_extent: None | SkySize = field(
        default=None,
        metadata={
            "name": "maxImageExtent",
            "type": "Element",
            "namespace": "",
        },
    )
    max_image_size: None | int = field(
        default=None,
        metadata={
            "name": "maxImageSize",
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
