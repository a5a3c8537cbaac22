"""Files that are kept warm: never stale, never mixed, never too many."""

import gzip
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, write

from soda_core.cutout import UnreadableFile, cut
from soda_core.cutout.cache import FileCache
from soda_core.cutout.cutting import planned
from soda_core.cutout.model import Request
from soda_core.dali.shapes import Circle

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 50.5, "CRPIX2": 40.25}
TAN |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
WHERE = Circle(10.0, 20.0, 0.1)


def field(path: Path, value: int, x: float = 50.5) -> Path:
    """Write an image of one value everywhere."""
    path.unlink(missing_ok=True)
    hdu = image(TAN | {"CRPIX1": x}, (80, 100), kind=fits.PrimaryHDU)
    hdu.data[...] = value
    return write(path, hdu)


def values(data: bytes) -> set[float]:
    """Return the different values of a cutout."""
    size = int(data[:5760].split(b"NAXIS1  =")[1][:21]) * int(data[:5760].split(b"NAXIS2  =")[1][:21])
    start = -(-(data.index(b"END" + b" " * 77) + 80) // 2880) * 2880
    return set(np.frombuffer(data, ">f4", count=size, offset=start).tolist())


def renamed(path: Path) -> None:
    """Put another file of the same size in its place."""
    os.replace(field(path.with_name("new.fits"), 2), path)  # noqa: PTH105 - as writers do


def rewritten(path: Path) -> None:
    """Write other content to the same inode, some time later."""
    content = field(path.with_name("new.fits"), 2).read_bytes()
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


@pytest.mark.parametrize("change", [renamed, rewritten])
def test_a_changed_file_gives_the_new_content(change: Callable[[Path], None], tmp_path: Path) -> None:
    """Size and name tell nothing; inode and time of change do."""
    path = field(tmp_path / "a.fits", 1)
    before = values(bytes(cut(path, [WHERE])))
    change(path)

    assert ({1.0}, {2.0}) == (before, values(bytes(cut(path, [WHERE]))))


def test_a_file_that_is_renamed_over_stays_whole_for_who_began_to_read_it(tmp_path: Path) -> None:
    """The descriptor that was looked at is the one that is read."""
    path = field(tmp_path / "a.fits", 1)
    begun = cut(path, [WHERE])
    renamed(path)

    assert {1.0} == values(bytes(begun))


def test_a_file_rewritten_between_plan_and_read_is_an_error(tmp_path: Path) -> None:
    """Never the header of one content with the pixels of another."""
    path = field(tmp_path / "a.fits", 1)
    begun = cut(path, [WHERE])
    rewritten(path)
    with pytest.raises(UnreadableFile, match="changed"):
        bytes(begun)


def test_a_file_truncated_between_plan_and_read_is_an_error(tmp_path: Path) -> None:
    """Missing bytes are not zeros; afterwards the file is damaged for everybody."""
    path = field(tmp_path / "a.fits", 1)
    begun = cut(path, [WHERE])
    os.truncate(path, 5000)
    with pytest.raises(UnreadableFile):
        bytes(begun)
    with pytest.raises(UnreadableFile, match="damaged"):
        cut(path, [WHERE])


def test_a_file_that_has_gone_is_an_error_without_its_path(tmp_path: Path) -> None:
    """What was known about it does not bring it back."""
    path = field(tmp_path / "a.fits", 1)
    cut(path, [WHERE])
    path.unlink()
    with pytest.raises(UnreadableFile) as caught:
        cut(path, [WHERE])

    assert str(tmp_path) not in str(caught.value)


def test_the_cache_keeps_the_last_used_files_within_its_bounds(tmp_path: Path) -> None:
    """The number of files and of open descriptors is bounded; the one in use longest ago goes first."""
    paths = [field(tmp_path / f"{number}.fits", number) for number in range(4)]
    cache = FileCache(files=2)
    before = len(list(Path("/proc/self/fd").iterdir()))
    first = cache.open(paths[0])
    kept = [id(cache.open(path)) for path in paths[1:]]

    assert len(cache) == 2
    assert kept[1:] == [id(cache.open(path)) for path in paths[2:]]
    assert cache.open(paths[0]) is not first
    del first
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
    cache.clear()
    assert len(cache) == 0


@pytest.mark.parametrize("bound", [{"memory": 1}, {"unpacked": 1}])
def test_the_cache_is_bounded_in_bytes(bound: dict[str, int], tmp_path: Path) -> None:
    """Memory and unpacked files count; the file in use stays whatever its size."""
    paths = [field(tmp_path / f"{number}.fits", number) for number in range(2)]
    packed = [path.with_suffix(".fits.gz") for path in paths]
    for plain, path in zip(paths, packed, strict=True):
        path.write_bytes(gzip.compress(plain.read_bytes()))
    cache = FileCache(**bound)
    file = [cache.open(path) for path in packed][-1]

    assert len(cache) == 1
    assert cache.open(packed[-1]) is file
    assert file.unpacked_size == paths[-1].stat().st_size


def test_a_packed_file_is_unpacked_once(tmp_path: Path) -> None:
    """The second cutout finds the plain bytes; the whole file still goes out packed."""
    plain = field(tmp_path / "a.fits", 1)
    path = tmp_path / "a.fits.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))
    cache = FileCache()
    request = Request([WHERE])
    one, two = (planned(cache.open(path), request) for _ in range(2))

    assert one.reader is two.reader
    assert path.read_bytes() == bytes(cut(path))
    assert {1.0} == values(bytes(cut(path, [WHERE])))


@pytest.mark.parametrize("kind", ["plain", "packed tiles", "odd"])
def test_threads_get_equal_bytes(kind: str, tmp_path: Path) -> None:
    """Eight threads at one new file give what one gives."""
    path = tmp_path / "a.fits"
    sip = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 2, "A_2_0": 1e-5, "B_ORDER": 2}
    hdu = image(TAN | sip, (80, 100))
    if kind == "packed tiles":
        hdu = fits.CompImageHDU(hdu.data, hdu.header, quantize_level=4, tile_shape=(20, 20))
    write(path, fits.PrimaryHDU(), hdu)
    if kind == "odd":
        path.write_bytes(path.read_bytes() + b"x")
    circles = [Circle(10.0 + 0.01 * number, 20.0, 0.1 + 0.01 * number) for number in range(12)]
    found: list[list[bytes]] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        found.append([bytes(cut(path, [circle])) for circle in circles])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [[bytes(cut(path, [circle])) for circle in circles]] * 8 == found
