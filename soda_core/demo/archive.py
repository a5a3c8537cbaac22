"""The demo archive: a folder of FITS files that shows the service to a newcomer."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Final

from soda_core.demo import exposure, meridian, pole, radio, real, survey
from soda_core.demo.product import Product
from soda_core.demo.spiral import SPIRAL

__all__ = ["VERSION", "Archive", "Showcase", "build"]

VERSION: Final = 1  # raise it when the same seed gives other bytes

_MANIFEST: Final = "manifest.json"
_M13: Final = real.path(real.IMAGES[0])
_SHOWCASE: Final[tuple[tuple[PurePosixPath, str, tuple[float, float, float]], ...]] = (
    (_M13, "Globular cluster M13", (250.4226, 36.4602, 0.04)),
    (real.path(real.IMAGES[5]), "NGC 1316, Fornax A", (50.6872, -37.2015, 0.1)),
    (survey.tile_path(1, 1, "r"), "Spiral galaxy of the survey field", (SPIRAL.ra, SPIRAL.dec, 0.017)),
    (survey.tile_path(2, 2, "i"), "Cluster of galaxies, compressed tile", (*survey.CLUSTER.centre, 0.018)),
    (exposure.PATH, "The spiral with mask and variance", (SPIRAL.ra, SPIRAL.dec, 0.012)),
    (radio.PATH, "Hydrogen in the spiral, all channels", (SPIRAL.ra, SPIRAL.dec, 0.03)),
    (pole.PATH, "The north celestial pole", (0.0, 90.0, 0.02)),
    (meridian.PATH, "Across right ascension zero", (0.0, 12.0, 0.02)),
)


@dataclass(frozen=True, slots=True)
class Showcase:
    """Recommend one cutout: *circle* is ra, dec, radius in ICRS degrees."""

    file: Path
    title: str
    circle: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Archive:
    """Describe a built archive: its files, what is missing and why, and what to cut out first."""

    directory: Path
    files: tuple[Path, ...]
    notices: tuple[str, ...]
    showcase: tuple[Showcase, ...]


def build(directory: Path, *, seed: int = 20170517, source: Traversable | None = None) -> Archive:
    """Make in *directory* the files that are not there yet; *source* has the real ones, astropy by default.

    Files that another seed or version left there are replaced.
    """
    found = tuple(real.products(resources.files("astropy") if source is None else source))
    plan = tuple(item for item in found if isinstance(item, Product)) + tuple(_made(seed))
    _claim(directory, seed, plan)
    for product in plan:
        if not (directory / product.path).is_file():
            _write(directory / product.path, product.make())
    return _archive(directory, plan, tuple(item for item in found if isinstance(item, str)))


def _made(seed: int) -> Iterator[Product]:
    """Yield the products that the project makes itself."""
    for part in (survey, exposure, radio, pole, meridian):
        yield from part.products(seed)


def _claim(directory: Path, seed: int, plan: tuple[Product, ...]) -> None:
    """Write the manifest before the first file, so that a half-built folder says what it is to become."""
    manifest = directory / _MANIFEST
    wanted = {"version": VERSION, "seed": seed, "files": [str(product.path) for product in plan]}
    text = json.dumps(wanted, indent=1) + "\n"
    known = manifest.read_text() if manifest.is_file() else None
    if known == text:
        return
    if known is None or not _same_make(known, seed):
        for product in plan:
            (directory / product.path).unlink(missing_ok=True)
    _write(manifest, text.encode())


def _same_make(manifest: str, seed: int) -> bool:
    """Tell whether *manifest* speaks of files of this version and *seed*."""
    try:
        known = json.loads(manifest)
    except ValueError:
        return False
    return isinstance(known, dict) and (known.get("version"), known.get("seed")) == (VERSION, seed)


def _write(file: Path, content: bytes) -> None:
    """Give *file* its content in one step, so that no reader meets half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _archive(directory: Path, plan: tuple[Product, ...], notices: tuple[str, ...]) -> Archive:
    """Describe what the folder now holds."""
    present = {product.path for product in plan}
    showcase = tuple(
        Showcase(directory / file, title, circle) for file, title, circle in _SHOWCASE if file in present
    )
    return Archive(directory, tuple(directory / product.path for product in plan), notices, showcase)
