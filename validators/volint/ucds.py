"""UCDs: syntax, words and their places (UCD1+ 1.10, word list 1.6)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from soda_core.standards import vocabulary

from .remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ucd_remarks"]

WORD = r"(?:[A-Za-z]+:)?[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)*"
SYNTAX = re.compile(f"{WORD}(?:;{WORD})*")
OLD = re.compile(r"[A-Z0-9]+(?:[_/-][A-Z0-9%]+)+|[A-Z]{2,}")
"""UCDs of the first kind, such as POS_EQ_RA_MAIN."""

ONLY_FIRST, ONLY_LATER = "P", "S"


@cache
def _places() -> Mapping[str, str]:
    return {word.lower(): place for word, place in vocabulary("ucd1plus")["terms"].items()}


@cache
def _deprecated() -> Mapping[str, str]:
    return {word.lower(): new for word, new in vocabulary("ucd1plus")["deprecated"].items()}


def ucd_remarks(ucd: str) -> Iterator[Remark]:
    """Yield what is wrong with a UCD; words are compared without case."""
    if not ucd.strip():
        yield Remark("an empty UCD: leave the attribute out", "info")
    elif OLD.fullmatch(ucd):
        yield Remark(f"{ucd!r} is a UCD of the first kind, which UCD1+ replaced", "info")
    elif not SYNTAX.fullmatch(ucd):
        yield Remark(f"{ucd!r}: expected words of letters, digits, . _ - joined by ;")
    else:
        yield from _of_words(ucd, ucd.lower().split(";"))


def _of_words(ucd: str, words: list[str]) -> Iterator[Remark]:
    """Yield what is wrong with the words of a UCD that is well spelt."""
    for at, full in enumerate(words):
        space, _, word = full.rpartition(":")
        if space not in ("", "ivoa"):
            continue  # words of others
        place = _places().get(word)
        if place is None:
            new = _deprecated().get(word)
            yield Remark(
                f"{ucd!r}: {word} is deprecated: {new}" if new else f"{ucd!r}: there is no word {word}"
            )
        elif at == 0 and place == ONLY_LATER:
            yield Remark(f"{ucd!r}: {word} cannot be the first word")
        elif at > 0 and place == ONLY_FIRST:
            yield Remark(f"{ucd!r}: {word} can only be the first word")
    if len(set(words)) < len(words):
        yield Remark(f"{ucd!r}: a word is there twice", "info")
