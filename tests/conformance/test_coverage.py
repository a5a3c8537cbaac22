"""Each rule of SODA is tested, or it stands here with the reason why not."""

from __future__ import annotations

import re
from pathlib import Path

from soda_core import standards

ASYNC = "there is no {async} yet"
DISCOVERY = "discovery answers come with the inventory of ObsCore"

UNTESTED = {
    "SODA-2.2-01": ASYNC,
    "SODA-2.2-02": ASYNC,
    "SODA-3-01": ASYNC,
    "SODA-4.1-01": DISCOVERY,
    "SODA-4.1-02": "the service has no registered identifier to state",
    "SODA-6-01": ASYNC,
    "SODA-6-02": ASYNC,
    "SODA-6-03": ASYNC,
    "SODA-6-05": ASYNC,
}


def named() -> set[str]:
    """Return the requirements that a test of this folder names."""
    text = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_soda_*.py"))
    return set(re.findall(r'"(SODA-[\d.]+-\d\d)"', text))


def test_every_rule_of_soda_is_tested_or_excused() -> None:
    """No rule is forgotten, none is both."""
    rules = {rule.id for rule in standards.load("soda").requirements}

    assert rules == named() | set(UNTESTED)
    assert set() == named() & set(UNTESTED)
