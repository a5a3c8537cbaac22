"""Files below one folder of the machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Posix", "StorageError", "Stored"]


class StorageError(Exception):
    """A key names no file that may be read; the text names the key and never the folder."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as found: its place, its bytes, its time of change in seconds since 1970."""

    path: Path
    size: int
    mtime: float


class Posix:
    """The regular files that lie inside *root*, links followed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def find(self, key: str) -> Stored:
        """Resolve a relative *key* to a file strictly inside the root."""
        if not key or "\0" in key or Path(key).is_absolute():
            raise StorageError(f"{key!r}: expected a path relative to the archive")
        try:
            path = (self._root / key).resolve(strict=True)
            status = path.stat()
        except (OSError, RuntimeError):  # RuntimeError: links that go round in a circle
            raise StorageError(f"{key!r}: there is no such file") from None
        if self._root not in path.parents:
            raise StorageError(f"{key!r}: lies outside the archive")
        if not path.is_file():
            raise StorageError(f"{key!r}: is no file")
        return Stored(path, status.st_size, status.st_mtime)

    def chunks(self, key: str, size: int = 1 << 20) -> Iterator[bytes]:
        """Read the file of *key* in pieces of at most *size* bytes."""
        path = self.find(key).path
        try:
            with path.open("rb") as file:
                while piece := file.read(size):
                    yield piece
        except OSError as error:
            raise StorageError(f"{key!r}: cannot be read: {error.strerror}") from None
