"""Published files: cut rightly or refused in words."""

import tomllib
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import astropy
import numpy as np
import pytest
from astropy.coordinates import FK4, SkyCoord
from astropy.io import fits
from astropy.wcs import WCS
from cutout_samples import brute_box, sky_box, sky_difference

from soda_core.cutout import CannotFilter, NoSky, NothingSelected, Part, Span, cut
from soda_core.cutout.quiet import quiet
from soda_core.cutout.source import Source
from soda_core.cutout.world import pixel_sky, world_of
from soda_core.dali.errors import DaliError
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Circle
from soda_core.sky import sky_region

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
INDEX = REAL / "INDEX.toml"
ANYWHERE = (10.0, 10.0, 1.0)
LARGE = 1 << 22
"""Pixels above which not every one is tried."""


def entries() -> list[Any]:
    """Return the files with their tests, none if the reference data are absent."""
    if not INDEX.exists():
        return []
    tables = tomllib.loads(INDEX.read_text())
    files = [(REAL / table["name"], table["test"]) for table in tables["file"]]
    packaged = [
        (Path(astropy.__file__).parent / table["path"], table["test"]) for table in tables["package_file"]
    ]
    return [pytest.param(path, test, id=path.name) for path, test in packaged + files]


@pytest.mark.skipif(not INDEX.exists(), reason="the reference data is not here")
@pytest.mark.parametrize(("path", "test"), entries())
def test_a_published_file_is_cut_rightly_or_refused(path: Path, test: dict[str, Any], tmp_path: Path) -> None:
    """Values and sky are the parent's, no centre is missed and no row too many; or the text says why not."""
    circle = Circle(*test.get("circle", ANYWHERE))
    if test["expect"] == "refuse":
        with pytest.raises((DaliError, NothingSelected)) as caught:
            cut(path, [circle])
        assert str(REAL) not in str(caught.value)
        return
    with cut(path, [circle]) as cutout:
        data = bytes(cutout)
        parts = cutout.parts
        assert len(data) == cutout.size
    (tmp_path / "cutout.fits").write_bytes(data)
    parent, child = Source(path), Source(tmp_path / "cutout.fits")
    skies = 0
    for place, part in enumerate(parts):
        if part.treatment != "cut":
            continue
        before, after = parent.parts[part.index], child.parts[place]
        whole = tuple(Span(0, count) for count in part.shape)
        assert before.pixels(part.spans).tobytes() == after.pixels(whole).tobytes()
        one = pixel_sky(world_of(parent, before), before)
        two = pixel_sky(world_of(child, after), after)
        if one is not None and two is not None:
            skies += 1
            assert sky_difference(one, two, part) < 1e-9
            if one.shape[0] * one.shape[1] <= LARGE:
                assert brute_box(one, sky_region(circle)) in (sky_box(one, part), None)
    parent.close()
    child.close()

    assert skies > 0


TABLES = {
    table["name"]: table for table in (tomllib.loads(INDEX.read_text())["file"] if INDEX.exists() else ())
}
CUT = [name for name, table in TABLES.items() if table["test"]["expect"] == "cut"]
real = pytest.mark.skipif(not INDEX.exists(), reason="the reference data is not here")


def circle_of(name: str) -> Circle:
    """Return the circle that lies inside a file."""
    return Circle(*TABLES[name]["test"]["circle"])


@contextmanager
def both(name: str) -> Iterator[tuple[Any, Any, Part]]:
    """Give the HDU of the first image that was cut, in the parent and in the cutout, by plain astropy."""
    with cut(REAL / name, [circle_of(name)]) as cutout:
        data = BytesIO(bytes(cutout))
        place, part = next((k, part) for k, part in enumerate(cutout.parts) if part.treatment == "cut")
    with quiet(), fits.open(REAL / name) as parent, fits.open(data) as child:
        parent[part.index].all_hdus, child[place].all_hdus = parent, child
        yield parent[part.index], child[place], part


