"""Axes beside the sky against formulas written out here and astropy's own units and times."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import constants, units
from astropy.io import fits
from astropy.time import Time
from astropy.wcs import WCS
from cutout_samples import image, opened, write
from numpy.typing import NDArray

from soda_core.cutout import CannotFilter, NothingSelected, Span, cut, describe
from soda_core.cutout.quiet import quiet
from soda_core.dali.interval import Interval
from soda_core.dali.shapes import Circle

SKY: dict[str, object] = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRPIX1": 5.0, "CRPIX2": 4.0}
SKY |= {"CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.01, "CDELT2": 0.01, "RADESYS": "ICRS"}
CHANNELS = 12
REST = 1.420405752e9
Floats = NDArray[np.float64]
INF = math.inf


def cube(path: Path, cards: dict[str, object], channels: int = CHANNELS) -> Path:
    """Write a cube whose third axis has the given cards."""
    return write(path / "cube.fits", image(SKY | cards, (channels, 8, 10), kind=fits.PrimaryHDU))


def axis(kind: str, unit: str, value: float, step: float, **more: float) -> dict[str, object]:
    """Return the cards of the third axis; the reference pixel is the first."""
    cards: dict[str, object] = {"CTYPE3": kind, "CRPIX3": 1.0, "CRVAL3": value, "CDELT3": step}
    return cards | ({"CUNIT3": unit} if unit else {}) | more


def metres(kind: str, unit: str, values: Any) -> Floats:  # noqa: ANN401 - astropy is not typed
    """Turn values of an axis into metres in vacuum by astropy's equivalencies or the definition."""
    rest = REST * units.Hz
    line = (constants.c / rest).to(units.m)
    if kind == "AWAV":
        # Morton 1991, as the IAU standard has it: the index belongs to the vacuum wavelength, found by trials
        air = (values * units.Unit(unit)).to_value(units.um)
        vacuum = air
        for _ in range(20):
            vacuum = air * (1 + 6.4328e-5 + 2.94981e-2 / (146 - vacuum**-2) + 2.5540e-4 / (41 - vacuum**-2))
        return np.asarray(vacuum * 1e-6)
    quantity = values * units.Unit(unit or "")
    found = {
        "VRAD": lambda: quantity.to(units.m, units.doppler_radio(rest) + units.spectral()),
        "VOPT": lambda: quantity.to(units.m, units.doppler_optical(rest) + units.spectral()),
        "VELO": lambda: quantity.to(units.m, units.doppler_relativistic(rest) + units.spectral()),
        "BETA": lambda: (quantity * constants.c).to(
            units.m, units.doppler_relativistic(rest) + units.spectral()
        ),
        "ZOPT": lambda: line * (1 + quantity),
    }.get(kind, lambda: quantity.to(units.m, units.spectral()))()
    return np.asarray(found.to_value(units.m))


SPECTRAL = [
    ("FREQ", "Hz", 1e9, 1e6),
    ("FREQ", "GHz", 1.4, 0.01),
    ("FREQ", "MHz", 1400.0, -2.0),
    ("WAVE", "m", 0.2, 1e-3),
    ("WAVE", "nm", 500.0, 0.5),
    ("WAVE", "Angstrom", 6562.8, 1.25),
    ("WAVE", "um", 2.2, -0.01),
    ("WAVE", "micron", 2.2, 0.01),
    ("AWAV", "Angstrom", 4750.0, 1.25),
    ("AWAV", "nm", 930.0, 0.2),
    ("ENER", "eV", 500.0, 10.0),
    ("ENER", "keV", 1.0, 0.1),
    ("ENER", "J", 1e-16, 1e-18),
    ("WAVN", "1/m", 1000.0, 10.0),
    ("WAVN", "cm-1", 2000.0, 1.0),
    ("VRAD", "km/s", -200.0, 10.0),
    ("VRAD", "m/s", 1e5, -1e4),
    ("VOPT", "km/s", 3000.0, 20.0),
    ("VELO", "km/s", 30000.0, 20.0),
    ("BETA", "", 0.1, 0.01),
    ("ZOPT", "", 0.5, 0.05),
]


