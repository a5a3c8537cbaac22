"""COMPRESS: compressed images whose values are those of the parent, bit for bit."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, opened, sky_difference, sky_of, write

from soda_core.cutout import BadOption, Span, cut
from soda_core.cutout.model import Compression
from soda_core.cutout.source import Source
from soda_core.dali.shapes import Circle

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 150.5, "CRPIX2": 140.25}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
METHODS: tuple[Compression | None, ...] = (None, "gzip")
CIRCLE = Circle(10.05, 20.05, 0.4)
SHAPE = (280, 300)
TYPES = ["u1", "i2", "u2", "i4", "u4", "f4", "f8"]


def noisy(dtype: str, shape: tuple[int, ...] = SHAPE) -> Any:  # noqa: ANN401 - an array
    """Return values that use much of their type, NaN and infinity among floats."""
    random = np.random.default_rng(7)
    if dtype[0] == "f":
        values = random.normal(1e3, 50, shape).astype(dtype)
        values[..., 100:120, 140:160] = np.nan
        values[..., 130, 150] = np.inf
        return values
    info = np.iinfo(dtype)
    values = random.integers(max(info.min, -1000), min(info.max, 3000), shape).astype(dtype)
    values[..., 140, 150:152] = info.min, info.max
    return values


def stored(hdu: Any) -> bytes:  # noqa: ANN401 - astropy is not typed
    """Return the pixels in the byte order of FITS."""
    return bytes(hdu.data.astype(hdu.data.dtype.newbyteorder(">")).tobytes())


def header(**more: object) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the cards of a sky with others."""
    return fits.Header(list((TAN | more).items()))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("method", ["rice", "gzip"])
@pytest.mark.parametrize("primary", [True, False], ids=["primary", "extension"])
def test_no_value_is_lost(dtype: str, method: Compression, primary: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a flag
    """Stored values of the compressed cutout are those of the plain one, whatever the type."""
    cards = header(OBJECT="here", PV2_1=0.5)
    hdus = [fits.PrimaryHDU(noisy(dtype), cards)] if primary else [fits.PrimaryHDU(), None]
    if not primary:
        hdus[1] = fits.ImageHDU(noisy(dtype), cards, name="SCI")
    source = write(tmp_path / "a.fits", *hdus)
    plain = opened(cut(source, [CIRCLE], provenance=False))
    packed = opened(cut(source, [CIRCLE], compress=method, provenance=False))
    one, other = plain[0 if primary else 1], packed[1]

    assert isinstance(other, fits.CompImageHDU)
    assert other.compression_type == (
        "RICE_1" if method == "rice" and dtype[1] < "8" and dtype[0] != "f" else "GZIP_2"
    )
    assert one.data.tobytes() == stored(other)
    assert not packed[0].header["NAXIS"]
    changed = {"SIMPLE", "EXTEND", "XTENSION", "PCOUNT", "GCOUNT", "EXTNAME"}
    assert {c: one.header[c] for c in one.header if c not in changed} == {
        c: other.header[c] for c in other.header if c not in changed
    }


@pytest.mark.parametrize("shape", [(3, 5, 140, 150), (1, 280, 300), (300,), (4, 300)], ids=str)
def test_any_number_of_axes(shape: tuple[int, ...], tmp_path: Path) -> None:
    """Cubes go plane by plane, spectra in one row."""
    values = np.arange(np.prod(shape), dtype="f4").reshape(shape)
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(values))
    with fits.open(io.BytesIO(bytes(cut(source, compress="gzip")))) as hdus:
        hdus.verify("exception")
        assert np.array_equal(values, hdus[1].data)


