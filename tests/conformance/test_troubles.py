"""What the service says when something behind it fails: the truth, in the form of the standard."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from answers import refused
from lxml import etree
from small import engine_of
from starlette.testclient import TestClient

from soda_core.inventory import Inventory
from soda_core.services import Archive
from soda_core.settings import Collection, Settings
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx2 import Response

requirement = pytest.mark.requirement

AVAILABILITY = "{http://www.ivoa.net/xml/VOSIAvailability/v1.0}"
DID = "ivo://sodalite.local/small?a%2Bb%26c%23d.fits"
"""The identifier of a file whose name is full of signs that mean something in an address."""


class Small(NamedTuple):
    """A service over one file, and what is behind it."""

    client: TestClient
    file: Path
    archive: Archive


@pytest.fixture
def small(demo_folder: Path, tmp_path: Path) -> Iterator[Small]:
    """A service of its own, to be broken."""
    folder = tmp_path / "files"
    folder.mkdir()
    file = folder / "a+b&c#d.fits"
    shutil.copy(demo_folder / "real/m13.fits", file)
    settings = Settings(
        title="Small",
        collections=(Collection(name="small", folder=folder),),
        inventory=f"sqlite:///{tmp_path / 'small.sqlite'}",
    )
    archive = Archive.open(settings)
    archive.refresh()
    with TestClient(application(archive), raise_server_exceptions=False) as client:
        yield Small(client, file, archive)


def told(answer: Response) -> tuple[str | None, str | None]:
    """Return `available` and the first note of an availability document."""
    root = etree.fromstring(answer.content)
    return root.findtext(f"{AVAILABILITY}available"), root.findtext(f"{AVAILABILITY}note")


@requirement("SODA-3.2-01")
def test_an_identifier_with_signs_of_addresses_survives(small: Small) -> None:
    """`%2B`, `%26` and `%23` within an identifier are part of it, in the query and in both forms of body."""
    whole = small.file.read_bytes()

    assert whole == small.client.get("/sync", params={"ID": DID}).content
    assert whole == small.client.post("/sync", data={"ID": DID}).content
    assert whole == small.client.post("/sync", files={"ID": (None, DID)}).content
    refused(
        small.client.get(f"/sync?ID={DID}"), 404, "UsageError", "ID='ivo://sodalite.local/small?a+b&c#d.fits'"
    )


@requirement("VOSI-3.2-06")
def test_availability_is_false_without_the_files(small: Small) -> None:
    """A folder that has gone is told, and nothing of where it was."""
    assert ("true", "All parts of the service answer.") == told(small.client.get("/availability"))
    small.file.parent.rename(small.file.parent.with_name("elsewhere"))

    answer = small.client.get("/availability")

    assert 200 == answer.status_code
    assert ("false", "The storage of the collection small does not answer.") == told(answer)
    assert 503 == small.client.get("/readyz").status_code
    assert str(small.file.parent) not in answer.text


@requirement("SODA-5.2-03")
def test_a_file_that_has_gone_is_not_found(small: Small) -> None:
    """The dataset is in the inventory, its file is not there: 404."""
    small.file.unlink()

    for parameters in ({"ID": DID}, {"ID": DID, "CIRCLE": "250.4226 36.4602 0.01"}):
        answer = small.client.get("/sync", params=parameters)
        refused(answer, 404, "UsageError", f"ID='{DID}': the file of this dataset is gone")


@requirement("SODA-5.2-02", "DALI-4.2-01")
@pytest.mark.parametrize(
    "content", [b"", b"SIMPLE", b"no FITS at all " * 500, None], ids=["empty", "torso", "text", "half"]
)
def test_a_damaged_file_is_a_failure_of_the_service(small: Small, content: bytes | None) -> None:
    """A file that became unreadable is answered 500 with the label Error, before any byte of data."""
    whole = small.file.read_bytes()
    small.file.write_bytes(whole[:40_000] if content is None else content)

    answer = small.client.get("/sync", params={"ID": DID, "CIRCLE": "250.4226 36.4602 0.01"})

    refused(answer, 500, "Error", "")
    assert str(small.file.parent) not in answer.text


@requirement("VOSI-3.2-06", "SODA-5.2-02")
def test_an_inventory_that_is_away_is_a_passing_trouble(small: Small) -> None:
    """Without its database the service answers 503, and says so in its availability."""
    with engine_of(small.archive).begin() as connection:
        connection.exec_driver_sql("DROP TABLE dataset")

    answer = small.client.get("/sync", params={"ID": DID})

    refused(answer, 503, "ServiceUnavailable", "the inventory does not answer")
    assert int(answer.headers["retry-after"]) > 0
    assert ("false", "The inventory does not answer.") == told(small.client.get("/availability"))
    assert 503 == small.client.get("/readyz").status_code
    assert 200 == small.client.get("/healthz").status_code


@requirement("SODA-5.2-02", "DALI-4.2-01")
@pytest.mark.parametrize("path", ["/sync?ID=x", "/examples", "/"])
def test_a_failure_that_nobody_foresaw_tells_no_secret(
    small: Small, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """A mistake in the code is 500 with a reference, under which the log has the rest."""

    def fail(*_arguments: object) -> None:
        raise RuntimeError("the key is 0815")

    for name in ("dataset", "datasets"):
        monkeypatch.setattr(Inventory, name, fail)

    answer = small.client.get(path)

    found = re.fullmatch(r"Error: this service failed \(reference ([0-9a-f]{12})\)\n", answer.text)
    assert 500 == answer.status_code
    assert found
    assert found[1] in caplog.text
    assert "0815" in caplog.text


@requirement("DALI-2.3-01")
def test_without_datasets_there_are_no_examples(small: Small) -> None:
    """A service that has nothing to show answers 404, as DALI wants it."""
    small.file.unlink()
    small.archive.refresh()

    assert 404 == small.client.get("/examples").status_code
    assert 200 == small.client.get("/").status_code
