"""What a supervisor is told when it starts."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from .engine import Opener

__all__ = ["Post", "find_work"]


@dataclass(frozen=True)
class Post:
    """Where a supervisor works and for whom."""

    worker: str
    parent: int
    store: str
    results: str
    work: str
    lease_seconds: float
    limits: dict[str, int]
    path: list[str] = field(default_factory=lambda: list(sys.path))

    def line(self) -> bytes:
        """Return what the supervisor is told first."""
        return json.dumps(asdict(self)).encode() + b"\n"


def find_work(name: str) -> Opener:
    """Return the function that `module:function` names; raises `ImportError` or `AttributeError`."""
    module, _, function = name.partition(":")
    return cast("Opener", getattr(importlib.import_module(module), function))
