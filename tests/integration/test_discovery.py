"""The whole way of a client: from what the service lists to links, and from links to pixels."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx2
import numpy as np
import pytest
from astropy import units
from astropy.io import fits
from linked import MEDIA_TYPE, Linked
from pyvo.dal.adhoc import DatalinkResults
from pyvo.dal.sia2 import SIA2Results, SIA2Service
from support import CUBE, EXPOSURE, M13, TILE, opened

if TYPE_CHECKING:
    from pathlib import Path

# pyvo wonders at legal parts of capabilities: the list of parameters, GET beside POST.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pyvo.utils.xml.exceptions.UnknownElementWarning"),
    pytest.mark.filterwarnings("ignore::pyvo.io.vosi.exceptions.W17"),
]

KNOWN = [M13, CUBE, EXPOSURE, TILE]


def links(service: str, *dids: str) -> DatalinkResults:
    """Return the links of datasets as pyvo reads them."""
    query = "&".join(f"ID={quote(did, safe='')}" for did in dids)
    return DatalinkResults.from_result_url(f"{service}/links?{query}")


def pixels(folder: Path, did: str) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the first image of the file itself."""
    with fits.open(folder / did.rpartition("?")[2]) as hdus:
        return next(hdu.data.copy() for hdu in hdus if hdu.data is not None)


def first(stream: Any) -> Any:  # noqa: ANN401 - astropy is not typed
    """Return the first image of an answer."""
    return next(hdu.data for hdu in opened(stream.read()) if hdu.data is not None)


def middle(did: str, service: str) -> tuple[units.Quantity, ...]:
    """Return a circle a quarter as wide as the one that the descriptor calls the largest."""
    (row,) = links(service, did).iter_procs()
    (circle,) = (p for p in row.input_params if p.name == "CIRCLE")
    lon, lat, radius = (float(word) for word in circle.values.max)
    return lon * units.deg, lat * units.deg, radius / 4 * units.deg


@pytest.mark.parametrize("did", KNOWN)
def test_the_file_itself_comes_by_this(service: str, demo_folder: Path, did: str) -> None:
    """`#this` is the file byte for byte, for a client that knows DataLink alone."""
    (this,) = links(service, did).bysemantics("#this", include_narrower=False)
    answer = httpx2.get(this.access_url)

    assert (demo_folder / did.rpartition("?")[2]).read_bytes() == answer.content
    assert this.content_length == len(answer.content)


@pytest.mark.parametrize("did", KNOWN)
def test_the_first_service_of_one_dataset_cuts_it(service: str, demo_folder: Path, did: str) -> None:
    """`get_first_proc` and `process`: a part of the pixels of the file, values unchanged."""
    proc = links(service, did).get_first_proc()
    cut = first(proc.process(circle=middle(did, service)))
    whole = pixels(demo_folder, did)

    assert "#cutout" == proc.semantics
    assert whole.size > cut.size > 0
    assert _is_part(cut, whole)


def test_each_row_of_many_is_cut_by_its_own_dataset(service: str, demo_folder: Path) -> None:
    """`processed` looks at the first descriptor only, and yet each row gives its own pixels."""
    found = links(service, *KNOWN)
    rows = {row["ID"]: row for row in found.iter_procs()}
    shapes = {did: first(row.processed(circle=middle(did, service))).shape for did, row in rows.items()}

    assert KNOWN == list(rows)
    for did in KNOWN:
        own = first(links(service, did).get_first_proc().process(circle=middle(did, service)))
        assert own.shape == shapes[did]
        assert _is_part(first(rows[did].process(circle=middle(did, service))), pixels(demo_folder, did))


def test_the_limits_that_a_client_sees_can_be_sent_back(service: str) -> None:
    """BAND and POL as the descriptor gives them select channels and planes."""
    proc = links(service, CUBE).get_first_proc()
    offered = {parameter.name: parameter for parameter in proc.input_params}
    low, high = (float(end) for end in (offered["BAND"].values.min, offered["BAND"].values.max))
    states = [option[1] for option in offered["POL"].values.options]
    cut = first(proc.process(band=(low, (low + high) / 2), pol=states[-1]))

    assert ["I", "Q", "U", "V"] == states
    assert (1, 96, 96) == (cut.shape[0], *cut.shape[2:])
    assert 25 < cut.shape[1] < 40


