"""The values in the columns of ObsCore, over the demo archive and over published files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from soda_core import standards
from soda_core.cutout import UnreadableFile
from soda_core.dali import Circle, Polygon
from soda_core.inventory.dataset import read_row
from soda_core.inventory.mapping import STATES
from soda_core.settings import Collection
from soda_core.sky import sky_region, unit_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
TYPES = {"char": str, "double": float, "int": int, "long": int}


def rows_of(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of all FITS files of a folder that can be read."""
    collection = Collection(name="c", folder=folder)
    for path in sorted(folder.rglob("*.fit*")):
        try:
            yield read_row("example.org", collection, path.relative_to(folder).as_posix(), path).row
        except UnreadableFile:
            continue


@pytest.fixture(
    scope="module",
    params=[
        "demo",
        pytest.param(
            "real", marks=pytest.mark.skipif(not REAL.exists(), reason="the reference data is not here")
        ),
    ],
)
def rows(request: pytest.FixtureRequest, demo_folder: Path) -> list[Mapping[str, Any]]:
    """The rows of the demo archive, and of the reference data."""
    found = list(rows_of(demo_folder if request.param == "demo" else REAL))
    assert len(found) > 30
    return found


def values(rows: list[Mapping[str, Any]], column: str) -> list[Any]:
    """Return the values of a column that are there."""
    return [row[column] for row in rows if row[column] is not None]


@pytest.mark.requirement("OBS-4-02", "OBS-4-03", "OBS-4.21-01")
def test_every_column_is_there_in_its_type(rows: list[Mapping[str, Any]]) -> None:
    """Columns hold text, real or whole numbers as declared; counts are no less than -1."""
    for column in standards.load("obscore").columns:
        if column.name == "access_url":  # the services make it
            continue
        kind = str if column.arraysize else TYPES[column.datatype]
        assert {kind} >= {type(value) for value in values(rows, column.name)}, column.name
    for name in ("s_xel1", "s_xel2", "t_xel", "em_xel", "pol_xel"):
        assert all(value >= -1 for value in values(rows, name)), name


@pytest.mark.requirement("OBS-4-06")
def test_what_must_not_be_null_is_not(rows: list[Mapping[str, Any]]) -> None:
    """Level, collection and identifiers are in each row."""
    must = [column.name for column in standards.load("obscore").columns if column.not_null]

    assert {"calib_level", "obs_collection", "obs_id", "obs_publisher_did"} <= set(must)
    assert [] == [(row["key"], name) for row in rows for name in must if row[name] in (None, "")]


@pytest.mark.requirement("OBS-4.1-01", "OBS-4.1-02")
def test_the_type_is_one_of_the_list(rows: list[Mapping[str, Any]]) -> None:
    """In small letters; images and cubes are among them."""
    listed = next(c for c in standards.load("obscore").columns if c.name == "dataproduct_type").values

    assert {"image", "cube"} <= set(values(rows, "dataproduct_type")) <= set(listed)


@pytest.mark.requirement("OBS-4.2-01")
def test_the_level_is_0_to_4(rows: list[Mapping[str, Any]]) -> None:
    """Calibration levels are those of ObsCore."""
    assert set(values(rows, "calib_level")) <= {0, 1, 2, 3, 4}


@pytest.mark.requirement("OBS-4.5-01", "OBS-4.7-01", "OBS-4.8-01")
def test_identifier_format_and_size(rows: list[Mapping[str, Any]]) -> None:
    """Identifiers are unique IVOIDs, formats are media types, sizes are in kilobytes."""
    dids = values(rows, "obs_publisher_did")

    assert len(rows) == len({did.casefold() for did in dids})
    assert all(did.startswith("ivo://example.org/c?") for did in dids)
    assert all(re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", word) for word in values(rows, "access_format"))
    assert all(row["size"] <= row["access_estsize"] * 1000 < row["size"] + 1000 for row in rows)


@pytest.mark.requirement("OBS-4.10-01", "OBS-4.11-01", "OBS-4.12-01")
def test_places_are_where_they_can_be(rows: list[Mapping[str, Any]]) -> None:
    """Positions are on the sphere, extents are diameters, and the circle holds the polygon."""
    assert all(0 <= value <= 360 for value in values(rows, "s_ra"))
    assert all(-90 <= value <= 90 for value in values(rows, "s_dec"))
    assert all(0 <= value <= 360 for value in values(rows, "s_fov"))
    for row in rows:
        if not row["s_region"]:
            continue
        numbers = [float(word) for word in row["s_region"].split()]
        vertices = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        around = sky_region(Circle(row["s_ra"], row["s_dec"], row["s_fov"] / 2 * (1 + 1e-9)))
        assert around.contains(unit_vectors(numbers[::2], numbers[1::2])).all(), row["key"]
        middle = unit_vectors(numbers[::2], numbers[1::2]).sum(axis=0)
        assert sky_region(Polygon(vertices)).contains(middle[None] / (middle @ middle) ** 0.5).all(), row[
            "key"
        ]


@pytest.mark.requirement("OBS-4.14-01", "OBS-4.17-01")
def test_bounds_are_in_order(rows: list[Mapping[str, Any]]) -> None:
    """Starts come before ends, and both are days and metres that can be."""
    for low, high, least, most in (("t_min", "t_max", 15000, 100000), ("em_min", "em_max", 1e-13, 1e5)):
        for row in rows:
            assert (row[low] is None) == (row[high] is None), row["key"]
            assert row[low] is None or least < row[low] <= row[high] < most, row["key"]


@pytest.mark.requirement("OBS-4.19-01", "OBS-4.19-02")
def test_states_are_listed_between_slashes(rows: list[Mapping[str, Any]]) -> None:
    """`/I/Q/` in the order of ObsCore, as many as the count says; no states, no count."""
    for row in rows:
        states = (row["pol_states"] or "").strip("/").split("/") if row["pol_states"] else []
        assert row["pol_xel"] == len(states)
        assert states == sorted(states, key=STATES.index)
        assert row["pol_states"] is None or re.fullmatch(r"/(\w+/)+", row["pol_states"])


@pytest.mark.requirement("OBS-4.20-01")
def test_the_observable_is_made_of_words_of_the_list(rows: list[Mapping[str, Any]]) -> None:
    """UCDs of the pixels have no other shape than `word.word;word`."""
    assert all(
        re.fullmatch(r"[a-z]+(\.[A-Za-z]+)*(;[a-z]+(\.[A-Za-z]+)*)*", ucd) for ucd in values(rows, "o_ucd")
    )
