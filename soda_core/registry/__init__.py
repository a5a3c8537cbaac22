"""Declared endpoints, bound to handlers, and requests read against the declaration."""

from .answers import Answer, Deferred, Document, Nothing, Stream
from .binding import BindError, Bound, Handler, bind
from .parse import parse, read_value
from .request import Request

__all__ = [
    "Answer",
    "BindError",
    "Bound",
    "Deferred",
    "Document",
    "Handler",
    "Nothing",
    "Request",
    "Stream",
    "bind",
    "parse",
    "read_value",
]
