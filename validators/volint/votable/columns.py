"""Columns and parameters: what a value of them must look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from .literals import LITERALS, NUMBER, SIZES, TEXTS
from .xtypes import XTYPES, Xtype

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml import etree

__all__ = ["ARRAYSIZE", "Column", "Flaw", "Shape"]

ARRAYSIZE = re.compile(r"([0-9]+x)*([0-9]+\*?|\*)")
COMPLEX = frozenset({"floatComplex", "doubleComplex"})
SHOWN = 40
LAST_OF_PLANE = 0xFFFF
"""The greatest character of UCS-2."""


def _never(_text: str) -> bool:
    return False


USUAL: Mapping[str, Callable[[str], object]] = {
    "float": NUMBER.fullmatch,
    "double": NUMBER.fullmatch,
    "unsignedByte": re.compile(r"\d{1,2}").fullmatch,
    "short": re.compile(r"-?\d{1,4}").fullmatch,
    "int": re.compile(r"-?\d{1,9}").fullmatch,
    "long": re.compile(r"-?\d{1,18}").fullmatch,
    "boolean": re.compile(r"[TF10]|true|false").fullmatch,
}


class Flaw(NamedTuple):
    """A rule that a value breaks, and how."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An arraysize: the fixed axes, and of the last one how long it may be; None is any length."""

    fixed: tuple[int, ...]
    variable: bool
    limit: int | None

    @classmethod
    def of(cls, arraysize: str) -> Shape | None:
        """Read an arraysize; None if it is none."""
        if not ARRAYSIZE.fullmatch(arraysize) or len(arraysize) > SHOWN:
            return None
        *front, last = arraysize.split("x")
        fixed = tuple(map(int, front))
        if last.endswith("*"):
            return cls(fixed, variable=True, limit=int(last[:-1]) if last != "*" else None)
        return cls((*fixed, int(last)), variable=False, limit=None)

    def flaw(self, count: int) -> str:
        """Return what is wrong with that many values, empty if nothing is."""
        step = prod(self.fixed)
        if not self.variable:
            return "" if count == step else f"{count} values, expected {step}"
        if step and count % step:
            return f"{count} values, expected a multiple of {step}"
        if self.limit is not None and count > step * self.limit:
            return f"{count} values, expected at most {step * self.limit}"
        return ""


ANY_LENGTH = Shape((), variable=True, limit=None)


@dataclass(frozen=True, slots=True)
class Column:
    """A FIELD or PARAM; `shape` is None for a single value, `old` says that empty cells are no nulls yet."""

    name: str
    datatype: str
    shape: Shape | None
    null: str | None = None
    ascii_only: bool = True
    old: bool = False
    xtype: Xtype | None = None

    @classmethod
    def of(cls, node: etree._Element, version: str) -> Column:
        """Read an element; what is wrong with its own attributes is for other rules to say."""
        values = next(iter(node.iterfind("{*}VALUES")), None)
        return cls(
            node.get("name", ""),
            node.get("datatype", "").strip(),
            Shape.of(node.get("arraysize", "")),
            None if values is None else values.get("null"),
            version < "1.6",
            version < "1.3",
            XTYPES.get(node.get("xtype", "").strip()),
        )

    @property
    def usual(self) -> Callable[[str], object]:
        """What is true of the text of nearly every cell of the column, and only of texts without a flaw."""
        if self.xtype is not None:
            return _never
        if self.shape is None:
            return USUAL.get(self.datatype, _never)
        plain = self.datatype == "char" and self.shape == ANY_LENGTH
        return str.isascii if plain else _never

    @property
    def known(self) -> bool:
        """Whether the datatype is one of the standard."""
        return self.datatype in SIZES or self.datatype == "bit"

    def flaws(self, text: str) -> Iterator[Flaw]:
        """Yield what is wrong with the text of a cell."""
        if self.xtype is not None and text.strip() and (wrong := self.xtype.flaw(text)):
            yield Flaw(self.xtype.code, f"{self.name}: {wrong}")
            return
        if self.datatype in TEXTS:
            yield from self._of_text(text)
        elif not text.strip():
            if self.old and self.datatype in ("short", "int", "long", "unsignedByte"):
                yield Flaw("VOT-5.1-03", f"{self.name}: an empty cell is no whole number before VOTable 1.3")
        elif self.known and text.strip() != self.null:
            yield from self._of_values(self._split(text))

    def literal(self, text: str) -> str:
        """Return what is wrong with a single value; empty if nothing is."""
        if self.datatype in TEXTS or not self.known:
            return ""
        return LITERALS[self.datatype](text.strip())

    def _split(self, text: str) -> list[str]:
        if self.datatype == "bit":
            return [*"".join(text.split())]
        return text.split()

    def _of_values(self, words: list[str]) -> Iterator[Flaw]:
        check = LITERALS[self.datatype]
        for word in words:
            if wrong := check(word):
                yield Flaw("VOT-6-01", f"{self.name}: {wrong[:200]}")
                return
        count, odd = divmod(len(words), 2) if self.datatype in COMPLEX else (len(words), 0)
        if odd:
            yield Flaw("VOT-5.1-04", f"{self.name}: a complex number has two parts, there are {len(words)}")
        elif self.shape is None:
            if count != 1:
                yield Flaw("VOT-5.1-04", f"{self.name}: {count} values, expected one: there is no arraysize")
        elif wrong := self.shape.flaw(count):
            yield Flaw("VOT-5.1-04", f"{self.name}: {wrong}")

    def _of_text(self, text: str) -> Iterator[Flaw]:
        if self.shape is None:
            if len(text) > 1:
                yield Flaw(
                    "VOT-4.1-04", f"{self.name}: {text[:SHOWN]!r} is longer than the one character declared"
                )
        elif (most := self._most) is not None and len(text) > most:
            yield Flaw("VOT-5.1-04", f"{self.name}: {len(text)} characters, expected at most {most}")
        if self.datatype == "char" and self.ascii_only and not text.isascii():
            yield Flaw("VOT-6-02", f"{self.name}: {text[:SHOWN]!r} is not ASCII")
        if self.datatype == "unicodeChar" and self.ascii_only and max(text, default="") > chr(LAST_OF_PLANE):
            yield Flaw("VOT-6-03", f"{self.name}: {text[:SHOWN]!r} has characters beyond UCS-2")

    @property
    def _most(self) -> int | None:
        """How many characters fit; None for any number."""
        shape = self.shape
        if shape is None or (shape.variable and shape.limit is None):
            return None
        return prod(shape.fixed) * (shape.limit if shape.limit is not None else 1)
