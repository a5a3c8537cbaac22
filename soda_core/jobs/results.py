"""Where the bytes of results lie."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from soda_core.dali import NotFoundError, shown

from .keys import is_key, is_left_over, key_of, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["FolderResults", "ResultStore", "open_results"]

TRIES = 20


class ResultStore(Protocol):
    """Files under keys `job/attempt/name`; an attempt writes under its own, so late ones disturb nobody.

    Attempt 0 is the client: what it has uploaded stays as long as the job.
    """

    place: str
    """What `open_results` makes the same store of, in another process."""

    def write(
        self, job_id: str, attempt: int, name: str, data: Iterable[bytes], media_type: str = ""
    ) -> tuple[str, int]:
        """Store all of *data* or nothing, safe from a loss of power; return key and size in bytes."""

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

    def write(
        self,
        job_id: str,
        attempt: int,
        name: str,
        data: Iterable[bytes],
        media_type: str = "",  # noqa: ARG002 - a file has none
    ) -> tuple[str, int]:
        """Store all of *data* or nothing, safe from a loss of power; return key and size in bytes."""
        key = key_of(job_id, attempt, name)
        folder = self._root / job_id / str(attempt)
        file = _create(folder)
        part = Path(file.name)
        try:
            with file:
                file.writelines(data)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            part.replace(folder / name)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        for changed in (folder, folder.parent, self._root):
            _sync(changed)
        return key, size

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


def _create(folder: Path) -> BinaryIO:
    """Return a new file in *folder*, which somebody may remove as long as it is empty."""
    for _ in range(TRIES):
        with suppress(FileNotFoundError):
            folder.mkdir(parents=True, exist_ok=True)
            return (folder / f".{uuid.uuid4().hex}").open("xb")
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, nothing if it is not there."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _sync(folder: Path) -> None:
    """Make the names in a folder safe from a loss of power."""
    with suppress(FileNotFoundError):  # pruned meanwhile: the attempt is no longer the valid one
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
