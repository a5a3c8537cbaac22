"""Failures become statuses and labelled text."""

from __future__ import annotations

import logging
import re
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest
from small import archive_of, client_of, engine_of, image, settings_of
from starlette.testclient import TestClient

from soda_core import dali, standards
from soda_core.cutout import CannotFilter, UnreadableFile
from soda_core.web import application
from soda_core.web.errors import BodyTooLarge, error_response, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BAD = dali.BadValue("POS", "x", "a shape")
TABLE = [
    (dali.UsageError("x"), 400, "UsageError"),
    (BAD, 400, "UsageError"),
    (CannotFilter("x"), 400, "UsageError"),
    (dali.UnsupportedFormat("x"), 400, "UsageError"),
    (dali.MultiValuedParamNotSupported("POS", 2), 400, "MultiValuedParamNotSupported"),
    (dali.NotFoundError("x"), 404, "UsageError"),
    (BodyTooLarge("x"), 413, "UsageError"),
    (dali.AuthenticationError("x"), 401, "AuthenticationError"),
    (dali.AuthorizationError("x"), 403, "AuthorizationError"),
    (dali.ServiceUnavailable("x"), 503, "ServiceUnavailable"),
    (UnreadableFile("x"), 500, "Error"),
    (dali.DaliError("x"), 500, "Error"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service over one image."""
    folder = tmp_path_factory.mktemp("errors") / "sky"
    image(folder / "a.fits")
    with client_of(settings_of(folder)) as made:
        yield made


def kinds_of(base: type[dali.DaliError]) -> Iterator[type[dali.DaliError]]:
    """Yield a class and all that derive from it."""
    yield base
    for kind in base.__subclasses__():
        yield from kinds_of(kind)


@pytest.mark.parametrize(("error", "status", "label"), TABLE, ids=[type(row[0]).__name__ for row in TABLE])
def test_status_and_label_of_soda(error: dali.DaliError, status: int, label: str) -> None:
    """Each error has a status, and opens with the label that SODA gives it."""
    response = error_response(error, standards.load("soda"))

    assert (status, f"{label}: {error}\n") == (response.status_code, bytes(response.body).decode())
    assert "text/plain; charset=utf-8" == response.headers["content-type"]


@pytest.mark.parametrize("kind", sorted(set(kinds_of(dali.DaliError)), key=attrgetter("__name__")))
def test_every_error_has_a_status(kind: type[dali.DaliError]) -> None:
    """No error that a client is told of lacks its status."""
    assert 400 <= status_of(kind.__new__(kind)) <= 503


@pytest.mark.parametrize("name", ["soda", "sia2", "datalink", "vosi", "dali"])
def test_labels_follow_the_standard_at_hand(name: str) -> None:
    """The same error opens with the label of the standard whose endpoint was asked."""
    labels = standards.load(name).labels
    body = bytes(error_response(BAD, standards.load(name)).body).decode()

    assert body.startswith(f"{labels.get('UsageError', 'UsageError')}: POS='x': expected a shape")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/sync/", 404),
        ("POST", "/capabilities", 405),
        ("DELETE", "/sync", 405),
        ("PUT", "/", 405),
    ],
)
def test_unknown_addresses_and_methods(client: TestClient, method: str, path: str, status: int) -> None:
    """What there is not, and what cannot be done, is told as text."""
    answer = client.request(method, path, follow_redirects=False)

    assert (status, "text/plain; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert answer.text.startswith("UsageError: ")


def test_an_unknown_failure_is_a_reference_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of the program is answered with a reference, under which the log has the traceback."""
    with archive_of(settings_of(image(tmp_path / "sky" / "a.fits").parent)) as archive:
        with engine_of(archive).begin() as connection:
            connection.exec_driver_sql("UPDATE dataset SET naxis = 'spoilt'")
        with (
            TestClient(application(archive), raise_server_exceptions=False) as client,
            caplog.at_level(logging.ERROR, "soda_core"),
        ):
            answer = client.get("/sync", params={"ID": "ivo://sodalite.local/c?a.fits"})

    found = re.fullmatch(r"Error: this service failed \(reference ([0-9a-f]{12})\)\n", answer.text)
    assert found
    assert 500 == answer.status_code
    assert [f"failure {found[1]}"] == [record.message for record in caplog.records]
    assert "spoilt" in caplog.text


@pytest.mark.parametrize("size", [1_000_001, 3_000_000])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_the_body_has_a_limit(client: TestClient, size: int, kind: str) -> None:
    """A body beyond the limit is refused with 413, whatever it is."""
    answer = client.post("/sync", content=b"--x\r\n" + b"x" * size, headers={"Content-Type": kind})

    assert (413, "UsageError: the body has more than 1000000 bytes\n") == (answer.status_code, answer.text)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "application/json"),
        (b"ID=x", "text/plain"),
        (b"", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="A"; filename="f"\r\n\r\nv\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="A"\r\n\r\nv\r\n--x',
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="A"\r\n\r\nv', "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form(client: TestClient, content: bytes, kind: str) -> None:
    """A body of another kind, or a broken one, is refused as a mistake of the client."""
    answer = client.post("/sync", content=content, headers={"Content-Type": kind})

    assert 400 == answer.status_code
    assert answer.text.startswith("UsageError: the body is ")
    assert 1 == answer.text.count("\n")


def test_any_page_may_read(client: TestClient) -> None:
    """Scripts of other sites may read answers and refusals."""
    origin = {"Origin": "https://portal.example"}
    answers = [client.get(path, headers=origin) for path in ("/capabilities", "/sync?ID=x", "/nowhere", "/")]
    asked = client.options("/sync", headers=origin | {"Access-Control-Request-Method": "POST"})

    assert ["*"] * 5 == [answer.headers["Access-Control-Allow-Origin"] for answer in (*answers, asked)]


def test_health(client: TestClient) -> None:
    """The process runs, and can serve."""
    assert ["ok\n"] * 2 == [client.get(path).text for path in ("/healthz", "/readyz")]
