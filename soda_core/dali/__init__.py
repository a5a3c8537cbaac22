"""Values of DALI and their text forms, and the family of DALI errors."""

from .errors import (
    AuthenticationError,
    AuthorizationError,
    BadValue,
    DaliError,
    MissingParameter,
    MultiValuedParamNotSupported,
    NotFoundError,
    ServiceUnavailable,
    UnsupportedFormat,
    UsageError,
    label_of,
    shown,
)
from .interval import Interval
from .shapes import BoundingRectangle, Circle, Polygon, Range, RectangleUnit, Shape
from .types import TYPES, ValueType
from .upload import ColumnChoice, Size, Upload

__all__ = [
    "TYPES",
    "AuthenticationError",
    "AuthorizationError",
    "BadValue",
    "BoundingRectangle",
    "Circle",
    "ColumnChoice",
    "DaliError",
    "Interval",
    "MissingParameter",
    "MultiValuedParamNotSupported",
    "NotFoundError",
    "Polygon",
    "Range",
    "RectangleUnit",
    "ServiceUnavailable",
    "Shape",
    "Size",
    "UnsupportedFormat",
    "Upload",
    "UsageError",
    "ValueType",
    "label_of",
    "shown",
]
