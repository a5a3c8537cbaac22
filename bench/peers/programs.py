"""Programs that cut: those of cfitsio, which are told the pixels, and Montage's, which knows the sky."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from bench.peers.peer import Buffer, Peer, missing_program

if TYPE_CHECKING:
    from bench.peers.peer import Task

__all__ = ["FITSCOPY", "IMCOPY", "MSUBIMAGE"]


class ProgramFailed(Exception):
    """A program did not make a cutout; the text is what it said."""


def run(task: Task, *words: str) -> Buffer:
    """Run a program that writes `out.fits`; the file is read after its CPU time was taken."""
    made = task.scratch / "out.fits"
    made.unlink(missing_ok=True)
    done = subprocess.run(words, capture_output=True, check=False, cwd=task.scratch)
    if done.returncode or not made.exists():
        raise ProgramFailed((done.stdout + done.stderr).decode("utf-8", "replace").strip())
    return made.read_bytes()


def section(task: Task) -> str:
    """Return the extended file name of the box; `#` asks for this HDU alone."""
    x0, x1, y0, y1 = task.corners
    rest = ",*" * (len(task.sample.shape) - 2)
    return f"{task.sample.path}[{task.sample.hdu}#][{x0}:{x1},{y0}:{y1}{rest}]"


def fitscopy(task: Task) -> Buffer:
    """Copy a section."""
    return run(task, "fitscopy", section(task), "out.fits")


def imcopy(task: Task) -> Buffer:
    """Copy a section as an image."""
    return run(task, "imcopy", section(task), "out.fits")


def msubimage(task: Task) -> Buffer:
    """Cut by position and size in degrees."""
    circle = task.circle
    place = (f"{circle.lon:.9f}", f"{circle.lat:.9f}", f"{2 * circle.radius:.9f}")
    return run(task, "mSubimage", "-h", str(task.sample.hdu), str(task.sample.path), "out.fits", *place)


FITSCOPY = Peer("fitscopy", fitscopy, missing_program("fitscopy"), by_children=True)
IMCOPY = Peer("imcopy", imcopy, missing_program("imcopy"), by_children=True)
MSUBIMAGE = Peer("mSubimage", msubimage, missing_program("mSubimage"), by_children=True)
