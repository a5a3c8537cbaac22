"""An open FITS file: its HDUs, their raw headers, pixels and bytes."""

import bz2
import gzip
import lzma
import os
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
from astropy.io import fits
from astropy.io.fits.hdu.compressed._compression import CfitsioException
from numpy.typing import NDArray

from soda_core.cutout.cards import Cards
from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.model import Spans
from soda_core.cutout.quiet import quiet

__all__ = ["DAMAGE", "Source", "SourceHDU", "media_type", "unpacked"]

DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    zlib.error,
    fits.VerifyError,
    CfitsioException,
)
"""What reading a damaged file can raise."""

PACKED: Mapping[bytes, tuple[str, Callable[..., Any]]] = {
    b"\x1f\x8b": ("application/gzip", gzip.open),
    b"BZ": ("application/x-bzip2", bz2.open),
    b"\xfd7": ("application/x-xz", lzma.open),
}
"""First bytes of files that are packed as a whole: their media type, how they are opened."""

LIMIT = 1 << 34
"""Bytes to which a packed file may unpack."""


@dataclass(frozen=True, slots=True)
class SourceHDU:
    """One HDU; *shape* has NAXIS1 first and is empty where there is no image."""

    index: int
    name: str
    hdu: Any
    shape: tuple[int, ...]

    @property
    def header(self) -> Any:  # noqa: ANN401 - astropy is not typed
        """The header as astropy presents it, an image's also where the image is compressed."""
        return self.hdu.header

    @property
    def compressed(self) -> bool:
        """Whether the image is kept in compressed tiles."""
        return isinstance(self.hdu, fits.CompImageHDU)

    @property
    def item_size(self) -> int:
        """Bytes a pixel."""
        return abs(int(self.header["BITPIX"])) // 8

    def cards(self) -> Cards:
        """Return the cards as they stand in the file, those of the plain image for a compressed one."""
        if self.compressed:
            try:
                with quiet():
                    return Cards(self.header.tostring(endcard=False, padding=False))
            except DAMAGE:
                raise UnreadableFile(f"HDU {self.index} of the FITS file has a damaged header") from None
        return self.raw_cards()

    def raw_cards(self) -> Cards:
        """Return the cards as they stand in the file, those of the table for a compressed image."""
        where = self.hdu.fileinfo()
        return Cards(self.raw(where["hdrLoc"], where["datLoc"] - where["hdrLoc"]).decode("latin-1"))

    @property
    def data_size(self) -> int:
        """Bytes of data in the file, padding left out."""
        return int(self.hdu.fileinfo()["datSpan"]) if self.compressed else int(self.hdu.size)

    def raw(self, offset: int, size: int) -> bytes:
        """Read bytes of the file, unpacked if it is packed as a whole."""
        file = self.hdu.fileinfo()["file"]
        try:
            file.seek(offset)
            return bytes(file.read(size))
        except DAMAGE:
            raise UnreadableFile("the FITS file is damaged: it cannot be read to its end") from None

    def pixels(self, spans: Spans) -> NDArray[Any]:
        """Read a box of stored values, slowest axis first, in the byte order of FITS."""
        where = tuple(span.slice for span in reversed(spans))
        try:
            with quiet():
                values = np.asarray(self.hdu.section[where])
        except DAMAGE:
            raise UnreadableFile("the FITS file is damaged: its pixels cannot be read") from None
        if values.shape != tuple(span.count for span in reversed(spans)):
            raise UnreadableFile("the FITS file is damaged: pixels are missing")
        return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder(">"))


class Source:
    """A FITS file opened for reading; one that is packed as a whole is unpacked to a temporary file."""

    def __init__(self, source: Path | BinaryIO) -> None:
        file = unpacked(source) if isinstance(source, Path) else source
        try:
            with quiet():
                self.hdus = fits.open(file, memmap=False, do_not_scale_image_data=True, lazy_load_hdus=False)
                self.parts = tuple(_described(index, hdu) for index, hdu in enumerate(self.hdus))
                self._check_length(file)
        except DAMAGE:
            file.close()
            raise UnreadableFile("the data is not a FITS file, or is damaged") from None
        except BaseException:
            file.close()
            raise
        self._file = file

    @property
    def images(self) -> tuple[SourceHDU, ...]:
        """The HDUs that hold an array of pixels."""
        return tuple(part for part in self.parts if part.shape)

    def close(self) -> None:
        """Let go of the file; nothing can be read after that."""
        self.hdus.close()
        self._file.close()

    def _check_length(self, file: BinaryIO) -> None:
        """Refuse a file that ends before its last HDU does."""
        last = self.parts[-1]
        if file.seek(0, os.SEEK_END) < last.hdu.fileinfo()["datLoc"] + last.data_size:
            raise UnreadableFile("the FITS file is damaged: it is shorter than its headers say")


def media_type(start: bytes) -> str:
    """Return the media type of a file as it is from its first two bytes."""
    return PACKED[start][0] if start in PACKED else "application/fits"


def unpacked(path: Path) -> BinaryIO:
    """Open a file, unpacked if need be."""
    try:
        file = path.open("rb")
    except OSError:
        raise UnreadableFile("the data cannot be read") from None
    start = file.read(2)
    file.seek(0)
    if start not in PACKED:
        return file
    file.close()
    try:
        with tempfile.NamedTemporaryFile() as plain, PACKED[start][1](path) as packed:
            _copy(packed, plain.file)
            plain.flush()
            return Path(plain.name).open("rb")  # astropy reads no file that is open for writing
    except (*DAMAGE, lzma.LZMAError):
        raise UnreadableFile("the packed FITS file is damaged") from None


def _copy(packed: BinaryIO, plain: IO[bytes]) -> None:
    """Unpack all of a file."""
    while piece := packed.read(1 << 20):
        plain.write(piece)
        if plain.tell() > LIMIT:
            raise UnreadableFile("the packed FITS file is too large to unpack")


def _described(index: int, hdu: Any) -> SourceHDU:  # noqa: ANN401 - astropy is not typed
    """Describe one HDU, its shape only if it holds plain pixels."""
    if not isinstance(hdu, fits.PrimaryHDU | fits.ImageHDU | fits.CompImageHDU | fits.hdu.base.ExtensionHDU):
        if hdu.fileinfo() is None or "NAXIS" not in hdu.header:
            raise UnreadableFile(f"HDU {index} of the FITS file is damaged")
        return SourceHDU(index, "", hdu, ())
    image = isinstance(hdu, fits.PrimaryHDU | fits.ImageHDU | fits.CompImageHDU)
    plain = image and not isinstance(hdu, fits.GroupsHDU)
    sizes = [int(hdu.header[f"NAXIS{axis}"]) for axis in range(1, int(hdu.header["NAXIS"]) + 1)]
    shape = tuple(sizes) if plain and all(size > 0 for size in sizes) else ()
    # an unnamed compressed image is called COMPRESSED_IMAGE, a name of its table
    name = hdu.header.get("EXTNAME", "") if isinstance(hdu, fits.CompImageHDU) else hdu.name
    return SourceHDU(index, str(name), hdu, shape)
