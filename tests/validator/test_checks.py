"""The checks as a whole: each is of a rule that there is, and comes after what it depends on."""

from __future__ import annotations

import pytest
from volint.answers import malformed
from volint.check import Check
from volint.checks import OF_FILES, all_checks, checks_of
from volint.coverage import UNTESTABLE, count
from volint.facts import facts

CHECKS = all_checks()
CODES = {code for check in CHECKS for code in check.codes}


def test_each_check_is_of_rules_that_are_declared() -> None:
    """No check has a code of its own making."""
    assert set() == CODES - facts().keys()
    assert set() == UNTESTABLE.keys() - facts().keys()


def test_each_check_says_what_it_finds() -> None:
    """A title is one sentence."""
    assert [] == [check.code for check in CHECKS if not check.title.endswith(".") or "\n" in check.title]


def test_causes_come_first() -> None:
    """A rule is passed over only for one that was tried before it."""
    before: set[str] = set()
    late = []
    for check in CHECKS:
        late += [(check.code, code) for code in check.because if code not in before]
        before |= set(check.codes)

    assert [] == late


def test_files_are_held_against_all_rules_of_their_kind() -> None:
    """The short list of modules leaves out no check of a file."""
    for kind in OF_FILES:
        kinds = {kind, "votable"} if kind in ("links", "obscore") else {kind}
        wanted = [check for check in CHECKS if check.scope.document in kinds]

        assert set(wanted) == set(checks_of(kind))
        assert all(isinstance(check, Check) for check in wanted)


@pytest.mark.parametrize("line", list(count()), ids=lambda line: line.standard)
def test_each_rule_counts_once(line: object) -> None:
    """A rule is covered, or not testable, or left."""
    parts = [getattr(line, name) for name in ("covered", "untestable", "left")]

    assert sum(map(len, parts)) == len(set().union(*parts))


@pytest.mark.parametrize("standard", ["SIA", "VOSI"])
def test_every_testable_must_is_covered(standard: str) -> None:
    """Of these standards no MUST is left."""
    (line,) = (line for line in count() if line.standard == standard)

    assert line.must_testable == line.must_covered


@pytest.mark.parametrize("kind", ["circle", "polygon", "interval"])
def test_values_that_every_text_refuses(kind: str) -> None:
    """Wrong counts, words and NaN are sent; what is out of a range that not all texts know is not."""
    sent = malformed(kind)

    assert any("NaN" in value for value in sent)
    assert not any(value in ("10 95 1", "10 20 1e9", "2 1", "10 20 -1") for value in sent)
