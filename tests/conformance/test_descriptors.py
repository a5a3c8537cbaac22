"""SODA 1.0, 4.2: what the descriptor of each dataset of the demo archive says is true."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree
from support import get, opened

from soda_core import standards
from soda_core.documents import descriptor, schema_errors, self_description, serialize
from soda_core.services import admissible_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient

    from soda_core.inventory import Dataset
    from soda_core.services import Archive

requirement = pytest.mark.requirement

SODA = standards.load("soda")
SYNC = SODA.endpoint("sync")
VOT = "{http://www.ivoa.net/xml/VOTable/v1.3}"
SHARE = ["real/", "radio/", "exposure/", "pole/", "meridian/", "survey/tile_11", "survey/tile_20_i"]
"""The datasets looked at: every kind, and some of the survey, whose tiles are alike."""


def datasets(archive: Archive) -> list[Dataset]:
    """Return the datasets to look at."""
    return [dataset for dataset in archive.datasets() if dataset.key.startswith(tuple(SHARE))]


def inputs_of(dataset: Dataset) -> Mapping[str, etree._Element]:
    """Return the input parameters of a dataset's descriptor, from the document that a client reads."""
    votable = self_description(SODA, SYNC, "http://testserver", standards.load("datalink"))
    made = descriptor(SODA, SYNC, "http://testserver", admissible=admissible_of(dataset))
    votable.items_1 = [votable.items_1[0], made]
    document = serialize(votable)
    assert [] == schema_errors(document, "votable-1.4")
    return {str(p.get("name")): p for p in etree.fromstring(document).iter(f"{VOT}PARAM") if _is_input(p)}


def _is_input(node: etree._Element) -> bool:
    parent = node.getparent()
    return parent is not None and parent.get("name") == "inputParams"


def limits(parameter: etree._Element) -> dict[str, str]:
    """Return MIN and MAX as they are written."""
    found = {end: parameter.find(f"{VOT}VALUES/{VOT}{end}") for end in ("MIN", "MAX")}
    return {end: str(node.get("value")) for end, node in found.items() if node is not None}


def shapes(content: bytes) -> list[Any]:
    """Return the sizes of all images of a file."""
    plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    return [hdu.data.shape for hdu in opened(plain) if hdu.is_image and hdu.data is not None]


@requirement("SODA-4.2-01", "SODA-4.2-08", "SODA-4-01")
def test_the_identifier_is_fixed_and_the_rest_is_free(archive: Archive) -> None:
    """ID carries the identifier of the dataset, the filters are empty and say what they can be."""
    for dataset in datasets(archive):
        inputs = inputs_of(dataset)

        assert dataset.did == inputs["ID"].get("value")
        assert {""} == {p.get("value") for name, p in inputs.items() if name != "ID"}
        assert set(limits(inputs["CIRCLE"])) == set(limits(inputs["POLYGON"])) == {"MAX"}
        assert {} == limits(inputs["POS"])


@requirement("SODA-4.2-04", "SODA-4.2-05", "SODA-4.2-07")
@pytest.mark.parametrize("name", ["CIRCLE", "POLYGON"])
def test_the_largest_region_covers_the_data(client: TestClient, archive: Archive, name: str) -> None:
    """Asking for MAX gives every pixel of every image, and half the circle does not."""
    for dataset in datasets(archive):
        largest = limits(inputs_of(dataset)[name])["MAX"]
        whole = shapes(get(client, ID=dataset.did).content)

        assert whole == shapes(get(client, ID=dataset.did, **{name: largest}).content), dataset.did
        if name == "CIRCLE":
            lon, lat, radius = largest.split()
            half = get(client, ID=dataset.did, CIRCLE=f"{lon} {lat} {float(radius) / 2!r}")
            assert whole != shapes(half.content), dataset.did


@requirement("SODA-4.2-02", "SODA-3.3-08", "SODA-3.3-09")
@pytest.mark.parametrize(("name", "least"), [("BAND", 8), ("TIME", 8)])
def test_limits_of_an_interval_are_two_numbers_that_select(
    client: TestClient, archive: Archive, name: str, least: int
) -> None:
    """MIN and MAX are one number each; asking for them gives data, asking beyond gives nothing."""
    looked = 0
    for dataset in datasets(archive):
        parameter = inputs_of(dataset).get(name)
        if parameter is None:
            continue
        low, high = (float(limits(parameter)[end]) for end in ("MIN", "MAX"))
        beyond = f"{high * 1.001 + 1!r} +Inf"
        looked += 1

        assert low <= high
        assert 200 == get(client, ID=dataset.did, **{name: f"{low!r} {high!r}"}).status_code, dataset.did
        assert 204 == get(client, ID=dataset.did, **{name: beyond}).status_code, dataset.did

    assert looked >= least


@requirement("SODA-4.2-03", "SODA-3.3-10")
def test_each_option_selects_and_no_other_state_does(client: TestClient, archive: Archive) -> None:
    """The OPTIONs of POL are states of the list, each gives one plane; another gives nothing."""
    (cube,) = (dataset for dataset in datasets(archive) if dataset.coverage.pol)
    options = [str(node.get("value")) for node in inputs_of(cube)["POL"].iter(f"{VOT}OPTION")]
    legal = SODA.parameters["POL"].values

    assert ["I", "Q", "U", "V"] == options
    for state in legal:
        answer = get(client, ID=cube.did, POL=state)
        assert (200 if state in options else 204) == answer.status_code
        if state in options:
            assert 1 == opened(answer.content)[0].data.shape[0]


@requirement("SODA-4-02")
def test_what_a_dataset_does_not_have_is_not_offered(client: TestClient, archive: Archive) -> None:
    """A filter that the dataset cannot answer is left out of its descriptor, and only such a filter."""
    tries = {"BAND": "1e-9 1e9", "TIME": "-1e9 1e9", "POL": "I"}
    for dataset in datasets(archive):
        offered = set(inputs_of(dataset)) & set(tries)
        taken = {
            name for name in tries if get(client, ID=dataset.did, **{name: tries[name]}).status_code != 400
        }

        assert taken == offered, dataset.did
