"""VOSI 1.1 and DALI 1.1: the resources every service has."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx2
import pytest
from lxml import etree
from small import client_of, settings_of
from support import M13, errors_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

requirement = pytest.mark.requirement

VOSI = "{http://www.ivoa.net/xml/VOSICapabilities/v1.0}"
AVAILABILITY = "{http://www.ivoa.net/xml/VOSIAvailability/v1.0}"
VOCABULARY = "http://www.ivoa.net/rdf/examples#"


@pytest.fixture(scope="module")
def capabilities(client: TestClient) -> etree._Element:
    """The capabilities document."""
    return etree.fromstring(client.get("/capabilities").content)


@pytest.fixture(scope="module")
def examples(client: TestClient) -> etree._Element:
    """The examples document."""
    return etree.fromstring(client.get("/examples").content)


@requirement("VOSI-2-01", "VOSI-2-04", "VOSI-2-05", "VOSI-3.1-05", "VOSI-3.2-05", "DALI-2-04")
@pytest.mark.parametrize("path", ["/capabilities", "/availability"])
def test_documents_are_valid_and_open_to_all(client: TestClient, path: str) -> None:
    """Anybody gets a schema-valid document as text/xml."""
    answer = client.get(path)

    assert 200 == answer.status_code
    assert "text/xml; charset=utf-8" == answer.headers["content-type"]
    assert [] == errors_of(answer)


@requirement("VOSI-2-03", "VOSI-3.1-07", "VOSI-3.1-08", "VOSI-4-08")
def test_reading_changes_nothing_and_tells_the_time_of_change(client: TestClient) -> None:
    """Two answers are the same, HEAD too; Last-Modified is an HTTP date."""
    first, second, head = (
        client.get("/capabilities"),
        client.get("/capabilities"),
        client.head("/capabilities"),
    )

    assert first.content == second.content
    assert parsedate_to_datetime(first.headers["last-modified"]).tzinfo is not None
    assert first.headers["last-modified"] == head.headers["last-modified"]
    assert b"" == head.content


@requirement("VOSI-3.1-01", "VOSI-3.1-02", "VOSI-3.1-03", "VOSI-2-07")
def test_the_root_is_qualified_and_its_children_are_not(capabilities: etree._Element) -> None:
    """`capabilities` stands in the namespace of VOSI, each `capability` in none, each standardID once."""
    identifiers = [child.get("standardID") for child in capabilities]

    assert f"{VOSI}capabilities" == capabilities.tag
    assert {"capability"} == {child.tag for child in capabilities}
    assert len(set(identifiers)) == len(identifiers)


@requirement(
    "VOSI-3.1-06", "VOSI-4-01", "VOSI-4-02", "VOSI-4-04", "VOSI-4-05", "VOSI-4-06", "DALI-2-07", "DALI-2-08"
)
def test_support_interfaces_are_listed_as_they_should_be(capabilities: etree._Element) -> None:
    """Full access URLs, ParamHTTP, no security method."""
    urls = list(capabilities.iterfind("capability/interface/accessURL"))
    types = {
        i.get("{http://www.w3.org/2001/XMLSchema-instance}type") for i in capabilities.iterfind("*/interface")
    }

    assert {"full"} == {url.get("use") for url in urls}
    assert {"vs:ParamHTTP"} == types
    assert [] == list(capabilities.iterfind("*/interface/securityMethod"))


@requirement(
    "DALI-2-01",
    "DALI-2-02",
    "DALI-2-03",
    "DALI-2-05",
    "DALI-2-06",
    "DALI-2.3-12",
    "VOSI-3.2-01",
    "VOSI-3.2-08",
)
def test_every_listed_address_answers_below_one_base(
    client: TestClient, capabilities: etree._Element
) -> None:
    """All endpoints are siblings, each answers 200, and nothing that answers is unlisted."""
    urls = [str(url.text) for url in capabilities.iterfind("capability/interface/accessURL")]

    assert {"http://testserver"} == {url.rpartition("/")[0] for url in urls}
    assert {200} == {client.get(url).status_code for url in urls}
    assert {"capabilities", "availability", "tables", "sia", "links", "sync", "async", "examples"} == {
        url.rpartition("/")[2] for url in urls
    }


@requirement("VOSI-3.2-02", "VOSI-3.2-03", "VOSI-3.2-04", "VOSI-3.2-06", "VOSI-3.2-09")
def test_availability_is_true_and_says_since_when(client: TestClient) -> None:
    """A service whose parts answer is available, since a moment that has passed."""
    answer = client.get("/availability")
    root = etree.fromstring(answer.content)

    assert f"{AVAILABILITY}availability" == root.tag
    assert "true" == root.findtext(f"{AVAILABILITY}available")
    assert (root.findtext(f"{AVAILABILITY}upSince") or "").endswith("Z")
    assert "no-store" == answer.headers["cache-control"]


@requirement("DALI-2.2-01", "DALI12-2-10", "DALI-3.1-01", "DALI-3.1-02", "DALI-3.2-01", "DALI-3.3-01")
def test_names_count_in_any_case_and_numbers_in_any_form(client: TestClient) -> None:
    """`iD`, `CiRcLe`, `1e-2` and `0.01` are understood alike in both forms of POST."""
    plain = client.get("/sync", params={"ID": M13, "CIRCLE": "250.4226 36.4602 0.01"})
    mixed = {"iD": M13, "CiRcLe": "2.504226e2 +36.4602 1E-2"}

    assert plain.content == client.get("/sync", params=mixed).content
    assert plain.content == client.post("/sync", data=mixed).content
    assert 400 == client.get("/sync", params={"ID": M13, "POS": "circel 1 2 3"}).status_code


@requirement("DALI-3.4-02", "DALI-3.4-03", "DALI-3.4-04", "DALI-3.4-05", "DALI-3.4-14")
@pytest.mark.parametrize(
    ("asked", "status", "media_type"),
    [
        ("fits", 200, "application/fits"),
        ("application/fits", 200, "application/fits"),
        ("image/fits", 200, "image/fits"),
        (" IMAGE/FITS ", 200, "image/fits"),
        ("image/fits; x=y", 400, "text/plain; charset=utf-8"),
        ("png", 200, "image/png"),
        ("image/png", 200, "image/png"),
        ("votable", 400, "text/plain; charset=utf-8"),
    ],
)
def test_a_format_is_given_as_asked_or_refused(
    client: TestClient, asked: str, status: int, media_type: str
) -> None:
    """RESPONSEFORMAT takes short forms and media types; what is not offered is an error."""
    answer = client.get("/sync", params={"ID": M13, "RESPONSEFORMAT": asked, "RUNID": "night-7"})

    assert status == answer.status_code
    assert media_type == answer.headers["content-type"]


@requirement("DALI-4.1-01", "DALI-4.1-02", "DALI-4.2-01", "DALI-4.2-02", "DALI-4.2-06")
def test_success_and_failure_are_told_by_status_and_type(client: TestClient) -> None:
    """A file has its length; a failure is text in the status of an error."""
    good, bad = (
        client.get("/sync", params={"ID": M13}),
        client.get("/sync", params={"ID": M13, "CIRCLE": "x"}),
    )

    assert str(len(good.content)) == good.headers["content-length"]
    assert (400, "text/plain; charset=utf-8") == (bad.status_code, bad.headers["content-type"])


@requirement("DALI-2.3-01", "DALI-2.3-02", "DALI-2.3-03", "DALI-2.3-04", "DALI-2.3-10", "DALI-2.3-11")
def test_the_examples_document_is_rdfa_in_xhtml(examples: etree._Element) -> None:
    """One element holds the vocabulary; no property stands beside a link."""
    vocabularies = [node.get("vocab") for node in examples.iter() if node.get("vocab")]
    linked = [
        node for node in examples.iter() if node.get("property") and (node.get("href") or node.get("src"))
    ]

    assert "{http://www.w3.org/1999/xhtml}html" == examples.tag
    assert [VOCABULARY] == vocabularies
    assert [] == linked


@requirement("DALI-2.3-05", "DALI-2.3-06", "DALI-2.3-07", "DALI-2.3-08")
def test_each_example_has_a_name_a_capability_and_parameters(examples: etree._Element) -> None:
    """Names are plain text, identifiers are unique, keys and values come in pairs."""
    blocks = [node for node in examples.iter() if node.get("typeof") == "example"]
    pairs = [node for node in examples.iter() if node.get("property") == "generic-parameter"]

    assert len(blocks) >= 5
    assert len(blocks) == len({block.get("id") for block in blocks})
    assert all(f"#{block.get('id')}" == block.get("resource") for block in blocks)
    for block in blocks:
        names = [node for node in block.iter() if node.get("property") == "name"]
        assert [0] == [len(node) for node in names]
        assert any(node.get("property") == "capability" for node in block.iter())
    for pair in pairs:
        assert "keyval" == pair.get("typeof")
        assert ["key", "value"] == [node.get("property") for node in pair.iter() if node is not pair]


SHOWN = {
    "ivo://ivoa.net/std/SODA#sync-1.0": (
        {"CIRCLE", "POS", "POLYGON", "BRECT", "BAND", "TIME", "POL"},
        "/sync",
    ),
    "ivo://ivoa.net/std/DataLink#links-1.1": ({"ID"}, "/links"),
    "ivo://ivoa.net/std/SIA#query-2.0": ({"POS", "BAND", "TIME"}, "/sia"),
}
"""By capability: what the examples show, and the address."""


def facts(block: etree._Element) -> tuple[str, dict[str, str]]:
    """Return the capability and the parameters of an example."""
    (capability,) = block.xpath(".//*[@property='capability']/text()")
    pairs = block.xpath(".//*[@typeof='keyval']")
    return str(capability), {str(pair[0].text): str(pair[1].text) for pair in pairs}


@requirement("SODA-2.3-01", "SODA-2.3-02")
def test_each_example_works_on_the_running_service(service: str) -> None:
    """Every request that the document shows is answered with data."""
    root = etree.fromstring(httpx2.get(f"{service}/examples").content)
    found = [facts(node) for node in root.iter() if node.get("typeof") == "example"]

    for name, (shown, path) in SHOWN.items():
        requests = [parameters for capability, parameters in found if capability == name]
        answers = [httpx2.get(f"{service}{path}", params=parameters) for parameters in requests]
        opening = (b"SIMPLE", b"\x1f\x8b") if path == "/sync" else b"<?xml"

        assert shown == {[*parameters][-1] for parameters in requests}
        assert {200} == {answer.status_code for answer in answers}
        assert all(answer.content.startswith(opening) for answer in answers)
        assert path == "/sync" or all(b"<TR>" in answer.content for answer in answers)

    assert SHOWN.keys() == {capability for capability, _ in found}


def test_each_service_has_a_query_that_gives_data(http: httpx2.Client) -> None:
    """Who watches over services finds in the capabilities what to ask: the answer has rows or pixels."""
    root = etree.fromstring(http.get("/capabilities").content)
    found = {
        str(c.get("standardID")): (c.findtext("interface/accessURL"), c.findtext("interface/testQueryString"))
        for c in root
        if c.find("interface/testQueryString") is not None
    }

    assert SHOWN.keys() == found.keys()
    for url, query in found.values():
        answer = http.get(f"{url}?{query}")
        assert 200 == answer.status_code
        assert answer.content.startswith(b"SIMPLE") or b"<TR>" in answer.content


def test_an_empty_archive_has_no_query_to_try(tmp_path: Path) -> None:
    """Nothing is shown that would give nothing."""
    (tmp_path / "sky").mkdir()
    with client_of(settings_of(tmp_path / "sky")) as client:
        before = client.get("/capabilities").content
        missing = client.get("/examples")

    assert b"SIA#query-2.0" in before
    assert b"testQueryString" not in before
    assert 404 == missing.status_code
