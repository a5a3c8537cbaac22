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
    return rule


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
    words = [cards] if isinstance(cards, str) else cards
    value = next((found for word in words if (found := header.get(str(word))) is not None), None)  # type: ignore[union-attr]  # the settings let only names and lists of them through
    if value is None:
        return None
    if "map" in rule:
        words_to = rule["map"]
        return words_to.get(_text(value)) if isinstance(words_to, dict) else None  # type: ignore[return-value]  # values of a map are no rules
    if "scale" not in rule and "offset" not in rule:
        return value
    number = number_of(value)
    scale, offset = (number_of(rule.get(key, default)) for key, default in (("scale", 1), ("offset", 0)))  # type: ignore[arg-type]  # the settings let only numbers through
    return None if number is None or scale is None or offset is None else number * scale + offset


def _text(value: Value | None) -> str:
    """Return a value as a card shows it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
