"""What a child tells its supervisor, one line of JSON each."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field

from .model import Failure, Progress, Result

__all__ = ["Inbox", "send"]

BLOCK = 1 << 16
KINDS = {"Result": Result, "Progress": Progress, "Failure": Failure}


def send(pipe: int, message: Result | Progress | Failure | None) -> None:
    """Write one message; None says that the work is done."""
    kind = type(message).__name__ if message is not None else "done"
    content = asdict(message) if message is not None else {}
    line = memoryview(json.dumps([kind, content]).encode() + b"\n")
    while line:
        line = line[os.write(pipe, line) :]


@dataclass
class Inbox:
    """What has come so far through the non-blocking *pipe*; `results` are those not taken yet."""

    pipe: int
    results: list[Result] = field(default_factory=list)
    progress: Progress | None = None
    failure: Failure | None = None
    done: bool = False
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
        return self.ended or self.done or self.failure is not None

    @property
    def has_news(self) -> bool:
        """Whether there is something to report."""
        return bool(self.results) or self.progress is not None

    def clear(self) -> None:
        """Forget what was reported."""
        self.progress, self.results = None, []

    def _note(self, kind: str, content: dict[str, object]) -> None:
        if kind == "done":
            self.done = True
            return
        message = KINDS[kind](**content)
        if isinstance(message, Result):
            self.results.append(message)
        elif isinstance(message, Progress):
            self.progress = message
        else:
            self.failure = message
