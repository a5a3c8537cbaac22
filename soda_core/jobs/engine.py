"""What carries out jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from .model import Job

__all__ = ["Context", "Engine", "Opener", "Work"]


class Context(Protocol):
    """What a job's work can tell while it runs."""

    def save(self, name: str, data: Iterable[bytes], media_type: str, label: str = "") -> None:
        """Store one result under *name*, which is also its id; clients see it within a second.

        Raises `ResultsTooLarge` above the limit of this deployment and `OSError` where the store is full,
        perhaps only at one of the next results or at the end, as small ones are stored together.
        """

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work has come."""


Work: TypeAlias = "Callable[[Job, Context], None]"
"""The work of a job. A `DaliError` that it raises is what the client is told."""

Opener: TypeAlias = "Callable[[], Work]"
"""Prepares the work, once in a process whose forked children do it: it leaves no thread and nothing open."""


class Engine(Protocol):
    """Runs the queued jobs of a store; the row in the store is the only truth.

    Whoever runs a job claims it, renews the lease while a child process works, kills the child when the
    job is no longer its own, and finishes: `soda_core.jobs.supervision` does all that for every engine.
    """

    def start(self) -> None:
        """Begin to take jobs, also those that a dead server left."""

    def submit(self, job_id: str) -> None:
        """Say that a job was queued; may be lost, as the store is looked through anyhow."""

    def stop(self) -> None:
        """End all work; what is not finished goes on under the next server."""
