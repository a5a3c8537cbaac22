"""Measure the reading of headers: files of common kinds on the local disk, headers a second of one core.

python bench/ingest.py --files 400
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from soda_core.inventory import Inventory
from soda_core.inventory.dataset import read_row
from soda_core.settings import Collection, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["KINDS", "main"]

AUTHORITY = "bench.example"
SIP = {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-5, "B_0_2": 1e-5}


def header(number: int, *, distorted: bool = False) -> fits.Header:
    """Return the cards of an image somewhere on the sky, with about as many as an archive has."""
    found = fits.Header()
    suffix = "-SIP" if distorted else ""
    found["CTYPE1"], found["CTYPE2"] = f"RA---TAN{suffix}", f"DEC--TAN{suffix}"
    found["CRPIX1"], found["CRPIX2"] = 32.5, 32.5
    found["CRVAL1"], found["CRVAL2"] = (number * 7.3) % 360, (number * 3.7) % 160 - 80
    found["CD1_1"], found["CD1_2"], found["CD2_1"], found["CD2_2"] = -1e-4, 1e-6, 1e-6, 1e-4
    found["RADESYS"], found["DATE-OBS"], found["EXPTIME"] = "ICRS", "2020-01-01T00:00:00", 30.0
    found["FILTER"], found["TELESCOP"], found["INSTRUME"], found["OBJECT"] = (
        "r",
        "T1",
        "Cam",
        f"Field {number}",
    )
    if distorted:
        found.update(SIP)
    for other in range(60):
        found[f"HIST{other:03d}"] = (other * 1.5, "a number that nobody asks for")
    return found


def plain(path: Path, number: int) -> None:
    """Write one image."""
    fits.PrimaryHDU(np.zeros((64, 64), ">f4"), header(number)).writeto(path)


def distorted(path: Path, number: int) -> None:
    """Write one image with SIP."""
    fits.PrimaryHDU(np.zeros((64, 64), ">f4"), header(number, distorted=True)).writeto(path)


def planes(path: Path, number: int) -> None:
    """Write image, mask and variance on one grid."""
    names = ("IMAGE", "MASK", "VARIANCE")
    hdus = [fits.ImageHDU(np.zeros((64, 64), ">f4"), header(number), name=name) for name in names]
    fits.HDUList([fits.PrimaryHDU(), *hdus]).writeto(path)


def compressed(path: Path, number: int) -> None:
    """Write one image in RICE tiles."""
    data = np.arange(4096, dtype=np.int16).reshape(64, 64)
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(data, header(number))]).writeto(path)


KINDS: Mapping[str, Callable[[Path, int], None]] = {
    "image": plain,
    "image with SIP": distorted,
    "image, mask, variance": planes,
    "RICE tiles": compressed,
}
"""What is measured; each file has another place on the sky."""


def measure(folder: Path, write: Callable[[Path, int], None], count: int) -> tuple[float, float]:
    """Return files a second of one core that are read, and that are read and recorded, the first left out."""
    folder.mkdir()
    for number in range(count):
        write(folder / f"{number:05}.fits", number)
    collection = Collection(name="bench", folder=folder)
    files = sorted(folder.iterdir())
    read_row(AUTHORITY, collection, files[0].name, files[0])
    began = time.process_time()
    for file in files[1:]:
        read_row(AUTHORITY, collection, file.name, file)
    read = time.process_time() - began
    inventory = Inventory(str(folder.with_suffix(".sqlite")))
    began = time.process_time()
    inventory.refresh(Settings(authority=AUTHORITY, collections=(collection,)))
    whole = time.process_time() - began
    inventory.close()
    return (count - 1) / read, count / whole


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=400, help="files of each kind (default: %(default)s)")
    options = parser.parse_args(words)
    print("| file | read, files/s of one core | recorded, files/s |\n|---|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="sodalite-") as folder:
        for number, (name, write) in enumerate(KINDS.items()):
            read, recorded = measure(Path(folder) / str(number), write, options.files)
            print(f"| {name} | {read:,.0f} | {recorded:,.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
