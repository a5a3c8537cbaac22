"""Rows as an ingest would write them, and what a query means for them, told without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soda_core.dali import Circle, Interval, Polygon, Range
from soda_core.sky import Footprints

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soda_core.inventory.query import Condition

__all__ = ["meant", "row", "strewn"]


def row(name: str, **columns: object) -> dict[str, Any]:
    """Return a row with what each must have, and *columns*."""
    return {
        "obs_publisher_did": f"ivo://x.example/c?{name}",
        "obs_collection": "c",
        "key": name,
        "size": 2880,
        "mtime_ns": 0,
        "naxis": "",
        **columns,
    }


def strewn(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return rows all over the sky, with squares, circles and nothing, and nulls here and there."""
    rng = np.random.default_rng(seed)
    return [_strewn(number, rng) for number in range(count)]


def _strewn(number: int, rng: np.random.Generator) -> dict[str, Any]:
    lon, lat = float(rng.uniform(0, 360)), float(np.degrees(np.arcsin(rng.uniform(-1, 1))))
    fov = float(rng.choice([0.5, 5.0, 30.0]))
    start, wave = float(rng.uniform(50000, 60000)), float(10 ** rng.uniform(-8, -1))
    corners = _square(lon, lat, fov)
    kind = number % 10
    return row(
        f"N{number:06}",
        obs_collection=str(rng.choice(["one", "two", "Three"])),
        target_name=None if kind == 1 else f"T{rng.integers(40)}",
        facility_name=str(rng.choice(["North", "South"])),
        calib_level=int(rng.integers(0, 5)),
        access_format="image/fits",
        s_ra=None if kind == 2 else lon,
        s_dec=None if kind == 2 else lat,
        s_fov=None if kind == 2 else fov,
        s_region=corners if kind > 3 else None,
        t_min=None if kind == 5 else start,
        t_max=None if kind == 5 else start + float(rng.exponential(30.0)),
        em_min=None if kind == 6 else wave,
        em_max=None if kind == 6 else wave * 1.3,
        t_exptime=None if kind == 7 else float(rng.choice([1.0, 10.0, 100.0])),
        pol_states=str(rng.choice(["/I/", "/I/Q/U/", "/XX/YY/"])) if kind != 8 else None,
    )


def _square(lon: float, lat: float, side: float) -> str:
    """Return a square about a point as text."""
    x, y = np.radians([lon, lat])
    centre = np.array([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])
    east = np.array([-np.sin(x), np.cos(x), 0.0])
    north = np.cross(centre, east)
    half = np.tan(np.radians(side / 2))
    words = []
    for right, up in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        a, b, c = centre + half * (right * east + up * north)
        words += [float(np.degrees(np.arctan2(b, a)) % 360), float(np.degrees(np.arctan2(c, np.hypot(a, b))))]
    return " ".join(map(repr, words))


def meant(rows: Sequence[Mapping[str, Any]], query: Sequence[Condition]) -> list[Mapping[str, Any]]:
    """Return the rows that fulfil all conditions."""
    fit = np.ones(len(rows), dtype=np.bool_)
    for condition in query:
        fit &= np.any([_fit(rows, condition, value) for value in condition.values], axis=0)
    return [row for row, fits in zip(rows, fit, strict=True) if fits]


def _fit(rows: Sequence[Mapping[str, Any]], condition: Condition, value: object) -> list[bool]:
    if not isinstance(value, Circle | Polygon | Range):
        return [_fits(row, condition, value) for row in rows]
    circles = [[row["s_ra"], row["s_dec"], row["s_fov"] and row["s_fov"] / 2] for row in rows]
    areas = Footprints.read([row["s_region"] for row in rows], np.array(circles, dtype=np.float64))
    return [bool(met) for met in areas.meets(value)]


def _fits(row: Mapping[str, Any], condition: Condition, value: Any) -> bool:  # noqa: ANN401 - of any column
    have: list[Any] = [row.get(name) for name in condition.columns]
    if None in have:
        return False
    if isinstance(value, Interval):
        return bool(have[0] <= value.high and have[-1] >= value.low)
    if condition.match == "set-member":
        return f"/{value}/" in have[0]
    if condition.match == "string-equal-nocase":
        return bool(have[0].lower() == value.lower())
    return bool(have[0] == value)
