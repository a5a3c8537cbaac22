"""All endpoints of a deployment together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import datalink, datasets, examples, sia2, soda, vosi

if TYPE_CHECKING:
    from soda_core.registry import Bound

    from .archive import Archive

__all__ = ["endpoints"]


def endpoints(archive: Archive) -> tuple[Bound, ...]:
    """Bind every standard that this service implements."""
    own = (
        *sia2.endpoints(archive),
        *datalink.endpoints(archive),
        *soda.endpoints(archive),
        *datasets.endpoints(archive),
    )
    own += examples.endpoints(archive, own)
    return (*vosi.endpoints(archive, own), *own)