@real
@pytest.mark.parametrize("name", CUT)
def test_a_sky_position_has_the_same_pixel_in_parent_and_cutout(name: str) -> None:
    """Plain astropy finds the centre of the circle in both files, at the same pixel with the same value."""
    circle = circle_of(name)
    place = SkyCoord(circle.lon, circle.lat, unit="deg")
    with both(name) as (parent, child, part):
        at: list[list[float]] = []
        for hdu in (parent, child):
            wcs = WCS(hdu.header, hdu.all_hdus)
            at.append([float(value) for value in wcs.celestial.world_to_pixel(place)])
        axes = sorted((wcs.wcs.lng, wcs.wcs.lat))
        assert [value - part.spans[axis].start for value, axis in zip(at[0], axes, strict=True)] == (
            pytest.approx(at[1], abs=1e-3)
        )
        one, two = ([0] * len(part.spans) for _ in range(2))
        for axis, value in zip(axes, at[1], strict=True):
            two[axis] = round(value)
            one[axis] = two[axis] + part.spans[axis].start
        values = parent.data[tuple(reversed(one))], child.data[tuple(reversed(two))]
        assert np.array_equal(*values, equal_nan=values[0].dtype.kind == "f")


@real
@pytest.mark.parametrize("name", ["dss-m1-plate-only.fits", "dss-southern-plate-and-tan.fits.gz"])
def test_a_plate_solution_moves_by_cnpix(name: str) -> None:
    """Where PLTRAH stands the plate solution counts, even beside TAN cards: CNPIX follows the box."""
    with both(name) as (parent, child, part):
        for axis, span in enumerate(part.spans, 1):
            assert parent.header[f"CNPIX{axis}"] + span.start == child.header[f"CNPIX{axis}"]


@real
@pytest.mark.parametrize(
    ("name", "equinox"), [("iris-100um-lambda-axis.fits", "B1950"), ("vla-stokes-cube.fits", "B1979.9")]
)
def test_fk4_by_epoch_or_equinox_alone_is_precessed(name: str, equinox: str) -> None:
    """The centre of the circle, turned to FK4 by SkyCoord, is the middle of the box by plain astropy."""
    circle = circle_of(name)
    place = SkyCoord(circle.lon, circle.lat, unit="deg").transform_to(FK4(equinox=equinox))
    with both(name) as (parent, _, part):
        at = WCS(parent.header).celestial.wcs_world2pix(place.ra.deg, place.dec.deg, 0)
        middles = [span.start + (span.count - 1) / 2 for span in part.spans[:2]]

        assert middles == pytest.approx([float(value) for value in at], abs=2.0)


@real
def test_planes_of_letter_a_alone_are_cut_with_their_image() -> None:
    """Planes that say only by letter A where they lie are cut as the image, and A moves with them."""
    name = "lsst-cell-coadd-dp2.fits"
    with cut(REAL / name, [circle_of(name)]) as cutout, fits.open(REAL / name) as parent:
        spans = {part.name: part.spans for part in cutout.parts if part.treatment == "cut"}
        with fits.open(BytesIO(bytes(cutout))) as child:
            for plane in ("NOISE_REALIZATIONS/0", "MASK_FRACTIONS/REJECTED"):
                assert spans["IMAGE"] == spans[plane]
                for axis, span in enumerate(spans["IMAGE"], 1):
                    one, two = (
                        hdus[plane].header[f"CRVAL{axis}A"] - hdus[plane].header[f"CRPIX{axis}A"]
                        for hdus in (parent, child)
                    )
                    assert one + span.start == two


@real
@pytest.mark.parametrize("name", ["sun-carrington-map.fits.gz", "sun-stereo-secchi-a.fits"])
def test_solar_frames_are_not_taken_for_the_sky(name: str) -> None:
    """Coordinates of the Sun look celestial and are refused by name."""
    with pytest.raises(NoSky, match="is a solar coordinate"):
        cut(REAL / name, [Circle(50.687, 18.110, 1.0)])


@real
def test_a_small_file_that_expands_does_not_fill_the_memory() -> None:
    """216 kB hold 264 MB of mask: only the tiles under the box are unpacked."""
    name = "bok90prime-staticmask-plio.fits.fz"
    tracemalloc.start()
    with cut(REAL / name, [Circle(circle_of(name).lon, circle_of(name).lat, 0.005)]) as cutout:
        assert ["ccd1"] == [part.name for part in cutout.parts if part.treatment == "cut"]
        size = len(bytes(cutout))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size < 1 << 20
    assert peak < 64 << 20


@real
def test_the_broken_axis_of_a_cube_does_not_hide_its_sky() -> None:
    """FREQ-OHEL means nothing to wcslib; the NCP sky beside it does."""
    path = REAL / "wsrt-manyaxes-broken.fits"
    with cut(path, [Circle(30.0, 45.0, 0.055)]) as cutout:
        assert (10, 11, 11, 4) == cutout.parts[0].shape
    with pytest.raises(CannotFilter, match=r"^BAND: "):
        cut(path, band=Interval(0.1, 0.3))
