"""Many decimal numbers of a text as an array, in a fraction of the time of `float` for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic_core import from_json

if TYPE_CHECKING:
    from soda_core.sky.vectors import Floats

__all__ = ["decimals"]

LETTERS = b"0123456789+-.eE,"
"""What numbers are written with, and what is put between them."""


def decimals(text: str) -> Floats:
    """Return the numbers of a text with blanks between them, the same as `float` reads.

    Raises `ValueError` where one is none.
    """
    words = text.split()
    if "," not in text:
        listed = ",".join(words)
        try:
            if not listed.encode().translate(None, LETTERS):
                return np.array(from_json(f"[{listed}]"), dtype=np.float64)
        except (ValueError, OverflowError):  # JSON lacks some ways to write a number, as `.5` and `+5`
            pass
    return np.array([*map(float, words)], dtype=np.float64)
