"""Filters by wavelength, time and polarisation."""

import math
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.time import Time
from cutout_samples import image, opened, write

from soda_core.cutout import CannotFilter, Coverage, NothingSelected, Span, cut, describe
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Circle

INF = math.inf
C = 299792458.0
SKY = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 5.0, "CRPIX2": 4.0}
SKY |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
FREQ = {"CTYPE3": "FREQ", "CUNIT3": "Hz", "CRPIX3": 1.0, "CRVAL3": 1.0e9, "CDELT3": 1.0e8}
STOKES = {"CTYPE4": "STOKES", "CRPIX4": 1.0, "CRVAL4": 1.0, "CDELT4": 1.0}
HERE = Circle(10, 20, 0.02)


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    """Return a file of 10 x 8 pixels, 10 channels of 0.1 GHz from 1 GHz, I Q U V."""
    return write(tmp_path / "cube.fits", image(SKY | FREQ | STOKES, (4, 10, 8, 10), kind=fits.PrimaryHDU))


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        (Interval(C / 1.249e9, C / 1.151e9), Span(2, 1)),
        (Interval(C / 1.25e9, C / 1.15e9), Span(2, 1)),
        (Interval(C / 1.26e9, C / 1.15e9), Span(2, 2)),
        (Interval(-INF, C / 1.75e9), Span(8, 2)),
        (Interval(C / 1.05e9, INF), Span(0, 1)),
        (Interval(-INF, INF), Span(0, 10)),
        (Interval(C / 1.3e9, C / 1.3e9), Span(3, 1)),
        (Interval(1e-6, 2e-6), None),
        (Interval(C / 2.0e9, C / 2.0e9), None),
    ],
)
def test_band_takes_the_channels_that_overlap(cube: Path, band: Interval, expected: Span | None) -> None:
    """Channels that share more than a point are taken, one value takes one channel, open ends are open."""
    band = Interval(band.low * (1 + 1e-12), band.high * (1 - 1e-12)) if band.low < band.high else band
    if expected is None:
        with pytest.raises(NothingSelected):
            cut(cube, band=band)
    else:
        assert expected == cut(cube, band=band).parts[0].spans[2]


@pytest.mark.parametrize(
    ("cards", "low", "high"),
    [
        ({"CTYPE3": "WAVE", "CUNIT3": "nm", "CRVAL3": 500.0, "CDELT3": 1.0}, 499.5e-9, 509.5e-9),
        ({"CTYPE3": "WAVE", "CUNIT3": "Angstrom", "CRVAL3": 5000.0, "CDELT3": 1.0}, 499.95e-9, 500.95e-9),
        ({"CTYPE3": "ENER", "CUNIT3": "keV", "CRVAL3": 1.0, "CDELT3": 0.1}, 6.4e-10, 1.31e-9),
        ({"CTYPE3": "WAVN", "CUNIT3": "/m", "CRVAL3": 1000.0, "CDELT3": 10.0}, 1 / 1095, 1 / 995),
        (
            {"CTYPE3": "VRAD", "CUNIT3": "km/s", "CRVAL3": 0.0, "CDELT3": 10.0, "RESTFRQ": 1.420405752e9},
            C / (1.420405752e9 * (1 + 5e3 / C)),
            C / (1.420405752e9 * (1 - 95e3 / C)),
        ),
        (
            {"CTYPE3": "ZOPT", "CRVAL3": 0.0, "CDELT3": 0.1, "RESTWAV": 5e-7},
            5e-7 * 0.95,
            5e-7 * 1.95,
        ),
        ({"CTYPE3": "AWAV", "CUNIT3": "nm", "CRVAL3": 500.0, "CDELT3": 1.0}, 499.639e-9, 509.642e-9),
    ],
    ids=lambda value: value["CTYPE3"] + value.get("CUNIT3", "") if isinstance(value, dict) else "",
)
def test_every_spectral_axis_is_read_as_wavelength(
    cards: dict[str, object], low: float, high: float, tmp_path: Path
) -> None:
    """Frequencies, velocities, energies and wavelengths all have bounds in metres."""
    source = write(
        tmp_path / "cube.fits", image(SKY | {"CRPIX3": 1.0} | cards, (10, 8, 10), kind=fits.PrimaryHDU)
    )
    band = describe(source).coverage.band

    assert band is not None
    assert band.low == pytest.approx(low, rel=0.04 if cards["CTYPE3"] == "ENER" else 1e-6)
    assert band.high == pytest.approx(high, rel=0.04 if cards["CTYPE3"] == "ENER" else 1e-6)


