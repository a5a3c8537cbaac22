"""What was measured against what is demanded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.timing import Case

__all__ = ["DEMANDS", "Demand", "Figure", "Outcome", "demands", "figures_of", "judge"]

DEMANDS = Path(__file__).with_name("demands.toml")

Verdict: TypeAlias = Literal["reached", "not reached", "below half", "not measured"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: what it is, of which file and box, against which peer, where that applies."""

    what: str
    value: float
    file: str = ""
    side: int = 0
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """A bound for some figures; one that does not guard may be missed by any amount."""

    what: str
    bound: float
    is_floor: bool
    files: tuple[str, ...] = ()
    side: int = 0
    peer: str = ""
    guards: bool = True

    def concerns(self, figure: Figure) -> bool:
        """Tell whether a figure is bound by this."""
        mine = (self.what, self.side, self.peer) == (figure.what, figure.side, figure.peer)
        return mine and (not self.files or figure.file in self.files)

    @property
    def text(self) -> str:
        """The demand in words."""
        box = f", {self.side}²" if self.side else ""
        against = f" against {self.peer}" if self.peer else ""
        files = f" ({', '.join(self.files)})" if self.files else ""
        return f"{self.what}{against}{box}{files}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A demand, the worst figure for it and where it was found."""

    demand: Demand
    worst: Figure | None

    @property
    def verdict(self) -> Verdict:
        """Whether the bound is kept, missed, or missed by more than a factor of two."""
        if self.worst is None:
            return "not measured"
        bound, value = self.demand.bound, self.worst.value
        share = value / bound if self.demand.is_floor else bound / max(value, 1e-9)
        return "reached" if share >= 1 else "not reached" if share >= 0.5 else "below half"  # noqa: PLR2004 - half

    @property
    def fails(self) -> bool:
        """Whether the run has failed by this."""
        return self.demand.guards and self.verdict == "below half"


def demands(path: Path = DEMANDS) -> Iterator[Demand]:
    """Read the demands, one for each side and peer."""
    for table in tomllib.loads(path.read_text("utf-8"))["demand"]:
        for side in table.get("sides", (0,)):
            yield from _of_table(table, side)


def _of_table(table: dict[str, Any], side: int) -> Iterator[Demand]:
    what, files, guards = table["what"], tuple(table.get("files", ())), table.get("guards", True)
    for peer, bound in table.get("peers", {}).items():
        yield Demand(what, bound, is_floor=True, files=files, side=side, peer=peer, guards=guards)
    if "at_most" in table:
        yield Demand(what, table["at_most"], is_floor=False, files=files, side=side, guards=guards)
    if "at_least" in table:
        yield Demand(what, table["at_least"], is_floor=True, files=files, side=side, guards=guards)


def figures_of(case: Case) -> Iterator[Figure]:
    """Yield the ratios of one case."""
    ours = case.milliseconds["sodalite"]
    for peer, milliseconds in case.milliseconds.items():
        if peer == "raw":
            yield Figure("over raw", ours / milliseconds, case.file, case.side)
        elif peer != "sodalite":
            yield Figure("speedup", milliseconds / ours, case.file, case.side, peer)


def judge(wanted: Iterable[Demand], figures: Sequence[Figure]) -> list[Outcome]:
    """Hold the worst figure against each demand."""
    outcomes = []
    for demand in wanted:
        concerned = [figure for figure in figures if demand.concerns(figure)]
        pick = min if demand.is_floor else max
        worst = pick(concerned, key=lambda figure: figure.value) if concerned else None
        outcomes.append(Outcome(demand, worst))
    return outcomes
