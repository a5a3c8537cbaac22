"""Try the checks one after the other, and tell a root cause once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .checks import all_checks, checks_of
from .document import records_in
from .facts import fact
from .manners import NoAnswer
from .model import Fault, Finding, Outcome, Report, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .check import AnyCheck, Place
    from .document import Document
    from .service import Service

__all__ = ["GAVE_UP", "run", "run_document"]

GAVE_UP = "the check gave up:"
"""How the reason opens where a check met something that it was not made for."""

ABOUT_ALL = "everywhere"
GENERAL = ("capabilities", "examples")
"""Documents whose mistakes concern every place."""

LINKS = frozenset({"access_url", "service_def", "error_message", "semantics"})
"""Columns of a table of links, of which one may be missing by mistake."""

MOST = 5
"""Findings of one rule in one place that are told; the rest is counted."""


@dataclass
class _Run:
    """What is known so far: the rules broken, by place, and requests that nobody answered."""

    broken: set[tuple[str, str]] = field(default_factory=set)
    silent: dict[str, str] = field(default_factory=dict)

    def cause(self, check: AnyCheck, label: str) -> str:
        """Return the rule broken here that makes *check* vain; empty if there is none."""
        for code in check.because:
            if {(code, label), (code, ""), (code, ABOUT_ALL)} & self.broken:
                return code
        return ""

    def attempt(self, check: AnyCheck, place: Place) -> Outcome:
        """Try one check in one place."""
        label = place.label
        if cause := self.cause(check, label):
            return Outcome(check.code, label, "skipped", f"because {cause} is broken")
        try:
            found = self._findings(check, place)
        except Skip as reason:
            return Outcome(check.code, label, "skipped", str(reason))
        except Exception as error:  # noqa: BLE001 - whatever a service sends, the other rules are still tried
            return Outcome(check.code, label, "skipped", f"{GAVE_UP} {type(error).__name__}: {error}")
        if found:
            general = ABOUT_ALL if check.scope.document in GENERAL else label
            self.broken |= {(code, general) for code in check.codes}
        return Outcome(check.code, label, "failed" if found else "passed", "", found)

    def _findings(self, check: AnyCheck, place: Place) -> tuple[Finding, ...]:
        """Return what is wrong; silence is a fault of the first rule of the endpoint that meets it."""
        faults: list[Fault] = []
        try:
            faults.extend(check.run(place))
        except NoAnswer as error:
            if not error.request.url.startswith(getattr(place, "url", "")):
                raise Skip(str(error)) from None
            first = self.silent.setdefault(error.where, check.code)
            if first != check.code:
                raise Skip(f"because {first} is broken: {error}") from None
            faults.append(Fault(f"{error}; to repeat it: {error.request.curl}"))
        told = [_finding(check, place.label, fault) for fault in faults[:MOST]]
        if len(faults) > MOST:
            told.append(_finding(check, place.label, Fault(f"and {len(faults) - MOST} more of the same")))
        return tuple(told)


def _finding(check: AnyCheck, label: str, fault: Fault) -> Finding:
    rule = fact(check.code)
    level = fault.level or check.level or rule.level
    asked = fault.exchange if fault.exchange and not fault.exchange.of_file else None
    request, response = (asked.request.curl, asked.summary) if asked else ("", "")
    return Finding(check.code, level, rule.standard, rule.section, fault.message, request, response, label)


def run(service: Service, told: Callable[[Outcome], None] = lambda _: None) -> Report:
    """Try all checks on a service; *told* hears of each outcome at once."""
    checks = [check for check in all_checks() if check.code not in service.profile.skip]
    return _report(service.target.given, _outcomes(service, checks), told, lambda: service.client.sent)


def run_document(document: Document, told: Callable[[Outcome], None] = lambda _: None) -> Report:
    """Try all checks that concern documents of this kind."""
    return _report(document.label, _of_document(document), told, lambda: 0)


def _of_document(document: Document) -> Iterator[Outcome]:
    """Yield the outcome of each check that a file of this kind has, and the records in it."""
    for part in (document, *records_in(document)):
        state = _Run()
        yield from (state.attempt(check, part) for check in checks_of(_kind(part)))


def _kind(document: Document) -> str:
    """Return the kind of a file; what a VOTable holds is told by its columns."""
    if document.kind != "votable" or not document.readable:
        return document.kind
    names = {node.get("name") for node in document.root.iter("{*}FIELD")}
    if len(LINKS & names) > len(LINKS) // 2:
        return "links"
    told = [node.get("value", "").lower() for node in document.root.iter("{*}INFO")]
    return "obscore" if any(value.startswith("ivo://ivoa.net/std/sia") for value in told) else "votable"


def _outcomes(service: Service, checks: Iterable[AnyCheck]) -> Iterator[Outcome]:
    """Yield the outcome of each check in each of its places."""
    state = _Run()
    for check in checks:
        if check.scope.find is None:
            continue
        try:
            places = tuple(check.scope.find(service))
        except Skip as reason:
            yield Outcome(check.code, "", "skipped", str(reason))
            continue
        if not places:
            yield Outcome(check.code, "", "skipped", f"no {check.scope.name} came")
        yield from (state.attempt(check, place) for place in places)


def _report(
    target: str, outcomes: Iterable[Outcome], told: Callable[[Outcome], None], sent: Callable[[], int]
) -> Report:
    """Collect the outcomes as they come."""
    started, begun = datetime.now(UTC), time.monotonic()
    collected = []
    for outcome in outcomes:
        told(outcome)
        collected.append(outcome)
    stamp = started.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Report(target, stamp, round(time.monotonic() - begun, 3), tuple(collected), sent())
