"""Coverage on the sky as text: a MOC in ASCII (MOC 2.0, 4.3.2)."""

from __future__ import annotations

import re

__all__ = ["moc_flaw"]

ORDER = re.compile(r"(\d+)/(.*)")
CELLS = re.compile(r"(\d+)(?:-(\d+))?")
DEEPEST = 29
"""The greatest order of HEALPix that 64 bits hold."""


def moc_flaw(text: str) -> str:
    """Return what is wrong with a MOC, such as `3/1-4,7 4/12 8/`; empty if nothing is."""
    most = -1
    for word in re.sub(r"/\s+(?=\d+(?:[-,\s]|$))", "/", text).replace(",", " ").split():
        if word.startswith("s") and ORDER.fullmatch(word[1:]):
            word = word[1:]  # noqa: PLW2901 - the sign of a MOC of space alone
        if found := ORDER.fullmatch(word):
            order, word = int(found[1]), found[2]  # noqa: PLW2901 - what stands behind the slash
            if order > DEEPEST:
                return f"the order {order} is above {DEEPEST}"
            most = 12 * 4**order
        if most < 0:
            return f"{text[:40]!r} does not open with an order and a slash"
        if word and (wrong := _cells(word, most)):
            return wrong
    return "" if text else "it is empty"


def _cells(word: str, most: int) -> str:
    """Return what is wrong with a cell or a range of cells."""
    found = CELLS.fullmatch(word)
    if found is None:
        return f"{word[:40]!r} is no cell and no range of cells"
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        return f"the range {word} is reversed"
    return f"there is no cell {last} in that order" if last >= most else ""
