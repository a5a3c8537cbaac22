"""Tables: metadata from objects of `ivoa_schemas`, rows streamed in several serialisations."""

from .model import VERSION, Status, failed, field, info, results
from .writer import SERIALIZATIONS, write

__all__ = ["SERIALIZATIONS", "VERSION", "Status", "failed", "field", "info", "results", "write"]
