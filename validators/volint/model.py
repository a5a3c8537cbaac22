"""What a run says: findings, the outcome of each rule, the whole report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .exchange import Exchange

__all__ = ["LEVELS", "Fault", "Finding", "Level", "Outcome", "Report", "Skip", "State"]

Level: TypeAlias = Literal["error", "warning", "info"]
State: TypeAlias = Literal["passed", "failed", "skipped"]

LEVELS: tuple[Level, ...] = ("error", "warning", "info")
"""The levels of a finding, the worst first."""


class Skip(Exception):
    """A rule cannot be tried here; the text says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing found wrong, and the exchange that shows it; `level` takes the place of the rule's own."""

    message: str
    exchange: Exchange | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken in one place, with what repeats it and what came back."""

    code: str
    level: Level
    standard: str
    section: str
    message: str
    request: str = ""
    response: str = ""
    place: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings of two runs the same."""
        return self.code, self.place, self.message


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one rule went in one place."""

    code: str
    place: str
    state: State
    reason: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes of a run; `known` are the findings that a baseline forgives."""

    target: str
    started: str
    seconds: float
    outcomes: tuple[Outcome, ...]
    requests: int = 0
    known: frozenset[tuple[str, str, str]] = field(default=frozenset())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that no baseline forgives, each once, the worst first, in the order of the rules."""
        return tuple(sorted(self._new(), key=lambda finding: LEVELS.index(finding.level)))

    def _new(self) -> Iterator[Finding]:
        told = set(self.known)
        for found in (found for outcome in self.outcomes for found in outcome.findings):
            if found.key not in told:
                told.add(found.key)
                yield found

    def count(self, state: State) -> int:
        """Return how many rules ended so."""
        return sum(outcome.state == state for outcome in self.outcomes)

    @property
    def status(self) -> int:
        """The exit status: 1 if there is an error, 2 if nothing could be tried."""
        if any(finding.level == "error" for finding in self.findings):
            return 1
        return 0 if any(outcome.state != "skipped" for outcome in self.outcomes) else 2
