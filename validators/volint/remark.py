"""What is to be said about a value of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .model import Level

__all__ = ["Remark"]


class Remark(NamedTuple):
    """A sentence about a value, and how bad it is."""

    message: str
    level: Level = "warning"
