"""Each rule of SODA, DataLink, DALI and VOSI is tested, or it stands here with the reason why not."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from soda_core import standards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLIENT = "a rule for clients and validators"
NO_TYPE = "no parameter has this type"
TAP = "there is no TAP service"

UNTESTED: Mapping[str, Mapping[str, str]] = {
    "soda": {
        "SODA-4.1-02": "the service has no registered identifier to state",
    },
    "datalink": {
        "DL-2.3-01": "the service has VOSI resources, which the rule does not demand",
        "DL-3.3-04": CLIENT,
        "DL-4.2-05": CLIENT,
        "DL-4.2-06": CLIENT,
    },
    "obscore": {
        "OBS-4-01": TAP,
        "OBS-4.1-03": "no measurements are served",
        "OBS-5-01": TAP,
        "OBS-5-02": TAP,
    },
    "retrieval": {},
    "dali": {
        "DALI12-2-11": CLIENT,
        "DALI-2.2-03": "the service answers at once, without a redirect",
        "DALI-2.2-04": CLIENT,
        "DALI-3.3-02": NO_TYPE,
        "DALI-3.3-05": NO_TYPE,
        "DALI12-3-10": "every shape that a parameter declares is supported",
        "DALI-3.4-01": "SODA defines no REQUEST",
        "DALI-4.1-03": "SODA fixes no names of results",
        "DALI-4.4-09": CLIENT,
    },
    "sia2": {},
    "uws": {
        "UWS-2.1-07": "the queue takes every job, none is HELD",
    },
    "vosi": {
        "VOSI-2-06": CLIENT,
        "VOSI-3.2-07": "the service does not know of a planned end",
        "VOSI12-03": CLIENT,
    },
}


def named() -> set[str]:
    """Return the rules that the marks of this folder's tests name."""
    return {
        name
        for file in Path(__file__).parent.glob("test_*.py")
        for name in _named_in(file.read_text("utf-8"))
    }


def _named_in(text: str) -> Iterator[str]:
    """Yield the arguments of each `requirement(…)` that decorates a test."""
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
            continue
        for mark in function.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("requirement"):
                yield from (str(ast.literal_eval(argument)) for argument in mark.args)


@pytest.mark.parametrize("standard", sorted(UNTESTED))
def test_every_rule_is_tested_or_excused(standard: str) -> None:
    """No rule is forgotten, none is both."""
    rules = {rule.id for rule in standards.load(standard).requirements}
    excused = UNTESTED[standard].keys()

    assert set() == rules - named() - excused
    assert set() == named() & excused
    assert set() == excused - rules


def test_no_test_names_a_rule_that_does_not_exist() -> None:
    """A slip in a number is found."""
    rules = {rule.id for name in UNTESTED for rule in standards.load(name).requirements}

    assert set() == named() - rules


def test_marks_are_read_off_tests_alone() -> None:
    """A number in a text or at a helper counts for nothing."""
    marked = '@requirement("SODA-1-01", "SODA-1-02")\ndef test_a(): "SODA-1-03"\n'
    helper = '@requirement("SODA-1-04")\ndef b(): ...\n'

    assert {"SODA-1-01", "SODA-1-02"} == set(_named_in(marked + helper))
