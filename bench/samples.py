"""The files that are measured: made once in a folder, used again from there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from astropy.io import fits

from bench.scene import SIP, alternate, cards, many_cards, noise, spectral, stripes

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FILES", "Sample", "folder", "make", "warm"]

AREA = 6000
"""Pixels a side of the part of a large image in which boxes are placed."""

Writer: TypeAlias = Callable[[Path, tuple[int, ...]], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """One file: the HDU that is cut, its shape (NAXIS1 first) and what it is in words."""

    name: str
    path: Path
    hdu: int
    shape: tuple[int, ...]
    title: str

    @property
    def area(self) -> tuple[int, int, int, int]:
        """First and end column, first and end row of the part where boxes lie."""
        (x0, x1), (y0, y1) = (((side - min(side, AREA)) // 2, (side + min(side, AREA)) // 2)
                              for side in self.shape[:2])  # fmt: skip
        return x0, x1, y0, y1

    @property
    def is_scaled(self) -> bool:
        """Whether the stored values are not the true ones."""
        return self.name == "C"

    @property
    def planes(self) -> int:
        """Planes of a cube, 1 for an image."""
        return self.shape[2] if len(self.shape) > 2 else 1  # noqa: PLR2004 - axes of the sky


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a file is made; the shape is that at scale 1."""

    title: str
    shape: tuple[int, ...]
    write: Writer
    hdu: int = 0
    least: int = 1024

    def scaled(self, scale: float) -> tuple[int, ...]:
        """Return the shape at another scale; the sky of a cube keeps its size."""
        if len(self.shape) > 2:  # noqa: PLR2004 - axes of the sky
            return (*self.shape[:2], max(10, round(self.shape[2] * scale)))
        return tuple(max(min(side, self.least), round(side * scale)) for side in self.shape)


def folder() -> Path:
    """Return where the files lie if nobody says otherwise."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "sodalite-bench"


def make(name: str, place: Path, *, scale: float = 1.0, filled: bool = False) -> Sample:
    """Return the file *name*, made if it is not there; *filled* writes every pixel of file C."""
    kind = FILES[name]
    shape = kind.scaled(scale)
    writer = _filled if filled and name == "C" else kind.write
    size = "x".join(map(str, shape)) + ("-filled" if writer is _filled else "")
    path = place / f"{name.lower().replace(' ', '-')}-{size}.fits"
    if not path.exists():
        place.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        writer(partial, shape)
        partial.replace(path)
    return Sample(name, path, kind.hdu, shape, kind.title)


def warm(sample: Sample) -> None:
    """Read what boxes may touch into the page cache; of a large image only the area, row by row."""
    block = bytearray(1 << 20)
    with sample.path.open("rb", buffering=0) as file:
        if len(sample.shape) > 2 or max(sample.shape) <= AREA:  # noqa: PLR2004 - axes of the sky
            while file.readinto(block):
                pass
            return
        header = fits.getheader(sample.path)
        item, start = abs(header["BITPIX"]) // 8, len(header.tostring())
        x0, x1, y0, y1 = sample.area
        for row in range(y0, y1):
            file.seek(start + (row * sample.shape[0] + x0) * item)
            file.readinto(memoryview(block)[: (x1 - x0) * item])


def _header(shape: tuple[int, ...], bitpix: int, more: dict[str, object]) -> Any:  # noqa: ANN401 - astropy is not typed
    header = fits.Header({"SIMPLE": True, "BITPIX": bitpix, "NAXIS": len(shape)})
    header.update({f"NAXIS{axis}": side for axis, side in enumerate(shape, 1)})
    header.update(more)
    return header


def _finish(path: Path, header: Any) -> None:  # noqa: ANN401 - astropy is not typed
    """Extend the file to the size that its header speaks of; the rest reads as zero."""
    pixels = np.prod([header[f"NAXIS{axis}"] for axis in range(1, header["NAXIS"] + 1)], dtype=np.int64)
    size = len(header.tostring()) + int(pixels) * abs(header["BITPIX"]) // 8
    os.truncate(path, -(-size // 2880) * 2880)


def _image(path: Path, shape: tuple[int, ...]) -> None:
    """Write a float image, every pixel of it."""
    header = _header(shape, -32, cards(*shape))
    with path.open("wb") as file:
        file.write(header.tostring().encode("ascii"))
        for stripe in stripes(shape[1], shape[0]):
            file.write(stripe.astype(">f4").data)
    _finish(path, header)


def _unsigned(shape: tuple[int, ...]) -> Any:  # noqa: ANN401 - astropy is not typed
    more = {**cards(*shape, projection="TAN-SIP"), **SIP, "BSCALE": 1, "BZERO": 32768}
    return _header(shape, 16, more)


def _stored(stripe: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return values as unsigned integers are stored in FITS."""
    return (np.clip(stripe, 0, 65535).astype(np.int32) - 32768).astype(">i2")


