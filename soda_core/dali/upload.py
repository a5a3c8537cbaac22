"""Tables that a client brings along, and what it says of them."""

import re
from dataclasses import dataclass
from typing import cast, get_args

from .errors import BadValue
from .numbers import number, words
from .shapes import RectangleUnit

__all__ = [
    "COLUMN",
    "SIZE",
    "UPLOAD",
    "ColumnChoice",
    "Size",
    "Upload",
    "read_column",
    "read_size",
    "read_upload",
]

UPLOAD = r"^[A-Za-z][A-Za-z0-9_]*,[^\s\u0000-\u001f]+$"
COLUMN = r"^[a-z_]+=[^\u0000-\u001f]+$"
SIZE = r"^\s*[+-]?[0-9.]\S*(?:\s+\S+){0,2}\s*$"

_UPLOAD = re.compile(r"([A-Za-z][A-Za-z0-9_]*),(\S+)")
_COLUMN = re.compile(r"([a-z_]+)=(.+)")
SIDES = "one or two numbers above 0 and perhaps a unit: deg, arcmin, arcsec or pixel"
INLINE = "param:"


@dataclass(frozen=True, slots=True)
class Upload:
    """The name of a table and where it is (DALI 1.1, 3.4.5)."""

    name: str
    uri: str

    @property
    def part(self) -> str | None:
        """The part of the request that holds the table, None if it is elsewhere."""
        return self.uri.removeprefix(INLINE) if self.uri.startswith(INLINE) else None


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which column plays a role."""

    role: str
    column: str


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in one unit."""

    width: float
    height: float
    unit: RectangleUnit = "deg"


def read_upload(name: str, text: str) -> Upload:
    """Read `name,uri`."""
    found = _UPLOAD.fullmatch(text)
    if not found or not text.isprintable():
        raise BadValue(name, text, "name,uri: a name of letters, digits and _, then param:PART")
    return Upload(*found.groups())


def read_column(name: str, text: str) -> ColumnChoice:
    """Read `role=column`."""
    found = _COLUMN.fullmatch(text)
    if not found or not text.isprintable():
        raise BadValue(name, text, "role=column")
    return ColumnChoice(*found.groups())


def read_size(name: str, text: str) -> Size:
    """Read `side [side] [unit]`; a single side is both."""
    *sides, last = words(text) or [""]
    if last.lower() in get_args(RectangleUnit):
        unit = cast("RectangleUnit", last.lower())
    else:
        sides, unit = [*sides, last], "deg"
    try:
        width, height = (number(side) for side in (sides if len(sides) != 1 else sides * 2))
    except ValueError:
        raise BadValue(name, text, SIDES) from None
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise BadValue(name, text, SIDES)
    return Size(width, height, unit)
