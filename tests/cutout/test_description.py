"""Descriptions and pictures of files."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from cutout_samples import image, sky_of, write
from PIL import Image

from soda_core.cutout import NoSky, UnreadableFile, cut, describe
from soda_core.cutout.coordinates import coordinates_of, world_alone
from soda_core.cutout.file import FitsFile
from soda_core.cutout.preview import preview
from soda_core.cutout.quiet import quiet
from soda_core.cutout.source import Source
from soda_core.cutout.world import world_of
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Circle, Polygon
from soda_core.sky import sky_region, unit_vectors

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"

TAN = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 50.5, "CRPIX2": 40.25}
TAN |= {"CRVAL1": 359.99, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
EXPOSURE = {"WAVELMIN": 400.0, "WAVELMAX": 550.0, "MJD-OBS": 58000.25, "EXPTIME": 864.0}


@pytest.mark.parametrize("scale", [0.0001, 0.01, 0.2])
def test_footprint_and_circle_cover_the_pixels(scale: float, tmp_path: Path) -> None:
    """Every pixel centre lies in the outline and in the circle, and they are not much larger."""
    cards = TAN | {"CDELT1": -scale, "CDELT2": scale}
    path = write(tmp_path / "image.fits", image(cards, (80, 100), kind=fits.PrimaryHDU))
    described = describe(path).images[0]
    source = Source(path)
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(100), np.arange(80)))
    vectors = sky_of(source, 0).vectors(x, y)
    source.close()

    assert described.circle is not None
    assert sky_region(Polygon(described.footprint)).contains(vectors).all()
    assert sky_region(Circle(*described.circle)).contains(vectors).all()
    assert described.circle[2] < 1.1 * np.hypot(50, 40) * scale


def test_an_all_sky_map_has_a_circle_and_no_outline(tmp_path: Path) -> None:
    """A polygon would not tell the truth about a map of everything."""
    cards = TAN | {"CTYPE1": "RA---AIT", "CTYPE2": "DEC--AIT", "CRVAL2": 0.0, "CDELT1": -3.5, "CDELT2": 3.5}
    described = describe(write(tmp_path / "image.fits", image(cards, (80, 100), kind=fits.PrimaryHDU)))

    assert described.footprint == ()
    assert described.circle is not None
    assert described.circle[2] == pytest.approx(180)


@pytest.mark.parametrize(
    ("cards", "time"),
    [
        ({}, Interval(58000.25, 58000.26)),
        ({"MJD-BEG": 58000.0, "MJD-END": 58001.0}, Interval(58000.0, 58001.0)),
    ],
)
def test_coverage_comes_from_the_cards_of_the_exposure(
    cards: dict[str, object], time: Interval, tmp_path: Path
) -> None:
    """Wavelengths in nanometres, times as MJD or a start and a length in seconds."""
    path = write(tmp_path / "i.fits", image(TAN | EXPOSURE | cards, (80, 100), kind=fits.PrimaryHDU))
    coverage = describe(path).coverage

    assert coverage.band is not None
    assert coverage.time is not None
    assert pytest.approx((coverage.band.low, coverage.band.high)) == (400e-9, 550e-9)
    assert (time.low, time.high) == pytest.approx((coverage.time.low, coverage.time.high))


@pytest.mark.parametrize(
    ("text", "mjd"),
    [
        ("2017-09-04T06:00:00", 58000.25),
        ("2017-09-04", 58000.0),
        ("2017-09-04T06:00:00.5Z", 58000.25),
        ("04/09/77", 43390.0),
    ],
)
def test_dates_are_read_in_all_their_forms(text: str, mjd: float, tmp_path: Path) -> None:
    """DATE-OBS stands in for MJD-OBS, in the old form too."""
    path = write(tmp_path / "i.fits", image(TAN | {"DATE-OBS": text}, (80, 100), kind=fits.PrimaryHDU))
    time = describe(path).coverage.time

    assert time is not None
    assert mjd == pytest.approx(time.low, abs=1e-4)


def test_a_picture_has_axis_2_upwards_and_gaps_transparent(tmp_path: Path) -> None:
    """The first row of the image is the last row of the picture; NaN shows nothing."""
    values = np.tile(np.arange(80, dtype="f4")[:, None], (1, 100))
    values[:, :10] = np.nan
    header = fits.Header()
    header.update(TAN)
    path = write(tmp_path / "i.fits", fits.PrimaryHDU(values, header))
    with cut(path) as whole:
        picture = Image.open(io.BytesIO(preview(whole)))
    grey, opacity = (np.asarray(band).astype(int) for band in picture.split())

    assert picture.size == (100, 80)
    assert grey[0, 50] > grey[-1, 50]
    assert (opacity[0, 0], opacity[0, 50]) == (0, 255)


@pytest.mark.parametrize("size", [16, 64])
def test_a_picture_fits_its_size(size: int, tmp_path: Path) -> None:
    """Cubes too are drawn no larger than asked for."""
    cube = TAN | {"CTYPE3": "FREQ", "CRVAL3": 1e9, "CDELT3": 1e6, "CRPIX3": 1.0}
    path = write(tmp_path / "i.fits", image(cube, (7, 80, 100), kind=fits.PrimaryHDU))
    with cut(path, [Circle(359.99, 20, 180)]) as cutout:
        picture = Image.open(io.BytesIO(preview(cutout, size=size)))

    assert max(picture.size) == size


def detectors(*places: tuple[float, float]) -> list[Any]:
    """Return images of 100 × 80 pixels of 0.01 degrees whose centres lie at the places."""
    cards = [TAN | {"CRVAL1": ra, "CRVAL2": dec, "CRPIX2": 40.5} for ra, dec in places]
    return [image(some, (80, 100)) for some in cards]


MOSAICS = {
    "side by side": ((10.0, 20.0), (11.2, 20.0), (10.0, 20.9), (11.2, 20.9)),
    "far apart": ((10.0, 20.0), (25.0, 25.0)),
    "over the meridian": ((359.4, 0.0), (0.6, 0.0)),
    "around the pole": ((0.0, 89.3), (120.0, 89.3), (240.0, 89.3)),
}


@pytest.mark.parametrize("places", MOSAICS.values(), ids=MOSAICS.keys())
def test_one_polygon_and_one_circle_cover_all_images(
    places: tuple[tuple[float, float], ...], tmp_path: Path
) -> None:
    """Every pixel centre of every detector is in both, and the polygon is convex and turns as DALI wants."""
    path = write(tmp_path / "m.fits", fits.PrimaryHDU(), *detectors(*places))
    described = describe(path)
    source = Source(path)
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(100), np.arange(80)))
    polygon = sky_region(Polygon(described.footprint))

    assert described.circle is not None
    for hdu in range(1, len(places) + 1):
        vectors = sky_of(source, hdu).vectors(x, y)
        assert polygon.contains(vectors).all()
        assert sky_region(Circle(*described.circle)).contains(vectors).all()
    source.close()
    lon, lat = np.asarray(described.footprint).T
    corners = unit_vectors(lon, lat)
    after, last = (np.roll(corners, shift, axis=0) for shift in (-1, -2))
    turns = np.einsum("ij,ij->i", np.cross(corners, after), last)
    assert (turns < 0).all() or (turns > 0).all()
    alone = describe(write(tmp_path / "one.fits", image(TAN, (80, 100), kind=fits.PrimaryHDU))).footprint
    assert np.sign(turns[0]) == np.sign(turning(alone))


def turning(footprint: tuple[tuple[float, float], ...]) -> float:
    """Return a number whose sign tells which way a footprint goes round."""
    lon, lat = np.asarray(footprint[:3]).T
    return float(np.linalg.det(unit_vectors(lon, lat)))


def test_planes_on_one_grid_have_the_outline_of_one(tmp_path: Path) -> None:
    """A mask beside its image adds no vertex."""
    one, two = detectors((10.0, 20.0), (10.0, 20.0))
    described = describe(write(tmp_path / "m.fits", fits.PrimaryHDU(), one, two))

    assert 4 == len(described.footprint)
    assert [1, 2] == [image.hdu for image in described.images]


def test_an_image_without_an_outline_leaves_none_for_the_file(tmp_path: Path) -> None:
    """A polygon around some of the images would not cover the others."""
    cards = TAN | {"CTYPE1": "RA---AIT", "CTYPE2": "DEC--AIT", "CRVAL2": 0.0, "CDELT1": -3.5, "CDELT2": 3.5}
    path = write(tmp_path / "m.fits", fits.PrimaryHDU(), *detectors((10.0, 20.0)), image(cards, (80, 100)))

    assert () == describe(path).footprint


def published() -> list[Path]:
    """Return published files, none if the reference data are absent."""
    return sorted(path for path in REAL.glob("*.fit*") if path.suffix != ".toml")


@pytest.mark.skipif(not REAL.exists(), reason="the reference data is not here")
@pytest.mark.parametrize("path", published(), ids=lambda path: path.name)
def test_the_cards_of_the_coordinates_tell_all_of_them(path: Path) -> None:
    """A header without its other cards, by wcslib alone where that will do, gives the same sky and axes."""
    try:
        file = FitsFile(path)
    except UnreadableFile:
        return
    for hdu in file.images:
        alone = coordinates_of(hdu)
        assert [word for word, _ in hdu.lookups] == [word for word, _ in alone.lookups]
        try:
            whole = world_of(file.content, hdu)
        except NoSky as error:
            with pytest.raises(NoSky, match=re.escape(str(error)[:40])):
                world_alone(file.content, alone)
            continue
        part = world_alone(file.content, alone)
        assert list(whole.wcs.ctype) == list(part.wcs.ctype)
        pixels = np.array([[0.0] * whole.naxis, [1.5] * whole.naxis])
        with quiet():
            np.testing.assert_array_equal(whole.all_pix2world(pixels, 0), part.all_pix2world(pixels, 0))
