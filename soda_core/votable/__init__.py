"""Tables: metadata from objects of `ivoa_schemas`, rows streamed in several serialisations."""

from .cells import Values
from .incoming import Cells, Incoming, incoming
from .model import VERSION, Status, failed, field, info, results, told
from .shell import Shell
from .writer import SERIALIZATIONS, Turn, write

__all__ = [
    "SERIALIZATIONS",
    "VERSION",
    "Cells",
    "Incoming",
    "Shell",
    "Status",
    "Turn",
    "Values",
    "failed",
    "field",
    "incoming",
    "info",
    "results",
    "told",
    "write",
]
