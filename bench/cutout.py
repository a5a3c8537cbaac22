"""Time our cutout against the careful astropy recipe, in turn, and print the ratio of CPU times.

The recipe is that of a careful user: box from centre and pixel scale, only the section read, header kept,
CRPIX shifted. Its box is the true one only where the scale is even. Both write to memory.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS
from astropy.wcs.utils import skycoord_to_pixel

from soda_core.cutout import cut
from soda_core.cutout.cache import FILES
from soda_core.dali import TYPES, Circle
from soda_core.demo import build

if TYPE_CHECKING:
    from collections.abc import Callable

SPIRAL = "150.1192 2.2054 0.009"
TILE = "survey/tile_11_r.fits"


def ours(path: Path, circle: Circle) -> bytes:
    """Cut with the core of this project."""
    with cut(path, [circle]) as cutout:
        return bytes(cutout)


def ours_cold(path: Path, circle: Circle) -> bytes:
    """Cut with the core of this project from a file that was not cut lately, as the recipe always does."""
    FILES.clear()
    return ours(path, circle)


def recipe(path: Path, circle: Circle) -> bytes:
    """Cut with astropy: box about the centre from the pixel scale, section, header with CRPIX shifted."""
    with fits.open(path, memmap=True) as hdus:
        hdu = next(hdu for hdu in hdus if hdu.header.get("NAXIS") == 2)  # noqa: PLR2004 - an image
        header = hdu.header.copy()
        wcs = WCS(header)
        x, y = skycoord_to_pixel(SkyCoord(circle.lon, circle.lat, unit="deg"), wcs)
        radius = circle.radius / abs(wcs.proj_plane_pixel_scales()[0].value)
        x0, y0 = max(0, round(x - radius)), max(0, round(y - radius))
        data = hdu.section[y0 : round(y + radius) + 1, x0 : round(x + radius) + 1]
        header["CRPIX1"] -= x0
        header["CRPIX2"] -= y0
        written = io.BytesIO()
        fits.PrimaryHDU(data, header).writeto(written)
        return written.getvalue()


def cpu_time(deed: Callable[[Path, Circle], bytes], path: Path, circle: Circle) -> float:
    """Return the CPU seconds, user and system, that one cutout takes."""
    start = time.process_time()
    deed(path, circle)
    return time.process_time() - start


def compare(path: Path, circle: Circle, repeat: int) -> None:
    """Run all in turn and print medians and the ratios to the recipe."""
    deeds = (recipe, ours_cold, ours)
    for deed in deeds:
        deed(path, circle)  # imports are done and pages are in memory for all
    runs = [[cpu_time(deed, path, circle) for deed in deeds] for _ in range(repeat)]
    other, cold, warm = (statistics.median(column) for column in zip(*runs, strict=True))
    print(
        f"{path.name}: astropy {other * 1e3:.2f} ms; sodalite {cold * 1e3:.2f} ms, ratio {cold / other:.2f}; "
        f"cut again {warm * 1e3:.2f} ms, ratio {warm / other:.2f} (CPU)"
    )


def main() -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="FITS file; the demo's survey tile by default")
    parser.add_argument("--circle", default=SPIRAL, help='"RA DEC RADIUS", ICRS degrees')
    parser.add_argument("--repeat", type=int, default=50, help="runs of each")
    options = parser.parse_args()
    circle = TYPES["circle"].read("--circle", options.circle)
    assert isinstance(circle, Circle)  # noqa: S101 - the reader of circles gives one
    with tempfile.TemporaryDirectory() as folder:
        if options.file is None:
            build(Path(folder))
        compare(options.file or Path(folder, TILE), circle, options.repeat)


if __name__ == "__main__":
    main()
