"""volint finds each single fault by the rule that names it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from volint.facts import facts
from volint.manners import Limits
from volint.validation import Options, validate

from faults.catalogue import CATALOGUE
from faults.holdings import BASE
from faults.transport import Wire

if TYPE_CHECKING:
    from volint.model import Report

    from faults.transport import Fault

FAST = Limits(rate=1e9)


def judged(fault: Fault | None = None) -> Report:
    """Return what volint says of the reference service."""
    target = fault.target if fault else BASE
    return validate(target, Options(write=True, limits=FAST, transport=Wire(fault)))


def test_the_unbroken_service_has_no_findings() -> None:
    """No rule raises a false alarm, and hardly one is passed over."""
    report = judged()

    assert () == report.findings
    assert 3 >= report.count("skipped")


@pytest.mark.parametrize("fault", CATALOGUE, ids=[fault.name for fault in CATALOGUE])
def test_a_fault_is_found_by_its_rule(fault: Fault) -> None:
    """The rule that names the fault tells it, with the request that shows it; no other root cause is told."""
    findings = judged(fault).findings

    assert fault.code in {found.code for found in findings}
    assert {found.code for found in findings} <= {fault.code, *fault.also}
    assert all(found.message for found in findings)


def test_names_are_their_own() -> None:
    """No two faults are called the same, and each is of a rule that there is."""
    names = [fault.name for fault in CATALOGUE]

    assert len(names) == len(set(names))
    assert {fault.code for fault in CATALOGUE} <= facts().keys()
