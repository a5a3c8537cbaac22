"""Our own service, validated over a socket with the eyes of a stranger."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from volint.client import Client
from volint.discovery import discover
from volint.runner import GAVE_UP
from volint.validation import Options, validate

if TYPE_CHECKING:
    from pathlib import Path

NOT_OFFERED = (
    *("DALI-3.4-04", "UWS-3-02"),
    *("DALI-3.4-11", "DALI-3.4-12", "UWS-2.1-18", "UWS-2.2.2.4-01", "UWS-2.2.3.1.1-01"),
)
"""Formats of cutouts, callers with a name, and uploads; cone searches are not offered either."""


def test_our_service_has_no_findings(service: str) -> None:
    """All rules that can be tried pass, those of jobs too, and no job is left behind."""
    report = validate(service, Options(write=True))

    assert () == report.findings
    assert [] == [outcome for outcome in report.outcomes if outcome.reason.startswith(GAVE_UP)]
    skipped = {outcome.code for outcome in report.outcomes if outcome.state == "skipped"}
    assert set() == {code for code in skipped if not code.startswith(("SCS-", "REG-SDR-"))} - {*NOT_OFFERED}


def test_every_endpoint_passes_as_tests_of_pytest(service: str, tmp_path: Path) -> None:
    """The plugin finds nothing of level error or warning, and each endpoint of the capabilities has tests."""
    client = Client(service)
    endpoints = discover(service, client).endpoints
    client.close()
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", "utf-8")
    words = ["-vv", "--disable-plugin-autoload", "-p", "volint.plugin", f"--volint-url={service}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "--volint-level=warning"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    assert len(endpoints) > 5
    for endpoint in endpoints:
        assert f"{endpoint.url}]" in done.stdout, endpoint
