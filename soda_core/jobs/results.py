"""Where the bytes of results lie."""

from __future__ import annotations

import errno
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from soda_core.dali import NotFoundError, shown

from .keys import is_key, is_left_over, key_of, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["SIDE_BY_SIDE", "FolderResults", "New", "ResultStore", "Stored", "open_results"]

TRIES = 20

PAUSE = 1e-3
"""Seconds by which each try to make a folder that vanishes again waits longer than the one before."""

SIDE_BY_SIDE = 8
"""Files whose way to the disk or the bucket is waited for at a time."""


class New(NamedTuple):
    """A file that is to be stored."""

    name: str
    data: Iterable[bytes]
    media_type: str = ""


class Stored(NamedTuple):
    """Where the bytes of a file lie, and how many there are."""

    key: str
    size: int


class ResultStore(Protocol):
    """Files under keys `job/attempt/name`; an attempt writes under its own, so late ones disturb nobody.

    Attempt 0 is the client: what it has uploaded stays as long as the job.
    """

    place: str
    """What `open_results` makes the same store of, in another process."""

    def write(self, job_id: str, attempt: int, files: Sequence[New]) -> list[Stored]:
        """Store each file whole or not at all, safe from a loss of power; many cost less than one by one."""

    def open(self, key: str) -> BinaryIO:
        """Return the bytes, seekable; raises `NotFoundError`."""

    def signed(self, key: str) -> str:
        """Return where a client may fetch the bytes for a while; empty where the service hands them on."""

    def delete(self, job_id: str) -> None:
        """Remove everything of a job, if anything is there."""

    def prune(self, job_id: str, attempt: int, keys: frozenset[str] | None) -> None:
        """Remove earlier attempts, but not 0, and unless None all but *keys* of this one."""

    def jobs(self) -> Iterator[str]:
        """Yield the jobs of which there is anything, which need not exist any more."""


class FolderResults:
    """Results in a folder of a file system that all workers see."""

    def __init__(self, root: Path) -> None:
        self.place = str(root)
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    def write(self, job_id: str, attempt: int, files: Sequence[New]) -> list[Stored]:
        """Store each file whole or not at all, safe from a loss of power."""
        keys = [key_of(job_id, attempt, new.name) for new in files]
        folder = self._root / job_id / str(attempt)
        paths = [folder / new.name for new in files]
        try:
            # Under their names at once: nobody looks for what is not told of yet.
            sizes = [_written(path, new.data) for path, new in zip(paths, files, strict=True)]
            _sync_all(paths)
        except BaseException:
            for path in paths:
                path.unlink(missing_ok=True)
            raise
        for changed in (folder, folder.parent, self._root):
            _sync(changed)
        return list(map(Stored, keys, sizes))

    def path(self, key: str) -> Path:
        """Return the file of a key, for who can send files; raises `NotFoundError`."""
        path = self._root.joinpath(*key.split("/"))
        if not is_key(key) or not path.is_file():
            raise NotFoundError(f"there is no result {shown(key)}")
        return path

    def open(self, key: str) -> BinaryIO:
        """Return the bytes, seekable; raises `NotFoundError`."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError:
            raise NotFoundError(f"there is no result {shown(key)}") from None

    def signed(self, key: str) -> str:  # noqa: ARG002 - the protocol's
        """Return nothing: the service hands files on."""
        return ""

    def delete(self, job_id: str) -> None:
        """Remove everything of a job, if anything is there."""
        shutil.rmtree(self._root / step(job_id), ignore_errors=True)

    def prune(self, job_id: str, attempt: int, keys: frozenset[str] | None) -> None:
        """Remove earlier attempts, but not 0, and unless None all but *keys* of this one."""
        home = self._root / step(job_id)
        for folder in _entries(home):
            if folder.name != str(attempt) and is_left_over(f"{job_id}/{folder.name}/", attempt, keys):
                shutil.rmtree(folder, ignore_errors=True)
        for file in _entries(home / str(attempt)):
            if is_left_over(f"{job_id}/{attempt}/{file.name}", attempt, keys):
                file.unlink(missing_ok=True)
        for folder in (home / str(attempt), home) if keys is not None else ():
            with suppress(OSError):  # it is not empty, or not there
                folder.rmdir()

    def jobs(self) -> Iterator[str]:
        """Yield the jobs of which there is anything, which need not exist any more."""
        yield from (folder.name for folder in _entries(self._root))


def open_results(place: str) -> ResultStore:
    """Return the result store at *place*, a folder or `s3://bucket/prefix`; raises `ImportError`."""
    if place.startswith("s3://"):
        from .s3 import S3Results  # noqa: PLC0415 - its library is an extra

        return S3Results(place)
    return FolderResults(Path(place))


def _written(path: Path, data: Iterable[bytes]) -> int:
    """Write a file, and return its bytes."""
    with _create(path) as file:
        file.writelines(data)
        return file.tell()


def _create(path: Path) -> BinaryIO:
    """Return an empty file in a folder that somebody may remove as long as nothing is in it."""
    for tried in range(TRIES):
        with suppress(FileNotFoundError):
            return path.open("wb")
        time.sleep(tried * PAUSE)
        with suppress(FileNotFoundError):
            path.parent.mkdir(parents=True, exist_ok=True)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, nothing if it is not there."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _sync_all(files: Sequence[Path]) -> None:
    """Wait until the files are safe from a loss of power: side by side, as the disk takes many at once."""
    if len(files) <= 1:
        for file in files:
            _sync(file)
        return
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(files))) as pool:
        for _ in pool.map(_sync, files):
            pass


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, safe from a loss of power."""
    with suppress(FileNotFoundError):  # pruned meanwhile: the attempt is no longer the valid one
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
