"""A check: one small function for one rule of a standard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from .model import Fault

if TYPE_CHECKING:
    from .model import Level
    from .service import Service

__all__ = ["AnyCheck", "Check", "Faults", "Place", "Scope", "rule"]

Faults: TypeAlias = Iterator[Fault]


class Place(Protocol):
    """Where a rule is tried: the service, an endpoint, a document, a job."""

    @property
    def label(self) -> str:
        """A name for people; the same in each run."""


P = TypeVar("P", bound=Place)


@dataclass(frozen=True, slots=True)
class Scope(Generic[P]):
    """A kind of place, how those of a service are found, if any; `document` is the kind of a file."""

    name: str
    find: Callable[[Service], Iterable[P]] | None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Check(Generic[P]):
    """One rule made executable; no fault is a pass."""

    code: str
    scope: Scope[P]
    title: str
    run: Callable[[P], Faults]
    also: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    level: Level | None = None
    advice: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """All rules that it covers."""
        return (self.code, *self.also)


def rule(
    code: str,
    scope: Scope[P],
    *,
    also: Iterable[str] = (),
    because: Iterable[str] = (),
    level: Level | None = None,
) -> Callable[[Callable[[P], Faults]], Check[P]]:
    """Make a check of a function that yields what breaks the rule *code*.

    *also* are further rules that the same look decides; where one of *because* is broken in the same place,
    this one is passed over, since a root cause is told once.
    """

    def made(function: Callable[[P], Faults]) -> Check[P]:
        title, _, advice = (function.__doc__ or "").partition("\n\n")
        return Check(code, scope, title.strip(), function, tuple(also), tuple(because), level, advice.strip())

    return made


AnyCheck: TypeAlias = Check[Any]
