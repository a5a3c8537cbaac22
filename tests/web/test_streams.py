"""Large answers: sent in pieces, whole or not at all, and nothing stays open behind them."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from small import archive_of, client_of, did_of, image, settings_of

from soda_core.cli.server import listen, running

if TYPE_CHECKING:
    from pathlib import Path

CIRCLE = "10 20 0.05"


def open_files(folder: Path) -> list[str]:
    """Return the files below *folder* that this process has open."""
    found = []
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names
        try:
            found.append(os.readlink(f"/proc/self/fd/{descriptor}"))  # noqa: PTH115 - may have gone
        except OSError:
            continue
    return [name for name in found if name.startswith(f"{folder}/")]


@pytest.mark.parametrize(
    "query", [{}, {"CIRCLE": CIRCLE}, {"CIRCLE": CIRCLE, "RESPONSEFORMAT": "png"}, {"CIRCLE": "200 0 1"}]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_one_descriptor_serves_all_requests(tmp_path: Path, method: str, query: dict[str, str]) -> None:
    """Whatever was asked and how often, a file is open once at most, for the next request."""
    folder = image(tmp_path / "sky" / "a.fits").parent
    with client_of(settings_of(folder)) as client:
        where = (
            {"data": {"ID": did_of("a.fits"), **query}}
            if method == "POST"
            else {"params": {"ID": did_of("a.fits"), **query}}
        )
        answers = [client.request(method, "/sync", **where) for _ in range(3)]  # type: ignore[arg-type]  # one of two

    assert {answer.status_code for answer in answers} <= {200, 204}
    assert len(open_files(folder)) <= 1


@pytest.mark.parametrize("query", [{}, {"CIRCLE": CIRCLE}, {"CIRCLE": CIRCLE, "RESPONSEFORMAT": "png"}])
def test_head_tells_what_get_would_say(tmp_path: Path, query: dict[str, str]) -> None:
    """HEAD has the headers of GET; only the size of a picture is known when it is drawn."""
    with client_of(settings_of(image(tmp_path / "sky" / "a.fits").parent)) as client:
        params = {"ID": did_of("a.fits"), **query}
        head, get = client.head("/sync", params=params), client.get("/sync", params=params)

    picture = "RESPONSEFORMAT" in query
    assert b"" == head.content
    assert dict(get.headers) == dict(head.headers) | (
        {"content-length": str(len(get.content))} if picture else {}
    )
    assert picture == ("content-length" not in head.headers)


def spoilt(path: Path) -> Path:
    """Write a compressed image, and spoil its pixels but not its headers."""
    import numpy as np  # noqa: PLC0415 - for this file alone
    from astropy.io import fits  # noqa: PLC0415 - for this file alone

    plain = fits.getheader(image(path))
    pixels = np.arange(4096, dtype=np.int32).reshape(64, 64)
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(pixels, plain, compression_type="GZIP_1")]).writeto(
        path, overwrite=True
    )
    with fits.open(path, disable_image_compression=True) as hdus:
        start = hdus[1].fileinfo()["datLoc"] + hdus[1].header["NAXIS1"] * hdus[1].header["NAXIS2"]
        size = hdus[1].header["PCOUNT"]
    content = bytearray(path.read_bytes())
    content[start : start + size] = b"\xff" * size
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("query", [{}, {"RESPONSEFORMAT": "png"}])
def test_damaged_pixels_are_an_error_and_no_torso(tmp_path: Path, query: dict[str, str]) -> None:
    """A cutout whose first pixels cannot be read is a failure from its status on; HEAD reads no pixels."""
    folder = spoilt(tmp_path / "sky" / "a.fits").parent
    with client_of(settings_of(folder)) as client:
        params = {"ID": did_of("a.fits"), "CIRCLE": CIRCLE, **query}
        head, get = client.head("/sync", params=params), client.get("/sync", params=params)

    assert (200, 500) == (head.status_code, get.status_code)
    assert "Error: the FITS file is damaged: its pixels cannot be read\n" == get.text
    assert len(open_files(folder)) <= 1


def test_a_file_that_went_since_the_scan(tmp_path: Path) -> None:
    """A dataset without its file is not found, in words without its place."""
    path = image(tmp_path / "sky" / "a.fits")
    with client_of(settings_of(path.parent)) as client:
        path.unlink()
        answer = client.get("/sync", params={"ID": did_of("a.fits")})

    assert 404 == answer.status_code
    assert f"UsageError: ID='{did_of('a.fits')}': the file of this dataset is gone\n" == answer.text


def test_a_file_that_changed_since_the_scan(tmp_path: Path) -> None:
    """A dataset whose file was replaced gives the new content."""
    path = image(tmp_path / "sky" / "a.fits")
    with client_of(settings_of(path.parent)) as client:
        image(path, side=40)
        answer = client.get("/sync", params={"ID": did_of("a.fits")})

    assert path.read_bytes() == answer.content


def test_a_client_that_leaves(tmp_path: Path) -> None:
    """Clients that go in the middle of a large answer leave no descriptor of their own open."""
    folder = image(tmp_path / "sky" / "a.fits", side=3000).parent
    with archive_of(settings_of(folder)) as archive, running(archive, listen("127.0.0.1", 0)) as url:
        host, port = url.removeprefix("http://").split(":")
        for query in ("", f"&CIRCLE={quote('10 20 30')}"):
            with socket.create_connection((host, int(port))) as client:
                request = f"GET /sync?ID={quote(did_of('a.fits'))}{query} HTTP/1.1\r\nHost: x\r\n\r\n"
                client.sendall(request.encode())
                assert b"HTTP/1.1 200 OK" == client.recv(15)
                assert open_files(folder)
            deadline = time.monotonic() + 20
            while len(open_files(folder)) > 1 and time.monotonic() < deadline:
                time.sleep(0.05)

            assert len(open_files(folder)) <= 1
