"""The phases of a job and the steps between them, as `specs/uws.toml` declares them (UWS 1.1, 2.1.3)."""

from soda_core import standards
from soda_core.dali import UsageError

__all__ = [
    "ABORTED",
    "ACTIVE",
    "ARCHIVED",
    "COMPLETED",
    "ERROR",
    "EXECUTING",
    "FINAL",
    "HELD",
    "PENDING",
    "QUEUED",
    "SUSPENDED",
    "WRITABLE",
    "IllegalTransition",
    "sources",
]

_UWS = standards.load("uws")


def _declared(name: str) -> str:
    """Return *name*, which must be a declared phase."""
    return {phase.name: phase.name for phase in _UWS.phases}[name]


PENDING = _declared("PENDING")
QUEUED = _declared("QUEUED")
EXECUTING = _declared("EXECUTING")
COMPLETED = _declared("COMPLETED")
ERROR = _declared("ERROR")
ABORTED = _declared("ABORTED")
HELD = _declared("HELD")
SUSPENDED = _declared("SUSPENDED")
ARCHIVED = _declared("ARCHIVED")

FINAL = frozenset(phase.name for phase in _UWS.phases if phase.terminal)
"""Phases that a job does not leave by itself."""

ACTIVE = frozenset(phase.name for phase in _UWS.phases if phase.active)
"""Phases in which the job waits or works."""

WRITABLE = frozenset(phase.name for phase in _UWS.phases if phase.writable)
"""Phases in which a client may change parameters."""


class IllegalTransition(UsageError):
    """The job is in a phase that does not allow what was asked."""

    def __init__(self, phase: str, wish: str, phases: frozenset[str]) -> None:
        super().__init__(f"the job is {phase}; it can be {wish} only while {' or '.join(sorted(phases))}")
        self.phase = phase


def sources(target: str, actor: str = "") -> frozenset[str]:
    """Return the phases from which a declared step, of *actor* alone if given, leads to *target*."""
    return frozenset(
        step.source for step in _UWS.transitions if step.target == target and actor in {"", step.actor}
    )
