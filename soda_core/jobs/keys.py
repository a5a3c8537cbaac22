"""Keys of results: `job/attempt/name`."""

from __future__ import annotations

import re

__all__ = ["is_key", "is_left_over", "key_of", "step"]

STEP = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")
STEPS = 3


def step(name: str) -> str:
    """Return *name* if it can be one step of a key; raises `ValueError`."""
    if not STEP.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a result")
    return name


def key_of(job_id: str, attempt: int, name: str) -> str:
    """Return the key of a result; raises `ValueError`."""
    return f"{step(job_id)}/{attempt}/{step(name)}"


def is_key(key: str) -> bool:
    """Tell whether there can be a result under *key*: it leads nowhere else."""
    steps = key.split("/")
    return len(steps) == STEPS and all(map(STEP.fullmatch, steps))


def is_left_over(key: str, attempt: int, keys: frozenset[str] | None) -> bool:
    """Tell whether a file of a job is to go: one of an earlier attempt, or none of the *keys* there are.

    What came with the request lies under attempt 0, and is no earlier attempt.
    """
    mine = key.split("/")[1]
    if mine == str(attempt):
        return keys is not None and key not in keys
    return not mine.isdecimal() or 0 < int(mine) < attempt
