"""Mistakes in our own declarations, reported with file and line."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["SpecError", "Where", "hint"]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a TOML file: a table, counted from 0 among its like, and perhaps a key in it.

    *number* is the line itself, for one who knows it.
    """

    path: Path
    table: str = ""
    index: int = 0
    name: str = ""
    number: int = 0

    def at(self, table: str, index: int = 0) -> Where:
        """Return the place of the *index*-th table of that name."""
        return replace(self, table=table, index=index, name="")

    def key(self, name: str) -> Where:
        """Return the place of key *name* in this table, or of the table *name* if this is the file."""
        return replace(self, name=name)

    @property
    def line(self) -> int:
        """The line, counted from 1; 1 if the place cannot be found."""
        if self.number:
            return self.number
        lines = self.path.read_text("utf-8", errors="replace").splitlines()
        if not self.table:
            return next(iter(_heads(lines, self.name)), 0) + 1
        heads = _heads(lines, self.table)
        if self.index >= len(heads):
            return 1
        start = heads[self.index]
        for number in range(start + 1, len(lines)):
            if lines[number].startswith("["):
                break
            if self.name and re.match(rf"{re.escape(self.name)}\s*=", lines[number]):
                return number + 1
        return start + 1

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}" if self.path.is_file() else self.path.name


def _heads(lines: list[str], name: str) -> list[int]:
    """Return where a table or a top-level key *name* begins, counted from 0."""
    pattern = re.compile(rf"\[\[?\s*{re.escape(name)}\s*\]|{re.escape(name)}\s*=")
    return [number for number, line in enumerate(lines) if name and pattern.match(line)]


class SpecError(Exception):
    """A declaration is wrong; the text opens with `file:line`."""

    def __init__(self, where: Where, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where


def hint(word: str, known: Collection[str]) -> str:
    """Return `; did you mean …?` for the nearest of *known*, or nothing."""
    folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.65)
    return f"; did you mean {folded[near[0]]!r}?" if near else ""
