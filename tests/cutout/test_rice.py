"""RICE_1 by the compiled decoder, against that of astropy."""

import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.io.fits.hdu.compressed._compression import compress_rice_1_c
from cutout_samples import write

from soda_core.cutout.cache import FileCache
from soda_core.cutout.decoders import STANDARD, Decoders, Integers, Rice, RiceDecoder, compiled_rice
from soda_core.cutout.model import Span, Spans
from soda_core.cutout.tilecache import TILES
from soda_core.storage import Account

COUNT = 3000
BOX: Spans = (Span(30, 50), Span(20, 40))


@pytest.fixture(name="rice")
def _rice() -> RiceDecoder:
    """Return the compiled decoder."""
    pytest.importorskip("numba")
    found = compiled_rice()
    assert found is not None
    return found


def noise(kind: str, spread: float) -> Integers:
    """Return noise with a constant part and with a few pixels that stand out, as far as the type goes."""
    random = np.random.default_rng(8)
    values = random.normal(0, spread, COUNT)
    values[random.integers(0, COUNT, 30)] *= 1000
    values[700:1100] = 3
    limits = np.iinfo(kind)
    return np.clip(values, limits.min, limits.max).astype(kind)


def packed(values: Integers, block: int) -> bytes:
    """Compress as astropy does."""
    data: bytes = compress_rice_1_c(values.tobytes(), block, values.itemsize)
    return data


@pytest.mark.parametrize("block", [16, 32])
@pytest.mark.parametrize("spread", [0, 0.02, 1, 40, 1e4, 1e9])
@pytest.mark.parametrize("kind", ["u1", "i2", "i4"])
def test_the_compiled_decoder_gives_what_was_packed(
    kind: str, spread: float, block: int, rice: RiceDecoder
) -> None:
    """Blocks may be constant, packed or plain, with runs of zeros of any length, and end anywhere."""
    values = noise(kind, spread)
    data = packed(values, block)
    for needed in (1, block - 1, block, block + 1, COUNT - 1, COUNT):
        out = np.zeros(COUNT, dtype=kind)

        assert needed == rice(data, block, out, needed)
        assert values[:needed].tolist() == out[:needed].tolist()
        assert not out[needed:].any()


@pytest.mark.parametrize("spread", [0, 1, 1e9])
@pytest.mark.parametrize("kind", ["u1", "i2", "i4"])
def test_a_tile_that_ends_too_early_is_damaged(kind: str, spread: float, rice: RiceDecoder) -> None:
    """Nothing is made up for what is missing."""
    data = packed(noise(kind, spread), 32)
    for length in (0, 1, 3, 4, len(data) // 2, len(data) - 2):
        with pytest.raises(zlib.error, match="a tile ends too early"):
            rice(data[:length], 32, np.zeros(COUNT, dtype=kind), COUNT)


@pytest.mark.parametrize("kind", ["u1", "i2", "i4"])
def test_any_bytes_are_pixels_or_damage(kind: str, rice: RiceDecoder) -> None:
    """Bytes that nobody packed are read to their end and not beyond, and never fill more than asked for."""
    random = np.random.default_rng(1)
    outcomes = set()
    for length in range(400):
        out = np.full(COUNT, 77, dtype=kind)
        try:
            outcomes.add(rice(random.bytes(length) + bytes(length % 7), 32, out[:-1], 64))
        except zlib.error:
            outcomes.add(-1)

        assert (out[64:] == 77).all()
    assert {-1, 64} == outcomes


@pytest.mark.parametrize("kind", ["u1", "i2", "i4", "f4"])
def test_boxes_are_the_same(kind: str, rice: RiceDecoder, tmp_path: Path) -> None:
    """An image comes out of its tiles as without numba."""
    options: dict[str, Any] = {"quantize_level": 8, "quantize_method": 2} if kind == "f4" else {}
    pixels = np.random.default_rng(5).normal(100, 9, (100, 120)).astype(kind)
    hdu = fits.CompImageHDU(pixels, compression_type="RICE_1", tile_shape=(33, 50), **options)
    image = FileCache().open(write(tmp_path / "tiles.fits", fits.PrimaryHDU(), hdu)).hdus[1]
    assert image.tiles is not None
    TILES.clear()
    boxes = []
    for table, decoders in enumerate((STANDARD, Decoders(STANDARD.inflate, rice)), start=-2):
        tiles = replace(image.tiles, coding=replace(image.tiles.coding, decoders=decoders), table=table)
        target = np.empty((40, 50), dtype=image.kind)
        tiles.read(BOX, target, Account())
        boxes.append(target.tolist())

    assert boxes[0] == boxes[1]


def test_compiling_waits_until_it_pays(monkeypatch: pytest.MonkeyPatch, rice: RiceDecoder) -> None:
    """The first pixels are decoded by what is there; what is compiled takes over for good."""
    calls: list[str] = []

    def plain(data: Any, block: int, out: Integers, needed: int) -> int:  # noqa: ANN401 - whatever has a buffer
        calls.append("plain")
        return STANDARD.rice(data, block, out, needed)

    def compiled(data: Any, block: int, out: Integers, needed: int) -> int:  # noqa: ANN401 - whatever has a buffer
        calls.append("compiled")
        return rice(data, block, out, needed)

    monkeypatch.setattr("soda_core.cutout.decoders.compiled_rice", lambda: compiled)
    decoder, values = Rice(plain, worth=2 * COUNT), noise("i2", 9)
    for _ in range(4):
        out = np.zeros(COUNT, dtype="i2")
        decoder(packed(values, 32), 32, out, COUNT)

        assert values.tolist() == out.tolist()
    assert ["plain", "compiled", "compiled", "compiled"] == calls


def test_without_numba_all_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is optional."""
    monkeypatch.delitem(sys.modules, "soda_core.cutout.compiled", raising=False)
    monkeypatch.delattr("soda_core.cutout.compiled", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    decoder, values, out = Rice(STANDARD.rice, worth=1), noise("i4", 9), np.zeros(COUNT, dtype="i4")
    decoder(packed(values, 32), 32, out, COUNT)

    assert compiled_rice() is None
    assert values.tolist() == out.tolist()
