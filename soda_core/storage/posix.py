"""Files below one folder of the machine."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

__all__ = ["Entry", "Posix", "Refused", "StorageError", "Stored", "printable"]


class StorageError(Exception):
    """A key names no file that may be read; the text names the key and never the folder."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as found: its place, its bytes, its time of change in seconds since 1970."""

    path: Path
    size: int
    mtime: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that a walk met: its key, its place, its bytes, its time of change in nanoseconds since 1970."""

    key: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Refused:
    """What a walk could not look at, and why; *folder* if there may be files in it."""

    key: str
    reason: str
    folder: bool = False


class Posix:
    """The regular files that lie inside *root*, links followed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def find(self, key: str) -> Stored:
        """Resolve a relative *key* to a file strictly inside the root."""
        path, status = self._found(key)
        return Stored(path, status.st_size, status.st_mtime)

    def entry(self, key: str) -> Entry:
        """Return what a walk would tell of the file of *key*."""
        _, status = self._found(key)
        return Entry(key, self._root / key, status.st_size, status.st_mtime_ns)

    def _found(self, key: str) -> tuple[Path, os.stat_result]:
        """Return where a file is in truth, and its status."""
        if not key or "\0" in key or Path(key).is_absolute():
            raise StorageError(f"{key!r}: expected a path relative to the archive")
        try:
            path = (self._root / key).resolve(strict=True)
            status = path.stat()
        except (OSError, RuntimeError):  # RuntimeError: links that go round in a circle
            raise StorageError(f"{key!r}: there is no such file") from None
        if self._root not in path.parents:
            raise StorageError(f"{key!r}: lies outside the archive")
        if not S_ISREG(status.st_mode):
            raise StorageError(f"{key!r}: is no file")
        return path, status

    def walk(self, suffixes: tuple[str, ...], below: str = "") -> Iterator[Entry | Refused]:
        """Yield the files under the key *below* by name, hidden ones left out; suffixes in small letters."""
        start = self._root / below
        if start.is_file():
            yield from self._entry(start)
            return
        refused: list[Refused] = []
        for place, folders, names in os.walk(
            start, onerror=lambda error: refused.append(self._closed(error))
        ):
            yield from refused
            refused.clear()
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from self._linked(Path(place), folders)
            for name in sorted(names):
                if not name.startswith(".") and name.lower().endswith(suffixes):
                    yield from self._entry(Path(place) / name)
        yield from refused

    def _entry(self, path: Path) -> Iterator[Entry | Refused]:
        """Yield the file at *path* if `find` would hand it out."""
        key = path.relative_to(self._root).as_posix()
        if (plain := printable(key)) != key:
            yield Refused(plain, "its name is not UTF-8 text without control characters")
            return
        try:
            yield self.entry(key)
        except StorageError:
            if path.is_symlink():  # else it went while we looked
                yield Refused(key, "it is a link that leads out of the folder, or to no file")

    def _linked(self, place: Path, folders: Iterable[str]) -> Iterator[Refused]:
        """Tell of folders behind links, which are not looked into: they could lead round."""
        for path in (place / name for name in folders):
            if path.is_symlink():
                key = path.relative_to(self._root).as_posix()
                yield Refused(printable(key), "it is a link to a folder, and those are not followed")

    def _closed(self, error: OSError) -> Refused:
        """Tell of a folder that cannot be looked into."""
        key = os.path.relpath(error.filename, self._root)
        return Refused(printable(key), f"the folder cannot be read: {error.strerror}", folder=True)

    def chunks(self, key: str, size: int = 1 << 20) -> Iterator[bytes]:
        """Read the file of *key* in pieces of at most *size* bytes."""
        path = self.find(key).path
        try:
            with path.open("rb") as file:
                while piece := file.read(size):
                    yield piece
        except OSError as error:
            raise StorageError(f"{key!r}: cannot be read: {error.strerror}") from None


def printable(name: str) -> str:
    """Return *name* with escapes for what neither XML nor a terminal can show."""
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in {"Cc", "Cs", "Cn"} else c for c in name)
