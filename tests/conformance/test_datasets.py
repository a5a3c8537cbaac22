"""Whole files by HTTP: what the inventory knows, byte for byte, in part, or not at all (RFC 9110)."""

from __future__ import annotations

import gzip
import os
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from answers import refused
from small import client_of, image, settings_of
from starlette.testclient import TestClient

from soda_core.inventory import Inventory
from soda_core.services import Archive
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2

requirement = pytest.mark.requirement

FILE = "/datasets/c/deep/a.fits"
SIZE = 5760


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image, one packed as a whole, one with an odd name, and what is no dataset."""
    base = tmp_path_factory.mktemp("files")
    folder = base / "sky"
    plain = image(folder / "deep" / "a.fits")
    (folder / "packed.fits.gz").write_bytes(gzip.compress(plain.read_bytes()))
    image(folder / 'odd "naïve" 50%#?.fits')
    (folder / "secret.txt").write_text("secret")
    (folder / ".hidden.fits").write_bytes(plain.read_bytes())
    (folder / "out.fits").symlink_to(image(base / "outside.fits"))
    return folder


@pytest.fixture(scope="module")
def files(folder: Path) -> Iterator[TestClient]:
    """A service over these files."""
    with client_of(settings_of(folder)) as client:
        yield client


@requirement("RETRIEVAL-8-01", "RETRIEVAL-8-02", "RETRIEVAL-9-01")
def test_a_file_comes_as_it_is(files: TestClient, folder: Path) -> None:
    """All bytes, with type, size, name, tag and time; HEAD has the same headers."""
    answer, head = files.get(FILE), files.head(FILE)
    path = folder / "deep" / "a.fits"

    assert (200, path.read_bytes()) == (answer.status_code, answer.content)
    assert ("application/fits", str(SIZE)) == (
        answer.headers["content-type"],
        answer.headers["content-length"],
    )
    assert 'attachment; filename="a.fits"' == answer.headers["content-disposition"]
    assert int(path.stat().st_mtime) == parsedate_to_datetime(answer.headers["last-modified"]).timestamp()
    assert "bytes" == answer.headers["accept-ranges"]
    assert (200, b"") == (head.status_code, head.content)
    assert dict(answer.headers) == dict(head.headers)


@requirement("RETRIEVAL-8-01")
def test_the_tag_changes_with_the_file(tmp_path: Path) -> None:
    """Other bytes of the same size under the same name have another strong tag."""
    path = image(tmp_path / "sky" / "a.fits", value=1)
    with client_of(settings_of(path.parent)) as client:
        before = client.get("/datasets/c/a.fits")
        stamp = path.stat().st_mtime_ns
        image(path, value=2)
        os.utime(path, ns=(stamp + 1, stamp + 1))
        after = client.get("/datasets/c/a.fits", headers={"If-None-Match": before.headers["etag"]})

    assert (200, path.read_bytes()) == (after.status_code, after.content)
    assert before.headers["etag"] != after.headers["etag"]
    assert after.headers["etag"].startswith('"')


@requirement("RETRIEVAL-8-03")
def test_a_packed_file_stays_packed(files: TestClient, folder: Path) -> None:
    """Its type is that of the packing, no Content-Encoding makes clients unpack it."""
    answer = files.get("/datasets/c/packed.fits.gz")

    assert (200, "application/gzip") == (answer.status_code, answer.headers["content-type"])
    assert "content-encoding" not in answer.headers
    assert (folder / "packed.fits.gz").read_bytes() == answer.content


@requirement("RETRIEVAL-14-01")
@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=2880-", 2880, SIZE),
        ("bytes=-10", SIZE - 10, SIZE),
        ("bytes=5000-99999", 5000, SIZE),
    ],
)
def test_a_range_is_that_part(files: TestClient, folder: Path, asked: str, start: int, stop: int) -> None:
    """206 with the bytes and where they stand in the whole; HEAD tells the same."""
    answer, head = files.get(FILE, headers={"Range": asked}), files.head(FILE, headers={"Range": asked})
    content = (folder / "deep" / "a.fits").read_bytes()

    assert (206, content[start:stop]) == (answer.status_code, answer.content)
    assert f"bytes {start}-{stop - 1}/{SIZE}" == answer.headers["content-range"]
    assert str(stop - start) == answer.headers["content-length"] == head.headers["content-length"]
    assert 206 == head.status_code


@requirement("RETRIEVAL-14-02")
def test_a_range_behind_the_end_is_refused(files: TestClient) -> None:
    """416 tells how many bytes there are."""
    answer = files.get(FILE, headers={"Range": f"bytes={SIZE}-"})

    refused(answer, 416, "UsageError", "behind the end")
    assert f"bytes */{SIZE}" == answer.headers["content-range"]


@requirement("RETRIEVAL-13-01", "RETRIEVAL-13-02")
def test_a_client_that_has_it_gets_nothing(files: TestClient) -> None:
    """304 without a body by tag or by time; the tag counts before the time, nonsense does not count."""
    known = files.get(FILE).headers
    tag, time = known["etag"], known["last-modified"]
    before = format_datetime(parsedate_to_datetime(time) - timedelta(seconds=1), usegmt=True)
    table = [
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": f'"x", W/{tag}'}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": time}, 200),
        ({"If-None-Match": tag, "If-Modified-Since": before}, 304),
        ({"If-Modified-Since": time}, 304),
        ({"If-Modified-Since": before}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": "Thu, 99 Foo 2020 00:00:00 GMT"}, 200),
    ]

    for headers, status in table:
        answer = files.get(FILE, headers=headers)
        assert status == answer.status_code, headers
        assert (tag, time) == (answer.headers["etag"], answer.headers["last-modified"])
        assert (SIZE if status == 200 else 0) == len(answer.content)


@requirement("RETRIEVAL-13-03")
def test_a_range_goes_on_only_in_the_same_file(files: TestClient) -> None:
    """If-Range holds the strong tag or the very time; with anything else the whole comes."""
    known = files.get(FILE).headers
    tag, time = known["etag"], known["last-modified"]
    later = format_datetime(parsedate_to_datetime(time) + timedelta(seconds=1), usegmt=True)

    for condition, status in [(tag, 206), (time, 206), (f"W/{tag}", 200), ('"x"', 200), (later, 200)]:
        answer = files.get(FILE, headers={"Range": "bytes=0-9", "If-Range": condition})
        assert status == answer.status_code, condition


def test_a_name_may_hold_anything(files: TestClient, folder: Path) -> None:
    """Blanks, quotes and signs of URLs in a name are escaped in the address and harmless in the header."""
    name = 'odd "naïve" 50%#?.fits'
    answer = files.get("/datasets/c/odd%20%22na%C3%AFve%22%2050%25%23%3F.fits")

    assert (200, (folder / name).read_bytes()) == (answer.status_code, answer.content)
    assert 'attachment; filename="odd _na_ve_ 50%#?.fits"' == answer.headers["content-disposition"]


@requirement("RETRIEVAL-15-01")
@pytest.mark.parametrize(
    "path",
    [
        "c/secret.txt",
        "c/.hidden.fits",
        "c/out.fits",
        "c/deep",
        "c/deep/",
        "c/",
        "c/DEEP/A.fits",
        "C/deep/a.fits",
        "d/deep/a.fits",
        "c//deep/a.fits",
        "c/deep//a.fits",
        "c/%2e%2e/outside.fits",
        "c/deep/%2e%2e/deep/a.fits",
        "c/..%2foutside.fits",
        "c/%2fetc%2fpasswd",
        "c/deep%5ca.fits",
        "%2e%2e/c/deep/a.fits",
        "c/deep/a.fits%00",
        "c/deep/a.fits%0a",
        "c/deep/%ff.fits",
    ],
)
def test_what_the_inventory_does_not_know_is_not_there(files: TestClient, path: str) -> None:
    """No spelling of an address leads to another file, and the refusal says no more than that."""
    answer = files.get(f"/datasets/{path}")

    refused(answer, 404, "NotFound", "no such")


@requirement("RETRIEVAL-15-01")
def test_a_file_that_went_is_not_found(tmp_path: Path) -> None:
    """A dataset whose file is gone is refused in words until it is looked for again."""
    path = image(tmp_path / "sky" / "a.fits")
    with client_of(settings_of(path.parent)) as client:
        path.unlink()
        answer = client.get("/datasets/c/a.fits")

    refused(answer, 404, "NotFound", "gone")


@requirement("RETRIEVAL-9-01", "RETRIEVAL-14-01")
def test_a_large_file_comes_over_a_socket(http: httpx2.Client, demo_folder: Path) -> None:
    """Every file of the archive arrives whole, its parts put together are the whole."""
    paths = sorted(path for path in demo_folder.rglob("*.fits*") if path.is_file())
    largest = max(paths, key=lambda path: path.stat().st_size)
    url = f"/datasets/{demo_folder.name}/{largest.relative_to(demo_folder).as_posix()}"
    half = largest.stat().st_size // 2
    spans = (f"bytes=0-{half - 1}", f"bytes={half}-")
    parts = [http.get(url, headers={"Range": span}).content for span in spans]

    assert largest.read_bytes() == http.get(url).content == b"".join(parts)
    refused(http.get(url.replace("/", "%252f")), 404, "UsageError", "Not Found")
    refused(http.get(f"/datasets/{demo_folder.name}/%252e%252e%2fx.fits"), 404, "NotFound", "no such")


def test_a_file_of_a_foreign_identifier_is_found_by_its_place(tmp_path: Path) -> None:
    """Links, cutouts and the file itself work, though the identifier is not made of collection and key."""
    settings = settings_of(image(tmp_path / "sky" / "sub" / "a b.fits").parents[1])
    foreign = "ivo://Other.example/things#17"
    with client_of(settings):
        pass
    inventory = Inventory(settings.inventory)
    (row,) = [dict(dataset.row) for dataset in inventory.datasets()]
    inventory.forget([row.pop("obs_publisher_did")])
    del row["number"]
    inventory.record([row | {"obs_publisher_did": foreign}])
    inventory.close()
    archive = Archive.open(settings)
    with TestClient(application(archive)) as client:
        links = client.get("/links", params={"ID": foreign.lower()})
        cutout = client.get("/sync", params={"ID": foreign, "CIRCLE": "10 20 0.02"})
        whole = client.get("/datasets/c/sub/a%20b.fits")
    archive.inventory.close()

    assert "/datasets/c/sub/a%20b.fits" in links.text
    assert (200, 200) == (cutout.status_code, whole.status_code)
