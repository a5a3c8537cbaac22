"""Real files of thirty instruments through the service."""

from __future__ import annotations

import io
import tomllib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from astropy.io import fits
from conftest import REFERENCE
from lxml import etree
from starlette.testclient import TestClient

from soda_core import standards
from soda_core.services import Archive
from soda_core.settings import Settings
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = REFERENCE / "data" / "real"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the reference data is not here")


def entries() -> list[dict[str, Any]]:
    """Return what the index says of each file."""
    if not FOLDER.is_dir():
        return []
    return [e for e in tomllib.loads((FOLDER / "INDEX.toml").read_text("utf-8"))["file"] if "test" in e]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over the folder of real files."""
    database = tmp_path_factory.mktemp("real") / "inventory.sqlite"
    archive = Archive.open(
        Settings.for_folder(FOLDER).model_copy(update={"inventory": f"sqlite:///{database}"})
    )
    archive.refresh()
    with TestClient(application(archive), raise_server_exceptions=False) as client:
        yield client


# A float image with a BLANK card, as its archive published it.
@pytest.mark.filterwarnings("ignore:Invalid 'BLANK' keyword:astropy.io.fits.verify.VerifyWarning")
@pytest.mark.parametrize("entry", entries(), ids=lambda entry: str(entry["name"]))
def test_each_file_is_cut_or_refused_in_words(real: TestClient, entry: dict[str, Any]) -> None:
    """A file is cut where the index says so, else refused with a message; none ends in a failure."""
    circle = entry["test"].get("circle", [10.0, 20.0, 0.1])
    did = f"ivo://sodalite.local/real?{quote(entry['name'], safe='/~')}"

    answer = real.get("/sync", params={"ID": did, "CIRCLE": " ".join(map(str, circle))})

    if entry["test"]["expect"] == "cut":
        assert 200 == answer.status_code, answer.text
        assert any(hdu.header.get("NAXIS", 0) for hdu in fits.open(io.BytesIO(answer.content)))
    else:
        if "or cut" in entry["test"].get("detail", "") and answer.status_code == 204:
            return  # it is understood, and the default circle lies elsewhere
        assert answer.status_code in {400, 404}
        assert answer.text.startswith("UsageError: ")
        assert "Traceback" not in answer.text


def test_examples_work_with_files_nobody_prepared(real: TestClient) -> None:
    """Whatever lies in a folder, each example that is shown is answered with data."""
    root = etree.fromstring(real.get("/examples").content)
    blocks = [node for node in root.iter() if node.get("typeof") == "example"]
    paths = {
        endpoint.standard_id: endpoint.path
        for name in ("soda", "sia2", "datalink")
        for endpoint in standards.load(name).endpoints
    }
    requests = [
        (
            paths[next(str(node.text) for node in block.iter() if node.get("property") == "capability")],
            {str(pair[0].text): str(pair[1].text) for pair in block.iter() if pair.get("typeof") == "keyval"},
        )
        for block in blocks
    ]

    assert {"/sync", "/sia", "/links"} == {path for path, _ in requests}
    assert {200} == {real.get(path, params=asked).status_code for path, asked in requests}
