"""One request, read against the declaration of its endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from soda_core.dali import MissingParameter, MultiValuedParamNotSupported, UnsupportedFormat, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from soda_core.standards import Endpoint, Format, Standard

__all__ = ["Caller", "Request"]

T = TypeVar("T")

RESPONSEFORMAT = "RESPONSEFORMAT"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the identity (None is anybody), the host, and whether it is a browser that wants a page."""

    identity: str | None = None
    host: str = ""
    wants_page: bool = False


NOBODY = Caller()


@dataclass(frozen=True, slots=True)
class Request:
    """Parameter values by declared name; a name that was not sent is absent.

    *address* tells `base_url`, which few answers need; *steps* are the variable parts of the path, *sent* all
    names and texts as they came.
    """

    standard: Standard
    endpoint: Endpoint
    values: Mapping[str, tuple[object, ...]]
    address: Callable[[], str] = str
    steps: Mapping[str, str] = field(default_factory=dict)
    sent: tuple[tuple[str, str], ...] = ()
    caller: Caller = NOBODY

    @property
    def base_url(self) -> str:
        """The address of the service as this client sees it, without a slash at its end."""
        return self.address()

    def all(self, name: str, kind: type[T]) -> tuple[T, ...]:
        """Return every value of the parameter *name*; raises TypeError if its type gives no *kind*."""
        found = self.values.get(name)
        if found is None:
            return ()
        kept = tuple(value for value in found if isinstance(value, kind))
        if len(kept) != len(found):
            raise TypeError(f"{name} of {self.standard.name} is no {kind.__name__}")
        return kept

    def optional(self, name: str, kind: type[T]) -> T | None:
        """Return the one value of the parameter *name*, None where it was not sent."""
        found = self.all(name, kind)
        if len(found) > 1:
            raise MultiValuedParamNotSupported(name, len(found))
        return found[0] if found else None

    def only(self, name: str, kind: type[T]) -> T:
        """Return the one value of the obligatory parameter *name*."""
        found = self.optional(name, kind)
        if found is None:
            declared = self.standard.parameters.get(name)
            raise MissingParameter(declared.word if declared else name)
        return found

    def format(self) -> Format:
        """Return the declared format that RESPONSEFORMAT asks for, the first by default (DALI 1.1, 3.4.3).

        Its media type is the one that was asked for, where another name of the format was.
        """
        formats = self.standard.formats_of(self.endpoint)
        asked = self.optional(RESPONSEFORMAT, str)
        if asked is None:
            return formats[0]
        word = ";".join(part.strip() for part in asked.lower().split(";"))
        for entry in formats:
            if word in (entry.media_type, *entry.aliases):
                return replace(entry, media_type=word) if "/" in word else entry
        known = ", ".join(word for entry in formats for word in (entry.media_type, *entry.aliases))
        raise UnsupportedFormat(f"{RESPONSEFORMAT}={shown(asked)}: expected one of {known}")
