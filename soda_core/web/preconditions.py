"""What a client says about the copy that it has, and the part that it wants (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["Unsatisfiable", "Wish", "wish_of"]

NONE_MATCH, RANGE, IF_RANGE = b"if-none-match", b"range", b"if-range"
_TAGS = re.compile(r'(?:W/)?("[^"]*")')
_RANGE = re.compile(r"bytes *= *(?:(\d{1,18}) *- *(\d{1,18})?|- *(\d{1,18})) *", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies behind the end."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The header lines of a request that choose between the whole, a part and nothing at all."""

    none_match: str = ""
    range: str = ""
    if_range: str = ""

    def has(self, tag: str) -> bool:
        """Tell whether the client holds the content with this quoted tag."""
        return self.none_match.strip() == "*" or tag in _TAGS.findall(self.none_match)

    def part(self, size: int, tag: str) -> tuple[int, int] | None:
        """Return start and end of the one range that is asked for, None for the whole of *size* bytes.

        Several ranges are answered by the whole, as are ranges of a content that is no longer this one.
        Raises `Unsatisfiable`.
        """
        match = _RANGE.fullmatch(self.range)
        if match is None or (self.if_range and self.if_range.strip() != tag):
            return None
        first, last, suffix = match.groups()
        if suffix is not None:
            start, stop = max(0, size - int(suffix)), size
        else:
            start, stop = int(first), min(size, int(last) + 1) if last else size
            if last and int(last) < int(first):
                return None  # that is no range at all
        if start >= size:
            raise Unsatisfiable
        return start, stop


NO_WISH = Wish()


def wish_of(scope: Scope) -> Wish:
    """Read the header lines of a request that is no POST."""
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in (NONE_MATCH, RANGE, IF_RANGE):
            text = value.decode("latin-1")
            found[name] = f"{found[name]},{text}" if name in found else text
    if not found or scope["method"] not in ("GET", "HEAD"):
        return NO_WISH
    return Wish(found.get(NONE_MATCH, ""), found.get(RANGE, ""), found.get(IF_RANGE, ""))
