"""What an identifier may mean: a dataset that is known, one that is new, and never an address or a path."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import numpy as np
import pytest
from answers import refused
from astropy.io import fits
from small import client_of, did_of, image, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient


def test_request_24_a_file_that_is_not_loaded_yet(tmp_path: Path) -> None:
    """A file that came after the last look is a passing trouble, not an empty selection and not unknown."""
    folder = image(tmp_path / "sky" / "a.fits").parent
    (folder / "bad.fits").write_bytes(b"no FITS at all")
    with client_of(settings_of(folder)) as client:
        image(folder / "new field" / "b.fits")
        image(tmp_path / "outside.fits")
        (folder / "notes.txt").write_text("no data")
        answers = {
            key: client.get("/sync", params={"ID": did_of(key), "CIRCLE": "10 20 0.05"})
            for key in ("new%20field/b.fits", "never.fits", "bad.fits", "notes.txt", "../outside.fits")
        }

    new = answers.pop("new%20field/b.fits")
    refused(new, 503, "ServiceUnavailable", "this dataset is not loaded yet")
    assert "5" == new.headers["retry-after"]
    for answer in answers.values():
        refused(answer, 404, "UsageError", "this service has no such dataset")


@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "HTTP"])
def test_d21_an_address_in_an_identifier_is_never_opened(client: TestClient, scheme: str) -> None:
    """Whoever names a server as the source of data makes us connect nowhere."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.2)
        place = f"{scheme}://127.0.0.1:{other.getsockname()[1]}/a.fits"
        answer = client.get("/sync", params={"ID": place, "CIRCLE": "10 20 0.05"})
        with pytest.raises(TimeoutError):
            other.accept()

    refused(answer, 404, "UsageError", "this service has no such dataset")


@pytest.mark.parametrize("path", ["/etc/passwd", "file:///etc/passwd", "../../../etc/passwd"])
def test_d21_a_path_in_an_identifier_is_never_opened(client: TestClient, path: str) -> None:
    """Datasets are found through the inventory alone."""
    refused(client.get("/sync", params={"ID": path}), 404, "UsageError", "this service has no such dataset")


def test_request_25_a_stamp_costs_a_stamp(tmp_path: Path) -> None:
    """Of a plain image its rows are read, of a compressed one the tiles that hold it; never the file."""
    path = image(tmp_path / "sky" / "plain.fits", side=2000)
    header = fits.getheader(path)
    pixels = np.random.default_rng(1).integers(0, 1 << 20, (2000, 2000), dtype=np.int32)
    packed = fits.CompImageHDU(pixels, header, compression_type="RICE_1", tile_shape=(100, 100))
    fits.HDUList([fits.PrimaryHDU(), packed]).writeto(path.with_name("packed.fits"))
    with client_of(settings_of(path.parent)) as client:
        stamps = {
            key: client.get("/sync", params={"ID": did_of(key), "CIRCLE": "10 20 0.5"})
            for key in ("plain.fits", "packed.fits")
        }

    read = {key: int(stamp.headers["sodalite-bytes-read"]) for key, stamp in stamps.items()}
    assert {200} == {stamp.status_code for stamp in stamps.values()}
    assert read["plain.fits"] <= 64 * 64 * 4 * 2
    assert read["packed.fits"] <= path.with_name("packed.fits").stat().st_size / 50
