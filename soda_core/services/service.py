"""All endpoints of a deployment together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import examples, soda, vosi
from .cutout_jobs import cutout_jobs

if TYPE_CHECKING:
    from soda_core.registry import Bound

    from .archive import Archive
    from .desk import Desk

__all__ = ["endpoints"]


def endpoints(archive: Archive, desk: Desk | None = None) -> tuple[Bound, ...]:
    """Bind every standard that this service implements; jobs are taken where there is a *desk* for them."""
    jobs = cutout_jobs(archive, desk) if desk else None
    own = (*soda.endpoints(archive, jobs), *examples.endpoints(archive))
    return (*vosi.endpoints(archive, own), *own)
