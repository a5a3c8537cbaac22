"""What is asked of the inventory, in the words of the declarations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from soda_core.standards.model import Match  # noqa: TC001 - part of a class that others make

__all__ = ["Condition", "Query"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One constraint: how the *columns* are compared with the *values*, one of which must match.

    A null never matches. Regions are shapes in ICRS degrees, intervals have the unit of the columns.
    """

    match: Match
    columns: tuple[str, ...]
    values: tuple[object, ...]


Query: TypeAlias = Sequence[Condition]
"""Constraints that must all hold; none at all means everything."""
