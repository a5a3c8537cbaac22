"""What supervisor and child tell each other: jobs down one pipe, lines of JSON up the other."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from .model import Failure, Progress, Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from .model import Job

__all__ = ["Done", "Inbox", "next_job", "order", "send"]

BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done; *again*: the child waits for another job."""

    again: bool = False


Message: TypeAlias = Result | Progress | Failure | Done

KINDS: dict[str, Callable[..., Message]] = {kind.__name__: kind for kind in (Result, Progress, Failure, Done)}


def order(pipe: int, job: Job) -> None:
    """Give a job to the child that reads from *pipe*; raises `BrokenPipeError` if there is none."""
    _write(pipe, pickle.dumps(job))


def next_job(orders: BinaryIO) -> Job | None:
    """Wait for a job; None once nobody can give one any more."""
    try:
        job: Job = pickle.load(orders)  # noqa: S301 - from the process that made this one
    except EOFError:
        return None
    return job


def send(pipe: int, *messages: Message) -> None:
    """Write messages."""
    lines = [json.dumps([type(message).__name__, asdict(message)]) for message in messages]
    _write(pipe, "".join(f"{line}\n" for line in lines).encode())


def _write(pipe: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


@dataclass
class Inbox:
    """What has come so far of one job through the non-blocking *pipe*; `results` are those not taken yet."""

    pipe: int
    results: list[Result] = field(default_factory=list)
    progress: Progress | None = None
    failure: Failure | None = None
    done: Done | None = None
    ended: bool = False
    _rest: bytes = b""

    def read(self) -> None:
        """Take what is there; a line that was cut off by the death of the child is left out."""
        while not self.ended:
            try:
                block = os.read(self.pipe, BLOCK)
            except BlockingIOError:
                return
            self.ended = not block
            *lines, self._rest = (self._rest + block).split(b"\n")
            for line in lines:
                self._note(*json.loads(line))

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come."""
        return self.ended or self.done is not None or self.failure is not None

    @property
    def has_news(self) -> bool:
        """Whether there is something to report."""
        return bool(self.results) or self.progress is not None

    def clear(self) -> None:
        """Forget what was reported."""
        self.progress, self.results = None, []

    def _note(self, kind: str, content: dict[str, object]) -> None:
        message = KINDS[kind](**content)
        if isinstance(message, Result):
            self.results.append(message)
        elif isinstance(message, Progress):
            self.progress = message
        elif isinstance(message, Failure):
            self.failure = message
        else:
            self.done = message
