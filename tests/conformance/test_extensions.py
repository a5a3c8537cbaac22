"""The declared extensions of `/sync`: what they do over HTTP, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from answers import refused
from support import CENTRE, EXPOSURE, M13, get, opened

from soda_core import standards

if TYPE_CHECKING:
    from starlette.testclient import TestClient

CIRCLE = f"{CENTRE} 0.02"
NAMES = ("HDU", "PLANES", "MASK", "COMPRESS", "PROVENANCE", "CHECKSUM")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("endpoint", ["sync", "async"])
def test_extensions_are_declared_for_both_endpoints(name: str, endpoint: str) -> None:
    """What one endpoint takes, the other does."""
    soda = standards.load("soda")
    parameter = soda.parameters[name]

    assert name in soda.endpoint(endpoint).parameters
    assert parameter.is_extension
    assert parameter.examples


def test_a_mask_over_http(client: TestClient) -> None:
    """The corners of the box are blank."""
    hdu = opened(get(client, ID=M13, CIRCLE=CIRCLE, MASK="shape").content)[0]

    assert np.isnan(hdu.data[[0, 0, -1, -1], [0, -1, 0, -1]]).all()
    assert pytest.approx(np.pi / 4, abs=0.03) == np.isfinite(hdu.data).mean()


@pytest.mark.parametrize("word", ["rice", "gzip"])
def test_a_compressed_answer_over_http(client: TestClient, word: str) -> None:
    """Length and pixels are right, though the size is known only after the work."""
    answer = get(client, ID=M13, CIRCLE=CIRCLE, COMPRESS=word)
    plain = opened(get(client, ID=M13, CIRCLE=CIRCLE).content)[0]

    assert str(len(answer.content)) == answer.headers["content-length"]
    assert np.array_equal(plain.data, opened(answer.content)[1].data)


def test_parts_over_http(client: TestClient) -> None:
    """Several values of HDU are one choice; PLANES leaves away the tables."""
    everything = [hdu.name for hdu in opened(get(client, ID=EXPOSURE).content)]
    light = [hdu.name for hdu in opened(get(client, ID=EXPOSURE, PLANES="images").content)]
    two = [hdu.name for hdu in opened(get(client, ID=EXPOSURE, HDU=[everything[1].lower(), "2"]).content)]

    assert everything[:3] == two
    assert set(light) < set(everything)


def test_headers_over_http(client: TestClient) -> None:
    """Sums on request, no history on request."""
    header = opened(get(client, ID=M13, CIRCLE=CIRCLE, CHECKSUM="yes", PROVENANCE="none").content)[0].header
    usual = opened(get(client, ID=M13, CIRCLE=CIRCLE).content)[0].header

    assert "CHECKSUM" in header
    assert "CHECKSUM" not in usual
    assert "UUID" not in str(header.get("HISTORY", ""))
    assert "UUID" in str(usual["HISTORY"])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "mask without shape": ({"MASK": "shape"}, "there is no shape to mask by"),
    "masked tiles": ({"CIRCLE": CIRCLE, "MASK": "shape", "COMPRESS": "tiles"}, "cannot mask"),
    "no tiles": ({"CIRCLE": CIRCLE, "COMPRESS": "tiles"}, "no image here is kept in tiles"),
    "unknown HDU": ({"HDU": "SCI"}, "there is no such HDU; there are: 0 PRIMARY"),
    "empty HDU": ({"HDU": ""}, "HDU=''"),
    "unknown codec": ({"COMPRESS": "zip"}, "one of rice gzip tiles"),
    "unknown planes": ({"PLANES": "none"}, "one of all images"),
    "unknown answer": ({"CHECKSUM": "maybe"}, "one of yes no"),
}


@pytest.mark.parametrize(("parameters", "words"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_go_together_is_refused(
    client: TestClient, parameters: dict[str, Any], words: str
) -> None:
    """A 400 and one line that says why."""
    refused(get(client, ID=M13, **parameters), 400, "UsageError", words)


def test_a_picture_does_not_mind(client: TestClient) -> None:
    """A preview shows what is masked as transparent, however the pixels would have been compressed."""
    plain = get(client, ID=M13, CIRCLE=CIRCLE, RESPONSEFORMAT="png")
    masked = get(client, ID=M13, CIRCLE=CIRCLE, RESPONSEFORMAT="png", MASK="shape", COMPRESS="gzip")

    assert {"image/png"} == {answer.headers["content-type"] for answer in (plain, masked)}
    assert plain.content != masked.content
