"""One request, read against the declaration of its endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from soda_core.dali import MissingParameter, MultiValuedParamNotSupported, UnsupportedFormat, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from soda_core.standards import Endpoint, Format, Standard

__all__ = ["Caller", "Request", "error_media_type"]

T = TypeVar("T")

RESPONSEFORMAT = "RESPONSEFORMAT"

MEDIA = ("application/", "image/", "text/")
"""What a media type begins with; other names of a format may hold a slash too, as `votable/td`."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the identity (None is anybody), the host; for a page, as browsers, or for headers alone."""

    identity: str | None = None
    host: str = ""
    wants_page: bool = False
    wants_headers: bool = False


NOBODY = Caller()


@dataclass(frozen=True, slots=True)
class Request:
    """Parameter values by declared name; a name that was not sent is absent.

    *address* tells `base_url`, which few answers need; *sent* are all names and texts as they came, *files*
    the parts of the body that are files, by name, open as long as the request is answered.
    """

    standard: Standard
    endpoint: Endpoint
    values: Mapping[str, tuple[object, ...]]
    address: Callable[[], str] = str
    sent: Sequence[tuple[str, str]] = ()
    caller: Caller = NOBODY
    files: Mapping[str, BinaryIO] = field(default_factory=dict)

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
        if name not in self.values:
            return None
        found = self.all(name, kind)
        if len(found) > 1:
            raise MultiValuedParamNotSupported(name, len(found))
        return found[0]

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
        return _chosen(self.standard.formats_of(self.endpoint), self.optional(RESPONSEFORMAT, str))


def error_media_type(standard: Standard, endpoint: Endpoint, sent: Iterable[tuple[str, str]]) -> str:
    """Return the media type of a VOTable that tells an error to who *sent* this; empty: it is plain text."""
    formats = standard.formats_of(endpoint)
    if not formats:
        return ""
    asked = [text for name, text in sent if name.upper() == RESPONSEFORMAT]
    try:
        return _chosen(formats, asked[0] if asked else None).errors
    except UnsupportedFormat:
        return formats[0].errors


def _chosen(formats: Sequence[Format], asked: str | None) -> Format:
    """Return the format of a media type or another name."""
    if asked is None:
        return formats[0]
    word = ";".join(part.strip() for part in asked.casefold().split(";"))
    for entry in formats:
        for name in (entry.media_type, *entry.aliases):
            if name.casefold() == word:
                return replace(entry, media_type=name) if name.startswith(MEDIA) else entry
    known = ", ".join(word for entry in formats for word in (entry.media_type, *entry.aliases))
    raise UnsupportedFormat(f"{RESPONSEFORMAT}={shown(asked)}: expected one of {known}")