@pytest.mark.parametrize(("kind", "unit", "value", "step"), SPECTRAL)
@pytest.mark.parametrize("rest", ["RESTFRQ", "RESTWAV"])
def test_band_is_metres_on_every_spectral_axis(
    kind: str, unit: str, value: float, step: float, rest: str, tmp_path: Path
) -> None:
    """The channels that a band selects are those that the definition of the axis gives, in any unit."""
    line = {"RESTFRQ": REST} if rest == "RESTFRQ" else {"RESTWAV": constants.c.value / REST}
    path = cube(tmp_path, axis(kind, unit, value, step, **line))
    edges = metres(kind, {"micron": "um"}.get(unit, unit), value + step * (np.arange(CHANNELS + 1) - 0.5))
    bounds = describe(path).coverage.band

    assert bounds is not None
    assert (min(edges), max(edges)) == pytest.approx((bounds.low, bounds.high), rel=2e-7)
    inner = sorted((0.7 * edges[3] + 0.3 * edges[4], 0.3 * edges[6] + 0.7 * edges[7]))
    assert Span(3, 4) == cut(path, band=Interval(*map(float, inner))).parts[0].spans[2]
    middle = float(edges[9] + edges[10]) / 2
    assert Span(9, 1) == cut(path, band=Interval(middle, middle)).parts[0].spans[2]
    with pytest.raises(NothingSelected):
        cut(path, band=Interval(float(max(edges)) * 1.001, float(max(edges)) * 1.01))


def logarithmic(value: float, step: float, at: Any) -> Floats:  # noqa: ANN401 - numbers and arrays
    """Return coordinates of an axis -LOG (FITS 4.0, 8.4.2)."""
    return np.asarray(value * np.exp(step * at / value))


@pytest.mark.parametrize(
    ("kind", "unit", "value", "step"),
    [("FREQ-LOG", "GHz", 1.0, 0.1), ("WAVE-LOG", "nm", 500.0, 5.0), ("AWAV-LOG", "Angstrom", 5000.0, 100.0)],
)
def test_logarithmic_axes_are_understood(
    kind: str, unit: str, value: float, step: float, tmp_path: Path
) -> None:
    """The steps of an axis -LOG grow with the value."""
    path = cube(tmp_path, axis(kind, unit, value, step))
    edges = metres(kind[:4], unit, logarithmic(value, step, np.arange(CHANNELS + 1) - 0.5))
    bounds = describe(path).coverage.band

    assert bounds is not None
    assert (min(edges), max(edges)) == pytest.approx((bounds.low, bounds.high), rel=2e-7)
    asked = sorted((float(edges[4] + edges[5]) / 2, float(edges[7] + edges[8]) / 2))
    assert Span(4, 4) == cut(path, band=Interval(*asked)).parts[0].spans[2]


@pytest.mark.parametrize(("kind", "regular"), [("WAVE-F2W", "f"), ("VOPT-F2W", "f"), ("FREQ-W2F", "w")])
def test_axes_that_are_regular_in_another_quantity(kind: str, regular: str, tmp_path: Path) -> None:
    """Channels of equal frequency under the name of wavelengths, and the other way round."""
    start = {"WAVE-F2W": 0.21, "VOPT-F2W": 3.0e5, "FREQ-W2F": 1.4e9}[kind]
    c = constants.c.value
    line = c / REST
    wave = {"WAVE-F2W": start, "VOPT-F2W": line * (1 + start / c), "FREQ-W2F": c / start}[kind]
    step = {"WAVE-F2W": 1e-3, "VOPT-F2W": c * 1e-3 / line, "FREQ-W2F": -c / wave**2 * 1e-3}[kind]
    path = cube(tmp_path, axis(kind, "", start, step, RESTFRQ=REST))
    at = np.arange(CHANNELS + 1) - 0.5
    edges = c / (c / wave - c / wave**2 * 1e-3 * at) if regular == "f" else wave + 1e-3 * at
    bounds = describe(path).coverage.band

    assert bounds is not None
    assert (min(edges), max(edges)) == pytest.approx((bounds.low, bounds.high), rel=1e-9)


