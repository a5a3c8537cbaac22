"""SIA 2.0, 2.1: which rows each parameter finds, checked on every row of the demo archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from discovery import SIA, ask, everything, refused_as_votable

if TYPE_CHECKING:
    from collections.abc import Callable

    from discovery import Row
    from starlette.testclient import TestClient

requirement = pytest.mark.requirement

WITHIN = [
    ("FOV", "s_fov"),
    ("SPATRES", "s_resolution"),
    ("SPECRP", "em_res_power"),
    ("EXPTIME", "t_exptime"),
    ("TIMERES", "t_resolution"),
]
OVERLAP = [("BAND", "em_min", "em_max"), ("TIME", "t_min", "t_max")]
EQUAL = [
    ("COLLECTION", "obs_collection"),
    ("FACILITY", "facility_name"),
    ("INSTRUMENT", "instrument_name"),
    ("DPTYPE", "dataproduct_type"),
    ("CALIB", "calib_level"),
    ("TARGET", "target_name"),
]
MANY = {"MAXREC": "1000"}


def keys(rows: list[Row], wanted: Callable[[Row], bool]) -> list[str]:
    """Return the identifiers of the rows that are *wanted*."""
    return [row["obs_publisher_did"].partition("?")[2] for row in rows if wanted(row)]


@requirement("SIA2-2.1-02")
@pytest.mark.parametrize("name", SIA.endpoint("query").parameters)
def test_every_parameter_is_taken(client: TestClient, name: str) -> None:
    """The examples of the declaration are answered with a table, never with UsageFault."""
    for example in SIA.parameters[name].examples:
        assert ask(client, (name, example)).statuses[0] in {"OK", "OVERFLOW"}


@requirement("SIA2-2.1-05", "DALI-4.1-01")
def test_no_parameter_means_everything(client: TestClient) -> None:
    """A bare request is a legal query for all images and cubes."""
    assert 40 == len(ask(client).rows) == len(everything(client))
    assert 1 == len(ask(client, MAXREC="1").rows)


@requirement("SIA2-2.1-01", "DALI-2.2-01", "DALI12-2-10")
def test_get_and_both_forms_of_post_find_the_same(client: TestClient) -> None:
    """A query means the same however it is sent."""
    query = {"BAND": "5e-7 6e-7", "POS": "CIRCLE 150.12 2.2 0.02"}
    found = ask(client, **query)
    posted = client.post("/sia", data=query)
    multipart = client.post("/sia", files={name: (None, text) for name, text in query.items()})

    assert 3 <= len(found.rows)
    assert found.response.content == posted.content == multipart.content


@requirement("SIA2-2.1-03", "SIA2-2.1-08", "SIA2-2.1-10")
@requirement("SIA2-2.1.5-01", "SIA2-2.1.6-01", "SIA2-2.1.7-01", "SIA2-2.1.8-01", "SIA2-2.1.9-01")
@pytest.mark.parametrize(("name", "column"), WITHIN)
def test_a_value_lies_within_an_interval(client: TestClient, name: str, column: str) -> None:
    """An interval finds the values within, its bounds among them; one number is an interval too."""
    rows = everything(client)
    values = sorted({row[column] for row in rows if row[column] is not None})
    low, high = values[0], values[len(values) // 2]

    def between(row: Row) -> bool:
        return row[column] is not None and low <= row[column] <= high

    assert keys(rows, between) == ask(client, (name, f"{low!r} {high!r}"), **MANY).keys
    exact = keys(rows, lambda row: row[column] == low)
    assert exact == ask(client, (name, repr(low)), **MANY).keys
    assert exact == ask(client, (name, f"{low!r} {low!r}"), **MANY).keys


@requirement("SIA2-2.1.2-01", "SIA2-2.1.3-01", "SIA2-2.1-08", "SIA2-2.1-10")
@pytest.mark.parametrize(("name", "first", "last"), OVERLAP)
def test_an_interval_overlaps(client: TestClient, name: str, first: str, last: str) -> None:
    """Rows are found whose interval shares a point with the one asked for, be it a bound or one number."""
    rows = everything(client)
    known = sorted((row for row in rows if row[first] is not None), key=lambda row: row[first])
    low, high = known[0][last], known[len(known) // 2][first]
    low, high = min(low, high), max(low, high)

    for text, start, end in (
        (f"{low!r} {high!r}", low, high),
        (repr(low), low, low),
        (repr(high), high, high),
    ):
        expected = keys(known, lambda row, s=start, e=end: row[last] >= s and row[first] <= e)  # type: ignore[misc]  # bound now
        assert expected
        assert sorted(expected) == sorted(ask(client, (name, text), **MANY).keys)


@requirement("SIA2-2.1-04", "SIA2-2.1-09", "DALI-3.3-01")
@pytest.mark.parametrize("text", ["-Inf +Inf", "-Inf 1e300", "0 +Inf", "-inf Inf", "-1E-300 1.e+300"])
@pytest.mark.parametrize(("name", "column"), [("BAND", "em_min"), ("TIME", "t_min"), *WITHIN])
def test_a_null_never_matches(client: TestClient, name: str, column: str, text: str) -> None:
    """The interval of all numbers finds the rows that have one, and no other."""
    rows = everything(client)
    expected = keys(rows, lambda row: row[column] is not None)

    assert 0 < len(expected) < len(rows) or column == "s_fov"
    assert expected == ask(client, (name, text), **MANY).keys


@requirement("SIA2-2.1.4-01")
def test_a_state_is_one_of_those_of_a_row(client: TestClient) -> None:
    """POL finds the state among `/I/Q/U/V/`; U is no part of a word, an unknown state is refused."""
    assert ["radio/hydrogen_iquv.fits"] == ask(client, POL="U").keys
    assert [] == ask(client, POL="RR").keys
    assert ["radio/hydrogen_iquv.fits"] == ask(client, POL=["RR", "V"]).keys
    refused_as_votable(client.get("/sia", params={"POL": "Z"}), 400, "UsageFault", "POL='Z'")


@requirement(
    "SIA2-2.1.11-01", "SIA2-2.1.12-01", "SIA2-2.1.13-01", "SIA2-2.1.14-01", "SIA2-2.1.15-01", "SIA2-2.1.16-01"
)
@pytest.mark.parametrize(("name", "column"), EQUAL)
def test_a_word_is_that_of_the_row(client: TestClient, name: str, column: str) -> None:
    """Each value that there is finds its rows exactly; values are repeated for more."""
    rows = everything(client)
    values = sorted({row[column] for row in rows if row[column] is not None})
    for value in values:
        expected = keys(rows, lambda row, v=value: row[column] == v)  # type: ignore[misc]  # bound now
        assert expected == ask(client, (name, str(value)), **MANY).keys

    expected = keys(rows, lambda row: row[column] is not None)
    assert expected == ask(client, *((name, str(value)) for value in values), **MANY).keys


@requirement("SIA2-2.1-11", "DALI-3.1-02")
@pytest.mark.parametrize(("name", "column"), [case for case in EQUAL if case[0] != "CALIB"])
def test_text_counts_in_full_and_with_its_case(client: TestClient, name: str, column: str) -> None:
    """Another case, a part, a wildcard or a blank more find nothing."""
    value = str(next(row[column] for row in everything(client) if row[column]))
    others = [
        value.swapcase(),
        value[:-1],
        f"{value[0]}*",
        f"{value[0]}%",
        f"{value}x",
        "'; DROP TABLE dataset",
    ]
    if SIA.parameters[name].type == "word":
        others = [word for word in others if " " not in word]

    for text in others:
        assert [] == ask(client, (name, text)).keys


@requirement("SIA2-2.1.10-01")
def test_an_identifier_counts_in_any_case(client: TestClient) -> None:
    """An IVOID is found with its scheme and authority, or all of it, in another case."""
    did = "ivo://sodalite.local/demo?real/m13.fits"

    for text in (did, did.swapcase(), did.upper(), "IVO://SODALITE.LOCAL/demo?real/m13.fits"):
        assert ["real/m13.fits"] == ask(client, ID=text).keys
    assert [] == ask(client, ID=f"{did}x").keys
    assert ["real/comp.fits", "real/m13.fits"] == ask(client, ID=[did, did.replace("m13", "comp")]).keys


@requirement("SIA2-2.1.14-01")
def test_only_images_and_cubes_are_found(client: TestClient) -> None:
    """Another kind of product is no error and finds nothing."""
    assert {"image", "cube"} == {row["dataproduct_type"] for row in everything(client)}
    assert ["radio/hydrogen_iquv.fits"] == ask(client, DPTYPE="cube").keys
    for kind in ("spectrum", "IMAGE", "timeseries"):
        assert [] == ask(client, DPTYPE=kind).keys
    assert 40 == len(ask(client, DPTYPE=["image", "cube", "spectrum"]).keys)


@requirement("SIA2-2.1.15-01")
@pytest.mark.parametrize("text", ["x", "1.5", "", "-1", "2 3"])
def test_a_level_is_a_whole_number(client: TestClient, text: str) -> None:
    """CALIB takes no other text."""
    refused_as_votable(client.get("/sia", params={"CALIB": text}), 400, "UsageFault", "CALIB")


@requirement("SIA2-2.1.17-01")
def test_a_format_is_that_of_what_the_address_gives(client: TestClient) -> None:
    """Asked for links, rows lead to links; asked for a type of files, they lead to files of that type."""
    links = "application/x-votable+xml;content=datalink"

    assert {links} == {row["access_format"] for row in everything(client)}
    assert 40 == len(ask(client, FORMAT=links, **MANY).keys) == len(ask(client, FORMAT=[links, "x/y"]).keys)
    packed = ask(client, FORMAT="application/gzip").rows
    assert ["application/gzip"] == [row["access_format"] for row in packed]
    assert b"\x1f\x8b" == client.get(packed[0]["access_url"]).content[:2]
    plain = ask(client, FORMAT="application/fits", **MANY).rows
    assert {"application/fits"} == {row["access_format"] for row in plain}
    assert 39 == len(plain)
    assert [] == ask(client, FORMAT="application/FITS").keys


@requirement("SIA2-2.1-06")
@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("POS", "CIRCLE 250.42 36.46 0.01", "RANGE 29 31 89 +Inf"),
        ("BAND", "4e-7 5e-7", "0.2125"),
        ("TIME", "57890", "57913 57914"),
        ("POL", "Q", "V"),
        ("SPATRES", "0 0.8", "800 900"),
        ("TARGET", "NGC 1316", "Galaxy group at RA 0"),
        ("CALIB", "1", "2"),
    ],
)
def test_repetition_means_either(client: TestClient, name: str, one: str, other: str) -> None:
    """Two values find what either finds, each row once."""
    first, second = (ask(client, (name, text), **MANY).keys for text in (one, other))
    both = ask(client, (name, one), (name, other), **MANY).keys

    assert second
    assert sorted({*first, *second}) == both


@requirement("SIA2-2.1-07", "SIA2-2.1-03")
def test_different_parameters_must_all_match(client: TestClient) -> None:
    """Constraints narrow each other."""
    query = {"BAND": "6e-7", "INSTRUMENT": "WIDECAM", "SPATRES": "0 1.05", "POS": "CIRCLE 150.12 2.2 1"}
    each = [set(ask(client, (name, text), **MANY).keys) for name, text in query.items()]

    expected = set.intersection(*each)
    assert 0 < len(expected) < min(map(len, each))
    assert sorted(expected) == ask(client, *query.items()).keys


@requirement("SIA2-3.2-04", "DALI-3.1-01")
def test_names_count_in_any_case(client: TestClient) -> None:
    """`pos`, `Pos` and `POS` are one parameter, values in all of them are of one list."""
    found = [ask(client, (name, "CIRCLE 250.42 36.46 0.01")).keys for name in ("pos", "Pos", "POS")]

    assert found[0]
    assert found[0] == found[1] == found[2]
    assert 2 == len(ask(client, ("target", "NGC 1316"), ("TARGET", "Galaxy group at RA 0")).keys)


def test_no_constraint_is_ignored_in_silence(client: TestClient) -> None:
    """Each declared parameter narrows; a slip of the pen is refused; another name is told as ignored."""
    nothing = {
        "POS": "CIRCLE 100 -80 0.01", "BAND": "1e9", "TIME": "1", "POL": "YX", "FOV": "179", "SPATRES": "1e9",
        "SPECRP": "1e12", "EXPTIME": "1e12", "TIMERES": "1e12", "ID": "ivo://x/y", "COLLECTION": "x",
        "FACILITY": "x", "INSTRUMENT": "x", "DPTYPE": "x", "CALIB": "0", "TARGET": "x", "FORMAT": "x",
    }  # fmt: skip
    assert {p.name for p in SIA.parameters.values() if p.match} == set(nothing)
    for name, text in nothing.items():
        assert [] == ask(client, (name, text)).keys, name
    for slip in ("POSS", "EXPTIM", "FACILTY", "PSO"):
        refused_as_votable(client.get("/sia", params={slip: "1"}), 400, "UsageFault", "unknown parameter")
    answer = ask(client, foo="bar", REQUEST="query", MAXREC="3")
    assert 3 == len(answer.rows)
    assert [("ignored", "foo"), ("ignored", "REQUEST")] == [i for i in answer.infos if i[0] == "ignored"]
