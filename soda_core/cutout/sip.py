"""The polynomials of SIP from the cards alone, where these leave nothing to guess."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from astropy.wcs import Sip

from soda_core.cutout.cards import Cards
from soda_core.cutout.errors import UnreadableFile
from soda_core.sky.vectors import Floats

__all__ = ["SIP_CARD", "sip_of"]

SIP_CARD = re.compile(r"[AB]P?_(ORDER|\d_\d) *=")
"""Cards that wcslib must not see where astropy applies them."""

LETTERS = ("A", "B", "AP", "BP")
NEEDED = frozenset({"A", "B"})
ORDERS = range(2, 10)
"""Orders with terms of two digits and some distortion."""


def sip_of(cards: Cards) -> Any | None:  # noqa: ANN401 - astropy is not typed
    """Return the polynomials of the primary coordinates; None where astropy should decide what is meant."""
    try:
        orders = {letter: cards.number(f"{letter}_ORDER") for letter in LETTERS}
        given = {letter: int(order) for letter, order in orders.items() if order is not None}
        whole = all(order in ORDERS for order in given.values())
        pairs = given.keys() >= NEEDED and ("AP" in given) == ("BP" in given)
        types = [cards.text(f"CTYPE{axis}") or "" for axis in (1, 2)]
        centre = [cards.number(f"CRPIX{axis}") for axis in (1, 2)]
        if not whole or not pairs or None in centre or not all(type_.endswith("-SIP") for type_ in types):
            return None
        found = {letter: _polynomial(cards, letter, order) for letter, order in given.items()}
    except (UnreadableFile, ValueError, OverflowError):
        return None
    return Sip(*(found.get(letter) for letter in LETTERS), centre)


def _polynomial(cards: Cards, letter: str, order: int) -> Floats:
    """Return the coefficients (order + 1, order + 1); terms that are not there are 0."""
    found = np.zeros((order + 1, order + 1))
    for p, q in _terms(order):
        found[p, q] = cards.number(f"{letter}_{p}_{q}") or 0.0
    return found


def _terms(order: int) -> Iterable[tuple[int, int]]:
    return ((p, q) for p in range(order + 1) for q in range(order - p + 1))
