"""Places of HDUs from their headers, against astropy."""

from pathlib import Path
from typing import Any

import astropy
import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, write

from soda_core.cutout.cache import FileCache
from soda_core.cutout.cards import padded
from soda_core.cutout.file import FitsFile
from soda_core.cutout.layout import UnusualHeader, scan
from soda_core.cutout.model import Span
from soda_core.cutout.source import Source
from soda_core.storage import Account, FileReader

ASTROPY = Path(astropy.__file__).parent / "io" / "fits"
PACKAGED = sorted(
    path
    for folder in ("tests/data", "hdu/compressed/tests/data")
    for path in (ASTROPY / folder).glob("*.fits*")
    if path.suffix in (".fits", ".gz", ".bz2")
)


def product() -> tuple[Any, ...]:
    """Return HDUs of many kinds."""
    table = fits.BinTableHDU.from_columns(
        [fits.Column("a", "PJ()", array=np.array([[1, 2], [3]], dtype=object))]
    )
    packed = fits.CompImageHDU(np.arange(600, dtype="i2").reshape(20, 30), name="packed", tile_shape=(5, 5))
    return (
        fits.PrimaryHDU(),
        image({"EXTNAME": "cube"}, (3, 4, 5), "f8"),
        table,
        packed,
        fits.TableHDU.from_columns([fits.Column("b", "I4", array=[1, 2])]),
        image({}, (7, 1), "u1"),
    )


def test_places_are_those_of_astropy_and_only_headers_are_read(tmp_path: Path) -> None:
    """Offsets, sizes, shapes and names agree; a large array costs no reading."""
    path = write(tmp_path / "product.fits", *product(), image({}, (1000, 1000)))
    account = Account()
    places = scan(FileReader.open(path), account)
    source = Source(path)
    for place, part in zip(places, source.parts, strict=True):
        where = part.hdu.fileinfo()
        assert (where["hdrLoc"], where["datLoc"]) == (place.header_offset, place.data_offset)
        assert (part.shape, part.name) == (place.shape, place.name)
        assert padded(part.data_size) == padded(place.data_size)
    source.close()

    assert ["image", "image", "other", "tiles", "other", "image", "image"] == [p.kind for p in places]
    assert account.bytes_read < 4 * 2880 * len(places) + 1
    assert account.reads == len(places)


def test_a_header_longer_than_one_read_is_read_on(tmp_path: Path) -> None:
    """Thousands of cards are no hindrance."""
    long = image({f"K{number}": number for number in range(2000)}, (4, 5))
    path = write(tmp_path / "long.fits", fits.PrimaryHDU(), long)

    assert [(), (5, 4)] == [place.shape for place in scan(FileReader.open(path), Account())]


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.name)
def test_any_file_is_described_like_astropy_does(path: Path) -> None:
    """Whichever reader is used, HDUs, shapes, cards and some pixels are the same, and so are refusals."""
    try:
        source = Source(path)
    except Exception as error:  # noqa: BLE001 - the same must come of the other way
        with pytest.raises(type(error)):
            FitsFile(path)
        return
    file = FitsFile(path)
    for part, hdu in zip(source.parts, file.hdus, strict=True):
        assert (part.name, part.shape) == (hdu.name, hdu.shape)
        assert padded(part.data_size) == padded(hdu.place.data_size)
        assert list(part.raw_cards()) == list(hdu.place.cards)
        if part.shape:
            spans = tuple(Span(size // 3, max(1, size // 3)) for size in part.shape)
            assert list(part.cards()) == list(hdu.cards())
            assert part.pixels(spans).tobytes() == hdu.pixels(spans).tobytes()
    source.close()


ODD = {
    "groups": lambda raw: raw.replace(b"EXTEND  =                    T", b"GROUPS  =                    T"),
    "order": lambda raw: raw.replace(b"BITPIX", b"BOTPIX", 1),
    "type": lambda raw: raw.replace(b"'IMAGE   '", b"'FOREIGN '", 1),
    "rubbish behind": lambda raw: raw + b"x" * 100,
    "umlaut": lambda raw: raw.replace(b"/ conforms", b"/ c\xf6nforms", 1),
    "shorter": lambda raw: raw[:-3000],
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_what_is_not_plain_is_left_to_a_slower_reader(change: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a lambda
    """The quick reader never guesses."""
    path = write(tmp_path / "odd.fits", fits.PrimaryHDU(), image({}, (50, 60)))
    raw = path.read_bytes()
    changed = change(raw)
    assert changed != raw
    path.write_bytes(changed)
    with pytest.raises(UnusualHeader):
        scan(FileReader.open(path), Account())


def test_a_file_for_the_slower_reader_is_cut_all_the_same(tmp_path: Path) -> None:
    """Rubbish behind the last HDU changes nothing."""
    path = write(tmp_path / "odd.fits", fits.PrimaryHDU(), image({}, (50, 60)))
    expected = FileCache().open(path).hdus[1].pixels((Span(3, 4), Span(5, 6)))
    path.write_bytes(path.read_bytes() + b"x" * 100)
    file = FileCache().open(path)

    assert [("other", ()), ("slow", (60, 50))] == [(hdu.place.kind, hdu.shape) for hdu in file.hdus]
    assert expected.tobytes() == file.hdus[1].pixels((Span(3, 4), Span(5, 6))).tobytes()
