"""Ranges of bytes, read in as few calls as is worth it, and counted."""

import os
from pathlib import Path

import pytest

from soda_core.storage import Account, FileReader, ReadError, Run

DATA = bytes(range(256)) * 20_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file of 5 MB."""
    path = tmp_path / "data"
    path.write_bytes(DATA)
    return path


RUNS = {
    "one": (Run(1000, 77), 1),
    "far apart": (Run(3, 10, 50, 90_000), 50),
    "close": (Run(3, 10, 50, 100), 1),
    "adjacent": (Run(5, 100, 40, 100), 1),
    "close, over many spans": (Run(7, 1000, 1200, 4096), 5),
}


@pytest.mark.parametrize(("run", "calls"), RUNS.values(), ids=RUNS)
def test_a_run_is_its_ranges_and_costs_what_was_said(run: Run, calls: int, file: Path) -> None:
    """The bytes are those of the ranges; calls and bytes are counted as predicted."""
    expected = b"".join(DATA[offset : offset + length] for offset, length in run.ranges())
    target, account = bytearray(run.size), Account()
    FileReader.open(file).read_into(run, memoryview(target), account)

    assert expected == bytes(target)
    assert (run.cost, calls) == (account.bytes_read, account.reads)


def test_a_file_that_became_shorter_is_noticed(file: Path) -> None:
    """Bytes that are no longer there are an error, not zeros; so is a change of time."""
    reader = FileReader.open(file)
    os.truncate(file, 1000)
    with pytest.raises(ReadError, match="too early"):
        reader.read_into(Run(900, 200), memoryview(bytearray(200)), Account())
    with pytest.raises(ReadError, match="changed"):
        reader.check()


def test_a_descriptor_is_closed_with_its_last_reader(file: Path) -> None:
    """Nobody has to close a reader."""
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers, not paths
    readers = [FileReader.open(file) for _ in range(5)]

    assert before + 5 == len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers, not paths
    readers.clear()
    assert before == len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers, not paths


def test_a_missing_file_is_an_error_without_its_path(tmp_path: Path) -> None:
    """The text says what went wrong only."""
    with pytest.raises(ReadError) as caught:
        FileReader.open(tmp_path / "no")

    assert str(tmp_path) not in str(caught.value)
