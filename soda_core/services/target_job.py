"""The work of a job with a list of targets: each source file opened once, the cutouts packed as they come."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from soda_core.cutout import NothingSelected, cut_by
from soda_core.cutout.cache import FILES
from soda_core.dali import DaliError, UsageError, label_of
from soda_core.votable import incoming

from . import manifest
from .manifest import Line
from .matching import Matcher
from .multifits import MultiFits
from .pace import Pace
from .package import MULTI, TAR
from .packing import Made, Packing, file_name
from .soda import FITS, stream_of, wanted_of
from .targets import Target, targets_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from soda_core.cutout import Request as Wanted
    from soda_core.cutout.file import FitsFile
    from soda_core.jobs import Context
    from soda_core.registry import Request

    from .archive import Archive, Located
    from .matching import Found, Place
    from .targets import BadTarget

__all__ = ["cut_targets"]

BATCH = 200
"""Cutouts of one file that are planned before they are read in the order of the file."""

ROWS = 1000
"""Rows whose datasets are looked up together."""

MOST = 200_000
"""Rows of a table, and cutouts of a job."""


def cut_targets(archive: Archive, request: Request, table: BinaryIO, context: Context) -> None:
    """Save archives of the cutouts at the positions of *table*, and the manifest of all rows.

    Raises the first error if all rows failed.
    """
    task = _Task(archive, request, context, Pace(context))
    task.match(table)
    task.save()


@dataclass(slots=True)
class _Task:
    """A job on its way."""

    archive: Archive
    request: Request
    context: Context
    pace: Pace
    work: dict[Place, list[Target]] = field(default_factory=dict)
    copies: Counter[int] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    kept: int = 0
    """How many of the lines are in parts of the manifest."""
    first_error: DaliError | None = None
    is_answered: bool = False

    def match(self, table: BinaryIO) -> None:
        """Read all rows and find their datasets; what is wrong with a row is noted."""
        matcher = Matcher(self.archive, self.request.all("ID", str))
        rows = targets_of(incoming(table), self.request)
        number = total = 0
        while some := tuple(itertools.islice(rows, ROWS)):
            number += len(some)
            total += self._sort(some, matcher)
            if max(number, total) > MOST:
                raise UsageError(f"the table asks for more than {MOST} cutouts, the most in one job")
            self.pace.prepare(number, "rows of the table were read")
        if not total:
            raise UsageError("the table has no rows")
        self.pace.total = total
        self.pace.tell()

    def _sort(self, some: Iterable[Target | BadTarget], matcher: Matcher) -> int:
        """Put targets to the datasets that they are cut out of; return how many lines they will have."""
        good: list[Target] = []
        lines = 0
        for target in some:
            if isinstance(target, Target):
                good.append(target)
            else:
                self._fail(Line(target.row, target.name), target.error)
                lines += 1
        return lines + sum(itertools.starmap(self._put, zip(good, matcher.places(good), strict=True)))

    def _put(self, target: Target, found: Found) -> int:
        """Put a target to its datasets, or note that it has none; return how many lines it will have."""
        if isinstance(found, DaliError):
            self._fail(_line(target, target.did), found)
            return 1
        if not found:
            self.is_answered = True
            self._fail(_line(target, None), UsageError("no dataset covers this position"))
            return 1
        for place in found:
            self.work.setdefault(place, []).append(target)
        if len(found) > 1:
            self.copies[target.row] = 1  # the number of the next
        return len(found)

    def save(self) -> None:
        """Save the cutouts, an archive at a time, and at the end what tells of them."""
        asked = "fits" in self.request.all("PACKAGE", str)
        packing = Packing(self._note, self._fail, MultiFits() if asked else None)
        try:
            self._pack(packing)
        finally:
            packing.close()

    def _pack(self, packing: Packing) -> None:
        self._keep(0, (_line(target, place.did) for place, some in self.work.items() for target in some))
        everything = self._everything()
        for number, first in enumerate(everything, 1):
            name = f"cutouts-{number:04}.tar"
            packed = packing.archive(name, itertools.chain((first,), everything))
            self.context.save(name, packed, TAR, f"cutouts, part {number}")
            self._keep(number)
        written = manifest.written(self.lines)
        self.context.save(manifest.NAME, written, manifest.MEDIA_TYPE, manifest.LABEL)
        if packing.fits and packing.fits.count:
            self.context.save(MULTI, packing.fits.chunks(), FITS, "all cutouts in one file")
        if self.first_error and not (packing.count or self.is_answered):
            raise self.first_error

    def _keep(self, number: int, planned: Iterable[Line] = ()) -> None:
        """Save what is settled since the last time, in case that the job does not come to its end."""
        done, self.kept = self.lines[self.kept :], len(self.lines)
        self.context.save(manifest.part_name(number), manifest.noted(done, planned), manifest.PART)

    def _everything(self) -> Iterator[Made]:
        """Yield the cutouts in the order of files; what cannot be planned is noted."""
        for place in sorted(self.work):
            targets = self.work.pop(place)
            try:
                located = self.archive.located(place.did)
                source = FILES.open(located.path)
                wanted = wanted_of(located.dataset, self._filters)
            except DaliError as error:
                for target in targets:
                    self._fail(_line(target, place.did), error)
                continue
            rest = iter(targets)
            while batch := tuple(itertools.islice(rest, BATCH)):
                yield from sorted(self._planned(located, source, wanted, batch), key=_offset)

    @property
    def _filters(self) -> Request:
        """The request without its datasets."""
        values = {name: found for name, found in self.request.values.items() if name != "ID"}
        return replace(self.request, values=values)

    def _planned(
        self, located: Located, source: FitsFile, wanted: Wanted, targets: Iterable[Target]
    ) -> Iterator[Made]:
        """Yield the cutouts that can be made; what cannot is noted at once."""
        form = self.request.format()
        for target in targets:
            line = _line(target, located.dataset.did)
            asked = replace(wanted, shapes=(target.shape,), band=target.band or wanted.band)
            try:
                cutout = cut_by(source, asked)
            except NothingSelected as nothing:
                self.is_answered = True
                self._fail(line, UsageError(str(nothing)))
            except DaliError as error:
                self._fail(line, error)
            else:
                name = self._name(target, stream_of(cutout, located.dataset, form).filename)
                yield Made(line._replace(file=name), cutout)

    def _name(self, target: Target, filename: str) -> str:
        """Return a name that no other cutout of the job has."""
        copy = self.copies.get(target.row)
        if copy:
            self.copies[target.row] += 1
        return file_name(target.row, copy, target.name, filename)

    def _fail(self, line: Line, error: DaliError) -> None:
        """Note why there is no cutout, under the label of the standard."""
        self.first_error = self.first_error or error
        label = label_of(error, self.request.standard.labels)
        self._note(line._replace(archive=None, file=None, status=label, message=str(error)))

    def _note(self, line: Line) -> None:
        """Note what became of a target."""
        self.lines.append(line)
        self.pace.step()


def _line(target: Target, did: str | None) -> Line:
    return Line(target.row, target.name, target.lon, target.lat, did)


def _offset(made: Made) -> tuple[int, int]:
    """Return where a cutout begins in its file."""
    return min((run.offset for run in made.cutout.plan.runs), default=0), made.line.row
