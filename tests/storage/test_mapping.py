"""Files kept mapped give the same bytes as files that are read."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from soda_core.storage import MAPS, Account, FileReader, Maps, ReadError, Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNS = [
    Run(7, 11, 20, 300),
    Run(0, 256, 64, 4096),
    Run(5, 40, 9, 100, 12, 1000),
    Run(100_000, 1, 30, 3),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of 300 kB in which no stretch is like another."""
    found = tmp_path / "data"
    found.write_bytes(random.Random(1).randbytes(300_000))  # noqa: S311 - no secret
    return found


@pytest.fixture
def mapped() -> Iterator[Maps]:
    """The maps of this process with room for a megabyte."""
    MAPS.limit = 1_000_000
    yield MAPS
    MAPS.limit = 0


def content(path: Path, run: Run) -> bytes:
    """Return what the stretches hold."""
    raw = path.read_bytes()
    return b"".join(raw[offset : offset + length] for offset, length in run.ranges())


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.usefixtures("mapped")
def test_the_bytes_are_those_of_the_file(path: Path, run: Run) -> None:
    """Rows and planes of rows, near and far apart; the account is that of reading."""
    account, target = Account(), bytearray(run.size)
    FileReader.open(path).read_into(run, memoryview(target), account)

    assert content(path, run) == target
    assert (run.cost, run.calls) == (account.bytes_read, account.reads)


def test_what_is_shown_stays_within_the_limit(path: Path, mapped: Maps) -> None:
    """Beyond the limit all is let go of, and comes back when it is asked for."""
    mapped.limit = 100_000
    reader = FileReader.open(path)
    for _ in range(20):
        target = bytearray(RUNS[1].size)
        reader.read_into(RUNS[1], memoryview(target), Account())
        assert content(path, RUNS[1]) == target
        assert mapped.shown <= max(100_000, 64 * (4096 + 256))


@pytest.mark.usefixtures("mapped")
def test_a_file_that_became_shorter_is_an_error(path: Path) -> None:
    """It is looked at before it is touched."""
    reader = FileReader.open(path)
    os.truncate(path, 1000)

    with pytest.raises(ReadError, match="ends too early"):
        reader.read_into(RUNS[1], memoryview(bytearray(RUNS[1].size)), Account())
