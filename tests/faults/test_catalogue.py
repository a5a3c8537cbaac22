"""volint finds each single fault by the rule that names it, and nothing else."""

from __future__ import annotations

import pytest
from volint.checks import all_checks
from volint.facts import facts

from .catalogue import CATALOGUE, DOCUMENTS
from .holdings import BASE
from .judging import judged, judged_document, names_of
from .of_records import CAPABILITIES, RECORD
from .shared import SAME
from .transport import Fault


def test_the_unbroken_service_has_no_findings() -> None:
    """No rule raises a false alarm, and hardly one is passed over."""
    report = judged()

    assert () == report.findings
    assert 3 >= report.count("skipped")


def test_a_service_of_tap_is_judged_by_its_capabilities_and_jobs() -> None:
    """The address of TAP leads to the rules of VOSI, of UWS and of records, and none is broken."""
    report = judged(Fault("tap", "", lambda _, given: given, lambda _: False, target=f"{BASE}/tap"))
    tried = {outcome.code.partition("-")[0] for outcome in report.outcomes if outcome.state == "passed"}

    assert () == report.findings
    assert {"DALI", "REG", "UWS", "VOSI"} <= tried
    assert report.count("passed") > 80


@pytest.mark.parametrize("fault", CATALOGUE, ids=[fault.name for fault in CATALOGUE])
def test_a_fault_is_found_by_its_rule(fault: Fault) -> None:
    """The rule that names the fault tells it, with the request that shows it; no other root cause is told."""
    findings = judged(fault).findings
    told = {found.code for found in findings}
    wanted = names_of(fault.code)

    assert told & wanted
    assert told <= wanted | fault.also
    assert all(found.message for found in findings)


def test_names_are_their_own() -> None:
    """No two faults are called the same, and each is of a rule that there is."""
    names = [fault.name for fault in CATALOGUE]

    assert len(names) == len(set(names))
    assert {fault.code for fault in CATALOGUE} | {code for code, _ in DOCUMENTS.values()} <= facts().keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_fault_of_a_document_is_found_by_its_rule(name: str) -> None:
    """One thing wrong is one rule broken."""
    code, content = DOCUMENTS[name]

    found = {finding.code for finding in judged_document(content).findings}

    assert found
    assert found <= names_of(code)


def test_good_records_have_no_findings() -> None:
    """A record, the capabilities of TAP, and what a registry sends are right."""
    inner = RECORD.partition("?>")[2].replace("<ri:Resource", '<ri:Resource xmlns=""')
    answer = f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord>{inner}</GetRecord></OAI-PMH>'

    for text in (RECORD, CAPABILITIES, answer):
        report = judged_document(text.encode())

        assert () == report.findings
        assert report.count("passed") > 10


def test_each_record_of_a_registry_is_judged() -> None:
    """What is wrong with one of several is told, with its identifier."""
    inner = RECORD.partition("?>")[2].replace("<ri:Resource", '<ri:Resource xmlns=""')
    answer = f"<OAI-PMH>{inner}{inner.replace('some/data', 'other').replace('3/1-4', '3/4-1')}</OAI-PMH>"
    (finding,) = judged_document(answer.encode()).findings

    assert "REG-VODS-04" == finding.code
    assert finding.place.endswith("ivo://example.org/other")


EXCEPTIONS: dict[str, str] = {}
"""Rules of the word MUST that are covered and cannot be broken here, with the reason."""


def test_each_must_has_a_fault() -> None:
    """There is a fault for every check of a MUST, and for every further MUST that a check decides."""
    shown = {fault.code for fault in CATALOGUE} | {code for code, _ in DOCUMENTS.values()} | SAME.keys()
    covered = {code for check in all_checks() for code in check.codes}
    musts = {code for code in covered if facts()[code].must.startswith("MUST") and not facts()[code].draft}

    assert [] == sorted(musts - shown - EXCEPTIONS.keys())
    assert [] == sorted(EXCEPTIONS.keys() - musts)


def test_what_shows_a_further_rule_is_a_fault_of_its_check() -> None:
    """The witness of a rule that shares its check with another is found by a check that covers both."""
    faults = {fault.name: fault.code for fault in CATALOGUE}

    for code, name in SAME.items():
        assert names_of(faults[name]) & {check.code for check in all_checks() if code in check.codes}, code
