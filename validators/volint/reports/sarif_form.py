"""SARIF 2.1.0, as code hosts show findings."""

from __future__ import annotations

import importlib.metadata
import json
from typing import TYPE_CHECKING, Any

from volint.facts import fact

if TYPE_CHECKING:
    from volint.model import Finding, Report

__all__ = ["render"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report) -> str:
    """Return the report; the place of a finding is the target, its exchange is in the properties."""
    codes = sorted({found.code for found in report.findings})
    driver = {
        "name": "volint",
        "version": importlib.metadata.version("sodalite"),
        "rules": [_rule(code) for code in codes],
    }
    results = [_result(found, report.target, codes) for found in report.findings]
    run = {"tool": {"driver": driver}, "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule = fact(code)
    return {
        "id": code,
        "shortDescription": {"text": rule.rule},
        "help": {"text": f"{rule.standard} {rule.version}, section {rule.section}. {rule.test}"},
        "helpUri": rule.document,
    }


def _result(found: Finding, target: str, codes: list[str]) -> dict[str, Any]:
    return {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": LEVELS[found.level],
        "message": {"text": found.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": target}}}],
        "properties": {"place": found.place, "request": found.request, "response": found.response},
    }
