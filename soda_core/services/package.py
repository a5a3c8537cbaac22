"""Results that are stored nowhere: all of a job as one, and the manifest of a job that was ended early."""

from __future__ import annotations

import hashlib
import io
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from soda_core.jobs import FINAL, Job, Result
from soda_core.storage import WholeFile

from . import manifest
from .tarbody import Member, TarBody

if TYPE_CHECKING:
    from soda_core.jobs import ResultStore
    from soda_core.registry import Body

__all__ = ["MULTI", "TAR", "made", "presented", "tag_of"]

ASKED = ("PACKAGE", "tar")
NAME, TAR = "results.tar", "application/x-tar"
UNKNOWN = -1

MULTI = "results.fits"
"""All cutouts as one FITS file, which the archive does not hold once more."""


def presented(store: ResultStore, job: Job) -> Job:
    """Return *job* with the results that clients see.

    One without a key is `made` when it is asked for: the archive, if the client wants it and all results are
    there, and the manifest of a list of targets that the job did not come to the end of.
    """
    shown = [result for result in job.results if not manifest.is_part(result)]
    results = tuple(sorted(shown, key=lambda result: result.id))
    if job.phase in FINAL and results and (ASKED in job.parameters or any(map(_is_archive, results))):
        size = _archive(store, job).size
        results = (*results, Result(NAME, "", size, TAR, "all results"))
    is_told = len(shown) == len(job.results) or any(result.id == manifest.NAME for result in shown)
    if job.phase in FINAL and not is_told:
        results = (*results, Result(manifest.NAME, "", UNKNOWN, manifest.MEDIA_TYPE, manifest.LABEL))
    return replace(job, results=results)


def made(store: ResultStore, job: Job, result: Result) -> Body:
    """Return the bytes of a result of *job*, as it is stored, that has no key."""
    return _archive(store, job) if result.id == NAME else _manifest(store, job)


def _manifest(store: ResultStore, job: Job) -> WholeFile:
    """Return what is known of each row."""
    parts = [result for result in job.results if manifest.is_part(result)]
    with ExitStack() as stack:
        files = [stack.enter_context(store.open(part.key)) for part in parts]
        table = io.BytesIO(b"".join(manifest.made_of(files, job.phase)))
    return WholeFile(table, tag_of("\n".join(part.key for part in parts)))


def _archive(store: ResultStore, job: Job) -> TarBody:
    """Return the archive of the results of a job, archives among them last and dissolved."""
    stored = [result for result in job.results if result.id != MULTI and not manifest.is_part(result)]
    stored.sort(key=lambda result: (_is_archive(result), result.id))
    members = [
        Member(result.id, result.size, partial(store.open, result.key), _is_archive(result))
        for result in stored
    ]
    return TarBody(members, job.ended or job.created, tag_of("\n".join(result.key for result in stored)))


def _is_archive(result: Result) -> bool:
    return result.media_type == TAR


def tag_of(key: str) -> str:
    """Return a word for the content under a key, which never changes."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
