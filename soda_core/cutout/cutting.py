"""What becomes of each HDU of a file, and the cutout made of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from soda_core.cutout.cache import FILES
from soda_core.cutout.cards import Cards
from soda_core.cutout.choice import kept, stale
from soda_core.cutout.cutout import Cutout
from soda_core.cutout.errors import BadOption, CannotCut, NothingSelected, UnreadableFile
from soda_core.cutout.file import HDU, FitsFile
from soda_core.cutout.headers import CHECKSUMS, cut_cards, moved_lookup, without_addresses
from soda_core.cutout.mask import Masks
from soda_core.cutout.model import (
    Compression,
    Coverage,
    Masking,
    Options,
    Part,
    Planes,
    Request,
    Spans,
)
from soda_core.cutout.plan import FileBytes, Payload, Piece, Pixels, Plain, Plan, Summed
from soda_core.cutout.provenance import Stamp, history
from soda_core.cutout.recompress import UNPACKABLE, Packed
from soda_core.cutout.selection import select
from soda_core.cutout.tilecopy import copied, rounded, table_cards
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Shape
from soda_core.storage import Account, ReadError

__all__ = ["cut", "cut_by", "planned"]

NEW_PRIMARY = "SIMPLE  =                    T".ljust(80) + "BITPIX  =                    8".ljust(80)
NEW_PRIMARY += "NAXIS   =                    0".ljust(80) + "EXTEND  =                    T".ljust(80)


def cut(  # noqa: PLR0913 - the face for scripts: one argument for each thing that can be asked for
    source: str | Path,
    shapes: Sequence[Shape] = (),
    *,
    band: Interval | None = None,
    time: Interval | None = None,
    pol: Collection[str] = (),
    coverage: Coverage | None = None,
    origin: str | None = None,
    hdus: Iterable[int | str] = (),
    planes: Planes = "all",
    mask: Masking | None = None,
    compress: Compression | None = None,
    checksum: bool = False,
    provenance: bool = True,
) -> Cutout:
    """Cut what the filters select out of a FITS file; without filters and options, give the file as it is.

    *shapes* are ICRS degrees and intersect; *band* is metres, *time* MJD UTC. *coverage* says what an image
    without the axis in question covers, *origin* is the publisher's identifier for the header. *hdus* are
    numbers from 0, names, or `NAME,VERSION`.
    """
    options = Options(tuple(map(str, hdus)), planes, mask, compress, checksum, provenance)
    request = Request(tuple(shapes), band, time, tuple(pol), coverage or Coverage(), origin, options)
    return cut_by(source, request)


def cut_by(source: str | Path | FitsFile, request: Request) -> Cutout:
    """Cut what a request says out of a FITS file, given by its path or as it is kept."""
    file = source if isinstance(source, FitsFile) else FILES.open(source)
    stamp = Stamp.of(file.raw.identity, request)
    try:
        return Cutout(planned(file, request, stamp), stamp)
    except ReadError as error:
        raise UnreadableFile(f"the data cannot be read: {error}") from None


def planned(file: FitsFile, request: Request, stamp: Stamp | None = None) -> Plan:
    """Work out what a request takes from a file; nothing but headers and tables of tiles is read."""
    if request.is_empty:
        return _whole(file)
    _check(request)
    return _Planning(file, request, stamp or Stamp.of(file.raw.identity, request)).plan()


def _check(request: Request) -> None:
    """Refuse options that do not go together."""
    options = request.options
    if options.mask and not request.shapes:
        raise BadOption("MASK=shape: there is no shape to mask by; give POS, CIRCLE, POLYGON or BRECT too")
    if options.mask and options.compress == "tiles":
        raise BadOption(
            "COMPRESS=tiles copies pixels as they are stored and cannot mask any; use rice or gzip"
        )


def _whole(file: FitsFile) -> Plan:
    """Return the file as it is."""
    parts = tuple(Part(hdu.index, hdu.name, "kept", hdu.full, hdu.shape) for hdu in file.hdus)
    payloads = (Pixels(hdu, hdu.full) if hdu.shape else None for hdu in file.hdus)
    pieces = tuple(Plain(part, b"", pixels, pixels) for part, pixels in zip(parts, payloads, strict=True))
    return Plan(pieces, file.raw, file.media_type, FileBytes(file.raw, 0, file.raw.size))


@dataclass(slots=True)
class _Planned:
    """One HDU on its way: the new cards, or the header as it is; its data; the image in them."""

    part: Part
    cards: Cards | bytes
    payload: Payload | None = None
    pixels: Pixels | None = None


class _Planning:
    """The HDUs of a file under a request."""

    def __init__(self, file: FitsFile, request: Request, stamp: Stamp) -> None:
        self._file = file
        self._request = request
        self._options = request.options
        self._stamp = stamp
        self._account = Account()
        self._spans: Mapping[int, Spans | None] = self._selected()
        self._kept = kept(file, self._options, self._spans)
        spoken = [index for index in self._kept if index in self._spans]
        if (spoken or request.has_filters) and not any(self._spans.values()):
            raise NothingSelected("no pixel of the data matches the request")
        if spoken and not any(self._spans[index] for index in spoken):
            raise NothingSelected("no pixel of the chosen HDUs matches the request")
        self._left = self._stale()
        self._moves = self._lookup_moves()
        self._masks = Masks(file, request, self._spans) if self._options.mask else None

    def plan(self) -> Plan:
        """Return the HDUs of the new file, the first with a word on where they come from."""
        planned = tuple(self._planned())
        self._check_masks(planned)
        first = planned[0]
        if self._options.provenance or self._left:
            cards = first.cards
            first.cards = cards = Cards(cards.decode("latin-1")) if isinstance(cards, bytes) else cards
            cards.drop(CHECKSUMS)
            if "addresses" in "".join(self._left.values()):
                without_addresses(cards)
            cards.add_history(self._history(planned))
        pieces = tuple(map(self._piece, planned))
        return Plan(pieces, self._file.content.reader, account=self._account)

    def _selected(self) -> Mapping[int, Spans | None]:
        """Return the spans of the images that are cut, rounded where tiles are copied."""
        if self._request.has_filters:
            spans = select(self._file, self._request)
        else:
            spans = {image.index: image.full for image in self._file.plain}
        return self._rounded(spans) if self._options.compress == "tiles" else spans

    def _rounded(self, spans: Mapping[int, Spans | None]) -> Mapping[int, Spans | None]:
        """Round boxes out to whole tiles, the same for images of one size that are cut at the same pixels."""
        groups: dict[tuple[tuple[int, ...], Spans], list[HDU]] = {}
        for image in self._file.images:
            if box := spans.get(image.index):
                groups.setdefault((image.shape, box), []).append(image)
        if not any(image.tiles for images in groups.values() for image in images):
            raise BadOption(
                "COMPRESS=tiles: no image here is kept in tiles that can be copied; use rice or gzip"
            )
        found = dict(spans)
        for (_, box), images in groups.items():
            wider = rounded(images, box)
            found |= {image.index: wider for image in images}
        return found

    def _stale(self) -> Mapping[int, str]:
        """Return the HDUs that would be false in the new file, with the reason."""
        if len(self._file.hdus) == len(self._file.images):
            return {}
        whole = all(self._spans.get(image.index, image.full) == image.full for image in self._file.images)
        found = stale(self._file, self._options, changed=not whole)
        return {index: reason for index, reason in found.items() if index in self._kept}

    def _history(self, planned: Sequence[_Planned]) -> list[str]:
        """Return the lines for the first header."""
        if not self._options.provenance:
            return []
        remarks = [f"HDU {index} is left out: {reason}" for index, reason in self._left.items()]
        if self._masks:
            remarks.append("MASK shape: pixels outside of POS have no value")
            remarks += [
                f"HDU {index} has no room for BLANK and is not masked" for index in self._masks.refused
            ]
        return history(self._request, tuple(item.part for item in planned), self._stamp, tuple(remarks))

    def _check_masks(self, planned: Sequence[_Planned]) -> None:
        """Refuse a mask that no image can take."""
        images = [item.part.index for item in planned if item.part.treatment == "cut"]
        if self._masks and images and set(images) <= set(self._masks.refused):
            raise CannotCut("MASK=shape: the images have 8 bits a pixel, which leaves no number for BLANK")

    def _piece(self, item: _Planned) -> Piece:
        """Return an HDU with its header; that of an image to compress is known when it is compressed."""
        cards, payload = item.cards, item.payload
        if isinstance(cards, bytes):
            piece = Plain(item.part, cards, payload, item.pixels)
        elif isinstance(payload, Packed):
            piece = Plain(item.part, lambda: payload.header(cards), payload, item.pixels)
        else:
            piece = Plain(item.part, cards.encoded(), payload, item.pixels)
        return Summed(piece) if self._options.checksum else piece

    def _planned(self) -> Iterator[_Planned]:
        """Yield what is left of each HDU."""
        for hdu in self._file.hdus:
            here = hdu.index in self._kept and hdu.index not in self._left
            spans = self._spans.get(hdu.index)
            named = bool(self._options.hdus) and here
            if here and spans:
                yield from self._cut(hdu, spans)
            elif here and hdu.index not in self._spans and (hdu.index or not hdu.shape or named):
                yield self._carried(hdu)
            elif hdu.index == 0:
                yield self._without_data(hdu)

    def _cut(self, hdu: HDU, spans: Spans) -> Iterator[_Planned]:
        """Take a box of an image, behind a new first HDU where it becomes a table."""
        part = Part(hdu.index, hdu.name, "cut", spans, tuple(span.count for span in spans))
        tiles = hdu.tiles if self._options.compress == "tiles" else None
        if tiles:
            copy = copied(hdu, tiles, spans, self._account)
            yield _Planned(part, table_cards(hdu, tiles, spans, copy), copy, Pixels(hdu, spans))
            return
        cards = self._cut_cards(hdu, spans)
        pixels = Pixels(hdu, spans, self._masks.of(hdu, cards) if self._masks else None)
        if pixels.filter:
            cards.drop(CHECKSUMS)
        if self._options.compress in ("rice", "gzip") and hdu.place.bitpix != UNPACKABLE:
            if hdu.index == 0:
                yield _Planned(Part(0, "PRIMARY", "carried", (), ()), Cards(NEW_PRIMARY))
            cards.drop(CHECKSUMS)
            packed = Packed(pixels, self._options.compress == "rice", self._account)
            yield _Planned(part, cards, packed, pixels)
        else:
            yield _Planned(part, cards, pixels, pixels)

    def _cut_cards(self, hdu: HDU, spans: Spans) -> Cards:
        """Return the cards for a box of an image; a box of everything leaves them as they are."""
        if spans != hdu.full:
            cards = hdu.lasting_cards.copy()
            cut_cards(cards, spans, hdu.shape, hdu.moves)
            return cards
        cards = hdu.extension_cards.copy()
        if hdu.place.kind != "image":  # the sums are those of the table
            cards.drop(CHECKSUMS)
        return cards

    def _carried(self, hdu: HDU) -> _Planned:
        """Take an HDU whole, byte for byte, but for a distortion table that must follow its image."""
        place = hdu.place
        part = Part(hdu.index, hdu.name, "carried", hdu.full, hdu.shape)
        payload = FileBytes(hdu.reader, place.data_offset, place.data_size) if place.data_size else None
        pixels = Pixels(hdu, hdu.full) if hdu.shape else None
        starts = self._moves.get(hdu.index)
        if not starts:
            return _Planned(part, place.raw if place.raw.isascii() else hdu.encoded, payload, pixels)
        moved = place.cards.copy()
        moved_lookup(moved, starts)
        return _Planned(part, moved, payload, pixels)

    def _without_data(self, hdu: HDU) -> _Planned:
        """Keep the header of a primary image that has nothing to give."""
        return _Planned(Part(hdu.index, hdu.name, "carried", (), ()), hdu.emptied_cards.copy())

    def _lookup_moves(self) -> Mapping[int, tuple[int, ...]]:
        """Return by how many pixels each distortion table moves; refuse tables that two images pull apart."""
        moves: dict[int, tuple[int, ...]] = {}
        for hdu in self._file.images:
            spans = self._spans.get(hdu.index)
            if not spans or hdu.index not in self._kept:
                continue
            starts = tuple(span.start for span in spans[:2])
            for name in hdu.lookups:
                place = self._file.names.get(name)
                if place is not None and moves.setdefault(place, starts) != starts:
                    raise CannotCut(
                        f"images share the distortion table {name[0]} and are cut at different pixels"
                    )
        return moves
