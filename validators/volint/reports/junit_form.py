"""JUnit XML: a test case for each rule in each place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from volint.model import Finding, Outcome, Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return the report; a finding of level error is a failure, any other is told as output."""
    known = set(report.findings)
    suite = etree.Element("testsuite", name=f"volint {report.target}", timestamp=report.started.rstrip("Z"))
    suite.set("time", f"{report.seconds:.3f}")
    failures = sum(_case(suite, outcome, known) for outcome in report.outcomes)
    suite.set("tests", str(len(report.outcomes)))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    suite.set("skipped", str(report.count("skipped")))
    return etree.tostring(suite, encoding="unicode", pretty_print=True)


def _case(suite: etree._Element, outcome: Outcome, known: set[Finding]) -> bool:
    """Write one case and tell whether it failed."""
    case = etree.SubElement(
        suite, "testcase", name=outcome.code, classname=_legal(outcome.place or "service")
    )
    if outcome.state == "skipped":
        etree.SubElement(case, "skipped", message=_legal(outcome.reason))
    told = [found for found in outcome.findings if found in known]
    errors = [found for found in told if found.level == "error"]
    if errors:
        failure = etree.SubElement(case, "failure", message=_legal(errors[0].message), type=errors[0].level)
        failure.text = _legal("\n\n".join(map(_words, errors)))
    rest = [found for found in told if found.level != "error"]
    if rest:
        etree.SubElement(case, "system-out").text = _legal("\n\n".join(map(_words, rest)))
    return bool(errors)


def _words(found: Finding) -> str:
    return f"{found.level}: {found.message}\n{found.request}\n{found.response}".strip()


def _legal(text: str) -> str:
    """Return *text* without the characters that XML cannot hold."""
    return "".join(letter if letter in "\t\n" or letter >= " " else "�" for letter in text)
