"""The demo archive as a folder: complete, sound, repeatable."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from astropy.coordinates import Angle, SkyCoord
from astropy.io import fits
from astropy.wcs import WCS

from soda_core.demo import Archive, build
from soda_core.demo.exposure import products as exposures
from soda_core.demo.product import Product
from soda_core.demo.radio import products as cubes
from soda_core.demo.survey import products as tiles

SHAPES = {
    "survey/tile_00_g.fits": {"PRIMARY": (512, 512)},
    "survey/tile_21_i.fits.fz": {"IMAGE": (512, 512)},
    "exposure/visit_0042_r.fits": {"IMAGE": (1024, 1024), "MASK": (1024, 1024), "VARIANCE": (1024, 1024)},
    "radio/hydrogen_iquv.fits": {"PRIMARY": (4, 64, 96, 96)},
    "pole/north_pole_r.fits": {"PRIMARY": (512, 512)},
    "meridian/ra_zero_g.fits": {"PRIMARY": (512, 512)},
    "real/m13.fits": {"PRIMARY": (300, 300)},
}


def digests(archive: Archive) -> dict[str, str]:
    """Return the SHA-256 of every file by its name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in archive.files}


def copied(archive: Archive, target: Path) -> Path:
    """Return a copy of the archive's folder that a test may spoil."""
    return shutil.copytree(archive.directory, target / "copy")


def test_every_file_obeys_the_standard_and_shows_the_sky(archive: Archive) -> None:
    """Each file opens without a word, verifies, and has an image with celestial coordinates."""
    for file in archive.files:
        with fits.open(file) as hdus:
            hdus.verify("exception")
            sky = [hdu for hdu in hdus if hdu.is_image and hdu.shape and WCS(hdu.header, hdus).has_celestial]
            assert sky, file
            assert all(np.isfinite(hdu.data).any() for hdu in sky), file


def test_archive_is_whole_and_small(archive: Archive) -> None:
    """All products are there, nothing else but the manifest, in less than 80 MB."""
    found = {file for file in archive.directory.rglob("*") if file.is_file()}

    assert {*archive.files, archive.directory / "manifest.json"} == found
    assert archive.notices == ()
    assert sum(file.stat().st_size for file in found) < 80_000_000


@pytest.mark.parametrize("name", SHAPES)
def test_images_have_the_promised_shapes(archive: Archive, name: str) -> None:
    """The extensions and their numpy shapes are those that the documentation counts on."""
    with fits.open(archive.directory / name) as hdus:
        assert {hdu.name: hdu.shape for hdu in hdus if hdu.is_image and hdu.shape} == SHAPES[name]


def test_showcase_circles_lie_inside_their_images(archive: Archive) -> None:
    """Each recommended circle has its four ends inside the first image of its file; M13 leads."""
    assert archive.showcase[0].file.name == "m13.fits"
    for item in archive.showcase:
        with fits.open(item.file) as hdus:
            hdu = next(hdu for hdu in hdus if hdu.is_image and hdu.shape)
            wcs = WCS(hdu.header, hdus).celestial
            centre = SkyCoord(*item.circle[:2], unit="deg")
            for angle in (0, 90, 180, 270):
                end = centre.directional_offset_by(Angle(angle, "deg"), Angle(item.circle[2], "deg"))
                assert wcs.footprint_contains(end), (item.title, angle)


@pytest.mark.parametrize("products", [tiles, exposures, cubes], ids=["tiles", "exposures", "cubes"])
def test_same_seed_gives_same_bytes(archive: Archive, products: Callable[[int], Iterator[Product]]) -> None:
    """A product made anew equals the file in the archive, and another seed gives another."""
    again, other = list(products(20170517))[-1], list(products(1))[-1]

    assert (archive.directory / again.path).read_bytes() == again.make()
    assert again.make() != other.make()


def test_second_build_touches_nothing(archive: Archive) -> None:
    """Building a finished archive returns the same description and rewrites no file."""
    before = {file: file.stat().st_mtime_ns for file in archive.files}

    assert archive == build(archive.directory)
    assert before == {file: file.stat().st_mtime_ns for file in archive.files}


def test_build_completes_a_folder(archive: Archive, tmp_path: Path) -> None:
    """A file that was lost comes back as it was, and the others stay."""
    folder = copied(archive, tmp_path)
    (folder / "pole" / "north_pole_r.fits").unlink()
    kept = (folder / "real" / "m13.fits").stat().st_mtime_ns

    rebuilt = build(folder)

    assert digests(archive) == digests(rebuilt)
    assert kept == (folder / "real" / "m13.fits").stat().st_mtime_ns


@pytest.mark.parametrize("manifest", [None, "{", "[]", json.dumps({"version": 0, "seed": 20170517})])
def test_files_of_unknown_origin_are_replaced(archive: Archive, tmp_path: Path, manifest: str | None) -> None:
    """Where the manifest does not vouch for this seed and version, every product is made anew."""
    file = tmp_path / "real" / "m13.fits"
    file.parent.mkdir()
    file.write_bytes(b"something else")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)

    assert digests(archive) == digests(build(tmp_path))


def test_missing_real_images_are_noticed(archive: Archive, tmp_path: Path) -> None:
    """An astropy without its test data costs the real images, and each is named."""
    folder = copied(archive, tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()

    poorer = build(folder, source=empty)

    assert len(poorer.notices) == 9
    assert "m13.fits" in poorer.notices[0]
    assert not [file for file in poorer.files if file.parent.name == "real"]
    assert not [item for item in poorer.showcase if item.file.parent.name == "real"]
