"""An index of the keys: files are found by their place, whatever their identifier is."""

from __future__ import annotations

from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    op.create_index("dataset_key", "dataset", ["key"])
