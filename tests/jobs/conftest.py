"""An empty job list of each kind, and the servers of the scaled form."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from databases import fresh
from servers import Bucket, Valkey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield str(tmp_path / "jobs.sqlite")
        return
    with fresh(request.getfixturevalue("postgresql")) as address:
        yield address


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """A server that speaks S3; its keys are in the environment, as in a deployment."""
    pytest.importorskip("obstore", reason="the client of S3 is not installed")
    server = Bucket(tmp_path_factory.mktemp("bucket"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "tests")
        patch.setenv("AWS_SECRET_ACCESS_KEY", uuid.uuid4().hex)
        server.start()
        yield server
        server.kill()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A broker."""
    pytest.importorskip("celery", reason="Celery is not installed")
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()
