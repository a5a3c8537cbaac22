"""An empty database of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from databases import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield str(tmp_path / "inventory.sqlite")
        return
    with fresh(request.getfixturevalue("postgresql")) as address:
        yield address
