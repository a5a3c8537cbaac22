"""Header cards as 80-character texts, changed in place so that all others stay as they were."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from soda_core.cutout.errors import UnreadableFile

__all__ = ["BLOCK", "CARD", "Cards", "Slot", "padded"]

BLOCK = 2880
"""Bytes in a FITS block."""

CARD = 80
LINE = 72
_CARD = re.compile(r"([A-Z0-9_-]{1,8}) *= *('(?:[^']|'')*'|[^/']*?) *(/.*)?")


def padded(size: int) -> int:
    """Round *size* bytes up to whole blocks."""
    return -(-size // BLOCK) * BLOCK


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the value of a keyword stands: lines, and the comment on each."""

    keyword: str
    places: tuple[tuple[int, str | None], ...]


class Cards:
    """The cards of one header, END and padding left out."""

    def __init__(self, text: str) -> None:
        lines = [text[at : at + CARD].ljust(CARD) for at in range(0, len(text), CARD)]
        ends = [at for at, line in enumerate(lines) if line.rstrip() == "END"]
        self._lines = lines[: ends[0]] if ends else lines
        self._places: dict[str, list[int]] | None = None
        self._keywords: tuple[str, ...] | None = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def copy(self) -> Self:
        """Return cards that can be changed while these stay; what is known about their places is shared."""
        other = object.__new__(type(self))
        other._lines = self._lines.copy()
        other._places, other._keywords = self._places, self._keywords
        return other

    def keywords(self) -> tuple[str, ...]:
        """Return the keywords of all cards that have a value, in order."""
        if self._keywords is None:
            matches = (_CARD.fullmatch(line.rstrip()) for line in self._lines)
            self._keywords = tuple(match[1] for match in matches if match)
            self._at("")
        return self._keywords

    def text(self, keyword: str) -> str | None:
        """Return the value as written, strings without quotes; None if there is no such card."""
        for at in self._at(keyword):
            if match := _CARD.fullmatch(self._lines[at].rstrip()):
                value = match[2].strip()
                quoted = len(value) > 1 and value[0] == value[-1] == "'"
                return value[1:-1].replace("''", "'").rstrip() if quoted else value
        return None

    def number(self, keyword: str) -> float | None:
        """Return a numeric value; exponents may be spelt D, d or e."""
        text = self.text(keyword)
        if not text:
            return None
        try:
            return float(text.upper().replace("D", "E"))
        except ValueError:
            raise UnreadableFile(f"the header card {keyword} holds {text!r}, expected a number") from None

    def slot(self, keyword: str) -> Slot:
        """Return the place of a value, so that it can be written in copies without looking for it again."""
        places = [
            (at, match[3]) for at in self._at(keyword) if (match := _CARD.fullmatch(self._lines[at].rstrip()))
        ]
        return Slot(keyword, tuple(places))

    def set(self, keyword: str, value: str) -> None:
        """Write a value as FITS spells it, its comment kept; a new card goes to the end."""
        self.put(self.slot(keyword), value)

    def put(self, slot: Slot, value: str) -> None:
        """Do the same where the place is known."""
        for at, comment in slot.places:
            self._lines[at] = _spelt(slot.keyword, value, comment)
        if not slot.places:
            self._lines.append(_spelt(slot.keyword, value, None))
            self._forget()

    def insert(self, after: str, keyword: str, value: str) -> None:
        """Put a new card behind another one; an older card of that keyword goes."""
        self.remove(keyword.__eq__)
        at = next((at for at, line in enumerate(self._lines) if line.startswith(after.ljust(8))), -1)
        self._lines.insert(at + 1, _spelt(keyword, value, None))
        self._forget()

    def set_number(self, keyword: str, value: float) -> None:
        """Write a number with all its digits."""
        self.set(keyword, repr(value).upper())

    def remove(self, condition: Callable[[str], bool]) -> None:
        """Drop the cards whose keyword meets *condition*, with their continuations."""
        kept: list[str] = []
        dropping = False
        for line in self._lines:
            keyword = line[:8].rstrip()
            dropping = (dropping and keyword == "CONTINUE") or condition(keyword)
            if not dropping:
                kept.append(line)
        self._lines = kept
        self._forget()

    def drop(self, keywords: Iterable[str]) -> None:
        """Drop the cards of *keywords*, with their continuations."""
        if any(self._at(keyword) for keyword in keywords):
            self.remove(set(keywords).__contains__)

    def add_history(self, texts: Iterable[str]) -> None:
        """Append each text as HISTORY, over as many cards as it takes."""
        for text in texts:
            plain = text if text.isascii() else text.encode("ascii", "backslashreplace").decode()
            if len(plain) <= LINE:
                self._lines.append(f"HISTORY {plain:{LINE}}")
                continue
            self._lines += [
                f"HISTORY {plain[at : at + LINE]}".ljust(CARD) for at in range(0, len(plain), LINE)
            ]
        self._forget()

    def encoded(self) -> bytes:
        """Return the header as it stands in a file, END and padding included."""
        text = "".join(self._lines) + "END".ljust(CARD)
        return text.ljust(padded(len(text))).encode("ascii", "replace")

    def _at(self, keyword: str) -> Sequence[int]:
        """Return the places of the cards of a keyword."""
        if self._places is None:
            self._places = {}
            for at, line in enumerate(self._lines):
                self._places.setdefault(line[:8].rstrip(), []).append(at)
        return self._places.get(keyword, ())

    def _forget(self) -> None:
        """Note that cards came or went."""
        self._places = self._keywords = None


def _spelt(keyword: str, value: str, comment: str | None) -> str:
    """Return a card: fixed format for numbers and logicals, from column 11 for strings."""
    shown = f"{value:<20}" if value[:1] == "'" else f"{value:>20}"
    return f"{keyword:8}= {shown} {comment or '':<49}"[:CARD]
