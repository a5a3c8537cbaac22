"""Validation of documents, by the name under which documents have it."""

from soda_core.schemas import (
    DocumentError,
    SchemaError,
    parse,
    schema,
    schema_errors,
    unknown_namespaces,
)

__all__ = ["DocumentError", "SchemaError", "parse", "schema", "schema_errors", "unknown_namespaces"]
