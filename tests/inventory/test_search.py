"""What a search finds, on each kind of database, against the same question put to rows in memory."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from inventory_rows import meant, row, strewn

from soda_core.dali import Circle, Interval, Polygon, Range
from soda_core.inventory import Inventory, InventoryError
from soda_core.inventory import search as searching
from soda_core.inventory.query import Condition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INF = float("inf")
MOMENT = strewn(1)[0]["t_max"]


def pos(*shapes: object) -> Condition:
    """Return the condition of regions."""
    return Condition("region", ("s_region",), shapes)


def time(*intervals: object) -> Condition:
    """Return the condition of times."""
    return Condition("interval-overlap", ("t_min", "t_max"), intervals)


def band(*intervals: object) -> Condition:
    """Return the condition of wavelengths."""
    return Condition("interval-overlap", ("em_min", "em_max"), intervals)


def equal(column: str, *values: object) -> Condition:
    """Return the condition of texts or whole numbers."""
    return Condition("int-equal" if column == "calib_level" else "string-equal", (column,), values)


def within(column: str, *intervals: object) -> Condition:
    """Return the condition of single numbers."""
    return Condition("value-in-interval", (column,), intervals)


QUERIES: dict[str, Sequence[Condition]] = {
    "everything": [],
    "circle": [pos(Circle(120, 30, 10))],
    "point": [pos(Circle(120, 30, 0))],
    "two circles": [pos(Circle(120, 30, 10), Circle(300, -70, 10))],
    "circle at the pole": [pos(Circle(10, 90, 8))],
    "whole sky as circle": [pos(Circle(0, 0, 180))],
    "nearly the whole sky": [pos(Circle(120, 30, 170))],
    "whole sky as range": [pos(Range(-INF, INF, -INF, INF))],
    "range over the meridian": [pos(Range(350, 10, -20, 20))],
    "open range": [pos(Range(-INF, INF, 60, INF))],
    "concave polygon": [pos(Polygon(((0, 0), (60, 0), (60, 50), (30, 5), (0, 50))))],
    "polygon the other way round": [pos(Polygon(((0, 50), (30, 5), (60, 50), (60, 0), (0, 0))))],
    "time": [time(Interval(55000, 55010))],
    "two times": [time(Interval(55000, 55010), Interval(59000, 59001))],
    "open time": [time(Interval(-INF, 51000))],
    "any time": [time(Interval(-INF, INF))],
    "one moment": [time(Interval(MOMENT, MOMENT))],
    "band": [band(Interval(5e-7, 6e-7))],
    "open band": [band(Interval(1e-2, INF))],
    "exposure": [within("t_exptime", Interval(5, 50))],
    "any exposure": [within("t_exptime", Interval(-INF, INF))],
    "field of view": [within("s_fov", Interval(20, INF), Interval(0.1, 0.6))],
    "collection": [equal("obs_collection", "one")],
    "collection in the wrong case": [equal("obs_collection", "three")],
    "collections": [equal("obs_collection", "one", "Three", "four")],
    "target": [equal("target_name", "T7")],
    "calibration": [equal("calib_level", 1, 3)],
    "polarization": [Condition("set-member", ("pol_states",), ("Q",))],
    "polarizations": [Condition("set-member", ("pol_states",), ("Q", "YY"))],
    "half a polarization": [Condition("set-member", ("pol_states",), ("X",))],
    "identifier": [
        Condition("string-equal-nocase", ("obs_publisher_did",), ("IVO://X.example/c?n000007", "ivo://x/y"))
    ],
    "facility without case": [Condition("string-equal-nocase", ("facility_name",), ("NORTH",))],
    "much at once": [
        pos(Circle(120, 30, 60)),
        time(Interval(52000, 58000)),
        band(Interval(1e-7, 1e-4)),
        equal("obs_collection", "one", "two"),
        Condition("set-member", ("pol_states",), ("I",)),
    ],
    "two regions that must both be met": [pos(Circle(120, 30, 20)), pos(Range(100, 140, 35, 90))],
    "what no row can have": [equal("target_name", "a\0b", "\ud800")],
    "a number that no row can have": [equal("calib_level", 10**30)],
}


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """Rows all over the sky."""
    return strewn(600)


@pytest.fixture
def inventory(place: str, rows: list[dict[str, Any]]) -> Iterator[Inventory]:
    """An inventory of these rows."""
    opened = Inventory(place)
    opened.record(rows)
    yield opened
    opened.close()


@pytest.mark.parametrize(("many", "few"), [(10_000, 100), (40, 5), (0, 0)])
def test_a_search_finds_what_is_meant(
    inventory: Inventory, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, many: int, few: int
) -> None:
    """Whether indexes lead to few rows or the table is read, the answer is that of the plain comparison."""
    monkeypatch.setattr(searching, "MANY", many, raising=True)
    monkeypatch.setattr(searching, "FEW", few, raising=True)
    for name, query in QUERIES.items():
        found = list(inventory.search(query, ("key", "s_ra", "calib_level")))
        expected = [(row["key"], row["s_ra"], row["calib_level"]) for row in meant(rows, query)]

        assert expected == found, name
        assert expected[:7] == list(inventory.search(query, ("key", "s_ra", "calib_level"), 7)), name


def test_the_queries_are_telling(rows: list[dict[str, Any]]) -> None:
    """All but those that ask for what cannot be find some of the rows, and not all."""
    counts = {name: len(meant(rows, query)) for name, query in QUERIES.items()}
    nothing = {"what no row can have", "a number that no row can have", "half a polarization"}

    assert nothing | {"collection in the wrong case"} == {name for name, count in counts.items() if not count}
    assert {"everything"} == {name for name, count in counts.items() if count == len(rows)}


@pytest.mark.parametrize("seed", range(8))
def test_any_circle_finds_what_is_meant(inventory: Inventory, rows: list[dict[str, Any]], seed: int) -> None:
    """The boxes of the index lose no row, wherever the circle lies."""
    rng = np.random.default_rng(seed)
    for _ in range(15):
        lon, lat, radius = rng.uniform(0, 360), rng.uniform(-90, 90), 10 ** rng.uniform(-4, 1.5)
        query = [pos(Circle(float(lon), float(lat), float(radius)))]

        assert [row["key"] for row in meant(rows, query)] == [
            key for (key,) in inventory.search(query, ("key",))
        ]


def test_a_row_is_replaced_under_its_identifier(inventory: Inventory, rows: list[dict[str, Any]]) -> None:
    """What is recorded again is found where it is now, not where it was, and keeps its place."""
    moved = {**rows[4], "s_region": "10 80 20 80 15 85", "t_min": 10.0, "t_max": 9.0, "em_min": None}
    moved["obs_publisher_did"] = moved["obs_publisher_did"].upper()
    inventory.record([moved])
    here, there = Circle(15, 82, 0.1), Circle(rows[4]["s_ra"], rows[4]["s_dec"], 0.01)

    assert len(rows) == inventory.count()
    assert moved["key"] in {key for (key,) in inventory.search([pos(here)], ("key",))}
    assert moved["key"] not in {key for (key,) in inventory.search([pos(there)], ("key",))}
    assert [] == list(inventory.search([time(Interval(9.5, 9.6))], ("key",)))
    assert rows[4]["key"] == list(inventory.search([], ("key",)))[4][0]


def test_forgotten_rows_are_found_by_no_index(inventory: Inventory, rows: list[dict[str, Any]]) -> None:
    """Identifiers are compared without case; nothing of the rows is left."""
    inventory.forget(row["obs_publisher_did"].upper() for row in rows[:300])
    queries: list[Sequence[Condition]] = [
        [],
        [pos(Range(0, 180, -90, 90))],
        [time(Interval(0, 59000))],
        [band(Interval(1e-9, 1e-3))],
    ]

    for query in queries:
        assert [row["key"] for row in meant(rows[300:], query)] == [
            key for (key,) in inventory.search(query, ("key",))
        ]


def test_identifiers_are_looked_up_at_once(inventory: Inventory, rows: list[dict[str, Any]]) -> None:
    """Thousands of identifiers, known or not, in any case, are answered by those that there are."""
    known = [row["obs_publisher_did"].upper() for row in rows]
    found = inventory.found(
        [*known, *(f"ivo://x.example/c?none{number}" for number in range(20_000)), "a\0b"]
    )

    assert {did.casefold() for did in known} == set(found)
    assert rows[5]["t_exptime"] == found[rows[5]["obs_publisher_did"].casefold()].row["t_exptime"]


def test_the_values_of_a_column(inventory: Inventory) -> None:
    """Each value occurs once, in order, nulls left out, no more than asked for."""
    assert ("Three", "one", "two") == inventory.values("obs_collection", 10)
    assert (0, 1) == inventory.values("calib_level", 2)
    assert () == inventory.values("instrument_name", 10)
    assert ("/I/", "/I/Q/U/", "/XX/YY/") == inventory.values("pol_states", 10)


def test_a_search_may_be_left(inventory: Inventory) -> None:
    """Who takes some rows and leaves lets go of the database, so that others can write."""
    for _ in range(20):
        rows = inventory.search([], ("key",))
        assert 3 == len(list(islice(rows, 3)))
        del rows
    inventory.record([row("new")])
    inventory.tidy()

    assert 601 == inventory.count()


def test_many_rows_come_in_batches(place: str) -> None:
    """More rows than a batch come all, each once, in the order of their recording."""
    inventory = Inventory(place)
    inventory.record([row(f"n{number:05}", s_ra=1.0, s_dec=2.0, s_fov=0.1) for number in range(3500)])
    plain = [key for (key,) in inventory.search([], ("key",))]
    near = [key for (key,) in inventory.search([pos(Circle(1, 2, 1))], ("key",))]
    inventory.close()

    assert [f"n{number:05}" for number in range(3500)] == plain == near


def test_a_footprint_that_is_none_is_told(place: str) -> None:
    """A region that cannot be read is told with its dataset, and nothing of the batch is written."""
    inventory = Inventory(place)
    with pytest.raises(InventoryError, match=r"c\?b: s_region is neither"):
        inventory.record([row("a"), row("b", s_region="POLYGON ICRS 1 2")])

    assert 0 == inventory.count()
    inventory.close()
