"""What a cut changes in a header."""

import re
from collections.abc import Iterable
from functools import lru_cache

from soda_core.cutout.cards import Cards
from soda_core.cutout.model import Spans

__all__ = [
    "CHECKSUMS",
    "STALE",
    "as_extension",
    "cut_cards",
    "emptied",
    "letters_of",
    "lookups_of",
    "move_cards",
    "moved_lookup",
    "without_addresses",
]

CHECKSUMS = ("CHECKSUM", "DATASUM", "ZHECKSUM", "ZDATASUM")
STALE = (*CHECKSUMS, "DATAMIN", "DATAMAX")
SECTIONS = ("DATASEC", "TRIMSEC", "BIASSEC")
DETECTOR_SECTIONS = ("CCDSEC", "DETSEC", "AMPSEC")
SCALING = ("BSCALE", "BZERO", "BLANK", "BUNIT")
_LETTER = re.compile(r"(?:CRPIX|CTYPE|CRVAL|CDELT)([1-9])([A-Z]?)|(?:CD|PC)\d_([1-9])([A-Z]?)")
_SECTION = re.compile(r"\[ *(\d+) *: *(\d+) *, *(\d+) *: *(\d+) *\]")
_RECORD = re.compile(r"(DP|D2IM)([12]) *= *'EXTVER *: *([0-9.]+)")


def cut_cards(cards: Cards, spans: Spans, shape: Iterable[int]) -> None:
    """Change the cards of an image of *shape* (NAXIS1 first) to those of a box of it."""
    for axis, span in enumerate(spans, start=1):
        cards.set(f"NAXIS{axis}", str(span.count))
    move_cards(cards, spans, shape)


def move_cards(cards: Cards, spans: Spans, shape: Iterable[int]) -> None:
    """Change all cards that count pixels of an image, but for those of its size."""
    sizes = tuple(shape)
    for letter in letters_of(cards):
        if not _is_origin(cards, letter):
            _move_reference(cards, spans, letter)
        else:
            _move_origin(cards, spans, letter)
    _move_logical(cards, spans)
    _move_sections(cards, spans, sizes)
    cards.drop(STALE)


def letters_of(cards: Cards) -> tuple[str, ...]:
    """Return the letters of the coordinate systems in a header, '' for the primary one."""
    return _letters(cards.keywords())


@lru_cache(maxsize=256)
def _letters(keywords: tuple[str, ...]) -> tuple[str, ...]:
    """Return the letters at the ends of such keywords."""
    matches = [m for word in keywords if (m := _LETTER.fullmatch(word))]
    return tuple(sorted({m[2] or m[4] or "" for m in matches}))


def emptied(cards: Cards) -> None:
    """Change the cards of a primary image to those of a primary HDU without data."""
    cards.set("BITPIX", "8")
    cards.set("NAXIS", "0")
    cards.remove(lambda word: word in STALE or word in SCALING or re.fullmatch(r"NAXIS\d+", word) is not None)


def without_addresses(cards: Cards) -> None:
    """Drop the places of HDUs in the file, such as INDXADDR, and their sizes."""
    words = {word for word in cards.keywords() if word.endswith("ADDR")}
    sizes = {word.removesuffix("ADDR") + "SIZE" for word in words}
    cards.drop((*words, *sizes))


def as_extension(cards: Cards) -> None:
    """Make the cards of a primary image, as a compressed one may restore them, those of an extension."""
    if cards.text("SIMPLE") is None:
        return
    last = int(cards.number("NAXIS") or 0)
    cards.insert("SIMPLE", "XTENSION", "'IMAGE   '")
    cards.remove(lambda word: word in ("SIMPLE", "EXTEND"))
    for keyword, value, after in (("PCOUNT", "0", f"NAXIS{last}"), ("GCOUNT", "1", "PCOUNT")):
        cards.insert(after, keyword, value)


def lookups_of(cards: Cards) -> tuple[tuple[str, int], ...]:
    """Return names and versions of the extensions with distortion tables that an image refers to."""
    versions = {(m[1], m[2]): int(float(m[3])) for card in cards if (m := _RECORD.match(card))}
    found: list[tuple[str, int]] = []
    for keyword, record, name in (("CPDIS", "DP", "WCSDVARR"), ("D2IMDIS", "D2IM", "D2IMARR")):
        found += [
            (name, versions.get((record, axis), 1))
            for axis in "12"
            if (cards.text(keyword + axis) or "").strip().upper() == "LOOKUP"
        ]
    if cards.text("AXISCORR"):
        found.append(("D2IMARR", 1))
    return tuple(dict.fromkeys(found))


def moved_lookup(cards: Cards, starts: tuple[int, ...]) -> None:
    """Move a distortion table by the first pixels of the image that it belongs to."""
    for axis, start in enumerate(starts, start=1):
        if start:
            cards.set_number(f"CRVAL{axis}", (cards.number(f"CRVAL{axis}") or 0.0) - start)
    cards.drop(STALE)


