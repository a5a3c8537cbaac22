"""One content of a FITS file and all that is worked out from it once: places, headers, coordinates."""

import io
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from soda_core.cutout.axes import Axes
from soda_core.cutout.cards import Cards
from soda_core.cutout.errors import NoSky, UnreadableFile
from soda_core.cutout.gather import Array, gather, runs_of, slabs_of
from soda_core.cutout.headers import (
    STALE,
    Moves,
    as_extension,
    coordinate_tables_of,
    emptied,
    lookups_of,
    moves_of,
)
from soda_core.cutout.layout import Place, UnusualHeader, places_of, scan
from soda_core.cutout.model import Span, Spans
from soda_core.cutout.source import Source, media_type, unpacked
from soda_core.cutout.tiles import Tiles, row_tiled, tiles_of
from soda_core.cutout.world import PixelSky, pixel_sky, world_of
from soda_core.storage import Account, FileReader, Reader, ReadError, Run, WouldWait

__all__ = ["HDU", "Content", "FitsFile"]

ADDRESSES = frozenset({"HDRADDR", "DATADDR"})
"""Columns with places of HDUs in the file."""

NO_COORDINATES = "the data has no celestial coordinates, so no region of the sky can be cut out of it"
NO_GWCS = (
    "the FITS headers of the data hold no celestial coordinates, and those in its ASDF extension (GWCS) are "
    "not read, so no region of the sky can be cut out of it"
)


class _Stream(io.RawIOBase):
    """A reader as a file, for astropy."""

    def __init__(self, reader: Reader, account: Account) -> None:
        self._reader = reader
        self._account = account
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._reader.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - whatever has a buffer
        size = max(0, min(len(buffer), self._reader.size - self._at))
        if size:
            try:
                self._reader.read_into(
                    Run(self._at, size), memoryview(buffer).cast("B")[:size], self._account
                )
            except ReadError as error:
                raise OSError(str(error)) from None
        self._at += size
        return size


