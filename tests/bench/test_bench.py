"""The benchmark measures, judges and reports; how long things take is nobody's business here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bench import gates, samples, timing
from bench.__main__ import main
from bench.gates import Demand, Figure, Outcome
from bench.memory import peaks
from bench.peers import ASTROPY, OURS, RAW, Peer, Task
from bench.plot import draw
from bench.report import BEGIN, END, Results, brief, insert, tables
from soda_core.dali import Circle

if TYPE_CHECKING:
    from pathlib import Path

    from bench.peers.peer import Buffer

SCALE = 0.05
"""Size of the files against those of the page."""

FLOOR = Demand("speedup", 30, is_floor=True, files=("B", "C"), side=64, peer="astropy")
CEILING = Demand("over raw", 4, is_floor=False, side=64)


@pytest.fixture
def small(tmp_path: Path) -> samples.Sample:
    """The smallest file."""
    return samples.make("A", tmp_path, scale=SCALE)


def test_the_table_has_a_row_for_each_case_and_a_column_for_each_peer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run prints the times of all who cut, with the ratio to ours, and a verdict for what is demanded."""
    words = ["--data", str(tmp_path), "--scale", str(SCALE), "--files", "A", "B", "--peers", "astropy"]

    main([*words, "--parts", "cpu", "--sides", "64", "512", "--repeat", "2"])

    lines = capsys.readouterr().out.splitlines()
    assert "| file | box | sodalite | astropy |" in lines
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith(("| A", "| B"))
    ]
    assert [["A", "64²"], ["A", "512²"], ["B", "64²"], ["B", "512²"]] == [row[:2] for row in rows]
    for *_, ours, theirs in rows:
        taken, _, ratio = theirs.partition(" ")
        measured = float(taken) / float(ours.strip("*"))
        assert measured == pytest.approx(float(ratio.strip("(×)")), rel=0.02)
    assert any(line.startswith("| speedup against astropy, 64² (B, C) | ≥ 30× |") for line in lines)


@pytest.mark.parametrize(
    ("demand", "value", "verdict"),
    [
        (FLOOR, 31, "reached"),
        (FLOOR, 30, "reached"),
        (FLOOR, 16, "not reached"),
        (FLOOR, 14, "below half"),
        (CEILING, 3, "reached"),
        (CEILING, 7, "not reached"),
        (CEILING, 9, "below half"),
    ],
)
def test_a_gate_closes_below_half_of_what_is_demanded(demand: Demand, value: float, verdict: str) -> None:
    """Ratios may miss the demand, but by no more than a factor of two."""
    figure = Figure(demand.what, value, "B", 64, demand.peer)

    (outcome,) = gates.judge([demand], [figure])

    assert verdict == outcome.verdict
    assert outcome.fails == (verdict == "below half")


def test_the_worst_file_counts_and_others_do_not() -> None:
    """Of the files of a demand the worst is judged; other peers and boxes are left alone."""
    figures = [
        Figure("speedup", 40, "B", 64, "astropy"),
        Figure("speedup", 33, "C", 64, "astropy"),
        Figure("speedup", 1, "D", 64, "astropy"),
        Figure("speedup", 2, "C", 64, "fitsio"),
        Figure("speedup", 3, "C", 512, "astropy"),
    ]

    assert [Outcome(FLOOR, figures[1])] == gates.judge([FLOOR], figures)
    assert ["not measured"] == [outcome.verdict for outcome in gates.judge([CEILING], figures)]


def test_a_run_with_a_closed_gate_fails_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 1 when a demand is missed by far, and the demand is said."""
    unheard_of = Demand("speedup", 1e9, is_floor=True, files=("A",), side=64, peer="astropy")
    monkeypatch.setattr(gates, "demands", lambda: [unheard_of])
    words = ["--data", str(tmp_path), "--scale", str(SCALE), "--files", "A", "--peers", "astropy"]

    code = main([*words, "--parts", "cpu", "--sides", "64", "--repeat", "1"])

    assert 1 == code
    assert "below half of what is demanded: speedup against astropy, 64² (A)" in capsys.readouterr().err


def test_the_demands_are_about_files_and_peers_that_there_are() -> None:
    """No demand can go unmeasured by a slip of the pen."""
    demands = list(gates.demands())
    peers = {demand.peer for demand in demands} - {""}

    assert set() == {file for demand in demands for file in demand.files} - samples.FILES.keys()
    assert {"astropy", "astrocut", "fitsio"} == peers
    assert {"B", "C"} == {file for demand in demands if demand.peer == "astrocut" for file in demand.files}


def test_wrong_pixels_end_the_run(
    small: samples.Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is quick but wrong is not measured."""

    def spoilt(task: Task) -> Buffer:
        content = bytearray(OURS.cut(task))
        content[2880 * 3] ^= 0x40
        return bytes(content)

    wrong = Peer(OURS.name, spoilt, OURS.missing)
    monkeypatch.setattr(timing, "OURS", wrong)

    with pytest.raises(timing.WrongPixels, match="A 64²: pixels differ"):
        timing.measure([wrong, ASTROPY], list(timing.tasks(small, 64, 1, tmp_path)))


