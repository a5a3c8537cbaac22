"""The measurement of jobs runs from end to end; how long things take is nobody's business here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

SMALL = "--files 2 --side 128 --sync 8 --small 2 --bulk 30 --values 3"


def test_each_way_to_many_cutouts_has_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Requests, jobs of one cutout, a list of targets, a circle each; all of them answered in full."""
    assert 0 == import_module("bench.async").main(SMALL.split())

    rows = [line.split("|")[1:4] for line in capsys.readouterr().out.splitlines()[2:]]
    assert [8, 2, 30, 3] == [int(count) for _, _, count in rows]
    assert ["–", "local", "local", "local"] == [engine.strip() for _, engine, _ in rows]
