"""Numbers of texts as an array."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soda_core.sky.decimals import decimals

BITS = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])
WRITTEN = st.one_of(
    st.floats(allow_nan=False).map(repr),
    BITS.filter(lambda value: value == value).map(repr),  # noqa: PLR0124 - only NaN differs from itself
    st.decimals(-360, 360, allow_nan=False).map(str),
    st.sampled_from(
        [
            ".5",
            "5.",
            "+5",
            "-0",
            "00.5",
            "1e5",
            "1E-5",
            "10" * 30,
            "9" * 400,
            "1e999",
            "inf",
            "-Infinity",
            "1_0",
        ]
    ),
)


@given(st.lists(WRITTEN), st.sampled_from([" ", "  ", "\n"]))
def test_numbers_are_read_as_float_does(words: list[str], between: str) -> None:
    """To the last bit, however they are written."""
    assert [*map(float, words)] == decimals(between.join(words)).tolist()


@pytest.mark.parametrize("word", ["null", "true", "1,2", "[1]", '"1"', "e", "1e", "--1", "0x1", "1;", "१,"])
def test_what_is_no_number_is_refused(word: str) -> None:
    """Though it may be something in JSON."""
    with pytest.raises(ValueError, match="could not convert string to float"):
        decimals(f"1 {word} 2")
