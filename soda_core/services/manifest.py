"""What became of each target, as a table.

It is written at the end of a job. What is known earlier is kept in parts, of which the manifest of a job that
was ended early is made when it is asked for.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from ivoa_schemas.votable import Votable

from soda_core import standards
from soda_core.votable import VERSION, results, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from soda_core.jobs import Result

__all__ = [
    "LABEL",
    "MEDIA_TYPE",
    "NAME",
    "PART",
    "Line",
    "is_part",
    "made_of",
    "noted",
    "part_name",
    "written",
]

NAME, MEDIA_TYPE = "manifest.vot", "application/x-votable+xml"
PART = "application/x-ndjson"
LABEL = "what became of each row"
OK, NOT_YET = "OK", ""
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


def part_name(number: int) -> str:
    """Return the id of a part; that of number 0 has every line there will be."""
    return f"manifest-{number:04}.part"


def is_part(result: Result) -> bool:
    """Tell whether a result is a part, which is not for clients."""
    return result.media_type == PART


def noted(done: Iterable[Line], planned: Iterable[Line] = ()) -> Iterator[bytes]:
    """Yield a part: lines that are settled, and lines of which nothing is known yet."""
    for line in done:
        yield json.dumps(line).encode() + b"\n"
    for line in planned:
        yield json.dumps(line._replace(status=NOT_YET)).encode() + b"\n"


def made_of(parts: Iterable[BinaryIO], phase: str) -> Iterator[bytes]:
    """Yield the table of a job that ended in *phase* before it came to all lines."""
    known: dict[tuple[int, str], Line] = {}
    for part in parts:
        for text in part:
            line = Line(*json.loads(text))
            known[line.row, (line.dataset or "").casefold()] = line
    why = f"the job is {phase}: it did not come to this"
    yield from written(
        [line if line.status else line._replace(status=phase, message=why) for line in known.values()]
    )


def written(lines: Sequence[Line]) -> Iterator[bytes]:
    """Yield the table, in the order of the targets and the names of files."""
    pick = attrgetter(*(column.name for column in COLUMNS))
    ordered = sorted(lines, key=lambda line: (line.row, line.dataset or ""))
    yield from write(Votable(version=VERSION, items_1=[results(COLUMNS)]), COLUMNS, map(pick, ordered))
