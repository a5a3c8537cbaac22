"""Rows of an uploaded table → targets: positions with what is to be cut about them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soda_core.dali import (
    TYPES,
    BadValue,
    BoundingRectangle,
    Circle,
    ColumnChoice,
    DaliError,
    Interval,
    MultiValuedParamNotSupported,
    Size,
    Upload,
    UsageError,
    shown,
)

from .roles import check_role, places_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from soda_core.registry import Request
    from soda_core.standards import Column, Standard
    from soda_core.votable import Incoming

__all__ = ["BadTarget", "Target", "check", "targets_of"]

UPLOAD, RADIUS, SIZE = "UPLOAD", "RADIUS", "SIZE"
ONLY_WITH = ("COLUMN", RADIUS, SIZE)
"""Parameters that mean nothing without a table."""

DEGREES = {
    **dict.fromkeys(("", "deg", "degree", "degrees"), 1.0),
    "arcmin": 1 / 60,
    "arcsec": 1 / 3600,
    "mas": 1 / 3.6e6,
}
PIXELS = frozenset({"pixel", "pix", "pixels"})
METRES = {"": 1.0, "m": 1.0, "cm": 1e-2, "mm": 1e-3, "um": 1e-6, "nm": 1e-9, "Angstrom": 1e-10}
SCALES: Mapping[str, Mapping[str, float]] = {
    **dict.fromkeys(("ra", "dec"), dict.fromkeys(("", "deg", "degree", "degrees"), 1.0)),
    "radius": DEGREES,
    "size": {**DEGREES, **dict.fromkeys(PIXELS, 1.0)},
    **dict.fromkeys(("band_min", "band_max"), METRES),
}
"""What a number is multiplied by, by role and unit; other units are refused."""

LONGEST = 200
"""Characters that are kept of a name."""


@dataclass(frozen=True, slots=True)
class Target:
    """One row of the table: a shape about a position, ICRS degrees; perhaps a dataset, a band in metres."""

    row: int
    name: str
    lon: float
    lat: float
    shape: Circle | BoundingRectangle
    did: str | None = None
    band: Interval | None = None


@dataclass(frozen=True, slots=True)
class BadTarget:
    """A row that says nothing that could be cut."""

    row: int
    name: str
    error: DaliError


def check(standard: Standard, values: Mapping[str, tuple[object, ...]]) -> None:
    """Refuse what cannot be asked together with a table, or not without one."""
    upload = next((value for value in values.get(UPLOAD, ()) if isinstance(value, Upload)), None)
    if upload is None:
        for name in ONLY_WITH:
            if name in values:
                raise UsageError(f"{name} goes with a table of targets in {UPLOAD}")
        return
    if upload.part is None:
        raise BadValue(
            UPLOAD, f"{upload.name},{upload.uri}", "name,param:PART; no table is fetched from elsewhere"
        )
    for name, found in values.items():
        declared = standard.parameters[name]
        if declared.ucd.startswith("pos.outline"):
            raise UsageError(f"{name} cannot be given beside {UPLOAD}: the table tells the positions")
        if len(found) > 1 and name != "ID" and not declared.filter:
            raise MultiValuedParamNotSupported(name, len(found))
    for choice in values.get("COLUMN", ()):
        if isinstance(choice, ColumnChoice):
            check_role(standard.columns, choice)
    _default_shape(values)


def targets_of(table: Incoming, request: Request) -> Iterator[Target | BadTarget]:
    """Yield what the rows of *table* ask for; raises `UsageError` where no row could be understood."""
    choices = request.all("COLUMN", ColumnChoice)
    places = places_of(request.standard.columns, table.columns, choices)
    reader = _Reader({role: table.columns[place] for role, place in places.items()}, request)
    roles = tuple(places)
    for number, cells in enumerate(table.rows(tuple(places.values())), 1):
        yield reader.target(number, dict(zip(roles, cells, strict=True)))


def _default_shape(values: Mapping[str, tuple[object, ...]]) -> tuple[float | None, Size | None]:
    """Return radius in degrees, and size, for rows that have none."""
    (radius,), (size,) = values.get(RADIUS, (None,)), values.get(SIZE, (None,))
    if isinstance(radius, Size) and (radius.unit == "pixel" or radius.width != radius.height):
        raise UsageError(f"{RADIUS}: expected one angle, in deg, arcmin or arcsec")
    if radius is not None and size is not None:
        raise UsageError(f"{RADIUS} and {SIZE} cannot be given together")
    degrees = radius.width * DEGREES[radius.unit] if isinstance(radius, Size) else None
    return degrees, size if isinstance(size, Size) else None


class _Reader:
    """Turns cells into targets; *columns* are those of the roles that the table has."""

    def __init__(self, columns: Mapping[str, Column], request: Request) -> None:
        self._radius, self._size = _default_shape(request.values)
        self._scales = {name: self._scale(name, column) for name, column in columns.items()}
        size = columns.get("size")
        self._unit = "pixel" if size and size.unit in PIXELS else "deg"
        if not ({"radius", "size"} & columns.keys() or self._radius or self._size):
            raise UsageError(f"{RADIUS} or {SIZE} is required: the table has no column radius or size")

    def target(self, row: int, cells: Mapping[str, object]) -> Target | BadTarget:
        """Return what a row asks for."""
        name = _text(cells.get("target"))[:LONGEST]
        try:
            shape = self._shape(cells)
            did = _text(cells.get("dataset")) or None
            return Target(row, name, shape.lon, shape.lat, shape, did, self._band(cells))
        except DaliError as error:
            return BadTarget(row, name, error)

    def _shape(self, cells: Mapping[str, object]) -> Circle | BoundingRectangle:
        """Return the shape about the position; the texts are read as those of parameters are."""
        position = f"{_text(cells['ra']) or '?'} {_text(cells['dec']) or '?'}"
        radius = self._number("radius", cells)
        if radius is not None:
            return _circle(position, radius)
        side = self._number("size", cells)
        if side is not None:
            return _rectangle(f"{position} {side!r} {side!r} {self._unit}")
        if self._radius is not None:
            return _circle(position, self._radius)
        if self._size is not None:
            size = self._size
            return _rectangle(f"{position} {size.width!r} {size.height!r} {size.unit}")
        raise UsageError(f"the row has neither radius nor size, and there is no {RADIUS} or {SIZE}")

    def _band(self, cells: Mapping[str, object]) -> Interval | None:
        """Return the limits in wavelength, None where there is none."""
        low, high = self._number("band_min", cells), self._number("band_max", cells)
        if low is None and high is None:
            return None
        text = f"{'-Inf' if low is None else repr(low)} {'+Inf' if high is None else repr(high)}"
        band = TYPES["interval"].read("band_min, band_max", text)
        return band if isinstance(band, Interval) else None

    def _number(self, role: str, cells: Mapping[str, object]) -> float | None:
        """Return a number in degrees, pixels or metres, None where the cell is empty."""
        value = cells.get(role)
        if value is None or value == "":
            return None
        try:
            number = float(str(value))
        except ValueError:
            raise BadValue(role, str(value), "a number") from None
        return None if math.isnan(number) else number * self._scales[role]

    @staticmethod
    def _scale(role: str, column: Column) -> float:
        """Return what the numbers of a column are multiplied by."""
        known = SCALES.get(role, {column.unit: 1.0})
        if column.unit not in known:
            units = ", ".join(filter(None, known))
            raise UsageError(
                f"the column {shown(column.name)} for {role} is in {shown(column.unit)}: expected {units}"
            )
        return known[column.unit]


def _text(value: object) -> str:
    """Return a cell as text; numbers keep all their digits."""
    if value is None:
        return ""
    return value if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)


def _circle(position: str, radius: float) -> Circle:
    shape = TYPES["circle"].read("target", f"{position} {radius!r}")
    assert isinstance(shape, Circle)  # noqa: S101 - so says the table of types
    return shape


def _rectangle(text: str) -> BoundingRectangle:
    shape = TYPES["rectangle"].read("target", text)
    assert isinstance(shape, BoundingRectangle)  # noqa: S101 - so says the table of types
    return shape
