"""The part of ADQL 2.0 that a facade may use, as a strict parser (ADQL 2.0, appendix A)."""

from __future__ import annotations

import re

__all__ = ["NotAdql", "read"]

_TOKENS = re.compile(
    r"\s+|(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?)|(?P<text>'(?:[^']|'')*')"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_]*)|(?P<sign>>=|<=|<>|[=<>(),.*])"
)
SIGNS = (">=", "<=", "=", ">", "<", "<>")


class NotAdql(Exception):
    """The text is no query of this part of ADQL."""


def read(query: str) -> None:
    """Raise `NotAdql` where *query* leaves the grammar."""
    parser = _Parser(list(_tokens(query)))
    parser.query()
    if parser.left:
        raise NotAdql(f"{parser.left[0]!r} comes after the query {query!r}")


def _tokens(query: str) -> list[str]:
    place, found = 0, []
    while place < len(query):
        match = _TOKENS.match(query, place)
        if match is None:
            raise NotAdql(f"{query[place:]!r} is no token")
        if match.lastgroup:
            found.append(match[0])
        place = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens

    def query(self) -> None:
        self.take("SELECT")
        self.maybe("DISTINCT")
        if self.maybe("TOP"):
            self.value()
        self.item()
        while self.maybe(","):
            self.item()
        self.take("FROM", "ivoa", ".", "obscore")
        if self.maybe("WHERE"):
            self.condition()
        if self.maybe("ORDER"):
            self.take("BY")
            self.column()

    def item(self) -> None:
        if self.maybe("COUNT"):
            self.take("(", "*", ")", "AS")
            self.column()
        elif not self.maybe("*"):
            self.column()

    def condition(self) -> None:
        self.predicate()
        while self.maybe("AND") or self.maybe("OR"):
            self.predicate()

    def predicate(self) -> None:
        if self.maybe("("):
            self.condition()
            self.take(")")
        elif self.maybe("INTERSECTS"):
            self.take("(", "s_region", ",", "CIRCLE", "(", "'ICRS'")
            for _ in range(3):
                self.take(",")
                self.value()
            self.take(")", ")", "=", "1")
        elif self.left[:3] == ["1", "=", "0"]:
            self.left = self.left[3:]
        else:
            self.column()
            self.comparison()

    def comparison(self) -> None:
        if self.maybe("IS"):
            self.maybe("NOT")
            self.take("NULL")
        elif self.maybe("IN"):
            self.take("(")
            self.value()
            while self.maybe(","):
                self.value()
            self.take(")")
        elif self.maybe("LIKE") or any(self.maybe(sign) for sign in SIGNS):
            self.value()
        else:
            raise NotAdql(f"{self.left[:1]} is no comparison")

    def column(self) -> None:
        if not self.left or not re.fullmatch("[a-z][a-z0-9_]*", self.left[0]):
            raise NotAdql(f"{self.left[:1]} is no column")
        self.left = self.left[1:]

    def value(self) -> None:
        if not self.left or not re.match("[-+.0-9']", self.left[0]):
            raise NotAdql(f"{self.left[:1]} is no value")
        self.left = self.left[1:]

    def maybe(self, word: str) -> bool:
        if self.left[:1] != [word]:
            return False
        self.left = self.left[1:]
        return True

    def take(self, *words: str) -> None:
        for word in words:
            if not self.maybe(word):
                raise NotAdql(f"expected {word} before {self.left[:3]}")
