# Made from xsd/voresource/VOResource-1.2.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

__NAMESPACE__ = "http://www.ivoa.net/xml/VOResource/v1.0"


class AccessUrlUse(Enum):
    FULL = "full"
    BASE = "base"
    DIR = "dir"


@dataclass(slots=True, kw_only=True)
class Date:
    value: str = field(
        default="",
        metadata={
            "pattern": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?",
        },
    )
    role: str = field(
        default="Collected",
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class MirrorUrl:
    class Meta:
        name = "MirrorURL"

    value: str = field(default="")
    title: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class ResourceName:
    value: str = field(default="")
    ivo_id: None | str = field(
        default=None,
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
            "pattern": r"ivo://[\w\d][\w\d\-_\.!~\*'\(\)\+=]{2,}(/[\w\d\-_\.!~\*'\(\)\+=]+(/[\w\d\-_\.!~\*'\(\)\+=]+)*)?",
        },
    )
    alt_identifier: None | str = field(
        default=None,
        metadata={
            "name": "altIdentifier",
            "type": "Attribute",
        },
    )


class ResourceStatus(Enum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    DELETED = "deleted"


@dataclass(slots=True, kw_only=True)
class Rights:
    value: str = field(default="")
    rights_uri: None | str = field(
        default=None,
        metadata={
            "name": "rightsURI",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class SecurityMethod:
    standard_id: None | str = field(
        default=None,
        metadata={
            "name": "standardID",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Source:
    value: str = field(default="")
    format: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


class ValidationLevel(Enum):
    VALUE_0 = 0
    VALUE_1 = 1
    VALUE_2 = 2
    VALUE_3 = 3
    VALUE_4 = 4


@dataclass(slots=True, kw_only=True)
class AccessUrl:
    class Meta:
        name = "AccessURL"

    value: str = field(default="")
    use: None | AccessUrlUse = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Contact:
    name: ResourceName = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    address: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    email: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    telephone: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    alt_identifier: list[str] = field(
        default_factory=list,
        metadata={
            "name": "altIdentifier",
            "type": "Element",
            "namespace": "",
        },
    )
    ivo_id: None | str = field(
        default=None,
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
            "pattern": r"ivo://[\w\d][\w\d\-_\.!~\*'\(\)\+=]{2,}(/[\w\d\-_\.!~\*'\(\)\+=]+(/[\w\d\-_\.!~\*'\(\)\+=]+)*)?",
        },
    )


@dataclass(slots=True, kw_only=True)
class Creator:
    name: ResourceName = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    logo: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    alt_identifier: list[str] = field(
        default_factory=list,
        metadata={
            "name": "altIdentifier",
            "type": "Element",
            "namespace": "",
        },
    )
    ivo_id: None | str = field(
        default=None,
        metadata={
            "name": "ivo-id",
            "type": "Attribute",
            "pattern": r"ivo://[\w\d][\w\d\-_\.!~\*'\(\)\+=]{2,}(/[\w\d\-_\.!~\*'\(\)\+=]+(/[\w\d\-_\.!~\*'\(\)\+=]+)*)?",
        },
    )


@dataclass(slots=True, kw_only=True)
class Relationship:
    relationship_type: str = field(
        metadata={
            "name": "relationshipType",
            "type": "Element",
            "namespace": "",
        }
    )
    related_resource: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "name": "relatedResource",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )


@dataclass(slots=True, kw_only=True)
class Validation:
    value: ValidationLevel = field()
    validated_by: str = field(
        metadata={
            "name": "validatedBy",
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class Content:
    subject: list[str] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    description: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    source: None | Source = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    reference_url: str = field(
        metadata={
            "name": "referenceURL",
            "type": "Element",
            "namespace": "",
            "pattern": r"https?://.*",
        }
    )
    type_value: list[str] = field(
        default_factory=list,
        metadata={
            "name": "type",
            "type": "Element",
            "namespace": "",
        },
    )
    content_level: list[str] = field(
        default_factory=list,
        metadata={
            "name": "contentLevel",
            "type": "Element",
            "namespace": "",
        },
    )
    relationship: list[Relationship] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class Curation:
    publisher: ResourceName = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    creator: list[Creator] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    contributor: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    date: list[Date] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    version: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    contact: list[Contact] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )


@dataclass(slots=True, kw_only=True)
class Interface:
    access_url: list[AccessUrl] = field(
        default_factory=list,
        metadata={
            "name": "accessURL",
            "type": "Element",
            "namespace": "",
            "min_occurs": 1,
        },
    )
    mirror_url: list[MirrorUrl] = field(
        default_factory=list,
        metadata={
            "name": "mirrorURL",
            "type": "Element",
            "namespace": "",
        },
    )
    security_method: None | SecurityMethod = field(
        default=None,
        metadata={
            "name": "securityMethod",
            "type": "Element",
            "namespace": "",
        },
    )
    test_query_string: None | str = field(
        default=None,
        metadata={
            "name": "testQueryString",
            "type": "Element",
            "namespace": "",
        },
    )
    version: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    role: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Capability:
    validation_level: list[Validation] = field(
        default_factory=list,
        metadata={
            "name": "validationLevel",
            "type": "Element",
            "namespace": "",
        },
    )
    description: None | str = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    interface: list[Interface] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    standard_id: None | str = field(
        default=None,
        metadata={
            "name": "standardID",
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Resource:
    validation_level: list[Validation] = field(
        default_factory=list,
        metadata={
            "name": "validationLevel",
            "type": "Element",
            "namespace": "",
        },
    )
    title: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    short_name: None | str = field(
        default=None,
        metadata={
            "name": "shortName",
            "type": "Element",
            "namespace": "",
            "max_length": 16,
        },
    )
    identifier: str = field(
        metadata={
            "type": "Element",
            "namespace": "",
            "pattern": r"ivo://[\w\d][\w\d\-_\.!~\*'\(\)\+=]{2,}(/[\w\d\-_\.!~\*'\(\)\+=]+(/[\w\d\-_\.!~\*'\(\)\+=]+)*)?",
        }
    )
    alt_identifier: list[str] = field(
        default_factory=list,
        metadata={
            "name": "altIdentifier",
            "type": "Element",
            "namespace": "",
        },
    )
    curation: Curation = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    content: Content = field(
        metadata={
            "type": "Element",
            "namespace": "",
        }
    )
    created: str = field(
        metadata={
            "type": "Attribute",
            "pattern": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?",
        }
    )
    updated: str = field(
        metadata={
            "type": "Attribute",
            "pattern": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?",
        }
    )
    status: ResourceStatus = field(
        metadata={
            "type": "Attribute",
        }
    )
    version: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class WebBrowser(Interface):
    pass


@dataclass(slots=True, kw_only=True)
class WebService(Interface):
    wsdl_url: list[str] = field(
        default_factory=list,
        metadata={
            "name": "wsdlURL",
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class Organisation(Resource):
    facility: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    instrument: list[ResourceName] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )


@dataclass(slots=True, kw_only=True)
class Service(Resource):
    rights: list[Rights] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
    capability: list[Capability] = field(
        default_factory=list,
        metadata={
            "type": "Element",
            "namespace": "",
        },
    )
