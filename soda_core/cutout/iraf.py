"""The strings in which IRAF describes its projections TNX and ZPX, in a form that wcslib reads."""

import re
from typing import Any

__all__ = ["IRAF_CODES", "mend_strings"]

IRAF_CODES = ("TNX", "ZPX")
"""Projections of IRAF: TAN and ZPN with a surface of corrections, in degrees on the plane of projection."""

CARD = 68
"""Characters of such a string in one card; blanks at the end of a card count."""

_OPENING = re.compile(r'= *"\s*(\S)')
_PART = re.compile(r"WAT([1-9])_(\d{3})")


def mend_strings(header: Any) -> None:  # noqa: ANN401 - astropy is not typed
    """Divide the strings of a header anew, so that no card ends in a blank.

    IRAF cuts every 68 characters. A blank there is lost, as trailing blanks of a value mean nothing, and two
    numbers become one.
    """
    parts: dict[str, dict[str, str]] = {}
    for keyword in header:
        if match := _PART.fullmatch(keyword):
            parts.setdefault(match[1], {})[match[2]] = str(header[keyword])
    for axis, texts in parts.items():
        for old in texts:
            del header[f"WAT{axis}_{old}"]
        text = "".join(texts[number].ljust(CARD) for number in sorted(texts))
        for at, piece in enumerate(_pieces(text), start=1):
            header[f"WAT{axis}_{at:03d}"] = piece


def _pieces(text: str) -> list[str]:
    """Divide a string into full cards, with blanks put in so that none ends in one."""
    spaced = ""
    for word in _OPENING.sub(r'= "\1', text.replace('"', ' " ')).split():
        spaced += f" {word}" if spaced else word
        if len(spaced) % CARD == CARD - 1:
            spaced = f"{spaced[: -len(word)]} {word}"
    return [spaced[at : at + CARD] for at in range(0, len(spaced), CARD)]
