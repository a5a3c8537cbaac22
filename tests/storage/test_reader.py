"""Ranges of bytes, read in as few calls as is worth it, and counted."""

import os
from pathlib import Path

import pytest
from page_cache import forget

from soda_core.storage import Account, FileReader, ReadError, Run, WouldWait

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
    "far apart, of planes": (Run(3, 10, 5, 9000, 20, 200_000), 100),
    "close, of planes": (Run(3, 10, 50, 100, 20, 200_000), 20),
    "adjacent, of planes": (Run(3, 10, 50, 10, 20, 200_000), 20),
    "one of each plane": (Run(3, 10, planes=20, pitch=200_000), 20),
}


@pytest.mark.parametrize(("run", "calls"), RUNS.values(), ids=RUNS)
def test_a_run_is_its_ranges_and_costs_what_was_said(run: Run, calls: int, file: Path) -> None:
    """The bytes are those of the ranges; calls and bytes are counted as predicted."""
    expected = b"".join(DATA[offset : offset + length] for offset, length in run.ranges())
    target, account = bytearray(run.size), Account()
    FileReader.open(file).read_into(run, memoryview(target), account)

    assert expected == bytes(target)
    assert (run.cost, calls) == (account.bytes_read, account.reads)


def hurried(reader: FileReader, run: Run) -> bytes:
    """Read without waiting."""
    target = bytearray(run.size)
    reader.read_into(run, memoryview(target), Account(may_wait=False))
    return bytes(target)


@pytest.mark.parametrize("run", [run for run, _ in RUNS.values()], ids=RUNS)
def test_what_is_not_in_memory_is_not_waited_for(run: Run, file: Path) -> None:
    """It is said so, until somebody has read it who may wait."""
    reader = FileReader.open(file)
    if not forget(file):
        pytest.skip("the file system keeps everything in memory")
    with pytest.raises(WouldWait):
        hurried(reader, run)
    patient = bytearray(run.size)
    reader.read_into(run, memoryview(patient), Account())

    assert bytes(patient) == hurried(reader, run)


def test_a_reader_that_cannot_tell_what_is_in_memory_says_that_it_would_wait() -> None:
    """The files of the kernel know no such calls; by waiting they can be read, then and later."""
    reader, run = FileReader.open(Path("/proc/version")), Run(0, 5)
    for _ in range(2):
        with pytest.raises(WouldWait):
            hurried(reader, run)
        target = bytearray(5)
        reader.read_into(run, memoryview(target), Account())
        assert b"Linux" == target


def test_a_hurried_reader_notices_the_end_of_the_file(file: Path) -> None:
    """Nothing is waited for that will never come."""
    reader = FileReader.open(file)
    file.write_bytes(DATA[:1000])
    with pytest.raises(ReadError, match="too early"):
        hurried(reader, Run(900, 200))


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
