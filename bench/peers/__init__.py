"""Those who cut: we, others, and the bare reads."""

from bench.peers.astrocut import ASTROCUT
from bench.peers.cutout2d import CUTOUT2D
from bench.peers.fitsio import FITSIO
from bench.peers.ours import OURS
from bench.peers.peer import Peer, Task
from bench.peers.programs import FITSCOPY, IMCOPY, MSUBIMAGE
from bench.peers.raw import RAW, is_compiled
from bench.peers.recipe import ASTROPY

__all__ = ["ASTROCUT", "ASTROPY", "FITSIO", "OURS", "PEERS", "RAW", "Peer", "Task", "is_compiled"]

PEERS = (OURS, ASTROPY, CUTOUT2D, ASTROCUT, FITSIO, MSUBIMAGE, FITSCOPY, IMCOPY, RAW)
