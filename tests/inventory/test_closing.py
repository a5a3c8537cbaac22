"""Connections of what nobody closed."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from soda_core.inventory import Inventory

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_forgotten_lets_go_of_its_connections(tmp_path: Path) -> None:
    """An inventory that goes without being closed leaves no connection in the hands of its engine."""
    inventory = Inventory(str(tmp_path / "inventory.db"))
    engine = inventory.engine
    before = engine.pool.status()

    del inventory
    gc.collect()

    assert before != engine.pool.status()
    assert "Connections in pool: 0" in engine.pool.status()
