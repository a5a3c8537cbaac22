"""The values of a header by keyword, read without astropy: a survey is many headers, and few cards count."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Self, TypeAlias

__all__ = ["Keywords", "Value", "number_of"]

Value: TypeAlias = str | int | float | bool

CARD = 80
_PLAIN = re.compile(r"([A-Za-z0-9_-]{1,8}) *= ?")
_LONG = re.compile(r"HIERARCH +([^=]*[^= ]) *= ?")
_QUOTED = re.compile(r" *'((?:[^']|'')*)'")
_UNIT = re.compile(r"^ *\[([^\]]+)\]")
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[EeDd][+-]?\d+)?")


class Keywords:
    """The first value that any of some headers has for a keyword; keywords are compared without case."""

    def __init__(self, headers: tuple["_Header", ...]) -> None:
        self._headers = headers

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read one header as it stands in a file."""
        return cls((_Header(raw),))

    @classmethod
    def merged(cls, headers: Iterable[Self]) -> Self:
        """Take the values of several headers, the first one first."""
        return cls(tuple(values for header in headers for values in header._headers))  # noqa: SLF001 - of the same class

    def unit(self, keyword: str) -> str:
        """Return the unit in the comment of the card that `get` finds (FITS 4.0, 4.3.2), else ''."""
        word = keyword.upper()
        rests = (header.card(word)[1] for header in self._headers if header.card(word)[0] != "")
        match = _UNIT.search(next(rests, ""))
        return match[1] if match else ""

    def get(self, keyword: str) -> Value | None:
        """Return the value of a card, blank text left out; None where there is none."""
        word = keyword.upper()
        for header in self._headers:
            value, _ = header.card(word)
            if value != "":
                return value
        return None

    def number(self, *keywords: str) -> float | None:
        """Return the first finite number, also one that is written as text."""
        return next((found for word in keywords if (found := number_of(self.get(word))) is not None), None)

    def text(self, *keywords: str) -> str:
        """Return the first value that is text, '' if there is none."""
        values = (self.get(word) for word in keywords)
        return next((value for value in values if isinstance(value, str)), "")


def number_of(value: Value | None) -> float | None:
    """Return a value as a finite number, None if it is none."""
    if isinstance(value, str):
        value = float(value.strip().upper().replace("D", "E")) if _NUMBER.fullmatch(value.strip()) else None
    if value is None or isinstance(value, bool) or not math.isfinite(value):
        return None
    return float(value)


class _Header:
    """The cards of one header; few of them are ever asked for, so a value is read when it is."""

    def __init__(self, raw: bytes) -> None:
        text = raw.decode("latin-1")
        self._rests: dict[str, list[str]] = {}
        self._known: dict[str, tuple[Value, str]] = {}
        for keyword, rest in _joined(text[at : at + CARD] for at in range(0, len(text), CARD)):
            self._rests.setdefault(keyword, []).append(rest)

    def card(self, keyword: str) -> tuple[Value, str]:
        """Return value and comment of the first card of a keyword that has a value, else two blanks."""
        if keyword not in self._rests:
            return "", ""
        if keyword not in self._known:
            cards = ((value, rest) for rest in self._rests[keyword] if (value := _value(rest)) is not None)
            value, rest = next(cards, ("", ""))
            self._known[keyword] = value, "" if isinstance(value, str) else rest.partition("/")[2]
        return self._known[keyword]


def _joined(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield keyword and what follows it, long strings put together (FITS 4.0, 4.2.1.2)."""
    keyword, rest = "", ""
    for line in lines:
        if line.startswith("CONTINUE") and keyword and (more := _QUOTED.match(line[8:])):
            rest = _bare(rest)
            rest = f"{rest.rstrip()[:-2]}{more[1]}'" if rest.rstrip().endswith("&'") else rest
            continue
        if keyword:
            yield keyword, rest
        match = _PLAIN.match(line) if line[8:9] == "=" else _LONG.match(line)
        keyword, rest = (match[1].upper(), line[match.end() :]) if match else ("", "")
        if line.startswith("END") and line.rstrip() == "END":
            return
    if keyword:
        yield keyword, rest


def _bare(rest: str) -> str:
    """Return a text in its quotes, the comment behind it left out."""
    quoted = _QUOTED.match(rest)
    return quoted[0] if quoted else rest


def _value(rest: str) -> Value | None:
    """Read the value of a card."""
    if quoted := _QUOTED.match(rest):
        return quoted[1].replace("''", "'").strip()
    word = rest.partition("/")[0].strip()
    if word in ("T", "F"):
        return word == "T"
    if _INTEGER.fullmatch(word):
        return int(word)
    return number_of(word)
