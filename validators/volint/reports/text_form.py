"""The report for people: grouped by level, the worst first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from volint.model import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from volint.model import Finding, Report

__all__ = ["lines", "render", "summary"]


def render(report: Report) -> str:
    """Return the report as plain text."""
    return "\n".join(lines(report)) + "\n"


def lines(report: Report, *, exchanges: bool = False, skipped: bool = False) -> Iterator[str]:
    """Yield the lines of the report; *exchanges* adds what came back, *skipped* the rules passed over."""
    for level in LEVELS:
        for found in (entry for entry in report.findings if entry.level == level):
            yield from _finding(found, exchanges=exchanges)
    if skipped:
        for outcome in (entry for entry in report.outcomes if entry.state == "skipped"):
            yield f"skipped {outcome.code} {outcome.place}: {outcome.reason}"
    yield summary(report)


def summary(report: Report) -> str:
    """Return the one line that counts."""
    counts = Counter(found.level for found in report.findings)
    found = ", ".join(
        f"{counts[level]} {level}{'s' * (counts[level] != 1)}" for level in LEVELS if counts[level]
    )
    ran = report.count("passed") + report.count("failed")
    known = f", {len(report.known)} known" if report.known else ""
    passed, skipped = report.count("passed"), report.count("skipped")
    return (
        f"{report.target}: {found or 'no findings'}{known}; {ran} rules tried, {passed} passed,"
        f" {skipped} skipped; {report.requests} requests in {report.seconds:.1f} s"
    )


def _finding(found: Finding, *, exchanges: bool) -> Iterator[str]:
    yield f"{found.level} {found.code} ({found.standard} {found.section}) {found.place}".rstrip()
    yield f"    {found.message}"
    if found.request:
        yield f"    {found.request}"
    if exchanges:
        yield from (f"    | {line}" for line in found.response.splitlines())
