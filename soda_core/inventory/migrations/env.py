"""What Alembic runs: the steps, in the transaction that we opened."""

from alembic import context

from soda_core.inventory.tables import METADATA

__all__ = ()

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
