"""Units by the grammar of VOUnits 1.1: parsed here, as a wrong unit is to be explained, not only refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from soda_core.standards import vocabulary

from .remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["unit_remarks"]

TOKEN = re.compile(
    r"(?P<power>\*\*)|(?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<symbol>[A-Za-z%]+)|(?P<quoted>'[A-Za-z%]+')|(?P<sign>[./()])"
)
FUNCTIONS = frozenset({"log", "ln", "exp", "sqrt"})
NOTHING = frozenset({"none", "unitless", "-", "null", "dimensionless"})
UNKNOWN = frozenset({"unknown", "UNKNOWN"})
BETTER: Mapping[str, str] = {
    "sec": "s",
    "seconds": "s",
    "degree": "deg",
    "degrees": "deg",
    "ang": "Angstrom",
    "micron": "um",
    "microns": "um",
    "days": "d",
    "day": "d",
    "hours": "h",
    "hr": "h",
    "years": "yr",
    "KB": "kbyte",
    "Kbyte": "kbyte",
    "Deg": "deg",
    "Arcsec": "arcsec",
}
"""What is meant by symbols that are often met."""


class BadUnit(ValueError):
    """A text is no unit; its text says where it goes wrong."""


@cache
def _known() -> Mapping[str, Any]:
    return {name: frozenset(words) for name, words in vocabulary("vounits").items() if name != "version"}


def unit_remarks(unit: str) -> Iterator[Remark]:
    """Yield what is wrong with a unit; one that is not known is legal."""
    if unit in UNKNOWN or unit == "":
        return
    if unit.strip().lower() in NOTHING:
        yield Remark(f"{unit!r}: what has no unit has no such attribute, or 1")
        return
    try:
        symbols = _Parser(unit).parse()
    except BadUnit as error:
        yield Remark(f"{unit!r} is no unit of VOUnits: {error}")
        return
    for symbol in dict.fromkeys(symbols):
        yield from _of_symbol(unit, symbol)


def _of_symbol(unit: str, symbol: str) -> Iterator[Remark]:
    """Yield what is to be said about one symbol, its prefix included."""
    known = _known()
    if symbol in known["terms"]:
        if symbol in known["deprecated"]:
            yield Remark(f"{unit!r}: {symbol} is deprecated", "info")
        return
    for size in (2, 1):
        prefix, rest = symbol[:size], symbol[size:]
        if rest not in known["terms"]:
            continue
        if prefix in known["binary_prefixes"] and rest in known["with_binary_prefix"]:
            return
        if prefix in known["si_prefixes"] and rest not in known["without_prefix"]:
            if prefix == "da":
                yield Remark(f"{unit!r}: the prefix da is not to be used")
            elif rest in known["deprecated"]:
                yield Remark(f"{unit!r}: {rest} is deprecated", "info")
            return
    hint = f", {BETTER[symbol]} is meant" if symbol in BETTER else ""
    yield Remark(f"{unit!r}: {symbol} is no symbol of VOUnits{hint}", "warning" if hint else "info")


@dataclass
class _Parser:
    """A descent through the grammar (VOUnits 1.1, appendix); gathers the symbols."""

    text: str
    at: int = 0
    symbols: list[str] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)

    def parse(self) -> list[str]:
        """Return the symbols of the whole text."""
        self._read()
        if self.tokens == [("symbol", "%")]:
            return ["%"]
        self._scale()
        if self.at < len(self.tokens):
            self._expression()
        if self.at < len(self.tokens):
            raise BadUnit(self._unexpected())
        return self.symbols

    def _read(self) -> None:
        place = 0
        while place < len(self.text):
            match = TOKEN.match(self.text, place)
            if match is None:
                hint = ", powers are written **" if self.text[place] == "^" else ""
                raise BadUnit(f"{self.text[place]!r} is not allowed{hint}")
            self.tokens.append((str(match.lastgroup), match[0]))
            place = match.end()

    @property
    def _next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _unexpected(self) -> str:
        kind, text = self._next
        if text == "/":
            return "a second / stands on one level, write a/(b.c)"
        if kind == "number":
            return f"{text!r} follows a symbol, powers are written **"
        return f"{text!r} is not expected here" if text else "it ends too early"

    def _take(self, text: str) -> bool:
        if self._next[1] == text and self._next[0] in ("sign", "power"):
            self.at += 1
            return True
        return False

    def _scale(self) -> None:
        """Pass over a factor: 10**n, a number."""
        if self._next[0] == "number":
            self.at += 1
            if self._take("**"):
                self._power()

    def _expression(self) -> None:
        if self._next[1] != "/":
            self._factor()
            while self._take("."):
                self._factor()
        if self._take("/"):
            self._factor()

    def _factor(self) -> None:
        if self._take("("):
            self._expression()
            self._close()
        else:
            self._term()
        if self._take("**"):
            self._power()

    def _term(self) -> None:
        kind, text = self._next
        if kind == "quoted":
            self.at += 1
            return
        if kind != "symbol":
            raise BadUnit(self._unexpected())
        self.at += 1
        if text in FUNCTIONS and self._take("("):
            self._expression()
            self._close()
        elif self._next[0] == "quoted":
            self.at += 1  # a prefix before a unit that is not known
        else:
            self.symbols.append(text)

    def _power(self) -> None:
        """Pass over a whole number, or a number or a fraction in brackets."""
        bracket = self._take("(")
        if self._next[0] != "number":
            raise BadUnit("a number is expected after **")
        whole = re.fullmatch(r"[+-]?\d+", self._next[1])
        self.at += 1
        if bracket:
            if self._take("/") and self._next[0] == "number":
                self.at += 1
            self._close()
        elif whole is None:
            raise BadUnit("a power that is not whole stands in brackets")

    def _close(self) -> None:
        if not self._take(")"):
            raise BadUnit(self._unexpected() if self._next[1] else "a bracket is not closed")