def _move_reference(cards: Cards, spans: Spans, letter: str) -> None:
    """Move the reference pixel; widen the pixels where only every nth was taken."""
    for axis, span in enumerate(spans, start=1):
        if span.start or span.step > 1:
            old = cards.number(f"CRPIX{axis}{letter}") or 0.0
            cards.set_number(f"CRPIX{axis}{letter}", (old - 1 - span.start) / span.step + 1)
        if span.step > 1:
            _widen(cards, axis, span.step, letter)


def _widen(cards: Cards, axis: int, step: int, letter: str) -> None:
    """Make the pixels of an axis *step* times as wide."""
    matrix = [m for word in cards.keywords() if (m := re.fullmatch(rf"(CD|PC)(\d+)_(\d+){letter}", word))]
    described = {m[1] for m in matrix}
    if "CD" in described:
        for m in matrix:
            if m[1] == "CD" and int(m[3]) == axis:
                cards.set_number(m[0], (cards.number(m[0]) or 0.0) * step)
        return
    old = cards.number(f"CDELT{axis}{letter}")
    cards.set_number(f"CDELT{axis}{letter}", (1.0 if old is None else old) * step)
    for m in matrix:
        row, column = int(m[2]), int(m[3])
        if row != column and axis in (row, column):
            factor = step if column == axis else 1.0 / step
            cards.set_number(m[0], (cards.number(m[0]) or 0.0) * factor)


def _is_origin(cards: Cards, letter: str) -> bool:
    """Tell whether an alternate WCS says in CRVAL where pixel 1 lies in a larger image, as LSST's A does."""
    if not letter:
        return False
    linear = all(cards.text(f"CTYPE{axis}{letter}") == "LINEAR" for axis in (1, 2))
    return (
        linear and all(cards.number(f"CRPIX{axis}{letter}") == 1 for axis in (1, 2)) and _unit(cards, letter)
    )


def _unit(cards: Cards, letter: str) -> bool:
    """Tell whether an alternate WCS counts pixels: no scale, no rotation."""
    matrix = [m for word in cards.keywords() if (m := re.fullmatch(rf"(?:CD|PC)(\d)_(\d){letter}", word))]
    scales = [cards.number(f"CDELT{axis}{letter}") for axis in (1, 2)]
    straight = all((cards.number(m[0]) or 0.0) == float(m[1] == m[2]) for m in matrix)
    return straight and all(scale in (None, 1.0) for scale in scales)


def _move_origin(cards: Cards, spans: Spans, letter: str) -> None:
    """Move such an origin: CRPIX stays 1, for readers that look at CRVAL only then."""
    for axis, span in enumerate(spans[:2], start=1):
        if span.start:
            cards.set_number(
                f"CRVAL{axis}{letter}", (cards.number(f"CRVAL{axis}{letter}") or 0.0) + span.start
            )


def _move_logical(cards: Cards, spans: Spans) -> None:
    """Move IRAF's physical coordinates and the corner of a digitised plate."""
    for axis, span in enumerate(spans, start=1):
        for keyword, sign in ((f"LTV{axis}", -1), (f"CNPIX{axis}", 1)):
            old = cards.number(keyword)
            if span.start and old is not None:
                new = old + sign * span.start
                cards.set(keyword, str(int(new)) if keyword[0] == "C" and new.is_integer() else repr(new))


def _move_sections(cards: Cards, spans: Spans, shape: tuple[int, ...]) -> None:
    """Clip and move the sections that lie in the image; drop those that no longer say anything true."""
    if len(spans) < 2 or all(span.count == size for span, size in zip(spans, shape, strict=True)):  # noqa: PLR2004
        return
    data = _section(cards.text("DATASEC"))
    for keyword in (*DETECTOR_SECTIONS, *SECTIONS):
        section = _section(cards.text(keyword))
        if section is None:
            continue
        like_data = keyword in DETECTOR_SECTIONS
        if like_data and (data is None or not _alike(section, data)):
            moved = None
        else:
            moved = _clipped(section, data if like_data and data else section, spans, shape)
        if moved is None:
            cards.remove(keyword.__eq__)
        else:
            cards.set(keyword, "'[{}:{},{}:{}]'".format(*moved))


def _section(text: str | None) -> tuple[int, ...] | None:
    """Read `[x1:x2,y1:y2]`, 1-based and inclusive."""
    match = _SECTION.fullmatch((text or "").strip())
    return tuple(int(word) for word in match.groups()) if match else None


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether two sections have the same size and the same sense."""
    return (one[1] - one[0], one[3] - one[2]) == (other[1] - other[0], other[3] - other[2])


def _clipped(
    section: tuple[int, ...], place: tuple[int, ...], spans: Spans, shape: tuple[int, ...]
) -> tuple[int, ...] | None:
    """Clip to the box a section whose pixels lie at *place* in the image; None if nothing is left.

    A section of the image itself is renumbered, one of a detector keeps its own numbers.
    """
    found: list[int] = []
    for axis in (0, 1):
        first, last = place[2 * axis], place[2 * axis + 1]
        if not 1 <= first <= last <= shape[axis]:
            return None
        start, count = spans[axis].start, spans[axis].count
        low, high = max(first, start + 1), min(last, start + count)
        if low > high:
            return None
        shift = -start if section == place else section[2 * axis] - first
        found += [low + shift, high + shift]
    return tuple(found)
