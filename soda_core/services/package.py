"""All results of a job as one more: where PACKAGE asks for it, and where they are archives themselves."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from soda_core.jobs import FINAL, Job, Result

from .tarbody import Member, TarBody

if TYPE_CHECKING:
    from soda_core.jobs import ResultStore

__all__ = ["MULTI", "TAR", "package", "tag_of", "with_package"]

ASKED = ("PACKAGE", "tar")
NAME, TAR = "results.tar", "application/x-tar"

MULTI = "results.fits"
"""All cutouts as one FITS file, which the archive does not hold once more."""


def with_package(store: ResultStore, job: Job) -> Job:
    """Return *job* with the archive among its results, if it was asked for and they are all there.

    The archive is stored nowhere and has no key.
    """
    wanted = ASKED in job.parameters or any(result.media_type == TAR for result in job.results)
    if not wanted or job.phase not in FINAL or not job.results:
        return job
    size = package(store, job).size
    return replace(job, results=(*job.results, Result(NAME, "", size, TAR, "all results")))


def package(store: ResultStore, job: Job) -> TarBody:
    """Return the archive of the results of a job, archives among them last and dissolved."""
    stored = [result for result in job.results if result.key and result.id != MULTI]
    stored.sort(key=lambda result: result.media_type == TAR)
    members = [
        Member(result.id, result.size, partial(store.open, result.key), result.media_type == TAR)
        for result in stored
    ]
    return TarBody(members, job.ended or job.created, tag_of("\n".join(result.key for result in stored)))


def tag_of(key: str) -> str:
    """Return a word for the content under a key, which never changes."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
