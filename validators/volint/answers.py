"""What an answer says: success, refusal, and the words that open an error text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from soda_core.dali import TYPES

from .model import Skip

if TYPE_CHECKING:
    from .exchange import Exchange

__all__ = ["failed", "labelled", "malformed", "message", "opens_with", "same", "tells_failure"]

COUNTS = {"circle": (3, 3), "polygon": (6, 1000), "range": (4, 4), "interval": (1, 2)}
"""Least and most numbers of a value."""


def message(answer: Exchange) -> str:
    """Return the error text: the body, or the content of the last QUERY_STATUS of a VOTable."""
    if not answer.is_xml:
        return answer.text.rstrip()
    try:
        return answer.view.message
    except Skip:
        return answer.text.strip()


def failed(answer: Exchange) -> bool:
    """Tell whether a request failed, by the status or by the last word of a VOTable."""
    if answer.status >= 400:  # noqa: PLR2004 - refusals and failures
        return True
    try:
        return answer.media_type.is_votable and answer.view.failed
    except Skip:
        return False


def tells_failure(answer: Exchange) -> bool:
    """Tell whether an answer is a VOTable that says that the request failed."""
    try:
        return answer.view.failed
    except Skip:
        return False


def labelled(answer: Exchange, labels: tuple[str, ...]) -> bool:
    """Tell whether the error text opens with one of *labels* as a whole word."""
    return opens_with(message(answer), labels)


def opens_with(text: str, labels: tuple[str, ...]) -> bool:
    """Tell whether a text opens with one of *labels* as a whole word."""
    return any(text.startswith(label) and not text[len(label) : len(label) + 1].isalnum() for label in labels)


def same(one: Exchange, other: Exchange) -> bool:
    """Tell whether two answers are of one outcome: status, type, and size up to a few per cent."""
    sizes = sorted((len(one.body), len(other.body)))
    alike = (one.status, one.media_type.essence) == (other.status, other.media_type.essence)
    return alike and sizes[0] >= sizes[1] * 0.9


def malformed(kind: str) -> tuple[str, ...]:
    """Return the counter-examples of a type that no text allows: a wrong count, or words that are no numbers.

    Values out of range are left out: texts differ on which ranges there are.
    """
    return tuple(value for value in TYPES[kind].counter_examples if value and _is_malformed(value, kind))


def _is_malformed(value: str, kind: str) -> bool:
    least, most = COUNTS[kind]
    try:
        numbers = [float(word) for word in value.replace("_", "x").split()]
    except ValueError:
        return "0x" not in value
    even = kind != "polygon" or len(numbers) % 2 == 0
    return not (least <= len(numbers) <= most and even) or any(map(math.isnan, numbers))