def test_a_peer_that_is_absent_or_fails_is_said(small: samples.Sample, tmp_path: Path) -> None:
    """The others are measured all the same."""

    def fail(_task: Task) -> Buffer:
        raise ValueError("Cannot load a memory-mapped image: BZERO/BSCALE/BLANK header keywords present.")

    def few(task: Task) -> Buffer:
        circle = Circle(task.circle.lon, task.circle.lat, task.circle.radius / 2)
        return OURS.cut(replace(task, circle=circle))

    absent = Peer("absent", fail, lambda: "the package absent is not installed")
    peers = [OURS, absent, Peer("failing", fail, lambda: ""), Peer("sparing", few, lambda: ""), RAW]

    case = timing.measure(peers, list(timing.tasks(small, 64, 2, tmp_path)))

    assert {"sodalite", "raw"} == case.milliseconds.keys()
    assert "the package absent is not installed" == case.failures["absent"]
    assert "fails: refuses scaled values" == case.failures["failing"]
    assert "fails: wrong pixel count" == case.failures["sparing"]


def test_each_file_is_made_once_and_cut_alike_by_all(tmp_path: Path) -> None:
    """Integers with holes in the file, tiles and cubes: the pixels are those of the recipe."""
    for name in ("C", "D GZIP 100", "E"):
        made = samples.make(name, tmp_path, scale=0.01)
        stamp = made.path.stat().st_mtime_ns
        samples.warm(made)
        case = timing.measure([OURS, RAW], list(timing.tasks(made, 64, 1, tmp_path)))
        assert {"sodalite", "raw"} == case.milliseconds.keys()
        assert stamp == samples.make(name, tmp_path, scale=0.01).path.stat().st_mtime_ns


def test_memory_is_taken_in_a_process_of_its_own(tmp_path: Path) -> None:
    """All the answers came out, and the peak is a number of that process."""
    small = samples.make("A", tmp_path, scale=0.6)

    (twenty, stream) = peaks([small], small, tmp_path)

    assert ("A", 1024) == twenty[:2]
    assert pytest.approx(20 * 4 / 1024, rel=0.02) == twenty[3]
    assert ("stream", 1008) == stream[:2]
    assert 0 <= twenty[2] < 500


def cases() -> list[timing.Case]:
    """Two cases as if measured."""
    large = timing.Case("B", "", 64, {"sodalite": 0.5, "astropy": 16.0, "fitsio": 6.0, "raw": 0.1})
    tiles = timing.Case("D RICE 256", "", 512, {"sodalite": 4.0, "astropy": 60.0, "astrocut": 100.0})
    large.failures["astrocut"] = "fails: two axes only"
    return [large, tiles]


def test_the_small_table_tells_how_many_of_ours_a_peer_takes() -> None:
    """Ratios of the cases that it has words for; a peer that cannot is said to fail."""
    assert [
        "| 64² of a 1.6 GB image | 0.5 ms | 32 × | fails | 12 × |",
        "| 512² of RICE tiles | 4 ms | 15 × | 25 × | fails |",
    ] == brief(cases()).splitlines()[2:]


def test_the_picture_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    """A new picture in a change means new figures."""
    pytest.importorskip("matplotlib", reason="comes with the extra `bench`")
    first, second = tmp_path / "first.svg", tmp_path / "second.svg"

    draw(cases(), first)
    draw(cases(), second)

    assert "svg" in ET.parse(first).getroot().tag  # noqa: S314 - our own picture
    assert first.read_bytes() == second.read_bytes()


def test_the_page_keeps_what_stands_around_the_figures(tmp_path: Path) -> None:
    """Only what is between the marks is replaced, however often."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")

    insert(page, tables(Results(skipped=["astrocut: the package astrocut is not installed"]), []))
    insert(page, "new")

    assert f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n" == page.read_text("utf-8")

    page.write_text("nothing", "utf-8")
    with pytest.raises(ValueError, match=r"page\.md: the marks for the figures are missing"):
        insert(page, "new")
