"""Values of tables as Python has them."""

from __future__ import annotations

from typing import Any

__all__ = ["plain", "plain_column"]

PLAIN = frozenset({str, int, bool, type(None)})
"""What is as it should be."""

SCALAR = frozenset("biufSU")
"""Kinds of arrays whose elements Python has types for."""


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    """Return a value as Python has it, None for one that is masked."""
    if type(value) in PLAIN:
        return value
    if getattr(value, "mask", None) is True or type(value).__name__ == "MaskedConstant":
        return None
    if hasattr(value, "filled"):
        value = value.filled(float("nan")) if value.dtype.kind == "f" else value.filled()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN stands for null


def plain_column(column: Any) -> list[Any]:  # noqa: ANN401 - whatever a table has for a column
    """Return the values of a column as Python has them, None for those that are masked."""
    dtype = getattr(column, "dtype", None)
    if dtype is not None and dtype.kind in SCALAR and column.ndim == 1:
        column = column.tolist()  # at once, as each value by itself takes a hundred times as long
    return [*map(plain, column)]
