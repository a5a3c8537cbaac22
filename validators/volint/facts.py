"""The rules as the declarations in `specs/` have them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from soda_core import standards

if TYPE_CHECKING:
    from .model import Level

__all__ = ["LEVEL_OF", "Fact", "declared", "fact", "facts"]

LEVEL_OF: dict[str, Level] = {
    "MUST": "error",
    "MUST NOT": "error",
    "SHOULD": "warning",
    "SHOULD NOT": "warning",
}
"""The level of a finding by the word of the rule; every other word gives `info`."""

NAMES = (
    "soda",
    "sia2",
    "datalink",
    "dali",
    "vosi",
    "uws",
    "obscore",
    "votable",
    "scs",
    "registry",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One numbered rule with the text that it is of."""

    id: str
    standard: str
    version: str
    document: str
    section: str
    must: str
    rule: str
    test: str
    draft: bool

    @property
    def level(self) -> Level:
        """How bad it is to break it; a draft binds nobody."""
        return "info" if self.draft else LEVEL_OF.get(self.must, "info")


@cache
def declared(name: str) -> standards.Standard:
    """Return a declaration as the standard has it, without our extensions."""
    return standards.load(name, extensions=())


@cache
def facts() -> dict[str, Fact]:
    """Return all rules by their id."""
    found = {}
    for name in NAMES:
        head = declared(name).head
        for entry in declared(name).requirements:
            found[entry.id] = Fact(
                entry.id,
                head.name,
                head.version,
                head.document,
                entry.section,
                entry.level,
                entry.rule,
                entry.test,
                entry.draft,
            )
    return found


def fact(code: str) -> Fact:
    """Return one rule."""
    return facts()[code]