def _sparse(path: Path, shape: tuple[int, ...]) -> None:
    """Write unsigned integers where boxes will lie; around them the file has holes, which read as zero."""
    header = _unsigned(shape)
    x0, x1, y0, y1 = Sample("", path, 0, shape, "").area
    start, row = len(header.tostring()), y0
    with path.open("wb") as file:
        file.write(header.tostring().encode("ascii"))
        for stripe in stripes(y1 - y0, x1 - x0):
            for line in _stored(stripe):
                file.seek(start + (row * shape[0] + x0) * 2)
                file.write(line.data)
                row += 1
    _finish(path, header)


def _filled(path: Path, shape: tuple[int, ...]) -> None:
    """Write unsigned integers, every pixel."""
    header = _unsigned(shape)
    with path.open("wb") as file:
        file.write(header.tostring().encode("ascii"))
        for stripe in stripes(shape[1], shape[0]):
            file.write(_stored(stripe).data)
    _finish(path, header)


def _cube(path: Path, shape: tuple[int, ...]) -> None:
    """Write a float cube, every pixel of it."""
    width, height, planes = shape
    header = _header(shape, -32, {**cards(width, height), **spectral()})
    first = noise(height, width)
    with path.open("wb") as file:
        file.write(header.tostring().encode("ascii"))
        for plane in range(planes):
            file.write(np.roll(first, 17 * plane, axis=0).astype(">f4").data)
    _finish(path, header)


def _table(number: int) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return a table whose second column lies in the heap."""
    rows = np.empty(200, dtype=object)
    rows[:] = [np.arange(50 + row % 70, dtype=np.float64) for row in range(len(rows))]
    columns = [
        fits.Column("ID", "J", array=np.arange(len(rows))),
        fits.Column("COEFFICIENTS", "PD()", array=rows),
    ]
    return fits.BinTableHDU.from_columns(columns, name=f"ARCHIVE{number}")


def _planes(shape: tuple[int, ...]) -> list[tuple[str, Any, Any]]:
    """Return name, pixels and header of image, mask and variance."""
    width, height = shape
    image = noise(height, width)
    pixels = (image, (image > 1200).astype(np.int32) << 5, image / 1.7)  # noqa: PLR2004 - a bright pixel
    header = fits.Header({**cards(width, height, projection="TAN-SIP"), **SIP, **alternate()})
    return [(name, data, header) for name, data in zip(("IMAGE", "MASK", "VARIANCE"), pixels, strict=True)]


def _product(path: Path, images: list[Any]) -> None:
    tables = [_table(number) for number in range(4)]
    fits.HDUList([fits.PrimaryHDU(header=many_cards()), *images, *tables]).writeto(path, overwrite=True)


def _plain(path: Path, shape: tuple[int, ...]) -> None:
    """Write a product of three planes and four tables."""
    _product(path, [fits.ImageHDU(data, header, name=name) for name, data, header in _planes(shape)])


def _tiled(codec: str, tile: int | None) -> Writer:
    """Return the writer of such a product in tiles: *tile* pixels a side, or rows."""
    level = 16 if codec == "RICE_1" else 0

    def write(path: Path, shape: tuple[int, ...]) -> None:
        tiles = (tile, tile) if tile else (1, shape[0])
        options: dict[str, Any] = {"compression_type": codec, "tile_shape": tiles, "quantize_level": level}
        if level:
            options |= {"quantize_method": 1, "dither_seed": 7}
        _product(
            path,
            [fits.CompImageHDU(data, header, name=name, **options) for name, data, header in _planes(shape)],
        )

    return write


def _product_kinds() -> dict[str, _Kind]:
    """Return the product, plain and in tiles."""
    shape = (4000, 4000)
    kinds = {"D": _Kind("product of 3 planes and 4 tables, float, SIP", shape, _plain, 1)}
    for codec, words in {"RICE_1": "RICE, quantised and dithered", "GZIP_2": "GZIP_2, lossless"}.items():
        for tile in (None, 100, 256):
            name = f"D {codec[:4]} {tile or 'rows'}"
            title = f"the same, {words}, tiles of {f'{tile}²' if tile else 'one row'}"
            kinds[name] = _Kind(title, shape, _tiled(codec, tile), 1)
    return kinds


FILES: dict[str, _Kind] = {
    "A": _Kind("2048² float", (2048, 2048), _image),
    "B": _Kind("20000² float, 1.6 GB", (20000, 20000), _image, least=2500),
    "C": _Kind("57000² unsigned 16-bit, SIP, 6.5 GB", (57000, 57000), _sparse, least=2500),
    **_product_kinds(),
    "E": _Kind("cube of 512² × 1000, float", (512, 512, 1000), _cube),
}
"""Each file by its name."""
