"""All endpoints of a deployment together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from . import datalink, datasets, examples, sia2, soda, vosi
from .cutout_jobs import cutout_jobs

if TYPE_CHECKING:
    from soda_core.registry import Bound

    from .archive import Archive
    from .desk import Desk

__all__ = ["endpoints", "troubles_of"]


def endpoints(archive: Archive, desk: Desk | None = None) -> tuple[Bound, ...]:
    """Bind every standard that this service implements; jobs are taken where there is a *desk* for them."""
    jobs = cutout_jobs(archive, desk) if desk else None
    own = (
        *sia2.endpoints(archive),
        *datalink.endpoints(archive),
        *soda.endpoints(archive, jobs),
        *datasets.endpoints(archive),
    )
    own += examples.endpoints(archive, own)
    return (*vosi.endpoints(archive, own, partial(troubles_of, archive, desk)), *own)


def troubles_of(archive: Archive, desk: Desk | None) -> tuple[str, ...]:
    """Ask all that the service stands on whether it answers; one sentence for each that does not."""
    return archive.troubles() + (desk.troubles() if desk else ())
