"""Values as the columns of ObsCore can have them; what cannot be true is left out with a remark."""

from __future__ import annotations

import math
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.cutout.exposure import DAYS, EPOCH, LONGEST, mjd_of
from soda_core.cutout.keywords import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soda_core.standards.model import Column

__all__ = ["COLUMNS", "checked"]

COLUMNS: Mapping[str, Column] = {
    column.name: column for column in standards.load("obscore").columns if column.name != "access_url"
}

LONGEST_TEXT = 1000
WAVES = (1e-17, 1e5)
TURN = 360 * 3600.0

RANGES: Mapping[str, tuple[float, float]] = {
    "calib_level": (0, 4),
    "s_ra": (0, 360),
    "s_dec": (-90, 90),
    "s_fov": (0, 360),
    "s_resolution": (1e-7, TURN),
    "s_resolution_min": (1e-7, TURN),
    "s_resolution_max": (1e-7, TURN),
    "s_pixel_scale": (1e-7, TURN),
    "t_min": DAYS,
    "t_max": DAYS,
    "t_exptime": (0, LONGEST),
    "t_resolution": (0, LONGEST),
    "em_min": WAVES,
    "em_max": WAVES,
    "em_res_power": (1e-9, 1e12),
    "pol_xel": (0, len("IQUV") * 4),
}
"""What is believed, in the units of the columns."""

NOTHING = frozenset({"", "UNKNOWN", "NONE", "N/A", "NULL", "UNDEFINED", "NOT AVAILABLE"})
"""Words that say that a value is not known."""

PAIRS = (("t_min", "t_max"), ("em_min", "em_max"))


def checked(values: Mapping[str, object], remarks: list[str]) -> dict[str, object]:
    """Return a value or None for each column; *remarks* gets a sentence for each one that is not believed."""
    columns: dict[str, object] = dict.fromkeys(COLUMNS)
    for name, value in values.items():
        if value is None or (isinstance(value, str) and value.strip().upper() in NOTHING):
            continue
        columns[name] = _checked(COLUMNS[name], value)
        if columns[name] is None:
            remarks.append(f"{name}: {value!r} is left out: expected {_expected(COLUMNS[name])}")
    for low, high in PAIRS:
        one, two = columns[low], columns[high]
        if isinstance(one, float) and isinstance(two, float) and one > two:
            remarks.append(f"{low}: {one!r} is left out: it is above {high}")
            columns[low] = columns[high] = None
    return columns


def _checked(column: Column, value: object) -> object:
    """Return a value in the type of its column, None if it cannot be."""
    if column.xtype == "timestamp":
        return _timestamp(str(value))
    if column.datatype == "char" or column.arraysize:
        text = _plain(str(value))
        if column.values:
            return text.lower() if text.lower() in column.values else None
        return text or None
    number = number_of(value) if isinstance(value, str | int | float) else None
    low, high = RANGES.get(column.name, (-math.inf, math.inf))
    if number is None or not low <= number <= high:
        return None
    if column.datatype in ("int", "long"):
        return round(number) if number == round(number) else None
    return number


def _plain(text: str) -> str:
    """Return text in one line, without characters that XML cannot carry."""
    spaced = " ".join(text.split())
    if not spaced.isprintable():
        spaced = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cs", "Cn"})
    return spaced[:LONGEST_TEXT]


def _timestamp(text: str) -> str | None:
    """Return a date as ObsCore writes it, without a zone (ObsCore 1.1, B.1.4)."""
    day = mjd_of(text)
    if day is None:
        return None
    moment = EPOCH + timedelta(seconds=round(day * 86400))
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _expected(column: Column) -> str:
    """Return in words what a column can have."""
    if column.xtype == "timestamp":
        return "a date"
    if column.values:
        return f"one of {', '.join(column.values)}"
    if column.name in RANGES:
        low, high = RANGES[column.name]
        return f"{low:g} to {high:g} {column.unit}".rstrip()
    return {"char": "text", "double": "a number"}.get(column.datatype, "a whole number")
