"""The report for machines; its schema lies in `report.schema.json` beside this module."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from volint.model import Finding, Report

__all__ = ["as_dict", "render"]


def as_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain values."""
    return {
        "target": report.target,
        "started": report.started,
        "seconds": report.seconds,
        "requests": report.requests,
        "rules": {
            "run": report.count("passed") + report.count("failed"),
            "passed": report.count("passed"),
            "failed": report.count("failed"),
            "skipped": _skipped(report),
        },
        "findings": [_finding(found) for found in report.findings],
    }


def render(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(as_dict(report), indent=2, ensure_ascii=False) + "\n"


def _skipped(report: Report) -> list[dict[str, str]]:
    return [
        {"code": outcome.code, "place": outcome.place, "reason": outcome.reason}
        for outcome in report.outcomes
        if outcome.state == "skipped"
    ]


def _finding(found: Finding) -> dict[str, str]:
    names = ("code", "level", "standard", "section", "message", "place", "request", "response")
    return {name: getattr(found, name) for name in names}