def test_a_velocity_without_rest_frequency_is_refused(tmp_path: Path) -> None:
    """Nobody can tell the wavelength of a velocity alone."""
    cards = SKY | {"CTYPE3": "VRAD", "CUNIT3": "m/s", "CRVAL3": 0.0, "CDELT3": 1e4, "CRPIX3": 1.0}
    source = write(tmp_path / "cube.fits", image(cards, (10, 8, 10), kind=fits.PrimaryHDU))
    with pytest.raises(CannotFilter, match="rest frequency"):
        cut(source, band=Interval(0.1, 0.3))


@pytest.mark.parametrize(
    ("pol", "expected", "states"),
    [
        (("I",), Span(0, 1), [1]),
        (("V",), Span(3, 1), [4]),
        (("I", "Q"), Span(0, 2), [1, 2]),
        (("I", "U"), Span(0, 2, 2), [1, 3]),
        (("i", "v"), Span(0, 2, 3), [1, 4]),
        (("I", "Q", "V"), Span(0, 4), [1, 2, 3, 4]),
        (("Q", "XX"), Span(1, 1), [2]),
    ],
)
def test_pol_takes_the_states_that_exist(
    cube: Path, pol: tuple[str, ...], expected: Span, states: list[int]
) -> None:
    """States at equal distances are taken alone, others with what lies between."""
    with cut(cube, pol=pol) as cutout, fits.open(cube) as parent:
        hdu = opened(cutout)[0]
        header = hdu.header
        found = [
            header["CRVAL4"] + (at + 1 - header["CRPIX4"]) * header["CDELT4"] for at in range(expected.count)
        ]

        assert expected == cutout.parts[0].spans[3]
        assert states == found
        assert np.array_equal(parent[0].data[[state - 1 for state in states]], hdu.data)


def test_strides_scale_a_matrix(tmp_path: Path) -> None:
    """With a CD matrix the column of the axis is widened."""
    sky = {key: value for key, value in (SKY | FREQ | STOKES).items() if not key.startswith("CDELT")}
    matrix = {"CD1_1": -0.01, "CD2_2": 0.01, "CD3_3": 1e8, "CD4_4": 1.0}
    source = write(tmp_path / "cube.fits", image(sky | matrix, (4, 10, 8, 10), kind=fits.PrimaryHDU))
    header = opened(cut(source, pol=["Q", "V"]))[0].header

    assert (header["CD4_4"], header["CRVAL4"], header["CRPIX4"]) == (2.0, 1.0, 0.5)


def test_absent_states_select_nothing(cube: Path) -> None:
    """A state that the data do not have is no mistake."""
    with pytest.raises(NothingSelected):
        cut(cube, pol=["XX"])


def test_filters_combine(cube: Path) -> None:
    """Sky, band and polarisation narrow one box; untouched axes stay."""
    with (
        cut(cube, [HERE], band=Interval(C / 1.349e9, C / 1.151e9), pol=["Q"]) as cutout,
        fits.open(cube) as parent,
    ):
        x, y, channel, state = (span.slice for span in cutout.parts[0].spans)
        hdu = opened(cutout)[0]

        assert hdu.shape[:2] == (1, 2)
        assert np.array_equal(parent[0].data[state, channel, y, x], hdu.data)


@pytest.mark.parametrize(
    ("cards", "zero"),
    [
        ({"CTYPE3": "TIME", "CUNIT3": "d", "MJDREF": 58000.0}, 58000.0),
        ({"CTYPE3": "UTC", "CUNIT3": "s", "MJDREF": 58000.0, "CDELT3": 86400.0}, 58000.0),
        (
            {"CTYPE3": "TT", "CUNIT3": "s", "MJDREFI": 58000, "MJDREFF": 0.0, "CDELT3": 86400.0},
            Time(58000, format="mjd", scale="tt").utc.mjd,
        ),
    ],
)
def test_time_takes_the_planes_that_overlap(cards: dict[str, object], zero: float, tmp_path: Path) -> None:
    """Time axes are read as MJD UTC, whatever their unit, scale and reference."""
    axis = {"CRPIX3": 1.0, "CRVAL3": 0.0, "CDELT3": 1.0} | cards
    source = write(tmp_path / "cube.fits", image(SKY | axis, (10, 8, 10), kind=fits.PrimaryHDU))
    time = describe(source).coverage.time

    assert time is not None
    assert (zero - 0.5, zero + 9.5) == pytest.approx((time.low, time.high), abs=1e-9)
    assert Span(3, 2) == cut(source, time=Interval(zero + 2.6, zero + 4.1)).parts[0].spans[2]


