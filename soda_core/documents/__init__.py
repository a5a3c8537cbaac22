"""Documents: made from declarations and a deployment, written as XML or JSON, validated by the schemas."""

from .availability import availability
from .capabilities import capabilities
from .catalog import Catalog, CatalogError, Profile, SchemaFile
from .descriptor import Admissible, descriptor, self_description
from .examples import Example, examples
from .jobs import instant, job, jobs, parameters, results
from .links import Descriptor, links_shell, own_descriptors, service
from .openapi import openapi
from .schemas import DocumentError, SchemaError, parse, schema, schema_errors, unknown_namespaces
from .tables import Described, table, tableset
from .xml import PREFIXES, serialize

__all__ = [
    "PREFIXES",
    "Admissible",
    "Catalog",
    "CatalogError",
    "Described",
    "Descriptor",
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
    "links_shell",
    "openapi",
    "own_descriptors",
    "parameters",
    "parse",
    "results",
    "schema",
    "schema_errors",
    "self_description",
    "serialize",
    "service",
    "table",
    "tableset",
    "unknown_namespaces",
]
