"""What becomes of each HDU of a file, and the cutout made of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soda_core.cutout.cards import Cards
from soda_core.cutout.cutout import Cutout, FileBytes, Piece, Pixels
from soda_core.cutout.errors import CannotCut, NothingSelected
from soda_core.cutout.headers import as_extension, cut_cards, emptied, lookups_of, moved_lookup
from soda_core.cutout.model import Coverage, Part, Request, Span, Spans
from soda_core.cutout.provenance import history
from soda_core.cutout.selection import select
from soda_core.cutout.source import Source, SourceHDU, media_type
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Shape

__all__ = ["cut"]


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
    path = Path(source)
    request = Request(tuple(shapes), band, time, tuple(pol), coverage or Coverage(), origin)
    opened = Source(path)
    try:
        if request.is_empty:
            return _whole(opened, path)
        return Cutout(_Plan(opened, request).pieces(), opened.close)
    except BaseException:
        opened.close()
        raise


def _whole(opened: Source, path: Path) -> Cutout:
    """Return the file as it is."""
    parts = tuple(Part(hdu.index, hdu.name, "kept", _full(hdu), hdu.shape) for hdu in opened.parts)
    payloads = (Pixels(hdu, _full(hdu)) if hdu.shape else None for hdu in opened.parts)
    pieces = tuple(Piece(part, b"", payload) for part, payload in zip(parts, payloads, strict=True))

    def read(offset: int, size: int) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(size)

    whole = FileBytes(read, 0, path.stat().st_size)
    return Cutout(pieces, opened.close, media_type=media_type(path), whole=whole)


@dataclass(frozen=True, slots=True)
class _Planned:
    """One HDU on its way: the new cards, its data."""

    part: Part
    cards: Cards
    payload: Any


class _Plan:
    """The HDUs of a file under a request."""

    def __init__(self, source: Source, request: Request) -> None:
        self._source = source
        self._request = request
        self._spans: Mapping[int, Spans | None] = select(source, request)
        if not any(self._spans.values()):
            raise NothingSelected("no pixel of the data matches the request")
        self._moves = self._lookup_moves()

    def pieces(self) -> tuple[Piece, ...]:
        """Return the HDUs of the new file, the first with a word on where they come from."""
        planned = tuple(self._planned())
        for line in history(self._request, tuple(item.part for item in planned)):
            planned[0].cards.add_history(line)
        planned[0].cards.remove(lambda word: word in ("CHECKSUM", "DATASUM"))
        return tuple(Piece(item.part, item.cards.encoded(), item.payload) for item in planned)

    def _planned(self) -> Iterator[_Planned]:
        """Yield what is left of each HDU."""
        for hdu in self._source.parts:
            spans = self._spans.get(hdu.index, _full(hdu))
            if spans is None or (hdu.index == 0 and hdu.shape and hdu.index not in self._spans):
                if hdu.index == 0:
                    yield self._without_data(hdu)
            elif hdu.index in self._spans:
                yield self._cut(hdu, spans)
            else:
                yield self._carried(hdu, spans)

    def _cut(self, hdu: SourceHDU, spans: Spans) -> _Planned:
        """Take a box of an image; a box of everything leaves the cards as they are."""
        cards = hdu.cards()
        if spans != _full(hdu):
            cut_cards(cards, spans, hdu.shape)
        if hdu.index:
            as_extension(cards)
        part = Part(hdu.index, hdu.name, "cut", spans, tuple(span.count for span in spans))
        return _Planned(part, cards, Pixels(hdu, spans))

    def _carried(self, hdu: SourceHDU, spans: Spans) -> _Planned:
        """Take an HDU whole, byte for byte, but for a distortion table that must follow its image."""
        where = hdu.hdu.fileinfo()
        cards = hdu.raw_cards()
        if starts := self._moves.get(hdu.index):
            moved_lookup(cards, starts)
        part = Part(hdu.index, hdu.name, "carried", spans, hdu.shape)
        size = hdu.data_size
        return _Planned(part, cards, FileBytes(hdu.raw, where["datLoc"], size) if size else None)

    def _without_data(self, hdu: SourceHDU) -> _Planned:
        """Keep the header of a primary image that has nothing to give."""
        cards = hdu.cards()
        emptied(cards)
        return _Planned(Part(hdu.index, hdu.name, "carried", (), ()), cards, None)

    def _lookup_moves(self) -> Mapping[int, tuple[int, ...]]:
        """Return by how many pixels each distortion table moves; refuse tables that two images pull apart."""
        places = {
            (hdu.name.upper(), int(hdu.header.get("EXTVER", 1))): hdu.index
            for hdu in self._source.parts
            if hdu.name
        }
        moves: dict[int, tuple[int, ...]] = {}
        for hdu in self._source.images:
            spans = self._spans.get(hdu.index)
            if not spans:
                continue
            starts = tuple(span.start for span in spans[:2])
            for name in lookups_of(hdu.cards()):
                if name in places and moves.setdefault(places[name], starts) != starts:
                    raise CannotCut(
                        f"images share the distortion table {name[0]} and are cut at different pixels"
                    )
        return moves


def _full(hdu: SourceHDU) -> Spans:
    """Return all pixels of an image."""
    return tuple(Span(0, size) for size in hdu.shape)
