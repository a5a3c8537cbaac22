"""Numbers as DALI writes them (DALI 1.1, 3.3.1: VOTable TABLEDATA literals)."""

import math
import re

from .errors import BadValue

__all__ = ["FINITE", "INFINITE", "number", "numbers", "signed", "whole", "words"]

# One way only to match a run of digits: a long one that fails must not take quadratic time.
FINITE = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
INFINITE = r"[+-]?[iI][nN][fF](?:[iI][nN][iI][tT][yY])?"
_NUMBER = re.compile(rf"(?:{FINITE}|{INFINITE})", re.ASCII)
_WHOLE = re.compile(r"([+-]?)(?:0*(\d{1,19})|0[xX]0*([0-9a-fA-F]{1,16}))", re.ASCII)
_WORD = re.compile(r"\S+", re.ASCII)
_BLANKS = " \t\n\r\f\v"
_LARGEST = 2**63 - 1


def words(text: str) -> list[str]:
    """Split at ASCII white space, the only one that VOTable knows."""
    return _WORD.findall(text)


def number(word: str) -> float:
    """Read one number or infinity; raise ValueError for anything else, NaN among it."""
    if not _NUMBER.fullmatch(word):
        raise ValueError(word)
    value = float(word)
    if math.isinf(value) and "n" not in word.lower():
        raise ValueError(word)
    return value


def numbers(name: str, text: str, expected: str) -> tuple[float, ...]:
    """Read white-space separated numbers of parameter *name*."""
    try:
        return tuple(number(word) for word in words(text))
    except ValueError:
        raise BadValue(name, text, expected) from None


def whole(name: str, text: str) -> int:
    """Read a whole number of at most 64 bits that is not negative."""
    value = _integer(text)
    if value is None or value < 0:
        raise BadValue(name, text, f"a whole number from 0 to {_LARGEST}")
    return value


def signed(name: str, text: str) -> int:
    """Read a whole number of at most 64 bits."""
    value = _integer(text)
    if value is None:
        raise BadValue(name, text, f"a whole number from -{_LARGEST} to {_LARGEST}")
    return value


def _integer(text: str) -> int | None:
    """Return a decimal or hexadecimal whole number, None for anything else."""
    match = _WHOLE.fullmatch(text.strip(_BLANKS))
    if match is None:
        return None
    sign, decimal, hexadecimal = match.groups()
    size = int(decimal) if decimal else int(hexadecimal, 16)
    if size > _LARGEST:
        return None
    return -size if sign == "-" else size
