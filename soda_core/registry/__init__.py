"""Declared endpoints, bound to handlers, and requests read against the declaration."""

from .answers import Answer, Body, Deferred, Document, Nothing, Rows, Stream
from .binding import FIELDS, BindError, Bound, Handler, QuickHandler, bind
from .parse import parse, parse_path, read_value
from .request import Request, error_media_type

__all__ = [
    "FIELDS",
    "Answer",
    "BindError",
    "Body",
    "Bound",
    "Deferred",
    "Document",
    "Handler",
    "Nothing",
    "QuickHandler",
    "Request",
    "Rows",
    "Stream",
    "bind",
    "error_media_type",
    "parse",
    "parse_path",
    "read_value",
]
