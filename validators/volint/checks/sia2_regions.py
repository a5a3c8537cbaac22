"""SIA2: what POS finds, and what it does not (SIA 2.0, 2.1 and 2.1.1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from volint.answers import failed, message
from volint.check import rule
from volint.model import Skip
from volint.scopes import QUERY
from volint.sky import apart
from volint.votable.view import numbers

from .sia2 import ENOUGH, ROOT, keys
from .sia2_parameters import CELLS, OWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from volint.check import Faults
    from volint.service import Resource

__all__ = ["both_filters", "either_region", "found_at_its_place", "nothing_far_away"]

SHAPES = "SIA2-2.1.1-01"
FOUND = "SIA2-2.1.1-02"
SMALL = 0.001
"""Degrees."""

POLE = 89.0
"""Degrees of latitude beyond which small squares are no squares any more."""


def placed(query: Resource) -> list[Mapping[str, str]]:
    """Return the known rows that tell where their data lie."""
    rows = query.service.subjects.rows
    return [row for row in rows if row.get("obs_publisher_did") and _centre(row)]


def _centre(row: Mapping[str, str]) -> tuple[float, ...]:
    found = numbers(f"{row.get('s_ra', '')} {row.get('s_dec', '')}")
    return found if len(found) == 2 and all(map(math.isfinite, found)) else ()  # noqa: PLR2004 - two coordinates


def _around(row: Mapping[str, str]) -> Iterator[str]:
    """Yield small regions around the centre of a dataset, one of each shape."""
    lon, lat = _centre(row)
    yield f"CIRCLE {lon!r} {lat!r} {SMALL}"
    if abs(lat) < POLE and SMALL < lon < 360 - SMALL:
        west, east, south, north = lon - SMALL, lon + SMALL, lat - SMALL, lat + SMALL
        yield f"RANGE {west!r} {east!r} {south!r} {north!r}"
        yield f"POLYGON {west!r} {south!r} {west!r} {north!r} {east!r} {north!r} {east!r} {south!r}"


@rule(FOUND, QUERY, because=[ROOT, CELLS, SHAPES])
def found_at_its_place(query: Resource) -> Faults:
    """A dataset is found by a region that its data meet, whatever the shape of that."""
    for row in placed(query)[:1]:
        for value in _around(row):
            answer = query.get(POS=value, MAXREC=ENOUGH)
            if failed(answer):
                yield answer.fault(f"POS={value} is refused: {message(answer)[:60]}")
            elif row["obs_publisher_did"] not in keys(answer) and not answer.view.overflow:
                yield answer.fault(f"{row['obs_publisher_did']} is not found by {value} at its own centre")
        return
    raise Skip("no row with a position was found")


@rule("SIA2-2.1-03", QUERY, because=[ROOT, CELLS, SHAPES, FOUND, "SIA2-2.1.1-06"])
def nothing_far_away(query: Resource) -> Faults:
    """A region finds no dataset whose data lie far from it."""
    for row in placed(query)[:1]:
        for value in _around(row):
            answer = query.get(POS=value, MAXREC=ENOUGH)
            for other in () if failed(answer) else answer.view.rows:
                if _far(row, other):
                    there = f"{other['s_ra']} {other['s_dec']}"
                    yield answer.fault(f"POS={value} finds {other.get('obs_publisher_did')} at {there}")
                    break
        return
    raise Skip("no row with a position was found")


def _far(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether the data of two rows surely do not meet; without a size they may be anywhere."""
    size, places = numbers(other.get("s_fov")), (*_centre(one), *_centre(other))
    if len(size) != 1 or len(places) != 4 or not 0 < size[0] < 90:  # noqa: PLR2004 - two directions; a size at all
        return False
    return apart(*places) > 1 + 2 * size[0]


def _pair(query: Resource) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return two rows that lie far from each other."""
    rows = placed(query)
    for other in rows[1:]:
        if _far(rows[0], other) and _far(other, rows[0]):
            return rows[0], other
    raise Skip("no two datasets far from each other are known")


@rule("SIA2-2.1-06", QUERY, because=[ROOT, CELLS, SHAPES, FOUND, "SIA2-2.1-06"])
def either_region(query: Resource) -> Faults:
    """Two regions find what either of them finds."""
    pair = _pair(query)
    asked = [("POS", next(_around(row))) for row in pair]
    answer = query.get(*asked, MAXREC=ENOUGH)
    wanted = {row["obs_publisher_did"] for row in pair}
    if failed(answer):
        yield answer.fault(f"POS twice is refused: {message(answer)[:60]}")
    elif not wanted <= set(keys(answer)) and not answer.view.overflow:
        yield answer.fault(f"POS twice does not find {sorted(wanted - set(keys(answer)))}")


@rule("SIA2-2.1-07", QUERY, because=[ROOT, CELLS, *OWN, SHAPES, FOUND, "SIA2-2.1-03", "SIA2-2.1-07"])
def both_filters(query: Resource) -> Faults:
    """A region and another filter find what both of them find."""
    one, other = _pair(query)
    own, band = (sorted(numbers(f"{row.get('em_min', '')} {row.get('em_max', '')}")) for row in (one, other))
    asked = [("ID", other["obs_publisher_did"])]
    if len(band) == len(own) == 2 and (band[1] < own[0] or own[1] < band[0]):  # noqa: PLR2004 - both ends
        asked.append(("BAND", f"{band[0]!r} {band[1]!r}"))
    for name, value in asked:
        answer = query.get(("POS", next(_around(one))), (name, value), MAXREC=ENOUGH)
        if (
            failed(answer)
            or one["obs_publisher_did"] in keys(answer)
            or other["obs_publisher_did"] in keys(answer)
        ):
            yield answer.fault(f"POS of one dataset and {name} of another find one of them, or are refused")
