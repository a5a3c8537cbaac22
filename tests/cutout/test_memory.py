"""How much memory cutouts take, measured in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest
from astropy.io import fits

MIB = 1 << 20
CHILD = """
import sys
from itertools import islice
from pathlib import Path
from soda_core.cutout import cut
from soda_core.dali.shapes import Circle

def status(word):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(word))

path, radius, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
sum(len(chunk) for chunk in cut(path, [Circle(10.0, 0.0, 0.001)]).chunks())
Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
idle, size = status("VmRSS"), 0
for number in range(count):
    with cut(path, [Circle(10.0 + 0.001 * (number % 5), 0.001 * (number // 5), radius)]) as cutout:
        size = cutout.size
        sum(len(chunk) for chunk in islice(cutout.chunks(), 256))
print(status("VmHWM") - idle, size)
"""


def sparse(path: Path, side: int, bitpix: int) -> Path:
    """Write a square image of zeros that takes no room on the disk; its pixels are 0.0001 degrees wide."""
    header = fits.Header(
        [("SIMPLE", True), ("BITPIX", bitpix), ("NAXIS", 2), ("NAXIS1", side), ("NAXIS2", side)]
    )
    if bitpix > 0:
        header["BZERO"] = 32768
    for axis, word, sign, value in ((1, "RA---TAN", -1, 10.0), (2, "DEC--TAN", 1, 0.0)):
        header[f"CTYPE{axis}"], header[f"CRPIX{axis}"] = word, side / 2 + 0.5
        header[f"CRVAL{axis}"], header[f"CDELT{axis}"] = value, sign * 0.0001
    raw = header.tostring().encode("ascii")
    with path.open("wb") as file:
        file.write(raw)
        file.truncate(len(raw) + -(-side * side * abs(bitpix) // 8 // 2880) * 2880)
    return path


def measured(path: Path, radius: float, count: int) -> tuple[int, int]:
    """Return the peak of memory beyond that of an idle process, and the bytes of a cutout."""
    command = [sys.executable, "-c", CHILD, str(path), str(radius), str(count)]
    peak, size = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=120
    ).stdout.split()
    return int(peak), int(size)


@pytest.fixture(autouse=True)
def linux() -> None:
    """Skip where the kernel does not tell."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("no /proc/self/clear_refs")


def test_memory_does_not_depend_on_the_size_of_the_file(tmp_path: Path) -> None:
    """Twenty cutouts of about 1024 x 1024 pixels from 16 MB and from 6.5 GB take the same, and little."""
    small, _ = measured(sparse(tmp_path / "small.fits", 2048, -32), 0.0511, 20)
    large, size = measured(sparse(tmp_path / "large.fits", 57_000, 16), 0.0511, 20)

    assert size > 1020 * 1020 * 2
    assert max(small, large) <= 32 * MIB
    assert abs(small - large) <= 4 * MIB


def test_a_huge_cutout_is_streamed(tmp_path: Path) -> None:
    """A quarter of a GiB out of more than four goes through a few pieces of memory."""
    peak, size = measured(sparse(tmp_path / "huge.fits", 33_000, -32), 3.0, 1)

    assert size > 1 << 32
    assert peak <= 64 * MIB
