"""Declared endpoints, bound to handlers, and requests read against the declaration."""

from .answers import Answer, Body, Deferred, Document, Elsewhere, Later, Nothing, Page, Rows, Stream
from .binding import FIELDS, BindError, Bound, ByMethod, Handler, QuickHandler, Under, bind
from .parse import parse, parse_path, read_value, texts
from .request import Caller, Request, error_media_type

__all__ = [
    "FIELDS",
    "Answer",
    "BindError",
    "Body",
    "Bound",
    "ByMethod",
    "Caller",
    "Deferred",
    "Document",
    "Elsewhere",
    "Handler",
    "Later",
    "Nothing",
    "Page",
    "QuickHandler",
    "Request",
    "Rows",
    "Stream",
    "Under",
    "bind",
    "error_media_type",
    "parse",
    "parse_path",
    "read_value",
    "texts",
]
