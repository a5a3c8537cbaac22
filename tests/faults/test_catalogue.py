"""volint finds each single fault by the rule that names it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from volint.facts import facts

from .catalogue import CATALOGUE, DOCUMENTS
from .judging import judged, judged_document, names_of

if TYPE_CHECKING:
    from .transport import Fault


def test_the_unbroken_service_has_no_findings() -> None:
    """No rule raises a false alarm, and hardly one is passed over."""
    report = judged()

    assert () == report.findings
    assert 3 >= report.count("skipped")


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
    assert {fault.code for fault in CATALOGUE} <= facts().keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_fault_of_a_document_is_found_by_its_rule(name: str) -> None:
    """One thing wrong is one rule broken."""
    code, content = DOCUMENTS[name]

    found = {finding.code for finding in judged_document(content).findings}

    assert found
    assert found <= names_of(code)
