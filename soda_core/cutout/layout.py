"""Where the HDUs of a file lie, from its headers alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Literal, TypeAlias

from soda_core.cutout.cards import BLOCK, CARD, Cards, padded
from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.source import SourceHDU
from soda_core.storage import Account, Reader, ReadError, Run

__all__ = ["Kind", "Place", "UnusualHeader", "places_of", "scan"]

Kind: TypeAlias = Literal["image", "tiles", "slow", "other"]
"""Plain pixels; an image in compressed tiles; one for the slower reader; what is carried only."""

FIRST_READ = 4 * BLOCK
LONGEST = 1 << 26
"""Bytes of a header beyond which a file is not believed to be FITS."""

END = re.compile(rb"END {77}")
PIXEL_BITS = (8, 16, 32, 64, -32, -64)
DIGITS = 9
MOST_AXES = 999
_MANDATORY = re.compile(r"([A-Z0-9]{1,8}) *= +(?:'([^']*)'|([^ '/]+)) *(?:/.*)?")


class UnusualHeader(Exception):
    """A header is not spelt the way that nearly all are; a slower reader must decide what it means."""


@dataclass(frozen=True)
class Place:
    """One HDU: its header as it stands in the file, where its data lie, its shape (NAXIS1 first)."""

    index: int
    kind: Kind
    name: str
    header_offset: int
    data_offset: int
    data_size: int
    shape: tuple[int, ...]
    bitpix: int
    raw: bytes

    @cached_property
    def cards(self) -> Cards:
        """The cards of the file, those of the table for a compressed image; not to be changed."""
        cards = Cards(self.raw.decode("latin-1"))
        cards.keywords()  # known once for all copies
        return cards

    @property
    def end(self) -> int:
        """Where the next HDU starts."""
        return self.data_offset + padded(self.data_size)


def scan(reader: Reader, account: Account) -> tuple[Place, ...]:
    """Find all HDUs of a file by their headers; raises `UnusualHeader` where they are not plain and whole."""
    places: list[Place] = []
    offset = 0
    while offset < reader.size:
        place = _place(len(places), offset, _header(reader, offset, account))
        if place.data_offset + place.data_size > reader.size:
            raise UnusualHeader("the file ends within an HDU")
        places.append(place)
        offset = place.end
    if not places:
        raise UnusualHeader("the file is empty")
    return tuple(places)


def places_of(hdus: tuple[SourceHDU, ...]) -> Iterator[Place]:
    """Return what a slower reader found."""
    for hdu in hdus:
        where = hdu.hdu.fileinfo()
        start, data = int(where["hdrLoc"]), int(where["datLoc"])
        bitpix = int(hdu.header["BITPIX"]) if hdu.shape else 8
        raw = hdu.raw(start, data - start)
        kind: Kind = "slow" if hdu.shape else "other"
        yield Place(hdu.index, kind, hdu.name, start, data, hdu.data_size, hdu.shape, bitpix, raw)


def _header(reader: Reader, offset: int, account: Account) -> bytes:
    """Read one header, END and padding included."""
    data = b""
    while len(data) < LONGEST:
        size = min(max(FIRST_READ, len(data)), reader.size - offset - len(data))
        if size <= 0:
            break
        more = bytearray(size)
        try:
            reader.read_into(Run(offset + len(data), size), memoryview(more), account)
        except ReadError as error:
            raise UnusualHeader(str(error)) from None
        start = len(data)
        data += more
        for match in END.finditer(data, max(0, start - CARD)):
            if match.start() % CARD == 0 and len(data) >= padded(match.end()):
                return data[: padded(match.end())]
        if not start and data[:6] not in (b"SIMPLE", b"XTENSI"):
            break
    raise UnusualHeader("there is no header where one should be")


def _place(index: int, offset: int, raw: bytes) -> Place:
    """Work out what a header describes."""
    if not raw.isascii():
        raise UnusualHeader("the header holds other characters than ASCII")
    text = raw.decode("ascii")
    kind = _value(text, 0, "XTENSION" if index else "SIMPLE")
    bitpix, axes = _number(text, 1, "BITPIX"), _number(text, 2, "NAXIS")
    _check_axes(axes)
    if bitpix not in PIXEL_BITS or not 0 <= axes <= DIGITS or (not index and kind != "T"):
        raise UnusualHeader("the first cards of a header are not what they should be")
    shape = tuple(_number(text, 3 + axis, f"NAXIS{axis + 1}") for axis in range(axes))
    if min(shape, default=1) < 0:
        raise UnusualHeader("an axis has a negative length")
    cards = Cards(text)
    parameters, groups = (int(cards.number(word) or 0) for word in ("PCOUNT", "GCOUNT"))
    size = (prod(shape) * max(1, groups) + parameters) * abs(bitpix) // 8 if shape else 0
    if cards.text("GROUPS") is not None or groups > 1 or parameters < 0:
        raise UnusualHeader("the file holds random groups")
    data_offset = offset + len(raw)
    if kind in ("T", "IMAGE"):
        if parameters or (index and groups != 1):
            raise UnusualHeader("an image has parameters")
        pixels = shape if min(shape, default=0) > 0 else ()
        name = _name(cards) or ("" if index else "PRIMARY")
        return Place(index, "image", name, offset, data_offset, size, pixels, bitpix, raw)
    if kind not in ("BINTABLE", "TABLE"):
        raise UnusualHeader(f"the extension is of the type {kind!r}")
    if kind == "BINTABLE" and cards.text("ZIMAGE") == "T":
        return _tiled(index, offset, raw, cards, size)
    return Place(index, "other", _name(cards), offset, data_offset, size, (), 8, raw)


def _check_axes(count: int) -> None:
    """Refuse what readers count to, however large it is; FITS has at most 999 axes (FITS 4.0, 4.4.1)."""
    if count > MOST_AXES:
        raise UnreadableFile("the FITS file is damaged: it has more axes than there can be")


def _tiled(index: int, offset: int, raw: bytes, cards: Cards, size: int) -> Place:
    """Describe an image that is kept in compressed tiles."""
    axes, bitpix = (cards.text(word) or "" for word in ("ZNAXIS", "ZBITPIX"))
    _check_axes(int(axes) if axes.isdigit() else 0)
    lengths = (
        [cards.text(f"ZNAXIS{axis}") or "" for axis in range(1, int(axes) + 1)] if axes.isdigit() else []
    )
    if not lengths or not all(length.isdigit() for length in lengths) or not bitpix.lstrip("-").isdigit():
        raise UnusualHeader("the shape of a compressed image is not to be read")
    shape = tuple(int(length) for length in lengths)
    names = [line for line in cards if line.startswith("EXTNAME ")]
    if len(names) > 1:
        raise UnusualHeader("a compressed image has several names")
    name = _name(cards)
    name = "" if name == "COMPRESSED_IMAGE" else name
    pixels = shape if min(shape) > 0 else ()
    return Place(index, "tiles", name, offset, offset + len(raw), size, pixels, int(bitpix), raw)


def _name(cards: Cards) -> str:
    """Return EXTNAME."""
    name = cards.text("EXTNAME") or ""
    if name.endswith("&"):
        raise UnusualHeader("the name of an HDU is continued on a second card")
    return name


def _value(text: str, place: int, keyword: str) -> str:
    """Return the value of a card that must stand at a certain place."""
    match = _MANDATORY.fullmatch(text[place * CARD : (place + 1) * CARD].rstrip())
    if match is None or match[1] != keyword:
        raise UnusualHeader(f"card {place + 1} of a header is not {keyword}")
    return (match[2] or match[3] or "").strip()


def _number(text: str, place: int, keyword: str) -> int:
    """Return such a value that must be a whole number."""
    value = _value(text, place, keyword)
    try:
        return int(value)
    except ValueError:
        raise UnusualHeader(f"{keyword}={value!r} is no whole number") from None
