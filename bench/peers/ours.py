"""The core of this project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.peers.peer import Buffer, Peer
from soda_core.cutout import Cutout, cut
from soda_core.cutout.decoders import RICE
from soda_core.cutout.tilecache import TILES

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["OURS", "cutout_of"]


def cutout_of(task: Task) -> Cutout:
    """Plan the cutout of the HDU that the peers cut."""
    return cut(task.sample.path, [task.circle], hdus=("IMAGE",) if task.sample.hdu else ())


def body(task: Task) -> Buffer:
    """Cut with the core, as the server does for small cutouts, without tiles that are decoded already."""
    TILES.clear()
    with cutout_of(task) as cutout:
        return cutout.body()


def warm(_task: Task) -> None:
    """Decode as a server does that has been at it for a while."""
    RICE.settle()


OURS = Peer("sodalite", body, lambda: "", warm)
