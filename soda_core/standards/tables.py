"""TOML tables → frozen dataclasses, by the types of their fields."""

from __future__ import annotations

import dataclasses
import typing
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import SpecError, Where, hint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["read_table", "reject_unknown_keys", "written_fields"]

T = TypeVar("T")


def written_fields(kind: type) -> tuple[dataclasses.Field[Any], ...]:
    """Return the fields of dataclass *kind* that stand in a file; the others are made by the loader."""
    return tuple(field for field in dataclasses.fields(kind) if not field.metadata.get("made"))


def reject_unknown_keys(table: Mapping[str, object], known: Collection[str], at: Where) -> None:
    """Raise for the first key of *table* that is not *known*."""
    for key in table:
        if key not in known:
            what = "key" if at.table else "table"
            raise SpecError(at.key(key), f"unknown {what} {key!r}{hint(key, known)}")


def read_table(kind: type[T], table: object, at: Where) -> T:
    """Return *table* as a *kind*; each key is a field, each value of that field's type."""
    if not isinstance(table, dict):
        raise SpecError(at, f"{at.table} is {table!r}, expected a table")
    fields = {field.name: field for field in written_fields(kind)}
    reject_unknown_keys(table, fields, at)
    types = _types(kind)  # type: ignore[arg-type]  # mypy thinks that type[T] has no hash
    for name, field in fields.items():
        if name not in table and field.default is dataclasses.MISSING:
            raise SpecError(at, f"this table [{at.table}] lacks the key {name!r}")
    return kind(**{name: _value(types[name], value, at.key(name)) for name, value in table.items()})


@cache
def _types(kind: type) -> dict[str, Any]:
    """Return the types of the fields of *kind*; there are a thousand tables, and a dozen kinds."""
    return typing.get_type_hints(kind)


def _value(expected: Any, value: object, at: Where) -> object:  # noqa: ANN401 - a type form
    """Return *value* checked against *expected*: str, bool, Literal or a tuple of these."""
    if typing.get_origin(expected) is not tuple:
        return _single(expected, value, at, f"{at.name} is {value!r}")
    if not isinstance(value, list):
        raise SpecError(at, f"{at.name} is {value!r}, expected a list")
    (entry_type, _) = typing.get_args(expected)
    return tuple(_single(entry_type, entry, at, f"{at.name} holds {entry!r}") for entry in value)


def _single(expected: Any, value: object, at: Where, found: str) -> object:  # noqa: ANN401 - a type form
    """Return one *value*; *found* opens the complaint about it."""
    if typing.get_origin(expected) is typing.Literal:
        allowed = typing.get_args(expected)
        if value not in allowed:
            raise SpecError(at, f"{found}, expected one of {', '.join(map(repr, allowed))}")
    elif not isinstance(value, expected):
        raise SpecError(at, f"{found}, expected {'true or false' if expected is bool else 'a string'}")
    return value