def test_pieces_and_whole_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a temporary file as through memory, in pieces as in one, on any run."""
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(noisy("f4"), header()))
    with cut(source, [CIRCLE], compress="gzip") as one:
        expected = bytes(one)
    monkeypatch.setattr("soda_core.cutout.recompress.IN_MEMORY", 1000)
    with cut(source, [CIRCLE], compress="gzip") as other:
        assert expected == b"".join(other.plan.chunks(777, other.account)) == bytes(other)
        assert len(expected) == other.size


def test_a_cutout_of_a_compressed_cutout(tmp_path: Path) -> None:
    """What goes out compressed can be cut again, with the values of the first parent."""
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(noisy("i2"), header(BLANK=-99)))
    first = tmp_path / "b.fits"
    first.write_bytes(bytes(cut(source, [CIRCLE], compress="rice")))
    small = Circle(10.05, 20.05, 0.1)
    one, other = opened(cut(source, [small]))[0], opened(cut(first, [small]))[1]

    assert np.array_equal(one.data, other.data)
    assert one.header["CRPIX1"] == other.header["CRPIX1"]


def test_64_bit_integers_stay_plain(tmp_path: Path) -> None:
    """The libraries in wide use cannot unpack them."""
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(noisy("i8"), header()))
    one, other = (cut(source, [CIRCLE], compress=method, provenance=False) for method in METHODS)

    assert bytes(one) == bytes(other)


@pytest.mark.skipif(shutil.which("funpack") is None, reason="funpack is not installed")
@pytest.mark.parametrize("dtype", TYPES)
def test_other_software_unpacks_the_same(dtype: str, tmp_path: Path) -> None:
    """Cfitsio's funpack gives the plain cutout back."""
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(noisy(dtype), header()))
    packed, back = tmp_path / "b.fits", tmp_path / "c.fits"
    packed.write_bytes(bytes(cut(source, [CIRCLE], compress="rice")))
    subprocess.run(["funpack", "-O", str(back), str(packed)], check=True, capture_output=True)
    plain = opened(cut(source, [CIRCLE]))[0]
    with fits.open(back, do_not_scale_image_data=True) as hdus:
        found = next(hdu for hdu in hdus if hdu.data is not None)
        assert plain.data.tobytes() == stored(found)


TILINGS: dict[str, dict[str, Any]] = {
    "rows": {"tile_shape": (1, 300)},
    "squares": {"tile_shape": (64, 50)},
    "one": {"tile_shape": SHAPE},
    "wide": {"tile_shape": (10, 128)},
}
CODINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "rice i2": ("i2", {"compression_type": "RICE_1"}),
    "rice u2": ("u2", {"compression_type": "RICE_1"}),
    "gzip i4": ("i4", {"compression_type": "GZIP_1"}),
    "lossless f4": ("f4", {"compression_type": "GZIP_2", "quantize_level": 0}),
    "plain rounding": ("f4", {"compression_type": "RICE_1", "quantize_method": -1}),
    "dither 1": ("f4", {"compression_type": "RICE_1", "quantize_method": 1, "dither_seed": 9990}),
    "dither 2": ("f8", {"compression_type": "GZIP_2", "quantize_method": 2, "dither_seed": 77}),
}


@pytest.mark.parametrize("tiling", TILINGS.values(), ids=TILINGS)
@pytest.mark.parametrize(("dtype", "coding"), CODINGS.values(), ids=CODINGS)
def test_tiles_are_copied_with_their_values(
    tiling: dict[str, Any], dtype: str, coding: dict[str, Any], tmp_path: Path
) -> None:
    """Physical values and sky are exactly the parent's, dithered ones too; the box ends where tiles do."""
    values = np.nan_to_num(noisy(dtype), nan=0.0, posinf=0.0) if dtype[0] == "f" else noisy(dtype)
    parent = fits.CompImageHDU(values, header(), name="SCI", **tiling, **coding)
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), parent)
    with cut(source, [CIRCLE], compress="tiles") as cutout:
        data, part = bytes(cutout), cutout.parts[1]
        assert data == b"".join(cutout.plan.chunks(999, cutout.account))
        assert len(data) < source.stat().st_size or tiling["tile_shape"] == SHAPE
    (tmp_path / "b.fits").write_bytes(data)
    where = tuple(span.slice for span in reversed(part.spans))
    with fits.open(source) as before, fits.open(tmp_path / "b.fits") as after:
        after.verify("exception")
        assert isinstance(after[1], fits.CompImageHDU)
        assert np.array_equal(before[1].data[where], after[1].data)
    box = cut(source, [CIRCLE]).parts[1].spans
    assert all(
        a.start <= b.start and b.slice.stop <= a.slice.stop for a, b in zip(part.spans, box, strict=True)
    )
    sides = tiling["tile_shape"][::-1]
    assert all(span.start % side == 0 for span, side in zip(part.spans, sides, strict=True))
    one, other = Source(source), Source(tmp_path / "b.fits")
    assert sky_difference(sky_of(one, 1), sky_of(other, 1), part) < 1e-12
    one.close()
    other.close()


