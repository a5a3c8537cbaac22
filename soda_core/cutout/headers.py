"""What a cut changes in a header."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from soda_core.cutout.cards import Cards, Slot
from soda_core.cutout.model import Span, Spans

__all__ = [
    "CHECKSUMS",
    "STALE",
    "Moves",
    "as_extension",
    "coordinate_tables_of",
    "cut_cards",
    "emptied",
    "letters_of",
    "lookups_of",
    "move_cards",
    "moved_lookup",
    "moves_of",
    "without_addresses",
]

FLAT = 2
CHECKSUMS = ("CHECKSUM", "DATASUM", "ZHECKSUM", "ZDATASUM")
STALE = (*CHECKSUMS, "DATAMIN", "DATAMAX")
SECTIONS = ("DATASEC", "TRIMSEC", "BIASSEC")
DETECTOR_SECTIONS = ("CCDSEC", "DETSEC", "AMPSEC")
SCALING = ("BSCALE", "BZERO", "BLANK", "BUNIT")
_LETTER = re.compile(r"(?:CRPIX|CTYPE|CRVAL|CDELT)([1-9])([A-Z]?)|(?:CD|PC)\d_([1-9])([A-Z]?)")
_SECTION = re.compile(r"\[ *(\d+) *: *(\d+) *, *(\d+) *: *(\d+) *\]")
_TABLE = re.compile(r"PS(\d+)_0([A-Z]?)")
_RECORD = re.compile(r"(DP|D2IM)([12]) *= *'EXTVER *: *([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Moving:
    """A number that a cut changes, the axis (from 0) that it belongs to, how it follows the first pixel."""

    axis: int
    slot: Slot
    number: float
    follow: Callable[[float, Span], float]


@dataclass(frozen=True, slots=True)
class Moves:
    """The cards of a header that a cut changes; *letters* are those of coordinates with a reference pixel."""

    lengths: tuple[Slot, ...]
    numbers: tuple[Moving, ...]
    letters: tuple[str, ...]
    sectioned: bool


def moves_of(cards: Cards, axes: int) -> Moves:
    """Find the cards of an image of so many axes; they hold for copies as long as no card comes or goes."""
    letters = letters_of(cards)
    plain = tuple(letter for letter in letters if not _is_origin(cards, letter))
    found: list[tuple[int, str, Callable[[float, Span], float]]] = []
    for axis in range(axes):
        found += [(axis, f"CRPIX{axis + 1}{letter}", _reference) for letter in plain]
        if axis < FLAT:
            found += [
                (axis, f"CRVAL{axis + 1}{letter}", _origin) for letter in letters if letter not in plain
            ]
        for keyword, follow in ((f"LTV{axis + 1}", _logical), (f"CNPIX{axis + 1}", _origin)):
            if cards.number(keyword) is not None:
                found.append((axis, keyword, follow))
    numbers = (Moving(axis, cards.slot(word), cards.number(word) or 0.0, how) for axis, word, how in found)
    sectioned = any(cards.text(word) is not None for word in (*SECTIONS, *DETECTOR_SECTIONS))
    lengths = (cards.slot(f"NAXIS{axis}") for axis in range(1, axes + 1))
    return Moves(tuple(lengths), tuple(numbers), plain, sectioned)


def cut_cards(cards: Cards, spans: Spans, shape: Iterable[int], moves: Moves) -> None:
    """Change the cards of an image of *shape* (NAXIS1 first) to those of a box of it."""
    for slot, span in zip(moves.lengths, spans, strict=True):
        cards.put(slot, str(span.count))
    move_cards(cards, spans, shape, moves)


def move_cards(cards: Cards, spans: Spans, shape: Iterable[int], moves: Moves) -> None:
    """Change all cards that count pixels of an image, but for those of its size."""
    for moving in moves.numbers:
        span = spans[moving.axis]
        if span.start or span.step > 1:
            value = moving.follow(moving.number, span)
            whole = moving.slot.keyword.startswith("CNPIX") and value.is_integer()
            cards.put(moving.slot, str(int(value)) if whole else repr(value).upper())
    for axis, span in enumerate(spans, start=1):
        if span.step > 1:
            for letter in moves.letters:
                _widen(cards, axis, span.step, letter)
    if moves.sectioned:
        _move_sections(cards, spans, tuple(shape))
    cards.drop(STALE)


def _reference(number: float, span: Span) -> float:
    """Move a reference pixel; where only every nth pixel is taken it comes nearer."""
    return (number - 1 - span.start) / span.step + 1


def _logical(number: float, span: Span) -> float:
    """Move the place of IRAF's physical pixel 0."""
    return number - span.start


def _origin(number: float, span: Span) -> float:
    """Move the number of the first pixel: of a digitised plate, or of LSST's A, where CRPIX must stay 1."""
    return number + span.start


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


def coordinate_tables_of(cards: Cards) -> Iterator[tuple[str, int]]:
    """Yield names and versions of the tables with the coordinates of -TAB axes (FITS 4.0, table 26)."""
    for keyword in cards.keywords():
        match = _TABLE.fullmatch(keyword)
        if match and "-TAB" in (cards.text(f"CTYPE{match[1]}{match[2]}") or ""):
            version = cards.number(f"PV{match[1]}_1{match[2]}")
            yield (cards.text(keyword) or "").strip().upper(), int(version or 1)


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
