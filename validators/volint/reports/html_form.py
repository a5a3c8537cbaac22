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

STYLE = """:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
body { overflow-wrap: anywhere; }
h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin: .6em 0 .2em; } .place { opacity: .8; margin-top: 0; }
article { border-left: .4em solid #888; padding: .1em 1em; margin: 1em 0; }
article { background: light-dark(#f6f8fa, #1c2128); }
.error { border-color: #b3261e; } .warning { border-color: #b26a00; } .info { border-color: #2a5db0; }
pre { white-space: pre-wrap; background: light-dark(#fff, #0d1117); padding: .5em; }
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
    _add(body, "p", f"{summary(report).removeprefix(report.target).lstrip(': ')}. {report.started}")
    for level in LEVELS:
        for found in (entry for entry in report.findings if entry.level == level):
            _finding(body, found)
    _skipped(body, [outcome for outcome in report.outcomes if outcome.state == "skipped"])
    return "<!DOCTYPE html>\n" + etree.tostring(page, method="html", encoding="unicode", pretty_print=True)


def _finding(body: etree._Element, found: Finding) -> None:
    box = etree.SubElement(body, "article")
    box.set("class", found.level)
    _add(box, "h2", f"{found.level} {found.code}: {found.message}")
    _add(box, "p", found.place).set("class", "place")
    rule = fact(found.code)
    _add(box, "p", f"{rule.standard} {rule.version}, section {rule.section}: {rule.rule}")
    if found.request:
        _add(box, "pre", found.request)
        _add(box, "pre", found.response)


def _skipped(body: etree._Element, outcomes: list[Outcome]) -> None:
    if not outcomes:
        return
    folded = etree.SubElement(body, "details")
    _add(folded, "summary", f"{len(outcomes)} rules passed over")
    table = etree.SubElement(folded, "table")
    for reason in dict.fromkeys(outcome.reason for outcome in outcomes):
        codes = dict.fromkeys(outcome.code for outcome in outcomes if outcome.reason == reason)
        row = etree.SubElement(table, "tr")
        _add(row, "td", reason)
        _add(row, "td", ", ".join(codes))


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    """Add an element with a text, without what HTML cannot hold."""
    legal = "".join(letter if letter in "\t\n" or letter >= " " else "�" for letter in text)
    node = etree.SubElement(parent, name)
    node.text = legal
    return node
