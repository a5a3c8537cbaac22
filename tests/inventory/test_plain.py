"""Values of tables as Python has them."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.table import Column, MaskedColumn

from soda_core.inventory.plain import plain_column

ARRAYS = Column(np.array([np.ma.array([1.5, 2.5]), None, np.ma.masked], dtype=object))


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column([1, 2], dtype=">i2"), [1, 2]),
        (MaskedColumn([1, 2], mask=[True, False]), [None, 2]),
        (Column([1.5, float("nan")], dtype=">f8"), [1.5, None]),
        (MaskedColumn([1.5, float("nan"), 3.0], mask=[True, False, False]), [None, None, 3.0]),
        (Column([True, False]), [True, False]),
        (Column([b"a", "é".encode()]), ["a", "é"]),
        (MaskedColumn(["a", "b"], mask=[False, True]), ["a", None]),
        (Column(np.array([[1.0, 2.0], [3.0, 4.0]])), [[1.0, 2.0], [3.0, 4.0]]),
        (ARRAYS, [[1.5, 2.5], None, None]),
        ([np.float32(0.5), None, "x"], [0.5, None, "x"]),
    ],
    ids=lambda value: str(value)[:20].replace("\n", " "),
)
def test_each_kind_of_column(column: object, expected: list[object]) -> None:
    """Masked values and NaN are null, and nothing of numpy is left."""
    found = plain_column(column)

    assert expected == found
    assert list(map(type, expected)) == list(map(type, found))