def test_an_unknown_identifier_does_not_spoil_the_rest(service: str) -> None:
    """A client sees the fault of one identifier and the links of the others."""
    found = links(service, "ivo://no.such/x", M13)
    errors = [row.error_message for row in found if row.error_message]

    assert ["NotFoundFault: this service has no dataset of this identifier"] == errors
    assert M13 == found.get_first_proc()["ID"]


def _is_part(cut: Any, whole: Any) -> bool:  # noqa: ANN401 - astropy is not typed
    """Tell whether *cut* lies somewhere in *whole*, along its last two axes."""
    height, width = cut.shape[-2:]
    outer = whole.reshape(-1, *whole.shape[-2:])[0]
    inner = np.ascontiguousarray(cut.reshape(-1, height, width)[0])
    windows = np.lib.stride_tricks.sliding_window_view(outer, (height, width))
    corners = np.argwhere(windows[:, :, height // 2, width // 2] == inner[height // 2, width // 2])
    return any(np.array_equal(windows[y, x], inner, equal_nan=True) for y, x in corners)


@pytest.fixture(scope="module")
def images(service: str) -> SIA2Results:
    """What a search around the middle of the survey finds."""
    return SIA2Service(service).search(pos=(150.12, 2.2, 0.02))


def test_a_search_leads_to_links_and_to_pixels(images: SIA2Results, demo_folder: Path) -> None:
    """`search`, `iter_datalinks`, `get_first_proc`: each image that was found is cut, values unchanged."""
    cut: dict[str, Any] = {}
    for found in images.iter_datalinks():
        proc = found.get_first_proc()
        (circle,) = (p for p in proc.input_params if p.name == "CIRCLE")
        lon, lat, radius = (float(word) for word in circle.values.max)
        quarter = (lon, lat, radius / 4) * units.deg
        cut[proc["ID"]] = first(proc.process(circle=quarter))

    assert {row.obs_publisher_did for row in images} == cut.keys()
    assert {CUBE, TILE} < cut.keys()
    for did, pixels_of_it in cut.items():
        assert _is_part(pixels_of_it, pixels(demo_folder, did)), did


def test_a_row_is_cut_at_once(images: SIA2Results, demo_folder: Path) -> None:
    """`processed` goes straight to the cutouts, with the identifier of the row."""
    for row in images:
        circle = (row["s_ra"], row["s_dec"], row["s_fov"] / 8) * units.deg
        cut = first(row.processed(circle=tuple(circle)))

        assert _is_part(cut, pixels(demo_folder, row.obs_publisher_did)), row.obs_publisher_did


def test_rows_of_a_search_point_to_their_links(images: SIA2Results) -> None:
    """The address and its type are those by which clients know links, and give the links of that row."""
    for row in images:
        answer = httpx2.get(row.access_url)

        assert MEDIA_TYPE == row.access_format == answer.headers["content-type"]
        assert row.obs_publisher_did in {linked["ID"] for linked in Linked(answer).rows}


@pytest.mark.skipif(shutil.which("stilts") is None, reason="STILTS is not installed")
@pytest.mark.parametrize("dids", [(), (M13,), (M13, CUBE, "ivo://no.such/x", EXPOSURE)])
def test_the_linters_of_stilts_have_nothing_against_links(
    service: str, tmp_path: Path, dids: tuple[str, ...]
) -> None:
    """No error and no warning, of the document as a table and as links."""
    url = f"{service}/links?" + "&".join(f"ID={quote(did, safe='')}" for did in dids)
    document = tmp_path / "links.vot"
    document.write_bytes(httpx2.get(url).content)

    report = _stilts("datalinklint", f"votable={url}")
    assert "Totals: Errors: 0; Warnings: 0;" in report, report
    assert "" == _stilts("votlint", f"votable={document}").strip()


def _stilts(*words: str) -> str:
    """Return what a task prints; its exit status says nothing."""
    done = subprocess.run(["stilts", *words], capture_output=True, text=True, check=False, timeout=200)
    return done.stdout + done.stderr