def test_a_grism_axis_follows_the_grism_equation(tmp_path: Path) -> None:
    """-GRI: sin of the angle of exit is order times rulings times wavelength less the sine of incidence."""
    rulings, order, incidence = 3e5, 1.0, np.radians(10.0)
    cards = axis("WAVE-GRI", "nm", 500.0, 2.0, PV3_0=rulings, PV3_1=order, PV3_2=10.0)
    path = cube(tmp_path, cards)
    exit_angle = np.arcsin(rulings * order * 500e-9 - np.sin(incidence))
    slope = np.cos(exit_angle) / (rulings * order)
    gamma = np.tan(0.0) + 2e-9 * (np.arange(CHANNELS + 1) - 0.5) / slope
    edges = (np.sin(incidence) + np.sin(exit_angle + np.arctan(gamma))) / (rulings * order)
    bounds = describe(path).coverage.band

    assert bounds is not None
    assert (edges[0], edges[-1]) == pytest.approx((bounds.low, bounds.high), rel=1e-9)


TABLE = np.array([400.0, 410.0, 425.0, 450.0, 500.0, 505.0, 507.0, 530.0, 600.0, 700.0, 710.0, 730.0])


def table_cube(path: Path) -> Path:
    """Write a cube whose channels have the wavelengths of a lookup table, in nanometres."""
    cards = axis("WAVE-TAB", "nm", 1.0, 1.0) | {"PS3_0": "WCS-TABLE", "PS3_1": "COORDS"}
    column = fits.Column("COORDS", format=f"{CHANNELS}D", dim=f"(1,{CHANNELS})", unit="nm", array=[TABLE])
    table = fits.BinTableHDU.from_columns([column], name="WCS-TABLE")
    return write(path / "table.fits", fits.PrimaryHDU(), image(SKY | cards, (CHANNELS, 8, 10)), table)


def test_a_lookup_table_selects_and_travels_with_the_cutout(tmp_path: Path) -> None:
    """-TAB: channels are those of the table, and the cutout refers to its own copy of it."""
    path = table_cube(tmp_path)
    bounds = describe(path).coverage.band
    assert bounds is not None
    assert (395e-9, 740e-9) == pytest.approx((bounds.low, bounds.high), rel=1e-9)
    with cut(path, [Circle(10.0, 20.0, 0.02)], band=Interval(508e-9, 699e-9)) as cutout:
        x, y, channels = next(part.spans for part in cutout.parts if part.treatment == "cut")
        hdus = opened(cutout)
    assert Span(6, 4) == channels
    with fits.open(path) as parent:
        assert np.array_equal(parent[1].data[channels.slice, y.slice, x.slice], hdus[1].data)
        assert parent["WCS-TABLE"].data.tobytes() == hdus["WCS-TABLE"].data.tobytes()
        at = np.arange(channels.count)
        before = WCS(parent[1].header, parent).wcs_pix2world(x.start, y.start, channels.start + at, 0)
        after = WCS(hdus[1].header, hdus).wcs_pix2world(0, 0, at, 0)
    assert np.array_equal(before[2], after[2])
    assert TABLE[6:10] == pytest.approx(after[2], rel=1e-12)


