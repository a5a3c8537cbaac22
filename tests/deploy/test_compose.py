"""The deployment on many machines: its files are sound, and its settings are ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from soda_core.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"


def composed(**environment: str) -> subprocess.CompletedProcess[str]:
    """Let Compose read the file, which needs neither an engine nor a network."""
    command = shutil.which("docker-compose", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the wheel of Docker Compose is not installed")
    told = [command, "--file", str(DEPLOY / "compose.yaml"), "config", "--format", "json"]
    return subprocess.run(told, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """What Compose makes of the file."""
    read = composed(DATA="/tmp", POSTGRES_PASSWORD="p", BROKER_PASSWORD="b", S3_SECRET="s")  # noqa: S106, S108 - nothing is started
    assert 0 == read.returncode, read.stderr
    found: dict[str, Any] = json.loads(read.stdout)["services"]
    return found


def test_there_are_two_servers_three_workers_and_what_they_need(services: dict[str, Any]) -> None:
    """Each server and worker has the same settings, and waits for what it needs."""
    ours = {name for name, service in services.items() if service["image"] == "sodalite"}

    assert {"server-1", "server-2", "worker-1", "worker-2", "worker-3"} == ours
    assert {"nginx", "postgresql", "valkey", "s3"} == set(services) - ours
    assert 1 == len({json.dumps(services[name]["environment"]) for name in ours})
    for name in ours:
        assert {"postgresql", "valkey", "s3"} <= set(services[name]["depends_on"])


def test_the_settings_are_known(services: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read as a server reads them, and name a broker, a bucket and PostgreSQL."""
    for name in [name for name in os.environ if name.startswith("SODALITE_")]:
        monkeypatch.delenv(name)
    told = services["worker-1"]["environment"]
    told["SODALITE_COLLECTIONS"] = "[]"
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    known = {f"SODALITE_{name.upper()}" for name in Settings.model_fields}

    settings = Settings.from_environment()

    assert {name for name in told if name.startswith("SODALITE_")} <= known
    assert "redis://:b@valkey:6379/0" == settings.broker
    assert settings.jobs_place.startswith("postgresql://sodalite:p@postgresql/")
    assert settings.results_place.startswith("s3://results/jobs?endpoint=")


def test_secrets_are_asked_for() -> None:
    """Nothing is started with a password that everybody knows."""
    read = composed(DATA="/tmp", BROKER_PASSWORD="b", S3_SECRET="s")  # noqa: S106, S108 - nothing is started

    assert 0 != read.returncode
    assert "POSTGRES_PASSWORD" in read.stderr


def test_the_proxy_knows_the_servers(services: dict[str, Any]) -> None:
    """The names in the configuration of nginx are those of services."""
    told = (DEPLOY / "nginx.conf").read_text("utf-8")

    assert {"server-1", "server-2"} == set(re.findall(r"server (\S+):8000 ", told)) <= set(services)


def test_the_image_has_the_extras_that_are_needed() -> None:
    """Each extra that the image installs is declared."""
    told = re.search(r"/src\[([a-z0-9,]+)\]", (DEPLOY / "Dockerfile").read_text("utf-8"))
    project = (DEPLOY.parent / "pyproject.toml").read_text("utf-8")

    assert told is not None
    assert {"celery", "postgresql", "s3"} <= set(told[1].split(","))
    for extra in told[1].split(","):
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE), extra
