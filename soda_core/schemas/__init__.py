"""The collection of IVOA schemas, and validation by them, without the network."""

from .catalog import Catalog, CatalogError, Profile, SchemaFile
from .validation import DocumentError, SchemaError, parse, schema, schema_errors, unknown_namespaces

__all__ = [
    "Catalog",
    "CatalogError",
    "DocumentError",
    "Profile",
    "SchemaError",
    "SchemaFile",
    "parse",
    "schema",
    "schema_errors",
    "unknown_namespaces",
]
