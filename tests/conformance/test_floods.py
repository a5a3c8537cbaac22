"""Attempts on the machine behind the service, and floods: refused quickly, in the form of the standard."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import pytest
from answers import refused
from support import M13, get, opened

from soda_core import standards

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2
    from starlette.testclient import TestClient

SYNC = standards.load("soda").endpoint("sync")
USAGE, MULTI = "UsageError", "MultiValuedParamNotSupported"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def watched(*marks: str) -> Iterator[list[str]]:
    """Collect what the process opens or connects to, as far as one of *marks* is in it."""
    seen: list[str] = []
    active = True

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if active and event in {
            "open",
            "socket.connect",
            "socket.getaddrinfo",
            "os.listdir",
            "urllib.Request",
        }:
            text = f"{event} {arguments!r}"
            seen.extend([text] if any(mark in text for mark in marks) else [])

    sys.addaudithook(note)  # it cannot be taken away again, only silenced
    try:
        yield seen
    finally:
        active = False


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "file://{}",
        "../../../../../../../..{}",
        "ivo://sodalite.local/demo?../../../../../../../..{}",
        "ivo://sodalite.local/demo?{}",
        "ivo://sodalite.local/demo?real/../../../outside.fits",
        "{}[0]",
        "{}%00.fits",
    ],
)
def test_an_identifier_is_no_path(client: TestClient, tmp_path: Path, demo_folder: Path, form: str) -> None:
    """A path or a file address as ID, also one that escapes the folder, is unknown, and nothing is opened."""
    outside = tmp_path / "outside.fits"
    shutil.copy(demo_folder / "real/m13.fits", outside)

    with watched("outside.fits") as opened_files:
        answer = get(client, ID=form.format(outside))

    assert [] == opened_files
    assert 404 == answer.status_code
    assert answer.text.startswith("UsageError: ID=")


def test_the_watch_sees_an_open_file(tmp_path: Path) -> None:
    """The check above can fail."""
    outside = tmp_path / "outside.fits"

    with watched("outside.fits") as opened_files:
        outside.write_bytes(b"")

    assert opened_files


@pytest.mark.parametrize("name", ["ID", "RESPONSEFORMAT", "RUNID", "CIRCLE", "POS", "POL"])
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.fits", "https://archive.invalid/x.fits", "ftp://127.0.0.1:9/x"]
)
def test_no_parameter_makes_the_service_call_out(client: TestClient, name: str, url: str) -> None:
    """An address in any parameter is never followed."""
    with watched("127.0.0.1', 9", "archive.invalid", "x.fits") as calls:
        answer = client.get("/sync", params={"ID": M13} | {name: url})

    assert [] == calls
    assert {"ID": 404, "RUNID": 200}.get(name, 400) == answer.status_code


@pytest.mark.parametrize("parameter", SYNC.parameters)
@pytest.mark.parametrize(
    "text", ["x" * 10_000, "1 " * 5_000, "9" * 10_000, " " * 10_000, "\x00" * 10_000], ids=ascii
)
def test_a_long_value_is_answered_shortly(client: TestClient, parameter: str, text: str) -> None:
    """10 kB in any parameter give a refusal of a few words that names it; a RUNID may be long."""
    began = time.monotonic()
    answer = client.get("/sync", params={"ID": M13} | {parameter: text})

    assert time.monotonic() - began < 5
    if parameter == "RUNID" and answer.status_code == 200:
        return
    assert answer.status_code in {400, 404}
    refused(answer, answer.status_code, USAGE, parameter)


def test_a_polygon_of_many_vertices_is_cut(client: TestClient) -> None:
    """Hundreds of vertices are a polygon like any other."""
    angles = np.linspace(0, 2 * np.pi, 700, endpoint=False)
    vertices = " ".join(
        f"{250.4226 + 0.012 * np.cos(a):.6f} {36.4602 + 0.01 * np.sin(a):.6f}" for a in angles
    )

    answer = client.post("/sync", data={"ID": M13, "POLYGON": vertices})

    assert 200 == answer.status_code
    assert (300, 300) > opened(answer.content)[0].data.shape


REPEATED = [
    ("CIRCLE", "250.4226 36.4602 0.01"),
    ("ID", M13),
    ("POS", "RANGE 0 1 0 1"),
    ("RUNID", "x"),
    ("X", ""),
]


@pytest.mark.parametrize(("name", "value"), REPEATED)
def test_ten_thousand_parameters_are_too_many(client: TestClient, name: str, value: str) -> None:
    """A request of that many parameters is refused in either place, in the time of any other refusal."""
    body = urlencode([("ID", M13), *[(name, value)] * 10_000])
    began = time.monotonic()
    answers = (
        client.post("/sync", content=body, headers=FORM),
        client.get("/sync", params=[(name, "")] * 5_000),
    )

    assert time.monotonic() - began < 5
    for answer in answers:
        refused(answer, 400, USAGE, "1000")


@pytest.mark.parametrize(("name", "value"), REPEATED[:4])
def test_hundreds_of_repetitions_are_counted(client: TestClient, name: str, value: str) -> None:
    """Repetition of what has one value is named as such, however often."""
    answer = client.post("/sync", data={"ID": M13} | {name: [value] * 900})

    refused(answer, 400, MULTI, f"{name} was given 900 times")


@pytest.mark.parametrize("part", ["POL=I&", "a=&", "&", "ID=1&", "{}=&"])
def test_a_body_full_of_parameters_takes_no_time(client: TestClient, part: str) -> None:
    """A body of the largest size, full of the shortest parameters, does not hold the server up."""
    count = 990_000 // 7
    body = "".join(part.format(number) for number in range(count))[:990_000]
    began = time.monotonic()
    answer = client.post("/sync", content=body.encode(), headers=FORM)

    assert time.monotonic() - began < 10
    assert answer.status_code in {200, 400}


def test_a_huge_body_is_refused(client: TestClient) -> None:
    """A body above the limit of the deployment is refused, in either encoding, with 413."""
    refused(client.post("/sync", data={"ID": "x" * 2_000_000}), 413, USAGE, "more than 1000000 bytes")
    refused(
        client.post("/sync", files={"ID": (None, "x" * 2_000_000)}), 413, USAGE, "more than 1000000 bytes"
    )


def test_a_huge_body_is_refused_on_a_socket(http: httpx2.Client) -> None:
    """The refusal reaches the client also where the body does not come to its end."""
    answer = http.post("/sync", content=(b"ID=" + b"x" * 100_000 for _ in range(20)), headers=FORM)

    refused(answer, 413, USAGE, "more than 1000000 bytes")


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/fits", "x", "multipart/mixed; boundary=a"]
)
def test_a_body_of_another_kind_is_refused(client: TestClient, kind: str) -> None:
    """Parameters come in one of the two forms, nothing else."""
    answer = client.post("/sync", params={"ID": M13}, content=b"{}", headers={"Content-Type": kind})

    refused(answer, 400, USAGE, "expected application/x-www-form-urlencoded or multipart/form-data")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=abc", b"x"),
        ("multipart/form-data; boundary=abc", b"--abc\r\n"),
        ("multipart/form-data; boundary=abc", b"--abc\r\nContent-Disposition: form-data\r\n\r\n--abc--\r\n"),
        ("multipart/form-data; boundary=abc; charset=klingon",
         b'--abc\r\nContent-Disposition: form-data; name="ID"\r\n\r\nx\r\n--abc--\r\n'),
        ("multipart/form-data; boundary=abc",
         b'--abc\r\nContent-Disposition: form-data; name="ID"; filename="a"\r\n\r\nx\r\n--abc--\r\n'),
        ("application/x-www-form-urlencoded", b"\xff\xfe=\xff"),
        ("application/x-www-form-urlencoded", b"ID=%ZZ%"),
        ("application/x-www-form-urlencoded; charset=klingon", b"ID=%FF"),
    ],
)  # fmt: skip
def test_a_damaged_body_is_the_client_s_mistake(client: TestClient, kind: str, body: bytes) -> None:
    """A body that is not what it says is answered 4xx, whatever is wrong with it."""
    answer = client.post("/sync", params={"RUNID": "x"}, content=body, headers={"Content-Type": kind})

    assert answer.status_code in {400, 404}
    refused(answer, answer.status_code, USAGE, "")


@pytest.mark.parametrize(
    "query", ["ID=%FF%FE", "ID=%C0%AF", "ID=%", "ID=%ED%A0%80", "%FF=%FF&ID=x", "ID=x&CIRCLE=%FF"]
)
def test_percent_escapes_that_are_no_utf8(http: httpx2.Client, query: str) -> None:
    """Escapes that spell no text are an unknown identifier or a bad value."""
    answer = http.get(f"/sync?{query}")

    assert answer.status_code in {400, 404}
    refused(answer, answer.status_code, USAGE, "CIRCLE=" if "CIRCLE" in query else "ID=")


@pytest.mark.parametrize(
    "digits", ["\u0663 \u0664 \u0661", "1_0 2_0 1_0", "0x1 0x2 0x1", "1,5 2 1", "1\u00a02\u00a01", "1d0 2 1"]
)
def test_numbers_are_those_of_votable(client: TestClient, digits: str) -> None:
    """What Python would take for a number and VOTable does not is refused."""
    refused(get(client, ID=M13, CIRCLE=digits), 400, USAGE, "CIRCLE=")
