"""Decoded tiles that are kept, and the ways to decode them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import write

from soda_core.cutout import Span
from soda_core.cutout.cache import FileCache
from soda_core.cutout.codecs import Raw
from soda_core.cutout.decoders import DECODERS, STANDARD
from soda_core.cutout.file import HDU
from soda_core.cutout.model import Spans
from soda_core.cutout.tilecache import TILES, TileCache
from soda_core.cutout.tiles import Tiles
from soda_core.storage import Account, WouldWait

NOISE = np.random.default_rng(5).normal(100, 9, (600, 700))
BOX: Spans = (Span(150, 300), Span(260, 90))


def packed(path: Path, method: str, kind: str, tile: tuple[int, int]) -> Path:
    """Write noise in tiles."""
    options: dict[str, Any] = {"quantize_level": 8, "quantize_method": 2} if kind[0] == "f" else {}
    hdu = fits.CompImageHDU(NOISE.astype(kind), compression_type=method, tile_shape=tile, **options)
    return write(path, fits.PrimaryHDU(), hdu)


def image_of(path: Path) -> HDU:
    """Open the image anew."""
    return FileCache().open(path).hdus[1]


def read(tiles: Tiles, spans: Spans, kind: str, account: Account | None = None) -> bytes:
    """Read a box of stored values."""
    target = np.empty([span.count for span in reversed(spans)], dtype=kind)
    tiles.read(spans, target, account or Account())
    return target.tobytes()


@pytest.mark.parametrize("tile", [(1, 700), (100, 100)])
@pytest.mark.parametrize("kind", ["u1", "i2", "i4", "f4"])
@pytest.mark.parametrize("method", ["RICE_1", "GZIP_1", "GZIP_2"])
def test_all_decoders_give_the_same(method: str, kind: str, tile: tuple[int, int], tmp_path: Path) -> None:
    """An optional package changes the time and nothing else."""
    if DECODERS.inflate is STANDARD.inflate:
        pytest.skip("imagecodecs is not installed")
    hdu = image_of(packed(tmp_path / "tiles.fits", method, kind, tile))
    assert hdu.tiles is not None
    plain = replace(hdu.tiles, coding=replace(hdu.tiles.coding, decoders=STANDARD), table=-1)
    TILES.clear()

    assert read(plain, BOX, hdu.kind) == read(hdu.tiles, BOX, hdu.kind)


@pytest.mark.parametrize("method", ["RICE_1", "GZIP_2"])
def test_a_tile_is_read_once(method: str, tmp_path: Path) -> None:
    """A box of tiles that are known takes no bytes; one that goes further takes those of what is missing."""
    hdu = image_of(packed(tmp_path / "tiles.fits", method, "f4", (1, 700)))
    assert hdu.tiles is not None
    first, second, third = Account(), Account(), Account()
    expected = read(hdu.tiles, BOX, hdu.kind, first)

    assert expected == read(hdu.tiles, BOX, hdu.kind, second)
    read(hdu.tiles, (Span(150, 300), Span(300, 51)), hdu.kind, third)
    assert (first.reads, second.reads, third.reads) == (1, 0, 1)
    assert 0 < third.bytes_read < first.bytes_read / 50


def test_tiles_of_another_content_are_not_given(tmp_path: Path) -> None:
    """A file of the same name is another table."""
    path = packed(tmp_path / "tiles.fits", "RICE_1", "i2", (100, 100))
    cache = FileCache()
    before = cache.open(path).hdus[1].pixels(BOX)
    path.unlink()
    hdu = fits.CompImageHDU((NOISE + 1000).astype("i2"), compression_type="RICE_1", tile_shape=(100, 100))
    write(path, fits.PrimaryHDU(), hdu)

    assert (before + 1000).tolist() == cache.open(path).hdus[1].pixels(BOX).tolist()


def test_the_cache_is_bounded() -> None:
    """The tiles used longest ago go first; one that is larger than the bound is not kept."""
    cache, raw = TileCache(1000), Raw(np.zeros(400, np.uint8), 100)
    cache.put(0, [(1, raw), (2, raw)])
    assert {1: raw} == cache.get(0, [(1, 100)])
    cache.put(0, [(3, raw)])

    assert 800 == cache.weight
    assert [1, 3] == list(cache.get(0, [(tile, 1) for tile in (1, 2, 3, 4)]))
    assert {} == cache.get(0, [(1, 101)])
    cache.put(0, [(4, Raw(np.zeros(1001, np.uint8), 1))])
    assert 0 == cache.weight


def test_nobody_waits_for_many_tiles(tmp_path: Path) -> None:
    """What takes long to unpack is refused where nobody may wait, until it is unpacked; so is a new table."""
    hdu = image_of(packed(tmp_path / "tiles.fits", "GZIP_1", "i2", (100, 100)))
    everything = (Span(0, 700), Span(0, 600))
    target, hasty = bytearray(700 * 600 * 2), Account(may_wait=False)
    with pytest.raises(WouldWait):
        hdu.read_box(everything, memoryview(target), hasty)
    assert hdu.tiles is not None
    with pytest.raises(WouldWait):
        hdu.read_box(everything, memoryview(target), hasty)
    expected = hdu.pixels(everything).tobytes()
    hdu.read_box(everything, memoryview(target), hasty)

    assert expected == bytes(target)


def test_without_sides_each_row_is_a_tile(tmp_path: Path) -> None:
    """ZTILEn may be missing."""
    path = packed(tmp_path / "tiles.fits", "RICE_1", "i2", (1, 700))
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data.replace(b"ZTILE1  ", b"COMMENT ").replace(b"ZTILE2  ", b"COMMENT "))
    hdu = image_of(path)

    assert hdu.tiles is not None
    assert (700, 600, 16) == tuple(hdu.cards().number(word) for word in ("NAXIS1", "NAXIS2", "BITPIX"))
    assert NOISE.astype("i2")[260:350, 150:450].tolist() == hdu.pixels(BOX).tolist()
