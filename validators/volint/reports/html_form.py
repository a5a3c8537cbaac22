"""One page that holds everything: it can be sent by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from volint.facts import fact
from volint.model import LEVELS

from .text_form import summary

if TYPE_CHECKING:
    from volint.model import Finding, Outcome, Report

__all__ = ["render"]

STYLE = """body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
article { border-left: .4em solid #888; padding: .1em 1em; margin: 1em 0; background: #f6f8fa; }
.error { border-color: #b3261e; } .warning { border-color: #b26a00; } .info { border-color: #2a5db0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #fff; padding: .5em; }
table { border-collapse: collapse; } td { padding: .1em 1em .1em 0; vertical-align: top; }"""


def render(report: Report) -> str:
    """Return the page, without scripts and without anything from elsewhere."""
    page = etree.Element("html", lang="en")
    head = etree.SubElement(page, "head")
    etree.SubElement(head, "meta", charset="utf-8")
    _add(head, "title", f"volint: {report.target}")
    _add(head, "style", STYLE)
    body = etree.SubElement(page, "body")
    _add(body, "h1", f"Conformance of {report.target}")
    _add(body, "p", f"{report.started}. {summary(report)}.")
    for level in LEVELS:
        for found in (entry for entry in report.findings if entry.level == level):
            _finding(body, found)
    _skipped(body, [outcome for outcome in report.outcomes if outcome.state == "skipped"])
    return "<!DOCTYPE html>\n" + etree.tostring(page, method="html", encoding="unicode", pretty_print=True)


def _finding(body: etree._Element, found: Finding) -> None:
    box = etree.SubElement(body, "article")
    box.set("class", found.level)
    _add(box, "h2", f"{found.level} {found.code}")
    _add(box, "p", found.message)
    rule = fact(found.code)
    _add(box, "p", f"{rule.standard} {rule.version}, section {rule.section}: {rule.rule}")
    if found.request:
        _add(box, "pre", found.request)
        _add(box, "pre", found.response)


def _skipped(body: etree._Element, outcomes: list[Outcome]) -> None:
    if not outcomes:
        return
    _add(body, "h2", "Rules passed over")
    table = etree.SubElement(body, "table")
    for outcome in outcomes:
        row = etree.SubElement(table, "tr")
        for text in (outcome.code, outcome.place, outcome.reason):
            _add(row, "td", text)


def _add(parent: etree._Element, name: str, text: str) -> None:
    legal = "".join(letter if letter in "\t\n" or letter >= " " else "�" for letter in text)
    etree.SubElement(parent, name).text = legal
