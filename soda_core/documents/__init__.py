"""XML documents: the collection of schemas, validation, serialization."""

from .catalog import Catalog, CatalogError, Profile, SchemaFile
from .schemas import DocumentError, SchemaError, parse, schema, schema_errors, unknown_namespaces
from .xml import PREFIXES, serialize

__all__ = [
    "PREFIXES",
    "Catalog",
    "CatalogError",
    "DocumentError",
    "Profile",
    "SchemaError",
    "SchemaFile",
    "parse",
    "schema",
    "schema_errors",
    "serialize",
    "unknown_namespaces",
]
