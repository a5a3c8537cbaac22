"""Bad and odd input, from what other services were seen to stumble over: each has one right answer here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np
import pytest
from answers import refused
from support import CENTRE, CUBE, M13, TILE, get, opened

if TYPE_CHECKING:
    import httpx2
    from starlette.testclient import TestClient

USAGE, MULTI = "UsageError", "MultiValuedParamNotSupported"
CIRCLE = "CIRCLE=250.4226 36.4602"
"""A circle about M13 that waits for its radius."""

REFUSED = [
    ("CIRCLE=NaN 36.4602 0.01", 400, USAGE, "CIRCLE='NaN 36.4602 0.01': expected three numbers"),
    ("CIRCLE=250.4226 nan 0.01", 400, USAGE, "CIRCLE='250.4226 nan 0.01': expected three numbers"),
    (f"{CIRCLE} NaN", 400, USAGE, "CIRCLE='250.4226 36.4602 NaN': expected three numbers"),
    (f"{CIRCLE} Inf", 400, USAGE, "radius in (0, 180]"),
    (f"{CIRCLE} -0.1", 400, USAGE, "radius in (0, 180]"),
    (f"{CIRCLE} 0", 400, USAGE, "radius in (0, 180]"),
    (f"{CIRCLE} 1e9", 400, USAGE, "radius in (0, 180]"),
    (f"{CIRCLE} 180.001", 400, USAGE, "radius in (0, 180]"),
    (f"{CIRCLE} 1e400", 400, USAGE, "CIRCLE='250.4226 36.4602 1e400'"),
    ("CIRCLE=250.4226 95 0.01", 400, USAGE, "dec in [-90, 90]"),
    ("CIRCLE=Inf 36 0.01", 400, USAGE, "CIRCLE='Inf 36 0.01'"),
    (f"{CIRCLE}", 400, USAGE, "CIRCLE='250.4226 36.4602': expected three numbers"),
    (f"{CIRCLE} 0.01 5", 400, USAGE, "CIRCLE='250.4226 36.4602 0.01 5': expected three numbers"),
    ("CIRCLE=M13 36.4602 0.01", 400, USAGE, "CIRCLE='M13 36.4602 0.01': expected three numbers"),
    ("CIRCLE=250.4226,36.4602,0.01", 400, USAGE, "CIRCLE='250.4226,36.4602,0.01'"),
    ("CIRCLE=", 400, USAGE, "CIRCLE='': expected three numbers"),
    ("CIRCLE=CIRCLE 250.4226 36.4602 0.01", 400, USAGE, "CIRCLE='CIRCLE 250.4226"),
    ("POLYGON=1 1 2 2", 400, USAGE, "POLYGON='1 1 2 2': expected at least three pairs"),
    ("POLYGON=1 1 2 2 3", 400, USAGE, "POLYGON='1 1 2 2 3': expected at least three pairs"),
    ("POLYGON=1 1 2 2 three 3", 400, USAGE, "POLYGON='1 1 2 2 three 3'"),
    ("POLYGON=250 36 250 36 250 36", 400, USAGE, "POLYGON='250 36 250 36 250 36'"),
    ("POLYGON=1 1 2 2 3 95", 400, USAGE, "dec in [-90, 90]"),
    (
        "POS=HEXAGON 1 2 3",
        400,
        USAGE,
        "POS='HEXAGON 1 2 3': expected a shape (CIRCLE, RANGE, POLYGON, BRECT)",
    ),
    ("POS=CIRCLE 1 2", 400, USAGE, "POS=CIRCLE='1 2': expected three numbers"),
    ("POS=10 20", 400, USAGE, "POS='10 20': expected a shape"),
    ("POS=", 400, USAGE, "POS='': expected a shape"),
    ("POS=RANGE NaN 2 3 4", 400, USAGE, "POS=RANGE='NaN 2 3 4': expected four numbers"),
    ("POS=RANGE 1 2 4 3", 400, USAGE, "POS=RANGE='1 2 4 3'"),
    ("BAND=NaN NaN", 400, USAGE, "BAND='NaN NaN': expected two numbers"),
    ("BAND=2 1", 400, USAGE, "BAND='2 1': expected two numbers: low high, low ≤ high"),
    ("BAND=1 2 3", 400, USAGE, "BAND='1 2 3'"),
    ("BAND=+Inf 1", 400, USAGE, "BAND='+Inf 1'"),
    ("BAND=red", 400, USAGE, "BAND='red'"),
    ("TIME=2024-01-01 2024-02-01", 400, USAGE, "TIME='2024-01-01 2024-02-01'"),
    ("POL=Z", 400, USAGE, "POL='Z': expected one of I Q U V"),
    ("POL=I/Q", 400, USAGE, "POL='I/Q'"),
    ("BAND=5e-7 6e-7", 400, USAGE, "BAND: this dataset has no spectral axis"),
    ("TIME=55000 55001", 400, USAGE, "TIME: this dataset has no time axis"),
    ("POL=I", 400, USAGE, "POL: this dataset has no polarisation axis"),
    (f"{CIRCLE} 0.01&CIRCLE=1 2 3", 400, MULTI, "CIRCLE was given 2 times"),
    (f"{CIRCLE} 0.01&circle=1 2 3&Circle=1 2 3", 400, MULTI, "CIRCLE was given 3 times"),
    (f"ID={M13}", 400, MULTI, "ID was given 2 times"),
    (f"id={CUBE}", 400, MULTI, "ID was given 2 times"),
    ("RUNID=a&RUNID=b", 400, MULTI, "RUNID was given 2 times"),
    ("RESPONSEFORMAT=fits&responseformat=png", 400, MULTI, "RESPONSEFORMAT was given 2 times"),
    (
        "RESPONSEFORMAT=application/x-no-such",
        400,
        USAGE,
        "RESPONSEFORMAT='application/x-no-such': expected one of",
    ),
    (
        "RESPONSEFORMAT=votable/td",
        400,
        USAGE,
        "RESPONSEFORMAT='votable/td': expected one of application/fits",
    ),
    ("RESPONSEFORMAT=", 400, USAGE, "RESPONSEFORMAT=''"),
    ("CIRCEL=1 2 3", 400, USAGE, "unknown parameter 'CIRCEL'; did you mean 'CIRCLE'?"),
    ("polygone=1 2 3", 400, USAGE, "unknown parameter 'polygone'; did you mean 'POLYGON'?"),
    (" CIRCLE=1 2 3", 400, USAGE, "unknown parameter ' CIRCLE'; did you mean 'CIRCLE'?"),
    ("BANDS=1 2", 400, USAGE, "unknown parameter 'BANDS'; did you mean 'BAND'?"),
]
"""Query after a good ID, status, label, words of the message."""

IDENTIFIERS = [
    ("", 400, "ID='': expected an identifier"),
    ("ivo://other.example/data?x", 404, "ID='ivo://other.example/data?x': this service has no such dataset"),
    ("ivo://sodalite.local/demo?no/such.fits", 404, "this service has no such dataset"),
    ("ivo://sodalite.local/demo", 404, "this service has no such dataset"),
    ("real/m13.fits", 404, "this service has no such dataset"),
    ("%", 404, "ID='%'"),
    ("' OR 1=1 --", 404, 'ID="\' OR 1=1 --"'),
    ("{{7*7}}", 404, "ID='{{7*7}}'"),
    ("<script>alert(1)</script>", 404, "ID='<script>"),
    ("ivo://sodalite.local/demo?real/m13.fits\x00", 400, "ID='ivo://sodalite.local/demo?real/m13.fits\\x00'"),
    ("m13\r\nSet-Cookie: a=b", 400, "ID='m13\\r\\nSet-Cookie: a=b'"),
    ("x" * 10_000, 404, "ID='xxxx"),
    ("é" * 5_000, 404, "ID='éééé"),
    ("\u202eivo", 400, "ID='\\u202eivo'"),
]
"""Identifier, status, words of the message."""


@pytest.mark.parametrize(("query", "status", "label", "words"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_wrong_request_is_refused_in_words(
    client: TestClient, query: str, status: int, label: str, words: str
) -> None:
    """What cannot be meant is refused with the label of the standard; the text names parameter and value."""
    refused(client.get(f"/sync?ID={quote(M13)}&{quote(query, safe='=&')}"), status, label, words)


@pytest.mark.parametrize(("did", "status", "words"), IDENTIFIERS, ids=lambda value: ascii(value)[:30])
def test_an_identifier_that_names_nothing(client: TestClient, did: str, status: int, words: str) -> None:
    """An identifier is looked up and nothing else: 404 where it names no dataset, 400 where it is none."""
    refused(get(client, ID=did), status, USAGE, words)


@pytest.mark.parametrize("query", ["CIRCLE=250.4226+36.4602+0.01", "RESPONSEFORMAT=fits", "RUNID=x", "POL=I"])
def test_an_identifier_is_obligatory(client: TestClient, query: str) -> None:
    """A request with parameters but without ID is refused."""
    refused(client.get(f"/sync?{query}"), 400, USAGE, "ID is required")


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ("CIRCLE=250.4226 36.4602 90", (300, 300)),
        ("CIRCLE=250.4226 36.4602 180", (300, 300)),
        ("POS=RANGE -Inf +Inf -Inf +Inf", (300, 300)),
        ("POS=RANGE 0 360 -90 90", (300, 300)),
        ("POS=circle 250.4226 36.4602 90", (300, 300)),
        ("FREQUENCY=1420", (300, 300)),
        ("X=1&X=2&y=3", (300, 300)),
        ("RUNID=night-7", (300, 300)),
        ("RUNID=" + "x" * 64, (300, 300)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_request_that_restricts_nothing_gives_the_image(
    client: TestClient, query: str, shape: tuple[int, ...]
) -> None:
    """A region around all data, an open range, a name that nobody declares: the image is whole."""
    answer = client.get(f"/sync?ID={quote(M13)}&{quote(query, safe='=&')}")

    assert 200 == answer.status_code
    assert shape == opened(answer.content)[0].data.shape


@pytest.mark.parametrize(
    ("query", "channels"),
    [
        ("BAND=0 1", 64),
        ("BAND=-Inf 1", 64),
        ("BAND=0 +Inf", 64),
        ("BAND=-Inf +Inf", 64),
        ("BAND=0.21245", 1),
        ("BAND=0.21245 0.21245", 1),
        ("BAND=2.1245e-1", 1),
        ("BAND=0.2124 1", None),
    ],
)
def test_intervals_are_reduced_to_the_data(client: TestClient, query: str, channels: int | None) -> None:
    """An interval beyond the data, open or a single number is answered with the channels it has."""
    data = opened(client.get(f"/sync?ID={quote(CUBE)}&{quote(query, safe='=&')}").content)[0].data

    assert (4, 96, 96) == (data.shape[0], *data.shape[2:])
    if channels is None:
        assert 1 < data.shape[1] < 64
    else:
        assert channels == data.shape[1]


@pytest.mark.parametrize(
    ("did", "query"),
    [
        (M13, "CIRCLE=70.4226 -36.4602 0.02"),
        (M13, "POS=CIRCLE 70.4226 -36.4602 0.02"),
        (M13, "POS=RANGE 0 1 0 1"),
        (M13, "POLYGON=1 1 2 1 2 2"),
        (M13, "BRECT=10 20 0.1 0.1"),
        (M13, "CIRCLE=250.40 36.44 0.005&POLYGON=250.45 36.48 250.46 36.48 250.46 36.49"),
        (CUBE, "BAND=0.3 0.4"),
        (CUBE, "BAND=-Inf 0.2"),
        (CUBE, "POL=XX"),
        (TILE, "BAND=1e-7 2e-7"),
        (TILE, "TIME=50000 50001"),
    ],
)
def test_nothing_selected_is_nothing_sent(client: TestClient, did: str, query: str) -> None:
    """What lies outside of the data is no error: 204, no body, no media type."""
    answer = client.get(f"/sync?ID={quote(did)}&{quote(query, safe='=&')}")

    assert (204, b"") == (answer.status_code, answer.content)
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("turns", [-1, 1, 2])
def test_a_longitude_beyond_the_circle_wraps(client: TestClient, turns: int) -> None:
    """A right ascension of 510 is that of 150."""
    wrapped = get(client, ID=TILE, CIRCLE=f"{150 + 0.125 + 360 * turns} 2.2054 0.01")

    assert get(client, ID=TILE, CIRCLE="150.125 2.2054 0.01").content == wrapped.content


@pytest.mark.parametrize(
    "other",
    [
        {"POS": "RANGE 250.4226 360 -90 90"},
        {"POS": "CIRCLE 250.4426 36.4602 0.0165"},
        {"POLYGON": "250.4226 36.43 250.46 36.43 250.46 36.49 250.4226 36.49"},
    ],
    ids=str,
)
def test_regions_of_several_parameters_intersect(client: TestClient, other: dict[str, str]) -> None:
    """CIRCLE with POS or POLYGON selects what lies in both."""
    one = opened(get(client, ID=M13, CIRCLE=f"{CENTRE} 0.01").content)[0]
    both = opened(get(client, ID=M13, CIRCLE=f"{CENTRE} 0.01", **other).content)[0]
    columns = int(one.header["CRPIX1"] - both.header["CRPIX1"])
    rows = int(one.header["CRPIX2"] - both.header["CRPIX2"])

    assert 0.3 < both.data.size / one.data.size < 0.7
    inside = one.data[rows : rows + both.data.shape[0], columns : columns + both.data.shape[1]]
    np.testing.assert_array_equal(inside, both.data)


def test_options_tells_the_methods(client: TestClient) -> None:
    """OPTIONS is answered 204 with Allow."""
    answer = client.options("/sync")

    assert (204, b"") == (answer.status_code, answer.content)
    assert {"GET", "HEAD", "OPTIONS", "POST"} == set(answer.headers["allow"].split(", "))


def test_a_browser_may_ask_first(client: TestClient) -> None:
    """The preflight of a page elsewhere is granted."""
    headers = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sync", headers=headers)

    assert 200 == answer.status_code
    assert "*" == answer.headers["access-control-allow-origin"]
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_head_on_a_socket_ends(http: httpx2.Client) -> None:
    """HEAD of a cutout, of a refusal and of nothing ends, with the headers of GET and no body."""
    for parameters in (
        {"ID": M13, "CIRCLE": f"{CENTRE} 0.01"},
        {"ID": "none"},
        {"ID": M13, "CIRCLE": "1 1 1"},
    ):
        head, whole = http.head("/sync", params=parameters), http.get("/sync", params=parameters)

        assert (whole.status_code, b"") == (head.status_code, head.content)
        for name in ("content-length", "content-type", "content-disposition"):
            assert whole.headers.get(name) == head.headers.get(name)
