"""VOTables of strangers: a lenient view of what is there; the deep checks of cells and streams belong here."""

from .view import Descriptor, Field, Param, Status, View

__all__ = ["Descriptor", "Field", "Param", "Status", "View"]
