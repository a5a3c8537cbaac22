"""Databases for tests, each empty and gone afterwards."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["fresh"]


@contextmanager
def fresh(server: str) -> Iterator[str]:
    """Give the address of a new database of a PostgreSQL server."""
    address = make_url(server).set(drivername="postgresql+psycopg")
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield address.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()
