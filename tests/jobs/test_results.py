"""Where the bytes of results lie."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx2
import pytest

from soda_core.dali import NotFoundError
from soda_core.jobs import FolderResults, JobStore, New
from soda_core.jobs.results import open_results
from soda_core.jobs.tidy import keep_house, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from servers import Bucket

    from soda_core.jobs import ResultStore


@pytest.fixture(params=["folder", "bucket"])
def results(request: pytest.FixtureRequest, tmp_path: Path) -> ResultStore:
    """An empty store, in a folder and in a bucket."""
    if request.param == "folder":
        return FolderResults(tmp_path / "results")
    bucket: Bucket = request.getfixturevalue("bucket")
    return open_results(bucket.place(f"{tmp_path.name}/results"))


@pytest.fixture
def folder(tmp_path: Path) -> FolderResults:
    """An empty store in a folder."""
    return FolderResults(tmp_path / "results")


def names(tmp_path: Path) -> set[str]:
    """Return all files and folders of the store."""
    root = tmp_path / "results"
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


def test_what_is_written_is_read(results: ResultStore) -> None:
    """Under a key of job, attempt and name; from another process too."""
    ((key, size),) = results.write("job", 2, [New("a.fits", [b"one", b"", b"two"])])

    assert ("job/2/a.fits", 6) == (key, size)
    with results.open(key) as file, open_results(results.place).open(key) as again:
        file.seek(3)
        assert (b"two", b"onetwo") == (file.read(), again.read())
        assert (6, b"") == (file.seek(0, 2), file.read())


def test_many_files_are_written_together(results: ResultStore) -> None:
    """Each under its own key, the answers in the order of the files."""
    content = {f"r{number}": bytes([number]) * number for number in range(40)}

    stored = results.write("job", 1, [New(name, [data]) for name, data in content.items()])

    assert [(f"job/1/{name}", len(data)) for name, data in content.items()] == stored
    for (key, _), data in zip(stored, content.values(), strict=True):
        with results.open(key) as file:
            assert data == file.read()


@pytest.mark.parametrize("count", [0, 1, 5, 9])
def test_large_results_are_whole(results: ResultStore, count: int) -> None:
    """Whether they are written by one request or by many, and wherever reading begins."""
    blocks = [bytes([number]) * 1_500_000 for number in range(count)]

    ((key, size),) = results.write("job", 1, [New("large", iter(blocks), "image/fits")])

    with results.open(key) as file:
        assert (count * 1_500_000, b"".join(blocks)) == (size, file.read())
        file.seek(size // 3)
        assert b"".join(blocks)[size // 3 :][:5000] == file.read(5000)


@pytest.mark.parametrize("count", [1, 9])
def test_what_breaks_off_leaves_nothing(results: ResultStore, count: int) -> None:
    """No part of a file is seen, whatever was sent already."""

    def broken() -> Iterator[bytes]:
        yield from (bytes(1_500_000) for _ in range(count))
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        results.write("job", 1, [New("b", [b"x"]), New("a", broken())])

    with pytest.raises(NotFoundError):
        results.open("job/1/a")


def test_what_breaks_off_leaves_no_part_in_a_folder(folder: FolderResults, tmp_path: Path) -> None:
    """Under no name at all."""
    with pytest.raises(ZeroDivisionError):
        folder.write("job", 1, [New("b", [b"x"]), New("a", (bytes(1 // number) for number in (1, 0)))])

    assert {"job", "job/1"} == names(tmp_path)


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "../a", "a\0", "a\n", "-a", "x" * 201])
def test_a_name_is_one_step(results: ResultStore, name: str) -> None:
    """Nothing is written anywhere else."""
    with pytest.raises(ValueError, match="is no name of a result"):
        results.write("job", 1, [New(name, [b""])])


@pytest.mark.parametrize(
    "key", ["", "job", "job/1", "job/1/b", "../1/a", "job/1/../a", "/job/1/a", "job/1/a/"]
)
def test_an_unknown_key_is_told(results: ResultStore, key: str) -> None:
    """A key that leads elsewhere is as unknown as one that leads nowhere."""
    results.write("job", 1, [New("a", [b""])])

    with pytest.raises(NotFoundError, match="there is no result"):
        results.open(key)


def written(results: ResultStore, keys: Iterable[str]) -> set[str]:
    """Write something under each key, and return the keys."""
    steps = [key.split("/") for key in keys]
    return {
        stored.key
        for job, attempt, name in steps
        for stored in results.write(job, int(attempt), [New(name, [b"x"])])
    }


def there(results: ResultStore, keys: Iterable[str]) -> set[str]:
    """Return those of the keys under which there is something."""
    found = set()
    for key in keys:
        with suppress(NotFoundError), results.open(key):
            found.add(key)
    return found


@pytest.mark.parametrize(
    ("listed", "left"),
    [
        (frozenset({"job/2/b"}), {"job/2/b", "job/3/a", "jobs/1/a"}),
        (frozenset(), {"job/3/a", "jobs/1/a"}),
        (None, {"job/2/a", "job/2/b", "job/3/a", "jobs/1/a"}),
    ],
)
def test_pruning_keeps_what_is_listed(
    results: ResultStore, listed: frozenset[str] | None, left: set[str]
) -> None:
    """Earlier attempts and unlisted files go, later attempts and files of an attempt at work stay."""
    keys = written(results, ("job/1/a", "job/2/a", "job/2/b", "job/3/a", "jobs/1/a"))

    results.prune("job", 2, listed)

    assert left == there(results, keys)
    assert {"job", "jobs"} == set(results.jobs())
    results.delete("job")
    assert {"jobs"} == set(results.jobs())
    results.delete("job")


def test_writing_survives_pruning(folder: FolderResults) -> None:
    """Folders that vanish while they are empty do not disturb who is about to write."""
    stop = threading.Event()

    def prune() -> None:
        while not stop.is_set():
            folder.prune("job", 1, frozenset())

    thread = threading.Thread(target=prune)
    thread.start()
    try:
        keys = [folder.write("job", 2, [New(f"r{number}", [b"x"])])[0].key for number in range(60)]
    finally:
        stop.set()
        thread.join()

    assert 60 == len(keys)
    for key in keys:
        folder.open(key).close()


def test_files_that_no_row_names_are_removed(folder: FolderResults, tmp_path: Path) -> None:
    """Those of unknown jobs, of destroyed ones, and of attempts that are over."""
    store = JobStore(str(tmp_path / "jobs.sqlite"))
    job, gone = (store.create("soda", [], run=True) for _ in range(2))
    for made in (job, gone):
        store.claim("w", 60, job_id=made.id)
        folder.write(made.id, 1, [New("a", [b"x"])])
    folder.write("unknown", 1, [New("a", [b"x"])])

    store.destroy(gone.id)
    keep_house(store, folder)
    assert {job.id, f"{job.id}/1", f"{job.id}/1/a", "unknown", "unknown/1", "unknown/1/a"} == names(tmp_path)
    store.release(job.id, 1, died=True)
    tidy(store, folder)

    assert set() == names(tmp_path)
    store.close()


def test_a_second_writer_cannot_change_a_result(bucket: Bucket, tmp_path: Path) -> None:
    """A request that came twice is no error, other bytes under the same key are."""
    results = open_results(bucket.place(tmp_path.name))
    first = results.write("job", 1, [New("a", [b"one"])])

    assert first == results.write("job", 1, [New("a", [b"o", b"ne"])])
    with pytest.raises(FileExistsError):
        results.write("job", 1, [New("a", [b"two"])])

    with results.open(first[0].key) as file:
        assert b"one" == file.read()


def test_a_signed_address_needs_no_key_and_ends(bucket: Bucket, tmp_path: Path) -> None:
    """Anybody gets the bytes, with type and name, from the address that clients know."""
    results = open_results(bucket.place(tmp_path.name, signed="60", public=f"http://localhost:{bucket.port}"))
    ((key, _),) = results.write("job", 1, [New("a.fits", [b"one"], "image/fits")])

    address = results.signed(key)
    answer = httpx2.get(address)

    assert f"http://localhost:{bucket.port}/bucket/" in address
    assert "X-Amz-Expires=60" in address
    assert (200, b"one") == (answer.status_code, answer.content)
    assert ("image/fits", 'attachment; filename="a.fits"') == (
        answer.headers["content-type"],
        answer.headers["content-disposition"],
    )
    assert "" == open_results(bucket.place(tmp_path.name)).signed(key)


def test_a_bucket_that_is_not_there_is_an_error_of_storing(bucket: Bucket) -> None:
    """Writing raises what a full disk raises; reading tells the client to come back."""
    results = open_results(bucket.place("x").replace("s3://bucket", "s3://another-bucket"))

    with pytest.raises(OSError, match="the store of the results"):
        results.write("job", 1, [New("a", [b"one"])])
    with pytest.raises(OSError, match="the store of the results"):
        list(results.jobs())


def test_a_store_that_is_away_leaves_the_rows_for_later(bucket: Bucket, tmp_path: Path) -> None:
    """The files of a destroyed job are remembered until they are gone."""
    store = JobStore(str(tmp_path / "jobs.sqlite"))
    job = store.create("soda", [])
    away = open_results(bucket.place("x").replace("s3://bucket", "s3://another-bucket"))

    store.destroy(job.id)
    keep_house(store, away)
    tidy(store, away)

    assert (job.id,) == store.doomed()
    store.close()
