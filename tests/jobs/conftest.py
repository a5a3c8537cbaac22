"""An empty job list of each kind, and the servers of the scaled form."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest
from databases import fresh
from job_house import House, opened
from servers import Bucket, Valkey, Wire

from soda_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
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


@pytest.fixture(scope="module", params=["local", "cluster"])
def houses(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[House]]:
    """Makes deployments that need nothing else, and deployments of many machines."""
    if request.param == "local":
        return lambda: _small(tmp_path_factory.mktemp("house"))
    return partial(_large, request, tmp_path_factory)


@pytest.fixture(scope="module")
def wire(bucket: Bucket) -> Iterator[Wire]:
    """The way of `cluster` to its bucket."""
    made = Wire(bucket.port)
    yield made
    made.close()


@pytest.fixture(scope="module")
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, wire: Wire
) -> Iterator[House]:
    """A deployment of many machines with a worker."""
    with _large(request, tmp_path_factory, wire.port) as made:
        made.start()
        yield made


def _small(folder: Path) -> AbstractContextManager[House]:
    return opened(folder, Settings(jobs=str(folder / "jobs.sqlite"), results=str(folder / "results")))


@contextmanager
def _large(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, port: int = 0
) -> Iterator[House]:
    bucket: Bucket = request.getfixturevalue("bucket")
    valkey: Valkey = request.getfixturevalue("valkey")
    folder = tmp_path_factory.mktemp("house")
    with fresh(request.getfixturevalue("postgresql")) as place:
        settings = Settings(
            jobs=place,
            results=f"s3://{bucket.name}/{folder.name}",
            results_endpoint=f"http://127.0.0.1:{port or bucket.port}",
            results_region="us-east-1",
            results_patience=3,
            broker=valkey.url,
            broker_queue=folder.name,
        )
        with opened(folder, settings) as made:
            yield made