MOMENTS: list[tuple[str, dict[str, object], str, float, str]] = [
    # CTYPE, cards, scale, MJD of the reference in it, unit
    ("TIME", {"MJDREF": 58000.0}, "utc", 58000.0, "d"),
    ("TIME", {"MJDREFI": 58000, "MJDREFF": 0.25, "TIMESYS": "TT"}, "tt", 58000.25, "s"),
    ("TIME", {"JDREF": 2458000.75, "TIMESYS": "TDB"}, "tdb", 58000.25, "h"),
    ("TIME", {"JDREFI": 2458000, "JDREFF": 0.75, "TIMESYS": "TAI"}, "tai", 58000.25, "min"),
    ("TIME", {"DATEREF": "2017-09-04T06:00:00", "TIMESYS": "TAI"}, "tai", 58000.25, "d"),
    ("TIME", {"TIMESYS": "UTC(NIST)", "MJDREF": 58000.0}, "utc", 58000.0, "d"),
    ("UTC", {"MJDREF": 58000.0, "TREFPOS": "GEOCENTER"}, "utc", 58000.0, "s"),
    ("TAI", {"MJDREF": 58000.0, "TIMESYS": "UTC"}, "tai", 58000.0, "s"),
    ("TT", {"MJDREF": 58000.0}, "tt", 58000.0, "d"),
    ("TDT", {"MJDREF": 58000.0}, "tt", 58000.0, "d"),
    ("TDB", {"MJDREF": 58000.0}, "tdb", 58000.0, "d"),
    ("TCB", {"MJDREF": 58000.0}, "tcb", 58000.0, "d"),
    ("TCG", {"MJDREF": 58000.0}, "tcg", 58000.0, "d"),
    ("TIME", {"MJDREF": 51544.0}, "utc", 51544.0, "a"),
    ("MJD", {"CRVAL3": 58000.5}, "utc", 0.0, "d"),
    ("TIME", {"CRVAL3": 58000.5, "TIMESYS": "TT"}, "tt", 0.0, "d"),
]


@pytest.mark.parametrize(("kind", "cards", "scale", "zero", "unit"), MOMENTS)
def test_time_is_mjd_utc_on_every_time_axis(
    kind: str, cards: dict[str, object], scale: str, zero: float, unit: str, tmp_path: Path
) -> None:
    """Any scale, unit and reference end as MJD in UTC, to a tenth of a millisecond."""
    path = cube(tmp_path, axis(kind, unit, 0.5, 2.0) | cards)
    value = float(str(cards.get("CRVAL3", 0.5)))
    days = (value + 2.0 * (np.arange(CHANNELS + 1) - 0.5)) * units.Unit(unit).to(units.day)
    edges = Time(np.full(len(days), zero), days, format="mjd", scale=scale).utc.mjd
    bounds = describe(path).coverage.time

    assert bounds is not None
    assert (edges[0], edges[-1]) == pytest.approx((bounds.low, bounds.high), abs=1.2e-9, rel=0)
    inner = float(edges[5] + edges[6]) / 2, float(edges[7] + edges[8]) / 2
    assert Span(5, 3) == cut(path, time=Interval(*inner)).parts[0].spans[2]
    assert Span(0, 3) == cut(path, time=Interval(-INF, float(edges[2] + edges[3]) / 2)).parts[0].spans[2]
    with pytest.raises(NothingSelected):
        cut(path, time=Interval(float(edges[-1]) + 1, float(edges[-1]) + 2))


@pytest.mark.parametrize(("offset", "unit"), [(86400.0, None), (2.0, "d"), (-36.0, "h")])
def test_a_time_offset_is_added(offset: float, unit: str | None, tmp_path: Path) -> None:
    """TIMEOFFS is in TIMEUNIT, seconds where that is absent."""
    cards = axis("TIME", "d", 0.0, 1.0) | {"MJDREF": 58000.0, "TIMEOFFS": offset}
    path = cube(tmp_path, cards | ({"TIMEUNIT": unit} if unit else {}))
    time = describe(path).coverage.time

    assert time is not None
    assert 58000 - 0.5 + (offset * units.Unit(unit or "s")).to_value("d") == pytest.approx(time.low, abs=1e-9)


