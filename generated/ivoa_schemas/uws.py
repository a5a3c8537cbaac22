# Made from xsd/uws/UWS-1.1.xsd by `nox -s generate`; do not edit.
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from xsdata.models.datatype import XmlDateTime

from .xlink import TypeValue

__NAMESPACE__ = "http://www.ivoa.net/xml/UWS/v1.0"


class ErrorType(Enum):
    TRANSIENT = "transient"
    FATAL = "fatal"


class ExecutionPhase(Enum):
    PENDING = "PENDING"
    QUEUED = "QUEUED"
    EXECUTING = "EXECUTING"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"
    UNKNOWN = "UNKNOWN"
    HELD = "HELD"
    SUSPENDED = "SUSPENDED"
    ABORTED = "ABORTED"
    ARCHIVED = "ARCHIVED"


@dataclass(slots=True, kw_only=True)
class JobSummaryJobInfo:
    class Meta:
        global_type = False

    any_element: list[object] = field(
        default_factory=list,
        metadata={
            "type": "Wildcard",
            "namespace": "##any",
        },
    )


@dataclass(slots=True, kw_only=True)
class Parameter:
    by_reference: bool = field(
        default=False,
        metadata={
            "name": "byReference",
            "type": "Attribute",
        },
    )
    id: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    is_post: None | bool = field(
        default=None,
        metadata={
            "name": "isPost",
            "type": "Attribute",
        },
    )
    content: list[object] = field(
        default_factory=list,
        metadata={
            "type": "Wildcard",
            "namespace": "##any",
            "mixed": True,
        },
    )


@dataclass(slots=True, kw_only=True)
class ErrorSummary:
    message: str = field(
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        }
    )
    type_value: ErrorType = field(
        metadata={
            "name": "type",
            "type": "Attribute",
        }
    )
    has_detail: bool = field(
        metadata={
            "name": "hasDetail",
            "type": "Attribute",
        }
    )


@dataclass(slots=True, kw_only=True)
class ResultReference:
    id: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    type_value: TypeValue = field(
        default=TypeValue.SIMPLE,
        metadata={
            "name": "type",
            "type": "Attribute",
            "namespace": "http://www.w3.org/1999/xlink",
        },
    )
    href: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "namespace": "http://www.w3.org/1999/xlink",
        },
    )
    size: None | int = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )
    mime_type: None | str = field(
        default=None,
        metadata={
            "name": "mime-type",
            "type": "Attribute",
        },
    )
    uwscustom_attributes: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "type": "Attributes",
            "namespace": "urn:uwscustom",
        },
    )


@dataclass(slots=True, kw_only=True)
class ShortJobDescription:
    phase: ExecutionPhase = field(
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        }
    )
    run_id: None | str = field(
        default=None,
        metadata={
            "name": "runId",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        },
    )
    owner_id: None | str = field(
        default=None,
        metadata={
            "name": "ownerId",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
            "nillable": True,
        },
    )
    creation_time: None | XmlDateTime = field(
        default=None,
        metadata={
            "name": "creationTime",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        },
    )
    id: str = field(
        metadata={
            "type": "Attribute",
        }
    )
    type_value: TypeValue = field(
        default=TypeValue.SIMPLE,
        metadata={
            "name": "type",
            "type": "Attribute",
            "namespace": "http://www.w3.org/1999/xlink",
        },
    )
    href: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
            "namespace": "http://www.w3.org/1999/xlink",
        },
    )


@dataclass(slots=True, kw_only=True)
class Parameters:
    class Meta:
        name = "parameters"
        namespace = "http://www.ivoa.net/xml/UWS/v1.0"

    parameter: list[Parameter] = field(
        default_factory=list,
        metadata={
            "type": "Element",
        },
    )


@dataclass(slots=True, kw_only=True)
class Jobs:
    class Meta:
        name = "jobs"
        namespace = "http://www.ivoa.net/xml/UWS/v1.0"

    jobref: list[ShortJobDescription] = field(
        default_factory=list,
        metadata={
            "type": "Element",
        },
    )
    version: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Results:
    class Meta:
        name = "results"
        namespace = "http://www.ivoa.net/xml/UWS/v1.0"

    result: list[ResultReference] = field(
        default_factory=list,
        metadata={
            "type": "Element",
        },
    )


@dataclass(slots=True, kw_only=True)
class JobSummary:
    job_id: str = field(
        metadata={
            "name": "jobId",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        }
    )
    run_id: None | str = field(
        default=None,
        metadata={
            "name": "runId",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        },
    )
    owner_id: None | str = field(
        metadata={
            "name": "ownerId",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
            "nillable": True,
        }
    )
    phase: ExecutionPhase = field(
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        }
    )
    quote: None | XmlDateTime = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
            "nillable": True,
        },
    )
    creation_time: None | XmlDateTime = field(
        default=None,
        metadata={
            "name": "creationTime",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        },
    )
    start_time: None | XmlDateTime = field(
        metadata={
            "name": "startTime",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
            "nillable": True,
        }
    )
    end_time: None | XmlDateTime = field(
        metadata={
            "name": "endTime",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
            "nillable": True,
        }
    )
    execution_duration: int = field(
        metadata={
            "name": "executionDuration",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        }
    )
    destruction: None | XmlDateTime = field(
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
            "nillable": True,
        }
    )
    parameters: None | Parameters = field(
        default=None,
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        },
    )
    results: Results = field(
        metadata={
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        }
    )
    error_summary: None | ErrorSummary = field(
        default=None,
        metadata={
            "name": "errorSummary",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        },
    )
    job_info: None | JobSummaryJobInfo = field(
        default=None,
        metadata={
            "name": "jobInfo",
            "type": "Element",
            "namespace": "http://www.ivoa.net/xml/UWS/v1.0",
        },
    )
    version: None | str = field(
        default=None,
        metadata={
            "type": "Attribute",
        },
    )


@dataclass(slots=True, kw_only=True)
class Job(JobSummary):
    class Meta:
        name = "job"
        namespace = "http://www.ivoa.net/xml/UWS/v1.0"
