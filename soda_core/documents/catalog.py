"""The collection of schemas, by the name under which documents have it."""

from soda_core.schemas import Catalog, CatalogError, Profile, SchemaFile

__all__ = ["Catalog", "CatalogError", "Profile", "SchemaFile"]