def test_gps_time_runs_19_seconds_behind_tai(tmp_path: Path) -> None:
    """GPS time was UTC in 1980 and has had no leap seconds."""
    path = cube(tmp_path, axis("GPS", "s", 0.0, 2.0) | {"MJDREF": 44244.0})
    time = describe(path).coverage.time

    assert time is not None
    assert 44244.0 - 1 / 86400 == pytest.approx(time.low, abs=1e-9)


def test_a_clock_of_no_known_scale_is_refused(tmp_path: Path) -> None:
    """Local time of nowhere cannot be turned to UTC."""
    path = cube(tmp_path, axis("TIME", "d", 0.0, 1.0) | {"MJDREF": 58000.0, "TIMESYS": "LOCAL"})
    with pytest.raises(CannotFilter, match=r"^TIME: the time axis \(TIME, d\) cannot be turned to MJD$"):
        cut(path, time=Interval(58000, 58001))


STOKES: list[tuple[float, float, int, tuple[str, ...], Span | None]] = [
    # first value, step, pixels, wanted, expected
    (1, 1, 4, ("I",), Span(0, 1)),
    (1, 1, 4, ("V", "I"), Span(0, 2, 3)),
    (1, 1, 4, ("I", "Q", "V"), Span(0, 4)),
    (4, -1, 4, ("I",), Span(3, 1)),
    (4, -1, 4, ("U", "I"), Span(1, 2, 2)),
    (-1, -1, 4, ("RR", "LL"), Span(0, 2)),
    (-1, -1, 4, ("RR", "LR"), Span(0, 2, 3)),
    (-5, -1, 4, ("XX", "YY", "XY", "YX"), Span(0, 4)),
    (-8, 1, 8, ("YX", "XX", "RL"), Span(0, 6)),
    (-8, 1, 8, ("YX", "XY", "YY"), Span(0, 3)),
    (1, 2, 2, ("U",), Span(1, 1)),
    (0, 1, 5, ("Q",), Span(2, 1)),
    (-1, -1, 4, ("I",), None),
]


@pytest.mark.parametrize(("first", "step", "size", "wanted", "expected"), STOKES)
def test_pol_takes_its_states_in_any_order(
    first: float, step: float, size: int, wanted: tuple[str, ...], expected: Span | None, tmp_path: Path
) -> None:
    """States run up or down, at equal distances or with gaps; what is not there selects nothing."""
    path = cube(tmp_path, axis("STOKES", "", first, step), size)
    if expected is None:
        with pytest.raises(NothingSelected):
            cut(path, pol=wanted)
        return
    with cut(path, pol=wanted) as cutout, fits.open(path) as parent:
        assert expected == cutout.parts[0].spans[2]
        hdu = opened(cutout)[0]
        assert np.array_equal(parent[0].data[expected.slice], hdu.data)
        before = first + step * np.arange(size)[expected.slice]
        after = WCS(hdu.header).wcs_pix2world(0, 0, np.arange(expected.count), 0)[2]
        assert before == pytest.approx(after)


ORDERS = [(1, 2, 3, 4, 5), (3, 1, 2, 5, 4), (5, 4, 3, 2, 1), (2, 3, 1, 4, 5), (4, 2, 5, 1, 3)]


