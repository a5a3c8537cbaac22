"""The layout of the database: made once, brought up to date, never taken backwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from inventory_rows import row
from sqlalchemy import inspect

from soda_core import standards
from soda_core.inventory import Inventory, InventoryError, migrations
from soda_core.inventory.migrations import HEAD
from soda_core.inventory.tables import DATASET, METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN = """
import sys
from soda_core.inventory import Inventory
inventory = Inventory(sys.argv[1])
print(inventory.count())
inventory.close()
"""


@pytest.fixture
def inventory(place: str) -> Iterator[Inventory]:
    """A new inventory."""
    opened = Inventory(place)
    yield opened
    opened.close()


def test_the_steps_lead_to_the_tables_of_the_code(inventory: Inventory) -> None:
    """A new column of the declaration needs a step; this fails until there is one."""
    with inventory.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": _is_ours, "compare_server_default": False}
        )
        found = [change for change in compare_metadata(context, METADATA) if _matters(change)]

    assert [] == found


def _is_ours(name: str | None, type_: str, _parents: object) -> bool:
    """Leave out what the trees of SQLite are kept in."""
    return type_ != "table" or name in METADATA.tables


def _matters(change: Any) -> bool:  # noqa: ANN401 - tuples and lists of many kinds
    """Indexes and remarks are no part of the tables as the code has them."""
    if isinstance(change, list):
        return any(map(_matters, change))
    return change[0] not in {"remove_index", "modify_comment"}


def test_the_newest_layout_is_that_of_the_last_step() -> None:
    """The number in the code is the one that the steps end at."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")

    assert HEAD == ScriptDirectory.from_config(config).get_current_head()


def test_what_a_query_compares_has_an_index(inventory: Inventory) -> None:
    """Each column that a parameter of SIA2 is compared with one by one is the first of some index."""
    with inventory.engine.connect() as connection:
        indexes = inspect(connection).get_indexes("dataset")
    first = {index["column_names"][0] for index in indexes if index["column_names"]}
    compared = {
        name
        for parameter in standards.load("sia2").parameters.values()
        if parameter.match not in {"region", "interval-overlap", "string-equal-nocase"}
        for name in parameter.obscore
    }

    assert len(compared) > 8
    assert compared <= first


def test_opening_again_changes_nothing(place: str) -> None:
    """What was recorded is there when the database is opened once more."""
    for expected in (0, 1, 1):
        inventory = Inventory(place)
        assert expected == inventory.count()
        inventory.record([row("a")])
        inventory.close()


def test_several_processes_make_the_tables_at_once(place: str) -> None:
    """Of processes that start together one makes the tables, the others wait; all of them work."""
    command = [sys.executable, "-W", "error", "-c", OPEN, place]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]

    assert [("0\n", "", 0)] * 4 == [
        (*process.communicate(timeout=120), process.returncode) for process in started
    ]


def test_a_newer_database_is_left_alone(place: str) -> None:
    """A layout that this version does not know is told, and nothing of it is changed."""
    inventory = Inventory(place)
    inventory.record([row("a")])
    with inventory.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InventoryError, match="layout 9999 of a newer version"):
        Inventory(place)

    assert 1 == inventory.count()
    inventory.close()


def test_a_database_of_before_is_made_anew(place: str) -> None:
    """Tables without a number are dropped: they were a cache of what lies in the files."""
    inventory = Inventory(place)
    inventory.record([row("a")])
    with inventory.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        if connection.dialect.name == "sqlite":
            for name in ("sky", "t", "em"):
                connection.exec_driver_sql(f"DROP TABLE extent_{name}")
    inventory.close()
    inventory = Inventory(place)

    assert 0 == inventory.count()
    inventory.record([row("b")])
    assert 1 == inventory.count()
    inventory.close()


def test_each_column_of_obscore_is_kept() -> None:
    """The table has all declared columns but the address, which services make."""
    declared = {column.name for column in standards.load("obscore").columns}

    assert {"access_url"} == declared - set(DATASET.columns.keys())
