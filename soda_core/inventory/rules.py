"""Rules that turn header cards into the value of a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soda_core.cutout.keywords import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soda_core.cutout.keywords import Keywords, Value
    from soda_core.settings import Rule

__all__ = ["given"]

_CARD = re.compile(r"\{([^{}]+)\}")


def given(rule: Rule, header: Keywords) -> Value | None:
    """Return what a rule gives for a header, None where its cards are not there.

    Text has cards in braces; a list gives its first value; a table takes a card, and scales or translates it.
    """
    if isinstance(rule, str):
        return _filled(rule, header)
    if isinstance(rule, list | tuple):
        return next((value for one in rule if (value := given(one, header)) is not None), None)
    if isinstance(rule, dict):
        return _from_card(rule, header)
    return rule if isinstance(rule, int | float) else None


def _filled(text: str, header: Keywords) -> Value | None:
    """Return *text* with values for its cards; a card alone keeps its type."""
    if (alone := _CARD.fullmatch(text)) is not None:
        return header.get(alone[1].strip())
    values = {word: header.get(word.strip()) for word in _CARD.findall(text)}
    if None in values.values():
        return None
    return _CARD.sub(lambda match: _text(values[match[1]]), text)


def _from_card(rule: Mapping[str, Rule], header: Keywords) -> Value | None:
    """Return the value of the first card that is there, translated or scaled as the table says."""
    cards = rule["card"]
    names = cards if isinstance(cards, list) else [cards]
    value = next((found for name in names if (found := header.get(str(name))) is not None), None)
    if value is None:
        return None
    if "map" in rule:
        words = rule["map"]
        return words.get(_text(value)) if isinstance(words, dict) else None
    if "scale" not in rule and "offset" not in rule:
        return value
    number = number_of(value)
    scale, offset = rule.get("scale", 1), rule.get("offset", 0)
    if number is None or not isinstance(scale, int | float) or not isinstance(offset, int | float):
        return None
    return number * scale + offset


def _text(value: Value | None) -> str:
    """Return a value as a card shows it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
