"""JSON Schema of a declaration, for the editor."""

import dataclasses
import typing
from typing import Any, TypeAlias

from .loader import LISTS
from .model import Head
from .tables import written_fields

__all__ = ["json_schema"]

Json: TypeAlias = dict[str, Any]


def json_schema() -> Json:
    """Return the JSON Schema (2020-12) that every file of `specs/` with a [standard] table obeys."""
    lists = {name: {"type": "array", "items": _object(kind)} for name, kind in LISTS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Declaration of an IVOA standard",
        "type": "object",
        "additionalProperties": False,
        "required": ["standard"],
        "properties": {"standard": _object(Head), **lists},
    }


def _object(kind: type) -> Json:
    """Return the schema of one table."""
    types = typing.get_type_hints(kind)
    fields = written_fields(kind)
    properties = {field.name: _type(types[field.name]) | _described(field) for field in fields}
    required = [field.name for field in fields if field.default is dataclasses.MISSING]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().splitlines()[0],
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def _described(field: "dataclasses.Field[Any]") -> Json:
    """Return the help text of a field, if it has one."""
    return {"description": field.metadata["help"]} if "help" in field.metadata else {}


def _type(expected: Any) -> Json:  # noqa: ANN401 - a type form
    """Return the schema of one value."""
    origin = typing.get_origin(expected)
    if origin is tuple:
        return {"type": "array", "items": _type(typing.get_args(expected)[0])}
    if origin is typing.Literal:
        return {"enum": list(typing.get_args(expected))}
    return {"type": "boolean" if expected is bool else "string"}
