"""The xtypes of DALI: what values of them must look like (DALI 1.1, 3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["XTYPES", "Xtype"]

TIMESTAMP = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?Z?)?")
LIMITS = ((0, 9999), (1, 12), (1, 31), (0, 23), (0, 59), (0, 60))
"""Of year, month, day, hour, minute, second; a leap second counts."""

POLE = 90.0
CORNERS = 6
"""Numbers of the smallest polygon."""


@dataclass(frozen=True, slots=True)
class Xtype:
    """One kind of value: the rule, and what is wrong with a text."""

    code: str
    flaw: Callable[[str], str]


def _timestamp(text: str) -> str:
    match = TIMESTAMP.fullmatch(text.strip())
    if match is None:
        return f"{text[:40]!r} is no timestamp: YYYY-MM-DDThh:mm:ss.sss"
    found = [int(part) for part in match.groups() if part is not None]
    if all(low <= value <= high for value, (low, high) in zip(found, LIMITS, strict=False)):
        return ""
    return f"{text[:40]!r} is no point in time"


def _numeric(check: Callable[[Sequence[float]], str]) -> Callable[[str], str]:
    """Return a check of a text by its numbers; a text that is none is for another rule to tell."""

    def flaw(text: str) -> str:
        try:
            numbers = [float(word) for word in text.split()]
        except ValueError:
            return ""
        return check(numbers) if all(number == number for number in numbers) else ""  # noqa: PLR0124 - NaN is no value

    return flaw


def _interval(numbers: Sequence[float]) -> str:
    if len(numbers) != 2:  # noqa: PLR2004 - as it says
        return f"{len(numbers)} numbers, an interval has two"
    return "" if numbers[0] <= numbers[1] else "an interval has its ends reversed"


def _point(numbers: Sequence[float]) -> str:
    if len(numbers) != 2:  # noqa: PLR2004 - as it says
        return f"{len(numbers)} numbers, a point has two"
    return _latitudes(numbers[1::2])


def _circle(numbers: Sequence[float]) -> str:
    if len(numbers) != 3:  # noqa: PLR2004 - as it says
        return f"{len(numbers)} numbers, a circle has three"
    return _latitudes(numbers[1:2]) or ("" if numbers[2] > 0 else f"the radius is {numbers[2]}")


def _polygon(numbers: Sequence[float]) -> str:
    if len(numbers) < CORNERS or len(numbers) % 2:
        return f"{len(numbers)} numbers, a polygon has pairs of them, three at least"
    return _latitudes(numbers[1::2])


def _latitudes(numbers: Sequence[float]) -> str:
    return next((f"{number} is no latitude" for number in numbers if not -POLE <= number <= POLE), "")


XTYPES: Mapping[str, Xtype] = {
    "timestamp": Xtype("DALI-3.3-03", _timestamp),
    "interval": Xtype("DALI-3.3-04", _numeric(_interval)),
    "point": Xtype("DALI-3.3-05", _numeric(_point)),
    "circle": Xtype("DALI-3.3-06", _numeric(_circle)),
    "polygon": Xtype("DALI-3.3-07", _numeric(_polygon)),
}
"""Those whose values can be judged, by name."""
