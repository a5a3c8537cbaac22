"""Header cards become columns of ObsCore, and nonsense becomes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from headers import TAN, butler, file_of, sdss_frame, wise_atlas

from soda_core.inventory.dataset import read_row
from soda_core.settings import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from soda_core.inventory.dataset import Reading

FREQUENCY = {"CTYPE3": "FREQ", "CRVAL3": 1.4e9, "CDELT3": 1e6, "CRPIX3": 1.0, "CUNIT3": "Hz"}
STOKES = {"CTYPE3": "STOKES", "CRVAL3": -1.0, "CDELT3": -1.0, "CRPIX3": 1.0}


def reading(path: Path, **rules: Any) -> Reading:  # noqa: ANN401 - whatever a settings file can hold
    """Read a file of a collection with rules."""
    preset = rules.pop("preset", "")
    collection = Collection(name="c", folder=path.parent, preset=preset, obscore=rules)
    return read_row("example.org", collection, path.name, path)


USUAL: Mapping[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
    "names": (
        {"OBJECT": "M 13", "TELESCOP": "WHT", "INSTRUME": "PFIP", "OBSID": "r123", "TITLE": "A title"},
        {"target_name": "M 13", "facility_name": "WHT", "instrument_name": "PFIP", "obs_id": "r123"}
        | {"obs_title": "A title"},
    ),
    "no names": (
        {},
        {"target_name": None, "facility_name": None, "obs_id": "i", "obs_title": "i.fits"}
        | {"calib_level": 2, "data_rights": "public", "dataproduct_type": "image"},
    ),
    "words for nothing": (
        {"OBJECT": "UNKNOWN", "TELESCOP": "  ", "INSTRUME": "n/a"},
        {"target_name": None, "facility_name": None, "instrument_name": None},
    ),
    "start and length": (
        {"MJD-OBS": 58000.25, "EXPTIME": 864.0},
        {"t_min": 58000.25, "t_max": 58000.26, "t_exptime": 864.0, "t_resolution": 864.0, "t_xel": 1},
    ),
    "beginning and end": (
        {"DATE-BEG": "2017-09-04T06:00:00", "DATE-END": "2017-09-04T12:00:00", "XPOSURE": 10},
        {"t_min": 58000.25, "t_max": 58000.5, "t_exptime": 10.0},
    ),
    "middle": (
        {"DATE-AVG": "2017-09-04T06:00:00", "EXPTIME": 864.0},
        {"t_min": 58000.245, "t_max": 58000.255},
    ),
    "atomic time": (
        {"MJD-OBS": 58000.25, "TIMESYS": "TAI"},
        {"t_min": 58000.25 - 37 / 86400},
    ),
    "day and time of day": (
        {"DATE-OBS": "2017-09-04", "UTSTART": "06:00:00.0", "EXPTIME": 1},
        {"t_min": 58000.25},
    ),
    "numbers as text": ({"EXPTIME": "53.9", "MJD-OBS": "5.8D4"}, {"t_exptime": 53.9, "t_min": 58000.0}),
    "no exposure": ({"EXPTIME": 0.0, "MJD-OBS": 58000.0}, {"t_exptime": None, "t_min": 58000.0}),
    "filter": ({"FILTER": "r"}, {"em_min": 555e-9, "em_max": 690e-9, "em_xel": 1}),
    "filter with a number": ({"FILTER": "g.MP9401"}, {"em_min": 400e-9, "em_max": 538e-9}),
    "filter of Johnson": ({"FILTER": "V"}, {"em_min": 505e-9, "em_max": 595e-9}),
    "filter that is none": ({"FILTER": "open"}, {"em_min": None, "em_max": None, "em_xel": None}),
    "wavelengths": ({"WAVELMIN": 400.0, "WAVELMAX": 550.0}, {"em_min": 400e-9, "em_max": 550e-9}),
    "frequency": (
        {"OBSFREQ": 1.4e9, "BANDWID": 2e8},
        {"em_min": 299792458 / 1.5e9, "em_max": 299792458 / 1.3e9},
    ),
    "beam": ({"BMAJ": 0.001, "BMIN": 0.0005, "BUNIT": "Jy/beam"}, {"s_resolution": 3.6, "o_unit": "Jy/beam"}),
    "flux": ({"BUNIT": "JY/BEAM "}, {"o_ucd": "phot.flux.density;instr.beam"}),
    "counts": ({"BUNIT": "adu"}, {"o_ucd": "phot.count"}),
    "a unit of nobody": ({"BUNIT": "W.U."}, {"o_ucd": None, "o_unit": "W.U."}),
    "sampling": ({}, {"s_pixel_scale": 3.6, "s_xel1": 8, "s_xel2": 8, "pol_xel": 0, "pol_states": None}),
    "date": ({"DATE": "2020-02-03 04:05:06.7"}, {"obs_creation_date": "2020-02-03T04:05:07"}),
}


@pytest.mark.parametrize(("cards", "expected"), USUAL.values(), ids=USUAL.keys())
def test_the_usual_cards_are_understood(
    cards: Mapping[str, object], expected: Mapping[str, object], tmp_path: Path
) -> None:
    """What common conventions say is in the columns, in their units."""
    row = reading(file_of(tmp_path / "i.fits", {**TAN, **cards})).row

    for name, value in expected.items():
        assert value == (pytest.approx(row[name], rel=1e-6) if isinstance(value, float) else row[name]), name


@pytest.mark.parametrize(
    ("cards", "column"),
    [
        ({"SEEING": -99.0}, "s_resolution"),
        ({"BMAJ": 1e30}, "s_resolution"),
        ({"DATE": "yesterday"}, "obs_creation_date"),
    ],
)
def test_what_cannot_be_true_is_left_out_with_a_remark(
    cards: Mapping[str, object], column: str, tmp_path: Path
) -> None:
    """A value out of its range is no value, and is told."""
    read = reading(file_of(tmp_path / "i.fits", {**TAN, **cards}))

    assert read.row[column] is None
    assert [True] == [remark.startswith(f"{column}: ") for remark in read.remarks]


@pytest.mark.parametrize("cards", [{"MJD-OBS": 2458000.5}, {"DATE-OBS": "0000-00-00"}, {"MJD-OBS": -1.0}])
def test_moments_that_cannot_be(cards: Mapping[str, object], tmp_path: Path) -> None:
    """A Julian date in the place of a modified one gives no time."""
    assert reading(file_of(tmp_path / "i.fits", {**TAN, **cards})).row["t_min"] is None


def test_an_exposure_time_in_days(tmp_path: Path) -> None:
    """A unit in the comment of the card is heeded (FITS 4.0, 4.3.2)."""
    row = reading(file_of(tmp_path / "i.fits", {**TAN, "EXPOSURE": (0.5, "[d] time on source")})).row

    assert 43200.0 == row["t_exptime"]


AXES: Mapping[str, tuple[Mapping[str, object], tuple[int, ...], str]] = {
    "cube": (FREQUENCY, (5, 8, 8), "cube"),
    "one channel": (FREQUENCY, (1, 8, 8), "image"),
    "states": (STOKES, (2, 8, 8), "cube"),
    "spectrum": ({"CTYPE1": "WAVE", "CRVAL1": 5e-7, "CDELT1": 1e-9, "CUNIT1": "m"}, (50,), "spectrum"),
}


@pytest.mark.parametrize(("cards", "shape", "product"), AXES.values(), ids=AXES.keys())
def test_the_axes_tell_the_product(
    cards: Mapping[str, object], shape: tuple[int, ...], product: str, tmp_path: Path
) -> None:
    """More than the sky makes a cube, if it has more than one pixel."""
    start = {} if len(shape) == 1 else TAN

    assert product == reading(file_of(tmp_path / "i.fits", {**start, **cards}, shape)).row["dataproduct_type"]


def test_a_spectral_axis_gives_its_columns(tmp_path: Path) -> None:
    """Bounds at the outer edges of the channels, how many there are, and the resolving power."""
    row = reading(file_of(tmp_path / "i.fits", {**TAN, **FREQUENCY, "FILTER": "r"}, (5, 8, 8))).row

    assert (5, pytest.approx(299792458 / 1.4045e9), pytest.approx(299792458 / 1.3995e9)) == (
        row["em_xel"],
        row["em_min"],
        row["em_max"],
    )
    assert row["em_res_power"] == pytest.approx(1402, rel=1e-3)


@pytest.mark.requirement("OBS-4.19-01", "OBS-4.19-02")
def test_states_stand_in_the_order_of_obscore(tmp_path: Path) -> None:
    """FITS counts RR LL RL LR, ObsCore lists RR LL RL LR and not as they come."""
    cards = {**TAN, **STOKES, "CRVAL3": -4.0, "CDELT3": 1.0}
    row = reading(file_of(tmp_path / "i.fits", cards, (4, 8, 8))).row

    assert ("/RR/LL/RL/LR/", 4) == (row["pol_states"], row["pol_xel"])


RULES: Mapping[str, tuple[Any, str, object]] = {
    "constant": ("SDSS", "facility_name", "SDSS"),
    "card": ("{FIELD}", "target_name", "south"),
    "template": ("{FIELD}-{NUMBER}", "target_name", "south-7"),
    "alternatives": (["{NOTHERE}", "{FIELD}", "other"], "target_name", "south"),
    "last alternative": (["{NOTHERE}-{FIELD}", "other"], "target_name", "other"),
    "scaled": ({"card": "FWHMDEG", "scale": 3600}, "s_resolution", 0.72),
    "moved": ({"card": ["NOTHERE", "JD"], "offset": -2400000.5}, "t_min", 58000.0),
    "translated": ({"card": "LEVEL", "map": {"raw": 1, "stack": 3}}, "calib_level", 3),
    "number": (4, "calib_level", 4),
    "nothing": ("{NOTHERE}", "s_resolution", None),
    "rights": ("secure", "data_rights", "secure"),
    "release": ("2030-01-01", "obs_release_date", "2030-01-01T00:00:00"),
}


@pytest.mark.parametrize(("rule", "column", "value"), RULES.values(), ids=RULES.keys())
def test_a_rule_of_the_collection_comes_first(
    rule: Any,  # noqa: ANN401 - whatever a settings file can hold
    column: str,
    value: object,
    tmp_path: Path,
) -> None:
    """Constants, cards, templates, alternatives, scales and translations."""
    cards = {
        "FIELD": "south",
        "NUMBER": 7,
        "FWHMDEG": 0.0002,
        "JD": 2458000.5,
        "LEVEL": "stack",
        "OBJECT": "x",
    }
    row = reading(file_of(tmp_path / "i.fits", {**TAN, **cards}), **{column: rule}).row

    assert value == (pytest.approx(row[column]) if isinstance(value, float) else row[column])


def test_a_rule_may_name_the_band(tmp_path: Path) -> None:
    """The wavelengths follow from the name of a filter that a rule makes."""
    row = reading(file_of(tmp_path / "i.fits", {**TAN, "CHANNEL": 2}), band="W{CHANNEL}").row

    assert (4080e-9, 5150e-9) == (row["em_min"], row["em_max"])


def test_the_end_follows_a_start_by_rule(tmp_path: Path) -> None:
    """Where a rule gives the start alone, the exposure time gives the end."""
    row = reading(file_of(tmp_path / "i.fits", {**TAN, "T0": 58000.0, "EXPTIME": 864.0}), t_min="{T0}").row

    assert (58000.0, pytest.approx(58000.01)) == (row["t_min"], row["t_max"])


VISIT = {"LSST BUTLER DATAID VISIT": 903334, "LSST BUTLER DATAID DETECTOR": 22, "FILTER": "HSC-R"}
VISIT |= {"MJD-OBS": 56598.2, "EXPTIME": 30.0, "OBJECT": "STRIPE82L"}
PATCH = {"LSST BUTLER DATAID TRACT": 9813, "LSST BUTLER DATAID PATCH": 40, "LSST BUTLER DATAID BAND": "i"}

PRESETS: Mapping[str, tuple[Callable[[Path], Path], Mapping[str, object]]] = {
    "sdss": (
        sdss_frame,
        {"obs_id": "4263-3-311", "target_name": "82 N", "facility_name": "Sloan Foundation 2.5m Telescope"}
        | {"em_min": 555e-9, "em_max": 690e-9, "t_exptime": 53.907456, "t_min": 52962.25821, "calib_level": 2}
        | {"o_ucd": "phot.flux.density", "dataproduct_type": "image", "naxis": "8 8"},
    ),
    "wise": (
        wise_atlas,
        {
            "obs_id": "0106p196_ab41",
            "em_min": 7.7e-6,
            "em_max": 16e-6,
            "calib_level": 3,
            "o_ucd": "phot.count",
        }
        | {"s_resolution": 9.5, "facility_name": "WISE"},
    ),
    "hsc": (
        lambda path: butler(path, "calexp", VISIT),
        {"obs_id": "903334", "em_min": 542e-9, "em_max": 697e-9, "calib_level": 2, "target_name": "STRIPE82L"}
        | {"facility_name": "Subaru", "instrument_name": "HSC", "t_exptime": 30.0}
        | {"obs_title": "calexp visit 903334 detector 22", "naxis": "8 8"},
    ),
    "lsst": (
        lambda path: butler(path, "deep_coadd", PATCH),
        {"obs_id": "9813-40", "em_min": 691e-9, "em_max": 818e-9, "calib_level": 3, "t_min": None}
        | {
            "obs_title": "deep_coadd tract 9813-40 i",
            "target_name": "tract 9813-40",
            "dataproduct_type": "image",
        },
    ),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_knows_the_files_of_its_survey(preset: str, tmp_path: Path) -> None:
    """Frames of SDSS, the atlas of WISE, exposures and coadds of HSC and LSST."""
    make, expected = PRESETS[preset]
    read = reading(make(tmp_path / "file.fits"), preset=preset)

    assert () == read.remarks
    for name, value in expected.items():
        found = read.row[name]
        assert value == (pytest.approx(found, rel=1e-7) if isinstance(value, float) else found), name


def test_a_rule_overrules_a_preset(tmp_path: Path) -> None:
    """One column can be another than the preset says."""
    assert (
        "X" == reading(sdss_frame(tmp_path / "f.fits"), preset="sdss", facility_name="X").row["facility_name"]
    )


def test_planes_of_one_image_are_told_once_each(tmp_path: Path) -> None:
    """The column `hdus` has IMAGE, MASK and VARIANCE with their axes."""
    row = reading(butler(tmp_path / "f.fits", "calexp", VISIT)).row

    for index, name in enumerate(("IMAGE", "MASK", "VARIANCE"), start=1):
        assert f'"index": {index}, "name": "{name}", "axes": [8, 8]' in str(row["hdus"])
