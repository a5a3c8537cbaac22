"""Where the bytes of results lie."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from soda_core.dali import NotFoundError
from soda_core.jobs import FolderResults, JobStore
from soda_core.jobs.results import open_results
from soda_core.jobs.tidy import keep_house, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def results(tmp_path: Path) -> FolderResults:
    """An empty store."""
    return FolderResults(tmp_path / "results")


def names(tmp_path: Path) -> set[str]:
    """Return all files and folders of the store."""
    root = tmp_path / "results"
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


def test_what_is_written_is_read(results: FolderResults) -> None:
    """Under a key of job, attempt and name; from another process too."""
    key, size = results.write("job", 2, "a.fits", [b"one", b"", b"two"])

    assert ("job/2/a.fits", 6) == (key, size)
    with results.open(key) as file, open_results(results.place).open(key) as again:
        file.seek(3)
        assert (b"two", b"onetwo") == (file.read(), again.read())


def test_what_breaks_off_leaves_nothing(results: FolderResults, tmp_path: Path) -> None:
    """No part of a file is seen."""

    def broken() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        results.write("job", 1, "a", broken())

    assert {"job", "job/1"} == names(tmp_path)


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "../a", "a\0", "a\n", "-a", "x" * 201])
def test_a_name_is_one_step(results: FolderResults, name: str) -> None:
    """Nothing is written anywhere else."""
    with pytest.raises(ValueError, match="is no name of a result"):
        results.write("job", 1, name, [b""])


@pytest.mark.parametrize(
    "key", ["", "job", "job/1", "job/1/b", "../1/a", "job/1/../a", "/job/1/a", "job/1/a/"]
)
def test_an_unknown_key_is_told(results: FolderResults, key: str) -> None:
    """A key that leads elsewhere is as unknown as one that leads nowhere."""
    results.write("job", 1, "a", [b""])

    with pytest.raises(NotFoundError, match="there is no result"):
        results.open(key)


def test_pruning_keeps_what_is_listed(results: FolderResults, tmp_path: Path) -> None:
    """Earlier attempts and unlisted files go, later attempts stay."""
    for attempt, name in ((1, "a"), (2, "a"), (2, "b"), (3, "a")):
        results.write("job", attempt, name, [b"x"])

    results.prune("job", 2, frozenset({"job/2/b"}))

    assert {"job", "job/2", "job/2/b", "job/3", "job/3/a"} == names(tmp_path)


def test_pruning_leaves_an_attempt_at_work_alone(results: FolderResults, tmp_path: Path) -> None:
    """Only earlier attempts go."""
    for attempt in (1, 2):
        results.write("job", attempt, "a", [b"x"])

    results.prune("job", 2, None)

    assert {"job", "job/2", "job/2/a"} == names(tmp_path)


def test_writing_survives_pruning(results: FolderResults) -> None:
    """Folders that vanish while they are empty do not disturb who is about to write."""
    stop = threading.Event()

    def prune() -> None:
        while not stop.is_set():
            results.prune("job", 1, frozenset())

    thread = threading.Thread(target=prune)
    thread.start()
    try:
        keys = [results.write("job", 2, f"r{number}", [b"x"])[0] for number in range(60)]
    finally:
        stop.set()
        thread.join()

    assert 60 == len(keys)
    for key in keys:
        results.open(key).close()


def test_files_that_no_row_names_are_removed(results: FolderResults, tmp_path: Path) -> None:
    """Those of unknown jobs, of destroyed ones, and of attempts that are over."""
    store = JobStore(str(tmp_path / "jobs.sqlite"))
    job, gone = (store.create("soda", [], run=True) for _ in range(2))
    for made in (job, gone):
        store.claim("w", 60, job_id=made.id)
        results.write(made.id, 1, "a", [b"x"])
    results.write("unknown", 1, "a", [b"x"])

    store.destroy(gone.id)
    keep_house(store, results)
    assert {job.id, f"{job.id}/1", f"{job.id}/1/a", "unknown", "unknown/1", "unknown/1/a"} == names(tmp_path)
    store.release(job.id, 1, died=True)
    tidy(store, results)

    assert set() == names(tmp_path)
    store.close()
