"""The IVOA standards as this project declares them in `specs/`."""

from .errors import SpecError, Where, hint
from .loader import available, load, read, terms, vocabulary
from .model import (
    Column,
    Endpoint,
    ErrorLabel,
    Format,
    Head,
    Parameter,
    Phase,
    Requirement,
    Shape,
    Standard,
    Transition,
)
from .schema import json_schema

__all__ = [
    "Column",
    "Endpoint",
    "ErrorLabel",
    "Format",
    "Head",
    "Parameter",
    "Phase",
    "Requirement",
    "Shape",
    "SpecError",
    "Standard",
    "Transition",
    "Where",
    "available",
    "hint",
    "json_schema",
    "load",
    "read",
    "terms",
    "vocabulary",
]
