"""fitsverify finds no fault with cutouts of files that it finds no fault with."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import astropy
import pytest
from astropy.io import fits

from soda_core.cutout import Cutout, NothingSelected, cut, describe
from soda_core.dali.errors import DaliError
from soda_core.dali.shapes import Circle

FITSVERIFY = shutil.which("fitsverify")
REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
INDEX = REAL / "INDEX.toml"
PACKAGED = (
    "io/fits/tests/data/comp.fits",
    "io/fits/hdu/compressed/tests/data/m13.fits",
    "io/fits/hdu/compressed/tests/data/m13_rice.fits",
    "io/fits/hdu/compressed/tests/data/m13_gzip.fits",
    "io/fits/hdu/compressed/tests/data/m13_hcomp.fits",
    "io/fits/hdu/compressed/tests/data/m13_plio.fits",
    "nddata/tests/data/sip-wcs.fits",
    "modeling/tests/data/1904-66_AZP.fits",
)
OPTIONS: Mapping[str, dict[str, Any]] = {
    "plain": {},
    "masked": {"mask": "shape"},
    "rice": {"compress": "rice"},
    "tiles": {"compress": "tiles"},
    "summed": {"checksum": True, "planes": "images"},
    "bare": {"provenance": False},
}

pytestmark = pytest.mark.skipif(FITSVERIFY is None, reason="fitsverify is not installed")


def faulty(paths: Iterable[Path]) -> dict[str, str]:
    """Return names and verdicts of the files that fitsverify finds errors in."""
    verdicts: dict[str, str] = {}
    for path in paths:
        command = [str(FITSVERIFY), "-e", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            verdicts[path.name] = "\n".join(line for line in done.stdout.splitlines() if "***" in line)
    return verdicts


def region_of(path: Path) -> Circle | None:
    """Return a circle in the middle of what a file shows of the sky."""
    circle = describe(path).circle
    return circle and Circle(circle[0], circle[1], circle[2] / 4)


def cutout_of(path: Path, circle: Circle, options: dict[str, Any]) -> Cutout | None:
    """Cut, or return None where that is refused."""
    try:
        return cut(path, [circle], **options)
    except (DaliError, NothingSelected):
        return None


def check(files: Mapping[Path, Circle], options: dict[str, Any], folder: Path) -> None:
    """Cut what is sound and demand that it stays so, for fitsverify and astropy."""
    bad = faulty(files)
    made: list[Path] = []
    for path, circle in files.items():
        cutout = None if path.name in bad else cutout_of(path, circle, options)
        if cutout:
            made.append(folder / f"{len(made)}-{path.name.partition('.')[0]}.fits")
            with cutout, made[-1].open("wb") as stream:
                stream.writelines(cutout.chunks())
    for path in made:
        with fits.open(path, checksum="checksum" in options) as hdus:
            hdus.verify("exception")

    assert made
    assert {} == faulty(made)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_cutouts_of_the_demo_archive_are_clean(
    options: dict[str, Any], demo_folder: Path, tmp_path: Path
) -> None:
    """Whatever is asked for, of every image of the demo archive."""
    paths = sorted(path for path in demo_folder.rglob("*") if ".fit" in path.name)
    check({path: circle for path in paths if (circle := region_of(path))}, options, tmp_path)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_cutouts_of_sample_files_are_clean(options: dict[str, Any], tmp_path: Path) -> None:
    """Files of other software, in several codecs."""
    paths = [Path(astropy.__file__).parent / name for name in PACKAGED]
    check({path: circle for path in paths if (circle := region_of(path))}, options, tmp_path)


@pytest.mark.skipif(not INDEX.exists(), reason="the reference data is not here")
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_cutouts_of_published_files_are_clean(options: dict[str, Any], tmp_path: Path) -> None:
    """Files of many observatories, each with its own habits."""
    tables = tomllib.loads(INDEX.read_text())["file"] if INDEX.exists() else []
    files = {
        REAL / table["name"]: Circle(*table["test"]["circle"])
        for table in tables
        if table["test"]["expect"] == "cut"
    }
    check(files, options, tmp_path)
