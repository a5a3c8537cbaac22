"""The work of a job of cutouts: every combination of its parameters, each source file opened once."""

from __future__ import annotations

import itertools
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from soda_core import standards
from soda_core.cutout import NothingSelected, UnreadableFile
from soda_core.cutout.cache import FILES
from soda_core.cutout.rehearsal import rehearse
from soda_core.dali import DaliError, NotFoundError, UsageError, label_of
from soda_core.inventory import InventoryError
from soda_core.jobs import open_results_of
from soda_core.settings import TAP, Settings

from . import combinations
from .archive import Archive, Located
from .combinations import Combinations
from .multifits import MultiFits
from .pace import Pace
from .package import MULTI
from .packing import IN_MEMORY
from .soda import FITS, cutout_of, stream_of
from .target_job import cut_targets
from .uploads import uploaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from soda_core.cutout import Cutout
    from soda_core.cutout.file import FitsFile
    from soda_core.jobs import Context, Job, Work
    from soda_core.registry import Request

    from .combinations import Combination

__all__ = ["cut_all", "open_work"]

logger = logging.getLogger(__name__)

BATCH = 200
"""Cutouts of one file that are planned before they are read in the order of the file."""

SODA = standards.load("soda")
"""Read as the supervisor imports this, once for all its children: it costs more than a cutout does."""

ENDPOINT = SODA.endpoint("async")

TEXT = "text/plain"
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def open_work() -> Work:
    """Return the work of jobs of cutouts, for a process with its settings in the environment.

    What all jobs need is loaded and tried here, once for all the children that are forked later; nothing
    is left open.
    """
    settings = Settings.from_environment()
    try:
        archive = _warm(settings)
    except (DaliError, InventoryError, OSError, SQLAlchemyError):
        logger.warning("each job opens the inventory anew", exc_info=True)
        archive = None
    return _Work(settings, archive)


def _warm(settings: Settings) -> Archive | None:
    """Return the archive with its statements prepared; None where others keep the inventory."""
    rehearse()
    if settings.inventory.startswith(TAP):
        return None
    archive = Archive.open(settings)
    try:
        archive.inventory.found([""])
        archive.dataset("")
    except NotFoundError:
        pass
    finally:
        archive.inventory.close()
    return archive


@dataclass(frozen=True, slots=True)
class _Work:
    """The `Work` of a deployment."""

    settings: Settings
    archive: Archive | None

    def __call__(self, job: Job, context: Context) -> None:
        """Do a job, in a process of its own."""
        archive = self.archive or Archive.open(self.settings)
        request = combinations.read(SODA, ENDPOINT, job.parameters)
        try:
            with uploaded(open_results_of(self.settings), job.id, request) as table:
                if table is not None:
                    cut_targets(archive, request, table, context)
                else:
                    cut_all(archive, request, context)
        finally:
            archive.inventory.close()


def cut_all(archive: Archive, request: Request, context: Context) -> None:
    """Save one result for each combination; where there are no pixels it is a text that says why.

    Raises the first error if all combinations failed.
    """
    total = combinations.count(request.standard, request.values)
    fits = MultiFits() if "fits" in request.all("PACKAGE", str) else None
    try:
        _Task(archive, request, context, Pace(context, total), fits).run()
    finally:
        if fits:
            fits.close()


@dataclass(slots=True)
class _Task:
    """A job on its way."""

    archive: Archive
    request: Request
    context: Context
    pace: Pace
    fits: MultiFits | None
    first_error: DaliError | None = None
    succeeded: bool = False

    def run(self) -> None:
        """Work through the datasets in the order of their files."""
        found: list[tuple[Located, str]] = []
        everything = Combinations(self.request)
        for did in everything.datasets:
            try:
                dataset = self.archive.dataset(did)
                found.append((Located(dataset, self.archive.path(dataset)), did))
            except DaliError as error:
                self._fail_all(everything.of(did), error)
        for located, did in sorted(found, key=lambda entry: entry[0].path):
            self._dataset(located, everything.of(did))
        if self.fits and self.fits.count:
            self.context.save(MULTI, self.fits.chunks(), FITS, "all cutouts in one file")
        if self.first_error and not self.succeeded:
            raise self.first_error

    def _dataset(self, located: Located, everything: Iterator[Combination]) -> None:
        """Make the cutouts of one file, a batch at a time."""
        try:
            source = FILES.open(located.path)
        except DaliError as error:
            self._fail_all(everything, error)
            return
        while batch := tuple(itertools.islice(everything, BATCH)):
            for combination, cutout in sorted(self._planned(located, source, batch), key=_place):
                with cutout:
                    self._save(combination, located, cutout)

    def _planned(
        self, located: Located, source: FitsFile, batch: Iterable[Combination]
    ) -> Iterator[tuple[Combination, Cutout]]:
        """Yield the cutouts that can be made; what cannot is told at once."""
        for combination in batch:
            try:
                yield combination, cutout_of(located.dataset, source, combination.request)
            except NothingSelected as nothing:
                self.succeeded = True
                self._fail(combination, UsageError(str(nothing)))
            except DaliError as error:
                self._fail(combination, error)

    def _save(self, combination: Combination, located: Located, cutout: Cutout) -> None:
        """Store a cutout; damage that shows only now is told in its place."""
        stream = stream_of(cutout, located.dataset, combination.request.format())
        name = self._name(combination, stream.filename)
        try:
            self.context.save(name, map(bytes, cutout.chunks()), stream.media_type, combination.label)
            if self.fits and cutout.media_type == FITS and cutout.size <= IN_MEMORY:
                self.fits.add(combination.number, combination.label, bytes(cutout))
        except UnreadableFile as error:
            self._fail(combination, error)
            return
        self.succeeded = True
        self.pace.step()

    def _fail_all(self, some: Iterable[Combination], error: DaliError) -> None:
        for combination in some:
            self._fail(combination, error)

    def _fail(self, combination: Combination, error: DaliError) -> None:
        """Store what went wrong, opened by the label of the standard (SODA 1.0, 6)."""
        self.first_error = self.first_error or error
        told = f"{label_of(error, self.request.standard.labels)}: {error}\n"
        stem = combination.did.rpartition("/")[2].rpartition("?")[2].partition(".")[0]
        self.context.save(
            self._name(combination, f"{stem or 'none'}.txt"), (told.encode(),), TEXT, combination.label
        )
        self.pace.step()

    def _name(self, combination: Combination, filename: str) -> str:
        """Return the id of a result: its number, so that they sort, and what it is of."""
        width = max(3, len(str(self.pace.total)))
        return f"{combination.number:0{width}d}-{_ODD.sub('_', filename)[-150:]}"


def _place(planned: tuple[Combination, Cutout]) -> tuple[int, int]:
    """Return where a cutout begins in its file."""
    combination, cutout = planned
    return min((run.offset for run in cutout.plan.runs), default=0), combination.number
