"""Cutouts → tar archives, and perhaps one FITS file, with a line of the manifest for each."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from soda_core.cutout import UnreadableFile

from .soda import FITS
from .tarbody import END, header, padding

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from soda_core.cutout import Cutout
    from soda_core.dali import DaliError

    from .manifest import Line
    from .multifits import MultiFits

__all__ = ["IN_MEMORY", "Made", "Packing", "file_name"]

PART_FILES, PART_BYTES = 1000, 100_000_000
"""Cutouts and bytes with which an archive is closed, so that clients see it."""

IN_MEMORY = 64 << 20
"""Bytes up to which a cutout is made before its place in the archive is: so long it can still fail."""

CHUNK = 1 << 20

STEM = 40
"""Characters of the names of target and dataset; together with the row they fit into a plain tar header."""

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


class Made(NamedTuple):
    """A cutout that is planned, and its line, which has the name of its file."""

    line: Line
    cutout: Cutout


class Packing:
    """Where cutouts go; *note* is told of each that is packed, *fail* of each that is not.

    With *fits*, which is closed with this, they go there too.
    """

    def __init__(
        self, note: Callable[[Line], None], fail: Callable[[Line, DaliError], None], fits: MultiFits | None
    ) -> None:
        self._note, self._fail = note, fail
        self._time = datetime.now(UTC)
        self.fits = fits
        self.count = 0

    def archive(self, name: str, cutouts: Iterable[Made]) -> Iterator[bytes]:
        """Yield an archive of the next cutouts, until it has enough of them."""
        size = 0
        for files, made in enumerate(cutouts, 1):
            with made.cutout:
                for piece in self._member(made._replace(line=made.line._replace(archive=name))):
                    size += len(piece)
                    yield piece
            if files >= PART_FILES or size >= PART_BYTES:
                break
        yield END

    def close(self) -> None:
        """Remove what is on disk."""
        if self.fits:
            self.fits.close()

    def _member(self, made: Made) -> Iterator[bytes]:
        """Yield one file of an archive, nothing if it cannot be read."""
        line, cutout = made
        try:
            size = cutout.size
            body = bytes(cutout) if size <= IN_MEMORY else None
        except UnreadableFile as error:
            self._fail(line, error)
            return
        yield header(line.file or "", size, self._time)
        failure = None
        if body is None:
            failure = yield from self._large(cutout, size)
        else:
            yield body
        yield padding(size)
        if failure:
            self._fail(line, failure)
            return
        self.count += 1
        self._note(line._replace(bytes=size, message=self._add(line, cutout, body)))

    def _large(self, cutout: Cutout, size: int) -> Generator[bytes, None, UnreadableFile | None]:
        """Yield a cutout in pieces; what cannot be read becomes zeros, as its size was told already."""
        sent = 0
        try:
            for piece in cutout.chunks():
                sent += len(piece)
                yield bytes(piece)
        except UnreadableFile as error:
            while sent < size:
                rest = min(CHUNK, size - sent)
                sent += rest
                yield bytes(rest)
            return error
        return None

    def _add(self, line: Line, cutout: Cutout, body: bytes | None) -> str:
        """Put a cutout into the FITS file; return why it is not in it."""
        if self.fits is None:
            return ""
        if body is None or cutout.media_type != FITS:
            return "not in the FITS file of all cutouts: it is too large, or packed as a whole"
        self.fits.add(line.row, line.target, body)
        return ""


def file_name(row: int, copy: int | None, target: str, dataset: str) -> str:
    """Return the name of a cutout: row, which of several of this row, target, file it was cut out of."""
    steps = [f"{row:06}", str(copy or ""), _plain(target)[:STEM], _plain(dataset)[-STEM:]]
    return "-".join(filter(None, (step.strip("._-") for step in steps)))


def _plain(text: str) -> str:
    """Return a name without the characters that make trouble in names of files."""
    return _ODD.sub("_", text)