def test_tiles_that_did_not_quantise_come_along(tmp_path: Path) -> None:
    """A tile that is kept in the column for whole values is copied as well."""
    values = noisy("f4").copy()
    values[~np.isfinite(values)] = 0
    values[120:140] = 5.0
    parent = fits.CompImageHDU(
        values, header(), compression_type="RICE_1", tile_shape=(20, 300), quantize_method=1
    )
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), parent)
    with cut(source, [CIRCLE], compress="tiles") as cutout:
        data, rows = bytes(cutout), cutout.parts[1].spans[1].slice
    with fits.open(source) as before, fits.open(io.BytesIO(data)) as after:
        assert np.array_equal(before[1].data[rows], after[1].data)
    with fits.open(source, disable_image_compression=True) as table:
        assert any(len(row["GZIP_COMPRESSED_DATA"]) for row in table[1].data)


def test_planes_with_other_tiles_keep_one_box(tmp_path: Path) -> None:
    """Image, mask and a plain plane are cut at the same pixels, which suit the tiles of all."""
    planes = (
        fits.CompImageHDU(noisy("i4"), header(), name="IMAGE", tile_shape=(20, 30)),
        fits.CompImageHDU(noisy("i2"), header(), name="MASK", tile_shape=(7, 300)),
        image(TAN | {"EXTNAME": "PLAIN"}, SHAPE),
    )
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), *planes)
    with cut(source, [CIRCLE], compress="tiles") as cutout:
        spans = {part.spans for part in cutout.parts[1:]}
        hdus = opened(cutout)

    assert 1 == len(spans)
    assert Span(0, 300) in next(iter(spans))
    assert not isinstance(hdus["PLAIN"], fits.CompImageHDU)


def test_only_the_tiles_are_read(tmp_path: Path) -> None:
    """Copying takes about the bytes of the answer, and no decoder."""
    parent = fits.CompImageHDU(noisy("i4", (600, 600)), header(), tile_shape=(50, 50))
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(), parent)
    with cut(source, [Circle(10, 20, 0.2)], compress="tiles") as cutout:
        assert cutout.plan.predicted_bytes <= cutout.size
        assert len(bytes(cutout)) < source.stat().st_size / 4


def test_what_cannot_be_copied_is_told(tmp_path: Path) -> None:
    """Tiles of a plain image, or masked ones, are refused in words."""
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(noisy("i2"), header()))
    with pytest.raises(BadOption, match="no image here is kept in tiles"):
        cut(source, [CIRCLE], compress="tiles")
    with pytest.raises(BadOption, match="cannot mask"):
        cut(source, [CIRCLE], compress="tiles", mask="shape")


@pytest.mark.parametrize("method", ["rice", "gzip"])
def test_tables_are_carried_as_they_are(method: Compression, tmp_path: Path) -> None:
    """Only images are compressed."""
    table = fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(5))], name="CATALOG")
    source = write(tmp_path / "a.fits", fits.PrimaryHDU(noisy("i2"), header()), table)
    data = bytes(cut(source, [CIRCLE], compress=method))

    assert source.read_bytes()[-2 * 2880 :] == data[-2 * 2880 :]
