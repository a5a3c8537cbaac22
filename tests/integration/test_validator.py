"""Our own service, validated over a socket with the eyes of a stranger."""

from __future__ import annotations

from volint.runner import GAVE_UP
from volint.validation import Options, validate


def test_our_service_has_no_findings(service: str) -> None:
    """All rules that can be tried pass, those of jobs too, and no job is left behind."""
    report = validate(service, Options(write=True))

    assert () == report.findings
    assert [] == [outcome for outcome in report.outcomes if outcome.reason.startswith(GAVE_UP)]
    assert {"DALI-3.4-04", "UWS-3-02"} >= {
        outcome.code for outcome in report.outcomes if outcome.state == "skipped"
    }