@pytest.mark.parametrize(
    ("filters", "coverage", "outcome"),
    [
        ({"band": Interval(4e-7, 5e-7)}, Coverage(band=Interval(4.5e-7, 6e-7)), None),
        ({"band": Interval(4e-7, 4.2e-7)}, Coverage(band=Interval(4.5e-7, 6e-7)), NothingSelected),
        ({"band": Interval(4e-7, 5e-7)}, None, CannotFilter),
        ({"time": Interval(50000, 50001)}, Coverage(time=Interval(50000.5, 50002)), None),
        ({"time": Interval(40000, 40001)}, Coverage(time=Interval(50000.5, 50002)), NothingSelected),
        ({"time": Interval(50000, 50001)}, Coverage(), CannotFilter),
        ({"pol": ["I"]}, Coverage(pol=("I", "Q")), None),
        ({"pol": ["V"]}, Coverage(pol=("I", "Q")), NothingSelected),
        ({"pol": ["V"]}, Coverage(), CannotFilter),
    ],
)
def test_images_without_the_axis_go_by_what_the_dataset_covers(
    filters: dict[str, object], coverage: Coverage | None, outcome: type[Exception] | None, tmp_path: Path
) -> None:
    """Overlap lets the image pass as it is, no overlap selects nothing, unknown is said so."""
    source = write(tmp_path / "image.fits", image(SKY, (8, 10), kind=fits.PrimaryHDU))
    if outcome is None:
        with cut(source, coverage=coverage, **filters) as cutout:  # type: ignore[arg-type]  # one of three
            assert cutout.parts[0].shape == (10, 8)
    else:
        with pytest.raises(outcome):
            cut(source, [HERE], coverage=coverage, **filters)  # type: ignore[arg-type]  # one of three


def test_the_message_says_what_is_unknown(tmp_path: Path) -> None:
    """A client reads which filter failed and why."""
    source = write(tmp_path / "image.fits", image(SKY, (8, 10), kind=fits.PrimaryHDU))
    with pytest.raises(
        CannotFilter, match=r"^TIME: this dataset has no time axis and no known exposure time$"
    ):
        cut(source, time=Interval(1, 2))


def test_axes_may_stand_in_any_order(tmp_path: Path) -> None:
    """Sky axes 2 and 4, frequency first, a degenerate axis kept."""
    names = {1: (FREQ, 3), 2: (SKY, 2), 3: (STOKES, 4), 4: (SKY, 1)}
    cards = {
        f"{word}{axis}": table[f"{word}{old}"]
        for axis, (table, old) in names.items()
        for word in ("CTYPE", "CRPIX", "CRVAL", "CDELT")
    }
    source = write(tmp_path / "cube.fits", image(cards, (10, 1, 8, 10), kind=fits.PrimaryHDU))
    with cut(source, [HERE], band=Interval(C / 1.349e9, C / 1.151e9)) as cutout, fits.open(source) as parent:
        where = tuple(span.slice for span in reversed(cutout.parts[0].spans))

        assert [span.count for span in cutout.parts[0].spans] == [2, 5, 1, 5]
        assert np.array_equal(parent[0].data[where], opened(cutout)[0].data)


def test_planes_beside_a_cube_are_not_judged_by_its_axis(tmp_path: Path) -> None:
    """BAND narrows the cube; a flat image of the same product is cut by the sky alone."""
    source = write(
        tmp_path / "product.fits", fits.PrimaryHDU(), image(SKY | FREQ, (10, 8, 10)), image(SKY, (8, 10))
    )
    with cut(source, [HERE], band=Interval(C / 1.249e9, C / 1.151e9)) as cutout:
        assert [part.shape for part in cutout.parts] == [(), (5, 5, 1), (5, 5)]
    with pytest.raises(NothingSelected):
        cut(source, [HERE], band=Interval(1e-7, 2e-7))