class Content:
    """The bytes of a file, unpacked if it is packed, and astropy's view of them where that is needed."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.account = Account()
        self.lock = threading.RLock()

    @cached_property
    def source(self) -> Source:
        """The slower reader; hold the lock."""
        return Source(io.BufferedReader(_Stream(self.reader, self.account)))

    @property
    def hdus(self) -> Any:  # noqa: ANN401 - astropy is not typed
        """The HDUs as astropy presents them; hold the lock."""
        return self.source.hdus


class HDU:
    """One HDU of a content: an `Image` with its pixels, or what is carried."""

    def __init__(self, content: Content, place: Place) -> None:
        self._content = content
        self.place = place
        self.index, self.name, self.shape = place.index, place.name, place.shape
        self.folded = place.name.strip().casefold()
        self.item_size = abs(place.bitpix) // 8
        self.full: Spans = tuple(Span(0, size) for size in place.shape)

    @cached_property
    def header(self) -> Any:  # noqa: ANN401 - astropy is not typed
        """The header as astropy presents it, that of the plain image for a compressed one."""
        if self._lacks_sides:
            return row_tiled(self.place)
        if self.place.kind in ("tiles", "slow"):
            with self._content.lock:
                return self._content.source.parts[self.index].header.copy()
        return fits.Header.fromstring(self.place.raw)

    @cached_property
    def fixed_cards(self) -> Cards:
        """The cards of the file, those of the plain image for a compressed one; not to be changed."""
        if self._lacks_sides:
            return Cards(self.header.tostring(endcard=False, padding=False))
        if self.place.kind in ("tiles", "slow"):
            with self._content.lock:
                return self._content.source.parts[self.index].cards()
        return self.place.cards

    @property
    def _lacks_sides(self) -> bool:
        """Whether the tiles are rows because nothing is said of them, which astropy does not know."""
        return self.place.kind == "tiles" and self.place.cards.number("ZTILE1") is None

    def cards(self) -> Cards:
        """Return the same to be changed."""
        return self.fixed_cards.copy()

    @cached_property
    def extension_cards(self) -> Cards:
        """The cards for an image in its place in a file; not to be changed."""
        cards = self.cards()
        if self.index:
            as_extension(cards)
        return cards

    @cached_property
    def lasting_cards(self) -> Cards:
        """The same without those that no cutout keeps."""
        cards = self.extension_cards.copy()
        cards.drop(STALE)
        cards.keywords()
        return cards

    @cached_property
    def emptied_cards(self) -> Cards:
        """The cards of a first HDU that gives none of its pixels; not to be changed."""
        cards = self.cards()
        emptied(cards)
        cards.keywords()
        return cards

    @cached_property
    def has_addresses(self) -> bool:
        """Whether it is a table of the places of HDUs in the file, as LSST's files have one."""
        cards = self.place.cards
        fields = range(1, int(cards.number("TFIELDS") or 0) + 1)
        return {(cards.text(f"TTYPE{field}") or "").upper() for field in fields} >= ADDRESSES

    @cached_property
    def moves(self) -> Moves:
        """Those of them that a cut changes."""
        return moves_of(self.lasting_cards, len(self.shape))

    @cached_property
    def lookups(self) -> tuple[tuple[str, int], ...]:
        """Names and versions of the distortion tables that belong to the image."""
        return lookups_of(self.fixed_cards)

    @cached_property
    def coordinate_tables(self) -> tuple[tuple[str, int], ...]:
        """Names and versions of the tables with coordinates of its axes."""
        return tuple(coordinate_tables_of(self.fixed_cards))

    @cached_property
    def encoded(self) -> bytes:
        """The header of an HDU that is carried as it is."""
        return self.place.cards.encoded()

    @property
    def reader(self) -> Reader:
        """Where the bytes come from."""
        return self._content.reader

    @property
    def array(self) -> Array | None:
        """The place of plain pixels."""
        if self.place.kind != "image":
            return None
        return Array(self.place.data_offset, self.shape, self.item_size)

    @cached_property
    def tiles(self) -> Tiles | None:
        """The tile table of a compressed image, None for other images and where only astropy can read it."""
        if self.place.kind != "tiles":
            return None
        with self._content.lock:
            return tiles_of(self.place, self.fixed_cards, self.reader, Account())

    @property
    def tile_weight(self) -> int:
        """Bytes of the tile table, 0 as long as it was not needed."""
        tiles = self.__dict__.get("tiles")
        return tiles.weight if isinstance(tiles, Tiles) else 0

    def runs(self, spans: Spans) -> tuple[Run, ...]:
        """Return the stretches of the file that hold a box; all the data where only astropy can tell."""
        if array := self.array:
            return tuple(runs_of(array, spans))
        if tiles := self.tiles:
            return tiles.runs(spans)
        return (Run(self.place.data_offset, self.place.data_size),)

    def slabs(self, spans: Spans, size: int) -> Iterator[Spans]:
        """Divide a box in boxes of about *size* bytes that follow each other in the file."""
        if self.array:
            return slabs_of(spans, max(1, size // self.item_size))
        return self.tiles.slabs(spans, size) if self.tiles else iter((spans,))

    @property
    def kind(self) -> str:
        """The type of the pixels, as numpy calls it."""
        letter = "f" if self.place.bitpix < 0 else "u" if self.item_size == 1 else "i"
        return f">{letter}{self.item_size}"

    def read_box(self, spans: Spans, target: memoryview, account: Account) -> None:
        """Fill *target* with the stored values of a box, in the byte order of FITS."""
        if array := self.array:
            gather(self.reader, array, spans, target, account)
            return
        if not account.may_wait and not self.tile_weight:
            raise WouldWait("the data must be worked out first")
        if tiles := self.tiles:
            shape = tuple(span.count for span in reversed(spans))
            tiles.read(spans, np.frombuffer(target, dtype=self.kind).reshape(shape), account)
            return
        with self._content.lock:
            values = self._content.source.parts[self.index].pixels(spans)
        target[:] = values.data.cast("B")

    def pixels(self, spans: Spans) -> NDArray[Any]:
        """Return a box of stored values, slowest axis first."""
        shape = tuple(span.count for span in reversed(spans))
        values = np.empty(shape, dtype=self.kind)
        self.read_box(spans, values.reshape(-1).view(np.uint8).data, Account())
        return values


class FitsFile:
    """One content of a path: its HDUs, and what the images show of the sky."""

    def __init__(self, path: Path) -> None:
        self.raw = _reader(path)
        start = bytearray(min(2, self.raw.size))
        self.raw.read_into(Run(0, len(start)), memoryview(start), Account())
        self.media_type = media_type(bytes(start))
        packed = self.media_type != media_type(b"")
        self.content = Content(_unpacked(path) if packed else self.raw)
        self.hdus = tuple(HDU(self.content, place) for place in _places(self.content))
        self.images = tuple(hdu for hdu in self.hdus if hdu.shape)
        self.unpacked_size = self.content.reader.size if packed else 0

    @property
    def account(self) -> Account:
        """What was read to find out where everything is."""
        return self.content.account

    @property
    def lock(self) -> AbstractContextManager[bool]:
        """Held while something is worked out."""
        return self.content.lock

    @cached_property
    def plain(self) -> tuple[HDU, ...]:
        """The images that are no distortion tables of others."""
        lookups = {name for image in self.images for name, _ in image.lookups}
        return tuple(image for image in self.images if image.name.upper() not in lookups)

    @cached_property
    def names(self) -> Mapping[tuple[str, int], int]:
        """Places of the HDUs by name and version."""
        versions = ((hdu, int(hdu.place.cards.number("EXTVER") or 1)) for hdu in self.hdus)
        return {(hdu.name.upper(), version): hdu.index for hdu, version in versions if hdu.name}

    @cached_property
    def _read(self) -> tuple[Mapping[int, Any], Mapping[int, PixelSky], tuple[NoSky, ...]]:
        """World coordinates and skies of those images by HDU, and why some are not usable."""
        worlds: dict[int, Any] = {}
        skies: dict[int, PixelSky] = {}
        problems: list[NoSky] = []
        for image in self.plain:
            try:
                worlds[image.index] = world_of(self.content, image)
                if sky := pixel_sky(worlds[image.index], image):
                    skies[image.index] = sky
            except NoSky as error:
                problems.append(error)
        return worlds, skies, tuple(problems)

    @property
    def worlds(self) -> Mapping[int, Any]:
        """The world coordinates of those images by HDU, as far as they are understood."""
        return self._read[0]

    @cached_property
    def axes(self) -> Mapping[int, Axes]:
        """Their axes beside the sky."""
        return {
            image.index: Axes(wcs, image) for image in self.plain if (wcs := self.worlds.get(image.index))
        }

    @cached_property
    def grids(self) -> tuple[tuple[PixelSky, tuple[HDU, ...]], ...]:
        """The different grids on the sky, with the images on each and those that follow without saying so.

        Images whose coordinates are not usable are on none; where all are so, the first reason is raised.
        """
        _, skies, problems = self._read
        if not skies:
            raise problems[0] if problems else NoSky(NO_GWCS if self._has_asdf else NO_COORDINATES)
        grids: list[tuple[PixelSky, list[HDU]]] = []
        for image in self.plain:
            if sky := skies.get(image.index):
                members = next((some for other, some in grids if other.same_as(sky)), None)
                if members is None:
                    grids.append((sky, [image]))
                else:
                    members.append(image)
        if len(grids) == 1:
            sky, members = grids[0]
            members += [
                image for image in self.plain if image.index not in skies and self._follows(image, sky)
            ]
        return tuple((sky, tuple(members)) for sky, members in grids)

    @property
    def is_warm(self) -> bool:
        """Whether the coordinates were worked out, on planes where boxes are found quickly."""
        grids = self.__dict__.get("grids", ())
        return bool(grids) and all(sky.plane for sky, _ in grids)

    @property
    def _has_asdf(self) -> bool:
        """Whether there is a tree of ASDF, in which GWCS keeps coordinates."""
        return any(hdu.name.upper() == "ASDF" for hdu in self.hdus)

    def _follows(self, image: HDU, sky: PixelSky) -> bool:
        """Tell whether an image without coordinates is a plane of the one grid: of the same size."""
        wcs = self.worlds.get(image.index)
        if wcs is None:
            return False
        bare = all(str(word).strip() in ("", "LINEAR") for word in wcs.wcs.ctype)
        return bare and sky.axes == (0, 1) and image.index > 0 and image.shape[:2] == sky.shape

    @property
    def weight(self) -> int:
        """Bytes of memory, roughly."""
        return sum(4 * len(hdu.place.raw) + 20_000 + hdu.tile_weight for hdu in self.hdus)


def _reader(path: Path) -> FileReader:
    """Open a file."""
    try:
        return FileReader.open(path)
    except ReadError:
        raise UnreadableFile("the data cannot be read") from None


def _unpacked(path: Path) -> FileReader:
    """Unpack a file to a temporary one."""
    with unpacked(path) as file:
        return FileReader(os.dup(file.fileno()))


def _places(content: Content) -> tuple[Place, ...]:
    """Find the HDUs, by the slower reader where the quick one has doubts; it also says what is damaged."""
    try:
        return scan(content.reader, content.account)
    except UnusualHeader:
        return tuple(places_of(content.source.parts))
