"""Values of one column → the texts of its cells; a whole column at a time, because that is fast."""

from __future__ import annotations

import math
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeAlias

from .reals import reals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from soda_core.standards import Column

__all__ = ["Values", "is_array", "is_text", "numbers_of", "plain", "texts", "without_nan"]

Values: TypeAlias = "Sequence[Any]"
"""What a column declares, or null."""

TEXT = frozenset({"char", "unicodeChar"})
REAL = frozenset({"float", "double"})


def is_text(column: Column) -> bool:
    """Whether the cells hold characters."""
    return column.datatype in TEXT


def is_array(column: Column) -> bool:
    """Whether a cell holds several numbers."""
    return not is_text(column) and column.arraysize not in {"", "1"}


def without_nan(column: Column, values: Values) -> Values:
    """Return the values with null for each that is no number."""
    if column.datatype not in REAL or is_array(column):
        return values
    if _are_finite(values):
        return values
    return [None if value != value else value for value in values]  # noqa: PLR0124 - only NaN differs from itself


def _are_finite(values: Values) -> bool:
    """Tell by their sum whether all values are finite numbers; now and then it says no though they are."""
    try:
        return math.isfinite(sum(values))
    except TypeError:  # a null among them
        return False


def texts(column: Column, values: Values) -> list[str]:
    """Return the text of each cell as TABLEDATA has it, but not escaped; null is empty (VOTable 1.4, 5.1).

    There must be one at least.
    """
    if values[0] is None and values.count(None) == len(values):
        return [""] * len(values)
    if is_array(column):
        return ["" if value is None else _numbers(column, value) for value in values]
    return WRITERS.get(column.datatype, _whole)(values)


def _strings(values: Values) -> list[str]:
    if set(map(type, values)) == {str}:
        return [*values]
    return ["" if value is None else str(value) for value in values]


def _reals(values: Values) -> list[str]:
    kinds = set(map(type, values))
    if kinds == {float} and _are_finite(values):
        return reals(values)
    if kinds == {float, NoneType}:
        known = [value for value in values if value is not None]
        if _are_finite(known):
            words = iter(reals(known))
            return ["" if value is None else next(words) for value in values]
    return [_real(value) for value in values]


def _real(value: Any) -> str:  # noqa: ANN401 - as declared
    if value is None:
        return ""
    number = float(value)
    if math.isfinite(number):
        return float.__repr__(number)
    return "" if math.isnan(number) else f"{'-' if number < 0 else '+'}Inf"


def _whole(values: Values) -> list[str]:
    try:
        return [*map(int.__repr__, values)]
    except TypeError:  # a null among them, or a number of another kind
        pass
    return ["" if value is None else str(int(value)) for value in values]


def _booleans(values: Values) -> list[str]:
    return ["" if value is None else str(bool(value)).lower() for value in values]


WRITERS: dict[str, Callable[[Values], list[str]]] = {
    "char": _strings,
    "unicodeChar": _strings,
    "boolean": _booleans,
    "float": _reals,
    "double": _reals,
}


def numbers_of(column: Column, value: Any) -> list[float]:  # noqa: ANN401 - as declared
    """Return the numbers of an array, which may be written in a text."""
    words = value.replace(",", " ").split() if isinstance(value, str) else value
    kind = float if column.datatype in REAL else int
    return [kind(word) for word in words]


def _numbers(column: Column, value: Any) -> str:  # noqa: ANN401 - as declared
    return value if isinstance(value, str) else " ".join(map(repr, numbers_of(column, value)))


def plain(column: Column, values: Values) -> list[object]:
    """Return the values as JSON knows them: texts, numbers, lists of numbers, truth, null."""
    if is_array(column):
        return [None if value is None else numbers_of(column, value) for value in values]
    kind = KINDS.get(column.datatype, int)
    return [None if value is None else kind(value) for value in values]


KINDS: dict[str, Callable[[Any], object]] = {
    "char": str,
    "unicodeChar": str,
    "boolean": bool,
    "float": float,
    "double": float,
}
