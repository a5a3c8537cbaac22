"""Many cutouts as the extensions of one FITS file (FITS 4.0, 4.4)."""

from __future__ import annotations

import re
import tempfile
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MultiFits", "extensions"]

BLOCK, CARD = 2880, 80
CHUNK = 1 << 20
TEXT = 68
"""Characters of a text in one card."""

LEFT_OUT = frozenset({"SIMPLE", "EXTEND", "CHECKSUM", "TGTROW", "TARGET", "END"})
"""Cards that would be false in an extension, or are written anew."""

MANDATORY = re.compile("(PCOUNT|GCOUNT|TFIELDS) +=")
"""What follows the lengths of the axes (FITS 4.0, 7)."""

PRIMARY = (
    "SIMPLE  =                    T",
    "BITPIX  =                    8",
    "NAXIS   =                    0",
    "EXTEND  =                    T",
)


class MultiFits:
    """The file as it grows, on disk: cutouts come in any order, it is read once they are all there."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._file.write(_header(PRIMARY))
        self.count = 0

    def add(self, number: int, target: str, fits: bytes) -> None:
        """Append the HDUs of one cutout."""
        self._file.writelines(extensions(number, target, fits))
        self.count += 1

    def chunks(self) -> Iterator[bytes]:
        """Yield the whole file."""
        self._file.seek(0)
        while chunk := self._file.read(CHUNK):
            yield chunk

    def close(self) -> None:
        """Remove the file."""
        self._file.close()


def extensions(number: int, target: str, fits: bytes) -> Iterator[bytes]:
    """Yield the HDUs of a FITS file as extensions that tell number and name of their target."""
    at = 0
    while at < len(fits):
        cards, start = _cards(fits, at)
        end = start + _padded(_data_size(cards))
        yield _header(_extension(cards, number, target))
        yield fits[start:end]
        at = end


def _cards(fits: bytes, at: int) -> tuple[list[str], int]:
    """Return the cards of the header at a place, END left out, and the place of its data."""
    cards: list[str] = []
    while at < len(fits):
        block = fits[at : at + BLOCK].decode("latin-1")
        at += BLOCK
        for place in range(0, BLOCK, CARD):
            card = block[place : place + CARD]
            if card.rstrip() == "END":
                return cards, at
            cards.append(card)
    raise ValueError("a header has no end")


def _data_size(cards: list[str]) -> int:
    """Return the bytes of the data that a header describes."""
    lengths = [_whole(cards, f"NAXIS{axis}") for axis in range(1, _whole(cards, "NAXIS") + 1)]
    if not lengths:
        return 0
    items = _whole(cards, "GCOUNT", 1) * (_whole(cards, "PCOUNT") + prod(lengths))
    return abs(_whole(cards, "BITPIX")) // 8 * items


def _whole(cards: list[str], keyword: str, default: int = 0) -> int:
    """Return the whole number of a keyword."""
    start = f"{keyword:8}= "
    for card in cards:
        if card.startswith(start):
            return int(card[10:].partition("/")[0])
    return default


def _extension(cards: list[str], number: int, target: str) -> list[str]:
    """Return the cards of the same HDU as an extension."""
    kept = [card for card in cards if card[:8].rstrip() not in LEFT_OUT]
    if cards[0].startswith("SIMPLE"):
        kept.insert(0, _text("XTENSION", "IMAGE   ", "image extension"))
    end = next(n for n, card in enumerate(kept, 1) if card.startswith("NAXIS   ")) + _whole(kept, "NAXIS")
    counts = [card for card in kept if MANDATORY.match(card)]
    kept[end:] = [card for card in kept[end:] if card not in counts]
    counts = counts or [_card("PCOUNT", "0", "no heap"), _card("GCOUNT", "1", "one group")]
    names = {card[:8].rstrip() for card in kept}
    own = [] if "EXTNAME" in names else [_text("EXTNAME", "CUTOUT", "")]
    own += [] if "EXTVER" in names else [_card("EXTVER", str(number), "")]
    own += [
        _card("TGTROW", str(number), "number of the target"),
        _text("TARGET", target, "name of the target"),
    ]
    return [*kept[:end], *counts, *own, *kept[end:]]


def _card(keyword: str, value: str, comment: str) -> str:
    return f"{keyword:8}= {value:>20}{f' / {comment}' if comment else ''}"


def _text(keyword: str, text: str, comment: str) -> str:
    """Return a card with a text, as much of it as there is room for."""
    plain = "".join(character if " " <= character <= "~" else "?" for character in text)
    while len(quoted := plain.replace("'", "''")) > TEXT:
        plain = plain[:-1]
    card = f"{keyword:8}= '{quoted:8}'"
    return f"{card} / {comment}" if comment and len(card) + len(comment) + 3 <= CARD else card


def _header(cards: tuple[str, ...] | list[str]) -> bytes:
    """Return cards as a header of whole blocks."""
    text = "".join(f"{card:{CARD}}" for card in (*cards, "END"))
    return text.ljust(_padded(len(text))).encode("latin-1")


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
