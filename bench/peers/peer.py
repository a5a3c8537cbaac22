"""What a peer is: a way to cut, and whether it is here."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.samples import Sample
    from soda_core.dali import Circle

__all__ = ["Buffer", "Peer", "Task", "missing_package", "missing_program", "nothing"]

Buffer = bytes | memoryview


@dataclass(frozen=True)
class Task:
    """A circle on a file, and the pixels that enclose it for those who know no sky."""

    sample: Sample
    circle: Circle
    side: int
    centre: tuple[int, int]
    """The pixel in the middle, 0-based, column first."""
    scratch: Path
    """A folder for programs that can only write files."""

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """First and last column, first and last row, 1-based as FITS counts."""
        x, y = (place - self.side // 2 + 1 for place in self.centre)
        return x, x + self.side - 1, y, y + self.side - 1


def nothing(_task: Task) -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to cut: `missing` tells why it cannot be used here, `prepare` does what is not measured."""

    name: str
    cut: Callable[[Task], Buffer]
    missing: Callable[[], str]
    prepare: Callable[[Task], None] = nothing
    by_children: bool = False
    """The work is done by a program, so its CPU time is that of the children."""


def missing_package(name: str) -> Callable[[], str]:
    """Return a check that a package of Python can be imported."""

    def check() -> str:
        try:
            module: Any = import_module(name)
        except ImportError:
            return f"the package {name} is not installed"
        return "" if module else name

    return check


def missing_program(name: str) -> Callable[[], str]:
    """Return a check that a program is installed."""
    return lambda: "" if shutil.which(name) else f"the program {name} is not installed"
