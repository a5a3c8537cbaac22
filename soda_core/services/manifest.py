"""What became of each target, as a table."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from ivoa_schemas.votable import Votable

from soda_core import standards
from soda_core.votable import VERSION, results, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["MEDIA_TYPE", "NAME", "Line", "written"]

NAME, MEDIA_TYPE = "manifest.vot", "application/x-votable+xml"
OK = "OK"
COLUMNS = standards.load("manifest").columns


class Line(NamedTuple):
    """One row of the manifest, named as the columns are declared."""

    row: int
    target: str
    ra: float | None = None
    dec: float | None = None
    dataset: str | None = None
    archive: str | None = None
    file: str | None = None
    bytes: int | None = None
    status: str = OK
    message: str = ""


def written(lines: Sequence[Line]) -> Iterator[bytes]:
    """Yield the table, in the order of the targets and the names of files."""
    pick = attrgetter(*(column.name for column in COLUMNS))
    ordered = sorted(lines, key=lambda line: (line.row, line.dataset or ""))
    yield from write(Votable(version=VERSION, items_1=[results(COLUMNS)]), COLUMNS, map(pick, ordered))
