"""Many rows at once, on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inventory_rows import meant, row, strewn
from sqlalchemy import inspect, text

from soda_core.dali import Circle, Interval
from soda_core.inventory import Inventory, InventoryError
from soda_core.inventory.query import Condition
from soda_core.inventory.tables import DATASET

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERIES = [
    Condition("region", ("s_region",), (Circle(120, 30, 20),)),
    Condition("interval-overlap", ("t_min", "t_max"), (Interval(52000, 53000),)),
    Condition("interval-overlap", ("em_min", "em_max"), (Interval(1e-6, 1e-5),)),
]


@pytest.fixture
def inventory(place: str) -> Iterator[Inventory]:
    """An empty inventory."""
    opened = Inventory(place)
    yield opened
    opened.close()


def kept_in_step(inventory: Inventory) -> set[str]:
    """Return the names of all indexes and triggers."""
    with inventory.engine.connect() as connection:
        names = {str(index["name"]) for index in inspect(connection).get_indexes("dataset")}
        if connection.dialect.name == "sqlite":
            triggers = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            names |= set(connection.execute(triggers).scalars())
    return names


def found(inventory: Inventory, condition: Condition) -> list[str]:
    """Return the identifiers of what a search finds."""
    return [did for (did,) in inventory.search([condition], ["obs_publisher_did"])]


def test_rows_that_fill_a_table_are_found_by_every_index(inventory: Inventory) -> None:
    """The indexes are made last, and are the same as before; what comes later is found too."""
    rows, before = strewn(1500), kept_in_step(inventory)

    inventory.fill([rows[:700], rows[700:1400]])
    inventory.fill([rows[1400:]])

    assert before == kept_in_step(inventory)
    for condition in QUERIES:
        wanted = [one["obs_publisher_did"] for one in meant(rows, [condition])]
        assert wanted
        assert wanted == found(inventory, condition)


def test_a_fill_that_fails_leaves_nothing_behind(inventory: Inventory) -> None:
    """Neither rows, nor a table without indexes."""
    before = kept_in_step(inventory)
    bad = row("bad", s_region="1 2 3 4 5")

    with pytest.raises(InventoryError, match="bad: s_region"):
        inventory.fill([strewn(100), [bad]])

    assert (0, before) == (inventory.count(), kept_in_step(inventory))


def test_what_the_database_refuses_is_told(postgresql: str) -> None:
    """In words, and none of the rows is there."""
    inventory = Inventory(postgresql)

    with pytest.raises(InventoryError, match="cannot be written"):
        inventory.record([row("a"), row("b", target_name="a\0b")])

    assert 0 == inventory.count()
    inventory.close()


def test_the_last_of_the_same_identifier_counts(inventory: Inventory) -> None:
    """Also within one batch, and in another case."""
    one, two = row("A", target_name="first"), row("a", target_name="second")

    inventory.record([one, row("b"), two])

    with inventory.engine.connect() as connection:
        names = connection.execute(DATASET.select().order_by(DATASET.c.number)).mappings().all()
    assert [("ivo://x.example/c?a", "second"), ("ivo://x.example/c?b", None)] == [
        (name["obs_publisher_did"], name["target_name"]) for name in names
    ]
