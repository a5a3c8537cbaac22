"""Tables in Markdown, on the terminal and between the marks of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.gates import Outcome
    from bench.memory import Peak
    from bench.serving import Load
    from bench.timing import Case

__all__ = ["BEGIN", "END", "Results", "brief", "insert", "tables"]

BEGIN, END = "<!-- figures begin: written by the benchmark -->", "<!-- figures end -->"


BRIEF = {
    ("B", 64): "64² of a 1.6 GB image",
    ("B", 512): "512² of it",
    ("B", 2048): "2048² of it",
    ("C", 512): "512² of 6.5 GB, unsigned integers",
    ("D RICE 256", 512): "512² of RICE tiles",
    ("E", 64): "64² × 1000 planes of a cube",
}
"""Cases of the small table, in words."""

BRIEF_PEERS = ("astropy", "astrocut", "fitsio")


@dataclass(slots=True)
class Results:
    """All that one run has found."""

    cases: list[Case] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    peaks: list[Peak] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def tables(results: Results, peers: Sequence[str]) -> str:
    """Return all tables that have rows."""
    sections = {
        "CPU, milliseconds a cutout": _cpu(results.cases, peers),
        "Requests": _requests(results.loads),
        "Memory": _memory(results.peaks),
        "What is demanded": _demanded(results.outcomes),
    }
    text = "\n".join(f"### {title}\n\n{rows}" for title, body in sections.items() if (rows := "".join(body)))
    skipped = "".join(f"- {line}\n" for line in results.skipped)
    return f"{text}\n### Not measured\n\n{skipped}" if skipped else text


def brief(cases: Sequence[Case]) -> str:
    """Return a small table of what others take for one of ours."""
    rows = [_head(["one cutout, CPU", "sodalite", *BRIEF_PEERS])]
    for case in cases:
        if what := BRIEF.get((case.file, case.side)):
            ours = case.milliseconds["sodalite"]
            others = (case.milliseconds.get(peer) for peer in BRIEF_PEERS)
            ratios = (f"{other / ours:.0f} ×" if other else "fails" for other in others)
            rows.append(_row([what, f"{_figure(ours)} ms", *ratios]))
    return "".join(rows)


def insert(page: Path, text: str) -> None:
    """Put *text* between the marks of a page."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page.name}: the marks for the figures are missing")
    page.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}", "utf-8")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _head(cells: Sequence[str], words: int = 1) -> str:
    """Return the head of a table whose first *words* columns are text and the others numbers."""
    return _row(cells) + _row(["---"] * words + ["--:"] * (len(cells) - words))


def _cpu(cases: Sequence[Case], peers: Sequence[str]) -> Iterator[str]:
    if not cases:
        return
    yield _head(["file", "box", *peers], 2)
    for case in cases:
        yield _row([case.file, f"{case.side}²", *(_cell(case, peer) for peer in peers)])
    yield "\nIn brackets: the peer's time over ours; for the raw reads, ours over theirs.\n"


def _cell(case: Case, peer: str) -> str:
    """Return the time of a peer and how it compares with ours, or in short why there is none."""
    if peer not in case.milliseconds:
        reason = case.failures.get(peer, "")
        return reason if reason.startswith("fails") else "–"
    taken, ours = case.milliseconds[peer], case.milliseconds["sodalite"]
    if peer == "sodalite":
        return f"**{_figure(taken)}**"
    ratio = ours / taken if peer == "raw" else taken / ours
    return f"{_figure(taken)} ({_figure(ratio)}×)"


def _figure(value: float) -> str:
    """Return three digits that matter."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits


def _requests(loads: Sequence[Load]) -> Iterator[str]:
    if not loads:
        return
    yield _head(["server", "box", "CPU ms a request", "requests a second"], 2)
    for load in loads:
        yield _row([load.server, f"{load.side}²", _figure(load.milliseconds), f"{load.rate:.0f}"])


def _memory(peaks: Sequence[Peak]) -> Iterator[str]:
    if not peaks:
        return
    yield _head(["what", "MiB above idle"])
    for name, side, mebibytes, gibibytes in peaks:
        what = (
            f"one answer of {gibibytes:.2f} GiB" if name == "stream" else f"20 cutouts of {side}² from {name}"
        )
        yield _row([what, f"{mebibytes:.1f}"])


def _demanded(outcomes: Sequence[Outcome]) -> Iterator[str]:
    if not outcomes:
        return
    yield _head(["what", "demand", "worst", "at", "verdict"])
    for outcome in outcomes:
        demand, worst = outcome.demand, outcome.worst
        sign = "≥" if demand.is_floor else "≤"
        unit = "×" if demand.what in {"speedup", "over raw", "server CPU over nginx"} else ""
        found = f"{_figure(worst.value)}{unit}" if worst else "–"
        verdict = outcome.verdict if outcome.verdict == "reached" else f"**{outcome.verdict}**"
        at = worst.file if worst and worst.file else "–"
        yield _row([demand.text, f"{sign} {demand.bound:g}{unit}", found, at, verdict])
