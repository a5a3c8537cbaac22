"""Our own service, validated over a socket with the eyes of a stranger."""

from __future__ import annotations

from volint.runner import GAVE_UP
from volint.validation import Options, validate

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
    assert set() == {code for code in skipped if not code.startswith("SCS-")} - {*NOT_OFFERED}
