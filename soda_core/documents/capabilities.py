"""VOSI capabilities from the endpoints that are bound (VOSI 1.1, 3.1)."""

from collections.abc import Iterable, Mapping

from ivoa_schemas.vodataservice import HttpqueryType, InputParam, ParamHttp, ParamUse, SimpleDataType
from ivoa_schemas.voresource import AccessUrl, AccessUrlUse, Capability
from ivoa_schemas.vosi_capabilities import Capabilities

from soda_core.standards import Endpoint, Parameter, Standard

__all__ = ["capabilities"]

SIMPLE_TYPES = {
    "char": "string",
    "unicodeChar": "string",
    "double": "real",
    "float": "real",
    "int": "integer",
    "long": "integer",
    "short": "integer",
    "boolean": "boolean",
}
"""VOTable datatype → vs:SimpleDataType (VODataService 1.2, 3.5)."""


def capabilities(
    endpoints: Iterable[tuple[Standard, Endpoint]], base_url: str, tests: Mapping[str, str] | None = None
) -> Capabilities:
    """Describe each endpoint as one capability; *base_url* has no slash at its end.

    *tests* holds, by standardID, a query that is answered with data (VOResource 1.1, 2.2.2).
    """
    known = tests or {}
    return Capabilities(
        capability=[
            _capability(standard, endpoint, base_url, known.get(endpoint.standard_id))
            for standard, endpoint in endpoints
            if endpoint.standard_id
        ]
    )


def _capability(standard: Standard, endpoint: Endpoint, base_url: str, test: str | None) -> Capability:
    interface = ParamHttp(
        role=endpoint.role or None,
        version=endpoint.version or None,
        access_url=[AccessUrl(value=base_url + endpoint.path, use=AccessUrlUse.FULL)],
        test_query_string=test,
        query_type=[entry for entry in HttpqueryType if entry.value in endpoint.methods],
        result_type=endpoint.media_types[0] if endpoint.media_types else None,
        param=[_param(parameter) for parameter in standard.parameters_of(endpoint)],
    )
    return Capability(
        standard_id=endpoint.standard_id, description=endpoint.description or None, interface=[interface]
    )


def _param(parameter: Parameter) -> InputParam:
    return InputParam(
        name=parameter.word,
        description=parameter.description,
        unit=parameter.unit or None,
        ucd=parameter.ucd or None,
        data_type=SimpleDataType(value=SIMPLE_TYPES[parameter.datatype], arraysize=_arraysize(parameter)),
        use=ParamUse.REQUIRED if parameter.occurs.startswith("1") else ParamUse.OPTIONAL,
        std=not parameter.is_extension,
    )


def _arraysize(parameter: Parameter) -> str:
    """Return the shape; the length of a string belongs to its type here."""
    return "1" if parameter.datatype in {"char", "unicodeChar"} else parameter.arraysize or "1"
