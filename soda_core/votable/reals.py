"""Many numbers as texts, the same as `repr` gives, in a fraction of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["reals"]

TINY = "0.0000"
SAMPLE = (0.1, 1e15, 1e16, 1e22, 1.5e17, 1e-4, 1.5e-5, -1e-5, 2.5e-7, -0.0, 1e100, 1e-100, 5e-324, 1 / 3)


def reals(values: Sequence[float]) -> list[str]:
    """Return the text of each of some finite numbers, none of them an integer by its type."""
    return _quick(values) if IS_QUICK else [*map(float.__repr__, values)]


def _quick(values: Sequence[float]) -> list[str]:
    """Write all as JSON, and mend where that has another form of exponent."""
    text = to_json(values)[1:-1].decode() + ","
    if "e-" in text:
        for digit in "56789":  # the exponents that have one digit here and two in `repr`
            text = text.replace(f"e-{digit},", f"e-0{digit},")
    found = text[:-1].split(",")
    if TINY in text:
        return [
            float.__repr__(value) if TINY in word else word for word, value in zip(found, values, strict=True)
        ]
    return found


IS_QUICK = _quick(SAMPLE) == [*map(float.__repr__, SAMPLE)]
"""Whether the library writes numbers as we know it to."""
