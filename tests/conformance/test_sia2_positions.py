"""SIA 2.0, 2.1.1: regions of the sky, and what users asked other services for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from discovery import ask, refused_as_votable

if TYPE_CHECKING:
    from starlette.testclient import TestClient

requirement = pytest.mark.requirement

M13 = {f"real/m13{kind}.fits" for kind in ("", "_gzip", "_hcomp", "_plio", "_rice")}


@requirement("SIA2-2.1.1-01")
@pytest.mark.parametrize(
    "shape",
    [
        "CIRCLE 250.4226 36.4602 0.01",
        "RANGE 250.40 250.44 36.44 36.48",
        "POLYGON 250.40 36.44 250.44 36.44 250.42 36.48",
        "circle 250.4226 36.4602 0.01",
    ],
)
def test_each_shape_finds_what_it_touches(client: TestClient, shape: str) -> None:
    """All three shapes are taken, their words in any case."""
    assert M13 == set(ask(client, POS=shape).keys)


@requirement("SIA2-2.1.1-02")
def test_a_footprint_is_found_off_its_centre(client: TestClient) -> None:
    """A tiny circle just inside of a corner of a footprint finds it, just outside does not."""
    (row,) = ask(client, ID="ivo://sodalite.local/demo?real/m13.fits").rows
    lon, lat = map(float, row["s_region"].split()[:2])
    inside, outside = (
        f"CIRCLE {lon + (row['s_ra'] - lon) * part!r} {lat + (row['s_dec'] - lat) * part!r} 1e-6"
        for part in (1e-3, -1e-3)
    )

    assert "real/m13.fits" in ask(client, POS=inside).keys
    assert "real/m13.fits" not in ask(client, POS=outside).keys


@requirement("SIA2-2.1.1-03")
@pytest.mark.parametrize(
    "text",
    [
        "CIRCLE 10 95 1",
        "CIRCLE 10 -91 1",
        "RANGE 0 10 -95 0",
        "POLYGON 0 0 1 95 2 0",
        "CIRCLE NaN 0 1",
        "CIRCLE 1 2 1e9",
    ],
)
def test_a_latitude_has_limits(client: TestClient, text: str) -> None:
    """What lies on no sphere is refused in words, not with a message of the database."""
    refused_as_votable(
        client.get("/sia", params={"POS": text}), 400, "UsageFault", f"POS={text.split(maxsplit=1)[0]}"
    )


@requirement("SIA2-2.1.1-04")
def test_the_inside_of_a_polygon_is_the_smaller_part(client: TestClient) -> None:
    """A polygon means the same in both orders of its vertices."""
    one = ask(client, POS="POLYGON 250.40 36.44 250.44 36.44 250.42 36.48").keys
    other = ask(client, POS="POLYGON 250.42 36.48 250.44 36.44 250.40 36.44").keys

    assert M13 == set(one) == set(other)


@requirement("SIA2-2.1.1-05")
def test_ranges_may_be_open_polar_or_all_the_sky(client: TestClient) -> None:
    """Infinite limits leave a side open; a range may hold a pole or pass over the meridian."""
    everything = len(ask(client, MAXREC="1000").keys)

    assert ["pole/north_pole_r.fits"] == ask(client, POS="RANGE 0 360 89 +Inf").keys
    assert everything == len(ask(client, POS="RANGE -Inf +Inf -Inf +Inf").keys)
    assert everything == len(ask(client, POS="RANGE 0 360 -90 90").keys)
    assert ["meridian/ra_zero_g.fits"] == ask(client, POS="RANGE 359.9 0.1 11.9 12.1").keys
    assert ["meridian/ra_zero_g.fits"] == ask(client, POS="RANGE 355 5 -Inf 50").keys


@requirement("SIA2-2.1.1-06", "SIA2-3.2-01", "SIA2-3.2-03")
@pytest.mark.parametrize(
    "text",
    ["BOX 1 2 3 4", "CIRCLE 1 2", "POLYGON 1 2 3 4", "FOO", "", "10 20", "CIRCLE 1 2 3 4", "RANGE 1 2 3"],
)
def test_a_bad_shape_is_refused(client: TestClient, text: str) -> None:
    """The message names the parameter and what was expected."""
    refused_as_votable(client.get("/sia", params={"POS": text}), 400, "UsageFault", "expected")


def test_points_are_found_by_circles_of_any_size(client: TestClient) -> None:
    """Images that hold a point are found by a tiny circle; a large radius is as good as any."""
    assert M13 == set(ask(client, POS="CIRCLE 250.4226 36.4602 1e-9").keys)
    for radius in ("5", "90", "179.99", "180"):
        assert set(ask(client, POS=f"CIRCLE 250.4226 36.4602 {radius}").keys) >= M13
    assert 40 == len(ask(client, POS="CIRCLE 0 0 180").keys)


def test_many_positions_are_one_request(client: TestClient) -> None:
    """A list of positions finds every image near any of them, by GET or POST."""
    places = [f"CIRCLE {lon / 2} 36.4602 0.01" for lon in range(400, 600)]
    found = client.post("/sia", data={"POS": [*places, "CIRCLE 250.4226 36.4602 0.01"]})

    assert 200 == found.status_code
    assert found.text.count("<TR>") == len(M13)


@pytest.mark.parametrize("text", ["+Inf -Inf", "2 1", "abc", "1 2 3", "NaN", "", "1,2"])
@pytest.mark.parametrize("name", ["BAND", "TIME", "FOV", "SPATRES", "SPECRP", "EXPTIME", "TIMERES"])
def test_a_bad_interval_is_refused(client: TestClient, name: str, text: str) -> None:
    """An interval in the wrong order is an error, not an empty table."""
    refused_as_votable(client.get("/sia", params={name: text}), 400, "UsageFault", f"{name}=")
