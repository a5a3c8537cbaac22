"""Reports of earlier runs: what they found is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BaselineError", "compare", "read_baseline"]

Entry: TypeAlias = dict[str, str]


class BaselineError(ValueError):
    """A file is no report; the text says why."""


def read_baseline(path: Path) -> frozenset[tuple[str, str, str]]:
    """Return the findings of a report, so that they are not told again."""
    return frozenset(_key(entry) for entry in _findings(path))


def compare(before: Path, after: Path) -> tuple[list[Entry], list[Entry]]:
    """Return what is gone and what is new."""
    old, new = _findings(before), _findings(after)
    known, now = {_key(entry) for entry in old}, {_key(entry) for entry in new}
    return [e for e in old if _key(e) not in now], [e for e in new if _key(e) not in known]


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry["code"], entry["place"], entry["message"]


def _findings(path: Path) -> list[Entry]:
    try:
        content: Any = json.loads(path.read_text("utf-8"))
        found: list[Entry] = content["findings"]
        _ = [_key(entry) for entry in found]
    except (ValueError, KeyError, TypeError):
        raise BaselineError(f"{path} is no JSON report of volint") from None
    return found
