"""Compressed images: boxes out of tiles against astropy's stored values."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.io.fits.hdu.compressed._codecs import Gzip1
from astropy.io.fits.hdu.compressed._compression import compress_rice_1_c
from cutout_samples import write

from soda_core.cutout import Span, UnreadableFile, tilecache
from soda_core.cutout.cache import FileCache
from soda_core.cutout.model import Spans
from soda_core.cutout.source import Source
from soda_core.storage import Account

SHAPE = (37, 41)
TILES = {"rows": (1, 41), "squares": (16, 16), "odd": (7, 11), "whole": (37, 41)}
BOXES: dict[str, Spans] = {
    "corner": (Span(0, 3), Span(0, 2)),
    "one pixel": (Span(17, 1), Span(20, 1)),
    "across tiles": (Span(9, 20), Span(5, 25)),
    "last corner": (Span(38, 3), Span(35, 2)),
    "all": (Span(0, 41), Span(0, 37)),
    "every third": (Span(2, 12, 3), Span(1, 9, 4)),
}
CODINGS: dict[str, tuple[str, str, dict[str, Any]]] = {
    **{
        f"{method} {kind}": (method, kind, {})
        for method in ("RICE_1", "GZIP_1", "GZIP_2")
        for kind in ("u1", "i2", "i4")
    },
    "GZIP_1 i8": ("GZIP_1", "i8", {}),
    "GZIP_2 i8": ("GZIP_2", "i8", {}),
    "PLIO_1 i2": ("PLIO_1", "i2", {}),
    "PLIO_1 u1": ("PLIO_1", "u1", {}),
    "HCOMPRESS_1 i2": ("HCOMPRESS_1", "i2", {}),
    "HCOMPRESS_1 i4 lossy": ("HCOMPRESS_1", "i4", {"hcomp_scale": 4, "hcomp_smooth": 1}),
    **{
        f"{method} {kind} {dither}": (
            method,
            kind,
            {"quantize_level": 8, "quantize_method": dither, "dither_seed": 9999},
        )
        for method in ("RICE_1", "GZIP_1", "GZIP_2")
        for kind in ("f4", "f8")
        for dither in (-1, 1, 2)
    },
    "HCOMPRESS_1 f4": ("HCOMPRESS_1", "f4", {"quantize_level": 8, "quantize_method": 1, "dither_seed": 7}),
    "GZIP_1 f4 lossless": ("GZIP_1", "f4", {"quantize_level": 0}),
    "GZIP_2 f8 lossless": ("GZIP_2", "f8", {"quantize_level": 0}),
}


def values_of(kind: str) -> Any:  # noqa: ANN401 - of any type
    """Return noise of a type, with gaps, zeros and a constant part where it is of floats."""
    noise = np.random.default_rng(3).normal(60, 9, SHAPE)
    if kind[0] == "f":
        noise[3:6, 8:14] = np.nan
        noise[20:24, 20:30] = 0.0
        noise[30:, :12] = 5.0
    return noise.astype(kind)


def compare(path: Path, *boxes: Spans) -> None:
    """Assert that boxes come out of the tiles as astropy reads them, in slabs as at once."""
    hdu = FileCache().open(path).hdus[1]
    assert hdu.tiles is not None
    source = Source(path)
    for spans in boxes:
        expected = source.parts[1].pixels(spans)
        tilecache.TILES.clear()
        target, account = bytearray(expected.nbytes), Account()
        hdu.read_box(spans, memoryview(target), account)

        assert expected.tobytes() == bytes(target)
        assert expected.dtype == hdu.pixels(spans).dtype
        assert sum(run.cost for run in hdu.runs(spans)) == account.bytes_read
        assert b"".join(hdu.pixels(slab).tobytes() for slab in hdu.slabs(spans, 2000)) == bytes(target)
    source.close()


@pytest.mark.parametrize("tile", TILES.values(), ids=TILES)
@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS)
def test_boxes_are_those_of_astropy(
    coding: tuple[str, str, dict[str, Any]], tile: tuple[int, int], tmp_path: Path
) -> None:
    """Method, type, dithering, shape of the tiles and place of the box do not matter."""
    method, kind, options = coding
    if method == "HCOMPRESS_1" and tile in ((1, 41), (7, 11), (16, 16)):
        tile = (8, 41)
    packed = fits.CompImageHDU(values_of(kind), compression_type=method, tile_shape=tile, **options)
    path = write(tmp_path / "tiles.fits", fits.PrimaryHDU(), packed)
    compare(path, *BOXES.values())


def test_unsigned_integers_stay_as_stored(tmp_path: Path) -> None:
    """An offset in BZERO is not applied."""
    packed = fits.CompImageHDU(values_of("u2"), compression_type="RICE_1", tile_shape=(8, 8))
    compare(write(tmp_path / "tiles.fits", fits.PrimaryHDU(), packed), BOXES["across tiles"])


@pytest.mark.parametrize("tile", [(1, 5, 6), (2, 20, 7), (3, 1, 30), (5, 20, 30)])
def test_cubes_have_tiles_along_each_axis(tile: tuple[int, ...], tmp_path: Path) -> None:
    """The third axis is divided like the others."""
    cube = np.arange(5 * 20 * 30, dtype="i2").reshape(5, 20, 30)
    packed = fits.CompImageHDU(cube, compression_type="GZIP_2", tile_shape=tile)
    path = write(tmp_path / "tiles.fits", fits.PrimaryHDU(), packed)
    compare(path, (Span(4, 20), Span(3, 9), Span(1, 3)))
    compare(path, (Span(4, 5, 4), Span(19, 1), Span(0, 3, 2)))


def handmade(path: Path) -> Path:
    """Write floats in four tiles, two of them quantised, each with its own number for gaps."""
    rows = np.random.default_rng(2).integers(0, 50, (4, 32)).astype("i4")
    rows[0, 3:5], rows[1, 7] = -7, -9
    packed = [np.frombuffer(compress_rice_1_c(row.tobytes(), 32, 4), "u1") for row in rows]
    none, floats = np.zeros(0, "u1"), np.linspace(0, 1, 32).astype(">f4")
    zipped = np.frombuffer(Gzip1().encode(floats), "u1")
    columns = [
        fits.Column("COMPRESSED_DATA", "1PB()", array=_objects(packed[0], packed[1], none, none)),
        fits.Column("UNCOMPRESSED_DATA", "1PE()", array=_objects(*[np.zeros(0, "f4")] * 3, floats)),
        fits.Column("ZSCALE", "1D", array=[0.1, 0.2, 0.0, 0.0]),
        fits.Column("ZZERO", "1E", array=[3.0, 4.5, 0.0, 0.0]),
        fits.Column("ZBLANK", "1J", array=[-7, -9, 0, 0]),
    ]
    if path.stem == "gzip":
        columns[1] = fits.Column("GZIP_COMPRESSED_DATA", "1PB()", array=_objects(none, none, zipped, zipped))
    table = fits.BinTableHDU.from_columns(columns)
    cards = {"ZIMAGE": True, "ZCMPTYPE": "RICE_1", "ZBITPIX": -32, "ZNAXIS": 2, "ZNAXIS1": 32, "ZNAXIS2": 4}
    table.header.update(cards | {"ZTILE1": 32, "ZTILE2": 1, "ZQUANTIZ": "NO_DITHER"})
    return write(path, fits.PrimaryHDU(), table)


def _objects(*arrays: Any) -> Any:  # noqa: ANN401 - arrays of different lengths
    found = np.empty(len(arrays), dtype=object)
    found[:] = arrays
    return found


def test_tiles_that_could_not_be_quantised_lie_in_another_column(tmp_path: Path) -> None:
    """GZIP_COMPRESSED_DATA is read; each tile has the number of its own gaps."""
    path = handmade(tmp_path / "gzip.fits")
    compare(path, (Span(2, 20), Span(0, 4)))
    values = FileCache().open(path).hdus[1].pixels((Span(0, 32), Span(0, 4)))

    assert [2, 1, 0, 0] == np.isnan(values).sum(axis=1).tolist()


def test_tiles_may_be_stored_plain(tmp_path: Path) -> None:
    """UNCOMPRESSED_DATA is read."""
    path = handmade(tmp_path / "plain.fits")
    compare(path, (Span(2, 20), Span(3, 1)))
    compare(path, (Span(2, 20), Span(0, 2)))


def test_only_the_tiles_that_are_needed_are_read(tmp_path: Path) -> None:
    """A box in one tile takes the bytes of that tile, neighbours come by one call."""
    noise = np.random.default_rng(1).integers(0, 30_000, (512, 512)).astype("i2")
    packed = fits.CompImageHDU(noise, compression_type="RICE_1", tile_shape=(128, 128))
    path = write(tmp_path / "tiles.fits", fits.PrimaryHDU(), packed)
    tiles = FileCache().open(path).hdus[1].tiles
    assert tiles is not None
    one, two, every = (
        tiles.runs(spans)
        for spans in (
            (Span(130, 10), Span(130, 10)),
            (Span(120, 20), Span(130, 10)),
            (Span(0, 512), Span(0, 512)),
        )
    )

    assert [1, 1, 1] == [len(runs) for runs in (one, two, every)]
    assert every[0].size > 7 * two[0].size > 13 * one[0].size


def test_a_damaged_tile_is_named_so(tmp_path: Path) -> None:
    """Rubbish in the heap is an error of the file, not of the program."""
    packed = fits.CompImageHDU(values_of("i4"), compression_type="GZIP_1", tile_shape=(37, 41))
    path = write(tmp_path / "tiles.fits", fits.PrimaryHDU(), packed)
    tiles = FileCache().open(path).hdus[1].tiles
    assert tiles is not None
    data = bytearray(path.read_bytes())
    data[tiles.heap + 20 : tiles.heap + 60] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        FileCache().open(path).hdus[1].pixels(BOXES["corner"])
