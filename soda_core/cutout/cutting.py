"""What becomes of each HDU of a file, and the cutout made of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from soda_core.cutout.cache import FILES
from soda_core.cutout.cards import Cards
from soda_core.cutout.cutout import Cutout
from soda_core.cutout.errors import CannotCut, NothingSelected
from soda_core.cutout.file import HDU, FitsFile
from soda_core.cutout.headers import cut_cards, emptied, moved_lookup
from soda_core.cutout.model import Coverage, Part, Request, Spans
from soda_core.cutout.plan import FileBytes, Payload, Piece, Pixels, Plan
from soda_core.cutout.provenance import history
from soda_core.cutout.selection import select
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Shape

__all__ = ["cut", "planned"]


def cut(
    source: str | Path,
    shapes: Sequence[Shape] = (),
    *,
    band: Interval | None = None,
    time: Interval | None = None,
    pol: Collection[str] = (),
    coverage: Coverage | None = None,
    origin: str | None = None,
) -> Cutout:
    """Cut what the filters select out of a FITS file; without filters, give the file as it is.

    *shapes* are ICRS degrees and intersect; *band* is metres, *time* MJD UTC. *coverage* says what an image
    without the axis in question covers, *origin* is the publisher's identifier for the header.
    """
    request = Request(tuple(shapes), band, time, tuple(pol), coverage or Coverage(), origin)
    return Cutout(planned(FILES.open(source), request))


def planned(file: FitsFile, request: Request) -> Plan:
    """Work out what a request takes from a file; nothing but headers is read."""
    return _whole(file) if request.is_empty else _Planning(file, request).plan()


def _whole(file: FitsFile) -> Plan:
    """Return the file as it is."""
    parts = tuple(Part(hdu.index, hdu.name, "kept", hdu.full, hdu.shape) for hdu in file.hdus)
    payloads = (Pixels(hdu, hdu.full) if hdu.shape else None for hdu in file.hdus)
    pieces = tuple(Piece(part, b"", payload) for part, payload in zip(parts, payloads, strict=True))
    return Plan(pieces, file.raw, file.media_type, FileBytes(file.raw, 0, file.raw.size))


@dataclass(slots=True)
class _Planned:
    """One HDU on its way: the new cards, or the header as it is; its data."""

    part: Part
    cards: Cards | bytes
    payload: Payload | None


class _Planning:
    """The HDUs of a file under a request."""

    def __init__(self, file: FitsFile, request: Request) -> None:
        self._file = file
        self._request = request
        self._spans: Mapping[int, Spans | None] = select(file, request)
        if not any(self._spans.values()):
            raise NothingSelected("no pixel of the data matches the request")
        self._moves = self._lookup_moves()

    def plan(self) -> Plan:
        """Return the HDUs of the new file, the first with a word on where they come from."""
        planned = tuple(self._planned())
        first = planned[0]
        cards = Cards(first.cards.decode("ascii")) if isinstance(first.cards, bytes) else first.cards
        cards.drop(("CHECKSUM", "DATASUM"))
        for line in history(self._request, tuple(item.part for item in planned)):
            cards.add_history(line)
        first.cards = cards
        pieces = tuple(
            Piece(i.part, i.cards if isinstance(i.cards, bytes) else i.cards.encoded(), i.payload)
            for i in planned
        )
        return Plan(pieces, self._file.content.reader)

    def _planned(self) -> Iterator[_Planned]:
        """Yield what is left of each HDU."""
        for hdu in self._file.hdus:
            spans = self._spans.get(hdu.index, hdu.full)
            if spans is None or (hdu.index == 0 and hdu.shape and hdu.index not in self._spans):
                if hdu.index == 0:
                    yield self._without_data(hdu)
            elif hdu.index in self._spans:
                yield self._cut(hdu, spans)
            else:
                yield self._carried(hdu, spans)

    def _cut(self, hdu: HDU, spans: Spans) -> _Planned:
        """Take a box of an image; a box of everything leaves the cards as they are."""
        if spans == hdu.full:
            cards = hdu.extension_cards.copy()
        else:
            cards = hdu.lasting_cards.copy()
            cut_cards(cards, spans, hdu.shape)
        part = Part(hdu.index, hdu.name, "cut", spans, tuple(span.count for span in spans))
        return _Planned(part, cards, Pixels(hdu, spans))

    def _carried(self, hdu: HDU, spans: Spans) -> _Planned:
        """Take an HDU whole, byte for byte, but for a distortion table that must follow its image."""
        place = hdu.place
        part = Part(hdu.index, hdu.name, "carried", spans, hdu.shape)
        payload = FileBytes(hdu.reader, place.data_offset, place.data_size) if place.data_size else None
        starts = self._moves.get(hdu.index)
        if not starts:
            cards = place.cards.copy() if hdu.index == 0 else hdu.encoded
            return _Planned(part, cards, payload)
        moved = place.cards.copy()
        moved_lookup(moved, starts)
        return _Planned(part, moved, payload)

    def _without_data(self, hdu: HDU) -> _Planned:
        """Keep the header of a primary image that has nothing to give."""
        cards = hdu.cards()
        emptied(cards)
        return _Planned(Part(hdu.index, hdu.name, "carried", (), ()), cards, None)

    def _lookup_moves(self) -> Mapping[int, tuple[int, ...]]:
        """Return by how many pixels each distortion table moves; refuse tables that two images pull apart."""
        moves: dict[int, tuple[int, ...]] = {}
        for hdu in self._file.images:
            spans = self._spans.get(hdu.index)
            if not spans:
                continue
            starts = tuple(span.start for span in spans[:2])
            for name in hdu.lookups:
                place = self._file.names.get(name)
                if place is not None and moves.setdefault(place, starts) != starts:
                    raise CannotCut(
                        f"images share the distortion table {name[0]} and are cut at different pixels"
                    )
        return moves
