"""Declared endpoints, bound to handlers, and requests read against the declaration."""

from .answers import Answer, Body, Deferred, Document, Elsewhere, Later, Nothing, Page, Stream
from .binding import BindError, Bound, ByMethod, Handler, QuickHandler, Under, bind
from .parse import parse, read_value, texts
from .request import Caller, Request

__all__ = [
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
    "Stream",
    "Under",
    "bind",
    "parse",
    "read_value",
    "texts",
]
