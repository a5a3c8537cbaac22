"""The benchmarks of discovery run and tell; how long things take is nobody's business here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench import discovery, ingest

if TYPE_CHECKING:
    import pytest


def test_each_question_has_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Questions that must find something do."""
    discovery.main(["--rows", "400"])

    printed = capsys.readouterr().out
    found = {
        name: float(rows.replace(",", ""))
        for name, rows in re.findall(r"^\| ([^|]+) \| ([\d.,]+) \|", printed, re.MULTILINE)
    }
    assert {question.name for question in discovery.questions(400)} == found.keys()
    assert (1.0, 5.0, 400.0) == (found["ID, another case"], found["TARGET"], found["whole sky, 1000 rows"])
    assert "400 rows written" in printed


def test_each_kind_of_file_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """And recorded."""
    ingest.main(["--files", "3"])

    rows = re.findall(r"^\| ([^|]+) \| ([\d,]+) \| ([\d,]+) \|$", capsys.readouterr().out, re.MULTILINE)
    assert list(ingest.KINDS) == [name for name, *_ in rows]
    assert all(int(figure.replace(",", "")) > 0 for _, *figures in rows for figure in figures)
