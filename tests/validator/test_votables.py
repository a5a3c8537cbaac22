"""Cells, streams, columns and frames of VOTables, each broken in one way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from astropy.io.votable import from_table, writeto
from astropy.table import Table
from faults.of_documents import CELLS, ROWS, document, row, stream
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from volint import validate
from volint.votable.scan import scan
from volint.xml import NotXml


def codes(tmp_path: Path, content: bytes) -> list[str]:
    """Return the rules that a file breaks."""
    path = tmp_path / "a.vot"
    path.write_bytes(content)
    return sorted({finding.code for finding in validate(str(path)).findings})


def test_a_sound_table_has_no_findings(tmp_path: Path) -> None:
    """Nothing is said about rows in cells or in streams."""
    for data in (CELLS, stream(row() + row(b"\x40", 0))):
        assert [] == codes(tmp_path, document(data=data))


HOSTILE: dict[str, bytes] = {
    "entities": b'<!DOCTYPE VOTABLE [<!ENTITY a "aaaa">]><VOTABLE>&a;</VOTABLE>',
    "depth": b"<VOTABLE>" + b"<RESOURCE>" * 10_000,
    "not closed": b"<VOTABLE><RESOURCE></VOTABLE>",
    "nothing": b"",
    "elements": b"<VOTABLE>" + b"<INFO/>" * 300_000,
    "text": b"<VOTABLE><INFO>" + b"a" * 5_000_000,
    "attribute": b'<VOTABLE><INFO name="' + b"a" * 9_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused(name: str) -> None:
    """Nobody is kept busy, and no memory is eaten."""
    with pytest.raises(NotXml):
        scan((HOSTILE[name],))


def test_memory_stays_small() -> None:
    """A long table passes without being kept."""

    def pieces() -> Iterator[bytes]:
        content = document(data="<TABLEDATA>@</TABLEDATA>")
        start, end = content.split(b"@")
        yield start
        for _ in range(200):
            yield ROWS.encode() * 50
        yield end

    found = scan(pieces())

    assert [20_000] == list(found.rows.values())
    assert sum(1 for _ in found.root.iter()) < 30
    assert [] == found.flaws


def number(bits: Literal[32, 64]) -> st.SearchStrategy[float]:
    """Return floats of so many bits, but for the infinities, which astropy spells in a way of its own."""
    return st.floats(width=bits, allow_infinity=False)


def whole(bits: int) -> st.SearchStrategy[int]:
    """Return integers of so many bits and a sign."""
    return st.integers(-(2**bits), 2**bits - 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_tables_of_astropy_have_no_flaws(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever numbers and texts: what a careful writer writes is right in all three forms."""
    rows = data.draw(st.integers(1, 9))
    ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
    columns = {
        "f": np.array(
            data.draw(st.lists(st.floats(width=32, allow_infinity=False), min_size=rows, max_size=rows)), "f4"
        ),
        "d": np.array(data.draw(st.lists(st.floats(allow_infinity=False), min_size=rows, max_size=rows))),
        "i": np.array(
            data.draw(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=rows, max_size=rows)), "i4"
        ),
        "l": np.array(data.draw(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=rows, max_size=rows))),
        "a": np.arange(rows * 6, dtype="i2").reshape(rows, 2, 3),
        "t": np.array(data.draw(st.lists(ascii_text, min_size=rows, max_size=rows)), dtype=object),
    }
    made = from_table(Table(columns))
    for form in ("tabledata", "binary", "binary2"):
        path = tmp_path / f"{form}.vot"
        writeto(made, str(path), tabledata_format=form)

        found = scan((path.read_bytes(),))

        assert [] == found.flaws
        assert [rows] == list(found.rows.values())
