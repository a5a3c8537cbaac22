"""Cutouts over HTTP: parts, copies that clients have, overload, and clients that leave."""

from __future__ import annotations

import logging
import threading
import time
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx2
import numpy as np
import pytest
from astropy.io import fits
from small import archive_of, client_of, did_of, image, settings_of

from soda_core.cli.server import listen, running
from soda_core.cutout import Cutout
from soda_core.storage import FileReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

SMALL, LARGE = "10 20 0.05", "10 20 30"
"""Circles that give a cutout of one piece of memory, and one that is read while it is sent."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service over one image of 16 MB, of which no pixel is like another."""
    path = tmp_path_factory.mktemp("serving") / "sky" / "a.fits"
    header = fits.getheader(image(path, side=2000))
    fits.PrimaryHDU(np.arange(4_000_000, dtype=">f4").reshape(2000, 2000), header).writeto(
        path, overwrite=True
    )
    with client_of(settings_of(path.parent)) as made:
        yield made


def query(circle: str) -> dict[str, str]:
    """Return the parameters of a cutout."""
    return {"ID": did_of("a.fits"), "CIRCLE": circle}


@pytest.mark.parametrize("circle", [SMALL, LARGE, ""])
def test_parts_put_together_are_the_whole(client: TestClient, circle: str) -> None:
    """Ranges of a cutout, and of a whole file, are what stands there in the whole answer."""
    params = query(circle) if circle else {"ID": did_of("a.fits")}
    whole = client.get("/sync", params=params)
    size = len(whole.content)
    cuts = sorted({0, 1, 2879, 2880, 3000, size // 3, size // 2 + 1, size - 2881, size - 1, size})
    parts = [
        client.get(
            "/sync", params=params, headers={"Range": f"bytes={a}-{b - 1}", "If-Range": whole.headers["etag"]}
        )
        for a, b in pairwise(cuts)
    ]

    assert {206} == {part.status_code for part in parts}
    assert whole.content == b"".join(part.content for part in parts)
    assert f"bytes 0-0/{size}" == parts[0].headers["content-range"]
    assert "bytes" == whole.headers["accept-ranges"]


def test_a_part_reads_no_more_than_itself(client: TestClient) -> None:
    """The end of a large cutout costs the reading of that end."""
    whole = client.get("/sync", params=query(LARGE))
    end = client.get("/sync", params=query(LARGE), headers={"Range": "bytes=-1000000"})

    assert whole.content[-1_000_000:] == end.content
    assert int(whole.headers["sodalite-bytes-read"]) > 15_000_000


def test_a_range_behind_the_end(client: TestClient) -> None:
    """The answer says how long the cutout is (RFC 9110, 15.5.17), in the words of the standard."""
    answer = client.get("/sync", params=query(SMALL), headers={"Range": "bytes=99999999-"})

    assert 416 == answer.status_code
    assert answer.headers["content-range"].startswith("bytes */")
    assert answer.text.startswith("UsageError: the range lies behind the end")


@pytest.mark.parametrize("circle", [SMALL, LARGE])
def test_the_same_request_gives_the_same_bytes(client: TestClient, circle: str) -> None:
    """A cutout has a strong tag; who has it gets 304 and no body."""
    one, two = (client.get("/sync", params=query(circle)) for _ in range(2))
    tag = one.headers["etag"]
    again = client.get("/sync", params=query(circle), headers={"If-None-Match": f'"x", {tag}'})
    other = client.get("/sync", params=query("10 20 0.06"))

    assert (tag, one.content) == (two.headers["etag"], two.content)
    assert (304, b"", tag) == (again.status_code, again.content, again.headers["etag"])
    assert tag != other.headers["etag"]


def test_a_replaced_file_has_another_tag(tmp_path: Path) -> None:
    """Nobody is told that a copy is good when the file has changed."""
    path = image(tmp_path / "sky" / "a.fits")
    with client_of(settings_of(path.parent)) as client:
        before = client.get("/sync", params=query(SMALL))
        image(path, value=2.0)
        after = client.get("/sync", params=query(SMALL), headers={"If-None-Match": before.headers["etag"]})

    assert 200 == after.status_code
    assert before.headers["etag"] != after.headers["etag"]
    assert before.content != after.content


def test_reading_is_accounted_for(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """Bytes and calls of reading stand in the headers and in the log."""
    with caplog.at_level(logging.INFO, "soda_core.access"):
        answer = client.get("/sync", params=query(SMALL))
    read, calls = (int(answer.headers[f"sodalite-{word}"]) for word in ("bytes-read", "reads"))

    assert 0 < read < 100_000
    assert 0 < calls < 100
    assert f"200: {len(answer.content)} bytes, {read} read in {calls} calls" in caplog.text


def test_pages_of_other_sites_may_read_the_headers(client: TestClient) -> None:
    """A browser may ask for parts, and see what it got."""
    asked = {"Origin": "http://page.example", "Range": "bytes=0-2879"}
    part = client.get("/sync", params=query(SMALL), headers=asked)
    preflight = client.options(
        "/sync",
        headers={
            "Origin": "http://page.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match, range",
        },
    )

    assert "*" == part.headers["access-control-allow-origin"]
    assert {"ETag", "Content-Range"} <= {
        word.strip() for word in part.headers["access-control-expose-headers"].split(",")
    }
    assert 200 == preflight.status_code


class Gate:
    """Holds every reading of pixels back until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open, self.waiting = threading.Event(), threading.Semaphore(0)
        body = Cutout.chunks

        def held(cutout: Cutout, *, start: int = 0) -> Iterator[bytes | memoryview]:
            self.waiting.release()
            assert self.open.wait(60)
            yield from body(cutout, start=start)

        monkeypatch.setattr(Cutout, "chunks", held)
        monkeypatch.setattr(Cutout, "at_once", lambda _self: None)


def test_request_29_overload_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes when the queue is full gets 503 with Retry-After; the others are served."""
    folder = image(tmp_path / "sky" / "a.fits").parent
    settings = settings_of(folder).model_copy(update={"cutout_threads": 1, "cutout_queue": 2})
    gate = Gate(monkeypatch)
    answers: list[httpx2.Response] = []

    with archive_of(settings) as archive, running(archive, listen("127.0.0.1", 0)) as url:
        address = f"{url}/sync?ID={quote(did_of('a.fits'))}&CIRCLE={quote(SMALL)}"
        clients = [
            threading.Thread(target=lambda: answers.append(httpx2.get(address, timeout=60)))
            for _ in range(12)
        ]
        for thread in clients:
            thread.start()
        assert gate.waiting.acquire(timeout=30)
        deadline = time.monotonic() + 30
        while len(answers) < 8 and time.monotonic() < deadline:
            time.sleep(0.02)
        alive = httpx2.get(f"{url}/availability", timeout=30)
        gate.open.set()
        for thread in clients:
            thread.join(60)

    statuses = [answer.status_code for answer in answers]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert {200, 503} == set(statuses)
    assert len(refused) >= 6
    assert all(answer.text.startswith("ServiceUnavailable: ") for answer in refused)
    assert {"5"} == {answer.headers["retry-after"] for answer in refused}
    assert 200 == alive.status_code


def test_work_stops_when_the_client_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large cutout is read no further when nobody takes it any more."""
    folder = image(tmp_path / "sky" / "a.fits", side=6000).parent
    read: list[int] = []
    read_into = FileReader.read_into

    def counted(self: FileReader, run: object, target: memoryview, *more: object, **options: object) -> None:
        read.append(len(target))
        read_into(self, run, target, *more, **options)  # type: ignore[arg-type]  # passed on

    with archive_of(settings_of(folder)) as archive, running(archive, listen("127.0.0.1", 0)) as url:
        monkeypatch.setattr(FileReader, "read_into", counted)
        address = f"{url}/sync?ID={quote(did_of('a.fits'))}&CIRCLE={quote('10 20 80')}"
        with httpx2.stream("GET", address, timeout=60) as answer:
            next(answer.iter_raw(1000))
        time.sleep(1)
        after, size = sum(read), int(answer.headers["content-length"])
        time.sleep(1)

    assert size > 100_000_000
    assert sum(read) == after
    assert after < size / 2
