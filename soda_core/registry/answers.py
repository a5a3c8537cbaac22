"""What a handler returns; the web turns it into a response."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

__all__ = ["Answer", "Deferred", "Document", "Nothing", "Stream"]


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


@dataclass(frozen=True, slots=True)
class Stream:
    """A large answer in chunks, its size in bytes known beforehand."""

    size: int
    chunks: Callable[[], Iterator[bytes | memoryview]]
    media_type: str
    filename: str
    close: Callable[[], None]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The selection is empty: no body at all."""


Answer: TypeAlias = Document | Deferred | Stream | Nothing
