"""What a client says about the copy that it has, and the part that it wants (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.types import Scope

__all__ = ["Unsatisfiable", "Wish", "wish_of"]

NONE_MATCH, RANGE, IF_RANGE = b"if-none-match", b"range", b"if-range"
MODIFIED_SINCE = b"if-modified-since"
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
    modified_since: str = ""

    def has(self, tag: str, modified: datetime | None = None) -> bool:
        """Tell whether the client holds the content with this quoted tag or, without any, of this time."""
        if self.none_match:
            return self.none_match.strip() == "*" or tag in _TAGS.findall(self.none_match)
        since = _date(self.modified_since)
        return since is not None and modified is not None and modified <= since

    def part(self, size: int, tag: str, modified: datetime | None = None) -> tuple[int, int] | None:
        """Return start and end of the one range that is asked for, None for the whole of *size* bytes.

        Several ranges are answered by the whole, as are ranges of a content that is no longer this one.
        Raises `Unsatisfiable`.
        """
        match = _RANGE.fullmatch(self.range)
        if match is None or not self._goes_on(tag, modified):
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

    def _goes_on(self, tag: str, modified: datetime | None) -> bool:
        """Tell whether the range is one of the content that there is (RFC 9110, 13.1.5)."""
        if not self.if_range or self.if_range.strip() == tag:
            return True
        return modified is not None and modified == _date(self.if_range)


def _date(text: str) -> datetime | None:
    """Read an HTTP date, None where *text* is none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


NO_WISH = Wish()


def wish_of(scope: Scope) -> Wish:
    """Read the header lines of a request that is no POST."""
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in (NONE_MATCH, RANGE, IF_RANGE, MODIFIED_SINCE):
            text = value.decode("latin-1")
            found[name] = f"{found[name]},{text}" if name in found else text
    if not found or scope["method"] not in ("GET", "HEAD"):
        return NO_WISH
    return Wish(*(found.get(name, "") for name in (NONE_MATCH, RANGE, IF_RANGE, MODIFIED_SINCE)))
