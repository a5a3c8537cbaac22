"""The values of headers, read without astropy, are those that astropy reads."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import astropy
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from soda_core.cutout.keywords import Keywords, number_of
from soda_core.cutout.quiet import quiet

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=150)
VALUES = st.one_of(TEXTS, st.integers(-(10**15), 10**15), st.floats(-1e30, 1e30), st.booleans())
NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{1,7}", fullmatch=True).filter(
    lambda word: word not in ("END", "CONTINUE", "COMMENT", "HISTORY", "HIERARCH", "SIMPLE", "XTENSION")
)


@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_values_come_back(values: Mapping[str, str | float | bool]) -> None:
    """Text of any length, numbers and logical values, as astropy writes them."""
    header = fits.Header()
    with quiet():
        for name, value in values.items():
            header[name] = value
    read = Keywords.read(header.tostring().encode("ascii"))

    for name, value in values.items():
        if isinstance(value, str):
            assert value.strip() == (read.get(name.lower()) or "")
        elif isinstance(value, bool):
            assert read.get(name) is value
        else:
            assert value == pytest.approx(read.get(name), rel=1e-12)


def test_astropy_agrees_on_its_own_files() -> None:
    """Every card of plain value in a file of a telescope has the value that astropy gives it."""
    path = Path(astropy.__file__).parent / "nddata/tests/data/sip-wcs.fits"
    header = fits.getheader(path)
    read = Keywords.read(header.tostring().encode("ascii"))
    plain = {
        name for name in header if name and header.count(name) == 1 and name not in ("COMMENT", "HISTORY")
    }

    assert len(plain) > 50
    for name in plain:
        value = header[name]
        assert (value.strip() if isinstance(value, str) else value) == (read.get(name) or value)


def test_hierarch_units_and_the_order_of_headers() -> None:
    """Long keywords are found, a unit stands in the comment, the first header that has a value gives it."""
    first, second = fits.Header(), fits.Header()
    first["OBJECT"] = ""
    second["OBJECT"] = "it's"
    second["HIERARCH ESO DET DIT"] = 1.5
    second["EXPTIME"] = (3.0, "[min] how long")
    read = Keywords.merged(Keywords.read(one.tostring().encode("ascii")) for one in (first, second))

    assert ("it's", 1.5, "min", "") == (
        read.get("object"),
        read.get("ESO DET DIT"),
        read.unit("EXPTIME"),
        read.unit("OBJECT"),
    )


@pytest.mark.parametrize("value", ["", "x", "1..2", "nan", "inf", "1E400", True, None, math.nan])
def test_what_is_no_number(value: str | float | None) -> None:
    """Neither words nor infinities are numbers."""
    assert number_of(value) is None
