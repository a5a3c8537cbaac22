"""Numbers as texts: quick, and the same as `repr`."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from soda_core.votable.reals import IS_QUICK, reals

FINITE = st.floats(allow_nan=False, allow_infinity=False)
BITS = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])


@given(st.lists(FINITE | BITS.filter(lambda value: abs(value) < float("inf"))))
def test_numbers_are_written_as_repr_does(values: list[float]) -> None:
    """Whatever the exponent is."""
    assert list(map(repr, values)) == (reals(values) if values else [])


def test_each_order_of_magnitude() -> None:
    """The forms change at 1e-4 and 1e16."""
    values = [
        sign * digits * 10.0**power
        for power in range(-30, 30)
        for digits in (1, 1.25, 9.9999)
        for sign in (1, -1)
    ]

    assert list(map(repr, values)) == reals(values)


def test_the_library_is_as_we_know_it() -> None:
    """Else all are written one by one."""
    assert IS_QUICK
