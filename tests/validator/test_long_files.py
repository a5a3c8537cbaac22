"""Long tables are read once in pieces: memory stays small, and the rules are the same."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from volint import document, validate
from volint.files import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = (
    '<?xml version="1.0"?>\n<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">\n'
    '<RESOURCE type="results"><INFO name="QUERY_STATUS" value="OK"/><TABLE>\n'
    '<FIELD name="n" datatype="int"/><FIELD name="x" datatype="double" unit="deg"/>'
    '<FIELD name="label" datatype="char" arraysize="*"/>\n<DATA>'
)
TAIL = "</DATA></TABLE></RESOURCE></VOTABLE>\n"
ADDRESSES = 400 << 20
"""Bytes of address space that the child may have; what it imports takes the most of it."""

CHILD = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
from volint.cli import main
main()
"""


def rows(number: int, wrong: int = -1) -> Iterator[bytes]:
    """Yield a table of so many rows, in one of which there is a word for a number."""
    yield f"{HEAD}<TABLEDATA>\n".encode()
    for start in range(0, number, 1000):
        yield "".join(
            f"<TR><TD>{row if row != wrong else 'many'}</TD><TD>{row / 7!r}</TD><TD>object {row}</TD></TR>\n"
            for row in range(start, min(start + 1000, number))
        ).encode()
    yield f"</TABLEDATA>{TAIL}".encode()


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of about 60 MB, wrong in its last row."""
    path = tmp_path_factory.mktemp("long") / "long.vot"
    with path.open("wb") as output:
        output.writelines(rows(800_000, 799_999))
    return path


def test_a_long_table_is_judged_in_little_memory(long_file: Path) -> None:
    """A child that could not hold the tree finds what is wrong in the last row, and where."""
    assert long_file.stat().st_size > 50 << 20
    command = [sys.executable, "-c", CHILD, str(long_file), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert (1, "") == (done.returncode, done.stderr)
    (found,) = json.loads(done.stdout)["findings"]

    assert "VOT-6-01" == found["code"]
    assert "line 800005: n: " in found["message"]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file count as long that is not."""
    monkeypatch.setattr(document, "HELD", 1000)


def codes(path: Path) -> list[str]:
    """Return the rules that a file breaks."""
    return sorted({found.code for found in validate(str(path)).findings})


EDITS: dict[str, tuple[bytes, bytes, list[str]]] = {
    "none": (b"", b"", []),
    "schema": (b"<DATA>", b"<EXTRA/><DATA>", ["VOT-3-01"]),
    "unit": (b'"deg"', b'"degs"', ["VOT-4.4-01"]),
    "cell": (b"<TD>7", b"<TD>x", ["VOT-6-01"]),
    "broken": (b"</RESOURCE>", b"", ["VOT-3-01"]),
    "rows": (b"<TABLE>", b'<TABLE nrows="5">', ["VOT-3.8-03"]),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.usefixtures("short")
def test_the_rules_are_those_of_short_files(tmp_path: Path, name: str, packed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """What is wrong with metadata, rows and structure is told of long files too, packed or not."""
    old, new, expected = EDITS[name]
    content = b"".join(rows(70_000)).replace(old, new)
    path = tmp_path / ("a.vot.gz" if packed else "a.vot")
    path.write_bytes(gzip.compress(content, 1) if packed else content)

    assert document.read_file(path).source is not None
    assert expected == codes(path)


@pytest.mark.usefixtures("short")
def test_streams_of_long_files_are_valid_by_the_schema(tmp_path: Path) -> None:
    """The tree keeps the element of a stream without its text."""
    path = tmp_path / "a.vot"
    stream = f'<BINARY2><STREAM encoding="base64">{" " * 200_000}</STREAM></BINARY2>'
    path.write_text(f"{HEAD}{stream}{TAIL}", "utf-8")

    assert [] == codes(path)


def test_short_packed_files_are_read(tmp_path: Path) -> None:
    """A packed table is judged as the table that it holds."""
    path = tmp_path / "a.vot.gz"
    path.write_bytes(gzip.compress(b"".join(rows(3, 2))))

    assert ["VOT-6-01"] == codes(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """What unpacks to far more than tables do is given up."""
    path = tmp_path / "a.vot.gz"
    path.write_bytes(gzip.compress(f"{HEAD}<TABLEDATA>".encode() + b" " * (64 << 20)))
    with pytest.raises(Unreadable, match="times"):
        validate(str(path))


def test_a_cut_packed_file_is_told(tmp_path: Path) -> None:
    """It ends before its end."""
    path = tmp_path / "a.vot.gz"
    path.write_bytes(gzip.compress(b"".join(rows(1000)))[:-100])
    with pytest.raises(Unreadable, match="broken"):
        validate(str(path))
