"""What a handler returns; the web turns it into a response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from concurrent.futures import Future
    from datetime import datetime

__all__ = [
    "Answer",
    "Body",
    "Deferred",
    "Document",
    "Elsewhere",
    "Later",
    "Nothing",
    "Page",
    "Rows",
    "Stream",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A small answer, whole."""

    content: bytes
    media_type: str
    modified: datetime | None = None
    cacheable: bool = False


@dataclass(frozen=True, slots=True)
class Deferred:
    """A small answer that costs work: made only if its body is asked for."""

    make: Callable[[], bytes]
    media_type: str
    close: Callable[[], None]


class Body(Protocol):
    """The bytes of a large answer, read as they are asked for."""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    @property
    def tag(self) -> str:
        """A word that is the same only for the same bytes."""
        ...

    @property
    def is_light(self) -> bool:
        """Whether its bytes are only read; else already its size may take work."""
        ...

    @property
    def cost(self) -> tuple[int, int]:
        """Bytes and calls of reading: those that were, or before it began those that it will take."""
        ...

    def at_once(self) -> memoryview | None:
        """Return all bytes if they are few and can be had without waiting."""
        ...

    def chunks(self, *, start: int = 0) -> Iterator[bytes | memoryview]:
        """Yield the bytes from *start* on."""
        ...

    def close(self) -> None:
        """Let go of the source."""
        ...


@dataclass(frozen=True, slots=True)
class Stream:
    """A large answer, its size in bytes known beforehand."""

    body: Body
    media_type: str
    filename: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A table whose size nobody knows beforehand.

    `write` yields it piece by piece; what it is given turns a late failure into what a client is told.
    """

    write: Callable[[Callable[[Exception], str]], Generator[bytes]]
    media_type: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The selection is empty: no body at all."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The request was done; the client goes on at *address* (303)."""

    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page for people: the name of a template and what it shows."""

    template: str
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that is worth waiting for: *answer* is asked at the *news*, or after *seconds* at the latest.

    Cancelling what *news* returns ends the waiting; *at_once* is the answer for who must not wait.
    """

    news: Callable[[], Future[None]]
    seconds: float
    answer: Callable[[], Answer]
    at_once: Callable[[], Answer]


Answer: TypeAlias = Document | Deferred | Stream | Rows | Nothing | Elsewhere | Page | Later
