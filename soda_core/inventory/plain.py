"""Values of tables as Python has them."""

from __future__ import annotations

from typing import Any

__all__ = ["plain"]


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    """Return a value as Python has it, None for one that is masked."""
    if getattr(value, "mask", None) is True or type(value).__name__ == "MaskedConstant":
        return None
    if hasattr(value, "filled"):
        value = value.filled(float("nan")) if value.dtype.kind == "f" else value.filled()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN stands for null
