"""The page of requests names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "requests.md"


def test_each_request_is_shown_by_a_test() -> None:
    """All thirty have one, and none of the tests is missing."""
    text = PAGE.read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)

    assert [str(number) for number in range(1, 31)] == re.findall(
        r"^\| (\d+)\. .*::\w+` \|$", text, re.MULTILINE
    )
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).is_file() or f"def {name}" not in (ROOT / file).read_text("utf-8")
    ]
    assert [] == missing
