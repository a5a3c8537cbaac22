"""Values in VOTables as DALI writes them: their metadata, and their cells (DALI 1.1, 3.3)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from volint.check import Check, rule
from volint.scopes import VOTABLES
from volint.votable.passing import passed
from volint.votable.view import numbers
from volint.xml import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from volint.check import Faults
    from volint.document import Document

__all__ = ["OF_XTYPES", "orientation"]

REAL = ("double", "float")
NUMERIC = (*REAL, "short", "int", "long")
TEXT = ("char", "unicodeChar")
SIZES = {
    "timestamp": ("DALI-3.3-03", TEXT, r".+"),
    "interval": ("DALI-3.3-04", NUMERIC, r"2"),
    "point": ("DALI-3.3-05", REAL, r"2"),
    "circle": ("DALI-3.3-06", REAL, r"3"),
    "polygon": ("DALI-3.3-07", REAL, r"\*|\d+\*?"),
}
"""The rule, the datatypes and the sizes of an xtype."""

ROWS = 100
"""Rows that are looked at."""
CELLS = "VOT-5.1-01"


def _check(xtype: str) -> Callable[[Document], Faults]:
    """Return what looks at the metadata of one xtype, and what was seen of its cells."""
    code, datatypes, sizes = SIZES[xtype]

    def run(document: Document) -> Faults:
        for node in document.root.iter("{*}FIELD", "{*}PARAM"):
            size, datatype = words(node.get("arraysize")), node.get("datatype", "")
            if node.get("xtype") == xtype and (datatype not in datatypes or not re.fullmatch(sizes, size)):
                told = f"{node.get('name')}: xtype={xtype} with datatype={datatype!r}, arraysize={size!r}"
                yield document.fault(told, node)
        yield from passed(document, code)

    return run


def _made() -> Iterator[Check[Document]]:
    """Yield a check for each xtype."""
    for xtype, (code, _, _) in SIZES.items():
        title = f"A {xtype} has the datatype and the size of DALI, and cells that are one."
        yield Check(code, VOTABLES, title, _check(xtype), ("VOT-4.3-01",), (CELLS, "SODA-3.3-07"))


OF_XTYPES = tuple(_made())


@rule("DALI-3.3-08", VOTABLES, level="warning", because=[CELLS, "DALI-3.3-07"])
def orientation(document: Document) -> Faults:
    """A polygon runs counter-clockwise as it is seen from inside the sphere: north, east, south."""
    names = [column.name for column in document.view.fields if column.xtype == "polygon"]
    for row in document.view.rows[:ROWS] if names else ():
        for name in names:
            if _area(numbers(row.get(name))) > 0:
                yield document.fault(f"{name}: {row[name][:60]!r} runs clockwise as seen from inside")
                return


def _area(found: tuple[float, ...]) -> float:
    """Return twice the signed area of a small polygon, longitude to the right; 0 for a large one."""
    lons, lats = found[::2], found[1::2]
    if not lats or max(lats) - min(lats) > 20 or max(map(abs, lats)) > 80:  # noqa: PLR2004 - nearly flat
        return 0.0
    scale = math.cos(math.radians(lats[0]))
    flat = [((lon - lons[0] + 180) % 360 - 180) * scale for lon in lons]
    if max(flat) - min(flat) > 20:  # noqa: PLR2004 - nearly flat
        return 0.0
    ring = list(zip(flat, lats, strict=True))
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True))