@pytest.mark.parametrize("order", ORDERS)
def test_d09_five_axes_in_any_order_are_narrowed_each_by_its_own(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    """Sky, frequency, polarisation and a time of one plane, wherever they stand; degenerate axes stay."""
    axes: dict[int, tuple[dict[str, object], int]] = {
        1: ({"CTYPE": "RA---SIN", "CRPIX": 5.0, "CRVAL": 10.0, "CDELT": -0.01}, 10),
        2: ({"CTYPE": "DEC--SIN", "CRPIX": 4.0, "CRVAL": -60.0, "CDELT": 0.01}, 8),
        3: ({"CTYPE": "FREQ", "CRPIX": 1.0, "CRVAL": 1e9, "CDELT": 1e8, "CUNIT": "Hz"}, 6),
        4: ({"CTYPE": "STOKES", "CRPIX": 1.0, "CRVAL": 1.0, "CDELT": 1.0}, 3),
        5: ({"CTYPE": "TIME", "CRPIX": 1.0, "CRVAL": 0.0, "CDELT": 1.0, "CUNIT": "d"}, 1),
    }
    cards: dict[str, object] = {"RADESYS": "ICRS", "MJDREF": 58000.0}
    cards |= {f"{word}{k}": value for k, old in enumerate(order, 1) for word, value in axes[old][0].items()}
    shape = tuple(axes[old][1] for old in reversed(order))
    path = write(tmp_path / "five.fits", image(cards, shape, kind=fits.PrimaryHDU))
    c = constants.c.value
    with cut(
        path,
        [Circle(10.0, -60.0, 0.0105)],
        band=Interval(c / 1.34e9, c / 1.16e9),
        time=Interval(57999.9, 58000.1),
        pol=["U"],
    ) as cutout:
        spans = cutout.parts[0].spans
        expected = {1: Span(3, 3), 2: Span(2, 3), 3: Span(2, 2), 4: Span(2, 1), 5: Span(0, 1)}
        assert tuple(expected[old] for old in order) == spans
        hdu = opened(cutout)[0]
    with fits.open(path) as parent:
        assert np.array_equal(parent[0].data[tuple(span.slice for span in reversed(spans))], hdu.data)
        pixel = [1.0 if span.count > 1 else 0.0 for span in spans]
        with quiet():
            whole = [place + span.start for place, span in zip(pixel, spans, strict=True)]
            before = WCS(parent[0].header).wcs_pix2world([whole], 0)
            after = WCS(hdu.header).wcs_pix2world([pixel], 0)
    assert before == pytest.approx(after, rel=1e-13)


def test_request_14_degenerate_axes_of_radio_files_stay(tmp_path: Path) -> None:
    """A 4-D image with one channel and one polarisation is cut by the sky alone, with all its axes."""
    cards = SKY | axis("FREQ", "Hz", 1.4e9, 1e6) | {"CTYPE4": "STOKES", "CRVAL4": 1.0, "CDELT4": 1.0}
    path = write(tmp_path / "radio.fits", image(cards | {"CRPIX4": 1.0}, (1, 1, 8, 10), kind=fits.PrimaryHDU))
    with cut(path, [Circle(10.0, 20.0, 0.015)]) as cutout:
        assert (1, 1, 3, 3) == opened(cutout)[0].shape


def test_an_axis_of_an_unknown_kind_does_not_keep_the_sky_from_being_cut(tmp_path: Path) -> None:
    """The sky of a cube is cut although its spectral axis means nothing to anybody; BAND is refused."""
    path = cube(tmp_path, axis("FREQ-OHEL", "GHZ", 1.4, 0.1))
    with cut(path, [Circle(10.0, 20.0, 0.015)]) as cutout:
        assert (CHANNELS, 3, 3) == opened(cutout)[0].shape
    with pytest.raises(CannotFilter, match=r"^BAND: this dataset has no spectral axis"):
        cut(path, band=Interval(0.1, 0.3))


def test_a_velocity_frame_is_taken_as_declared(tmp_path: Path) -> None:
    """SPECSYS and VELOSYS move nothing: BAND is in the frame of the axis."""
    still = axis("FREQ", "Hz", 1e9, 1e6)
    plain, moving = tmp_path / "plain", tmp_path / "moving"
    bounds: list[Any] = []
    for folder, more in ((plain, {}), (moving, {"SPECSYS": "LSRK", "VELOSYS": 2e4, "SSYSOBS": "TOPOCENT"})):
        folder.mkdir()
        bounds.append(describe(cube(folder, still | more)).coverage.band)

    assert bounds[0] == bounds[1]
