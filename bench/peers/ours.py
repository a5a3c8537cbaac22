"""The core of this project."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

from bench.peers.peer import Buffer, Peer
from soda_core.cutout import Cutout, cut

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["CHOOSES", "OURS", "cutout_of"]

CHOOSES = "hdus" in signature(cut).parameters
"""Whether one HDU can be asked for; without that, all planes and tables of a product are cut."""


def cutout_of(task: Task) -> Cutout:
    """Plan the cutout of the HDU that the peers cut."""
    choice: dict[str, Any] = {"hdus": ("IMAGE",)} if CHOOSES and task.sample.hdu else {}
    return cut(task.sample.path, [task.circle], **choice)


def body(task: Task) -> Buffer:
    """Cut with the core, as the server does for small cutouts."""
    with cutout_of(task) as cutout:
        return cutout.body()


OURS = Peer("sodalite", body, lambda: "")
