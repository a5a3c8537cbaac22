"""Documents: made from declarations and a deployment, written as XML or JSON, validated by the schemas."""

from .availability import availability
from .capabilities import capabilities
from .catalog import Catalog, CatalogError, Profile, SchemaFile
from .descriptor import Admissible, descriptor, self_description
from .examples import Example, examples
from .jobs import instant, job, jobs, parameters, results
from .openapi import openapi
from .schemas import DocumentError, SchemaError, parse, schema, schema_errors, unknown_namespaces
from .xml import PREFIXES, serialize

__all__ = [
    "PREFIXES",
    "Admissible",
    "Catalog",
    "CatalogError",
    "DocumentError",
    "Example",
    "Profile",
    "SchemaError",
    "SchemaFile",
    "availability",
    "capabilities",
    "descriptor",
    "examples",
    "instant",
    "job",
    "jobs",
    "openapi",
    "parameters",
    "parse",
    "results",
    "schema",
    "schema_errors",
    "self_description",
    "serialize",
    "unknown_namespaces",
]
