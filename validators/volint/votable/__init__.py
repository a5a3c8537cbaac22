"""VOTables of strangers: a lenient view of what is there."""

from .view import Descriptor, Field, Param, Status, View

__all__ = ["Descriptor", "Field", "Param", "Status", "View"]
