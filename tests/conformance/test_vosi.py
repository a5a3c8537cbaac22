"""VOSI 1.1: methods, types of capabilities, and addresses as a client finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answers import refused
from lxml import etree
from starlette.testclient import TestClient

from soda_core.documents import schema_errors
from soda_core.services import Archive
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from soda_core.settings import Settings

requirement = pytest.mark.requirement

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
PUBLIC = "https://archive.example/vo/soda"
NAMES = ("capabilities", "availability", "tables", "sia", "links", "sync", "async", "examples")
RESOURCES = ["/capabilities", "/availability", "/examples", "/tables", "/tables/ivoa.obscore"]


@pytest.fixture(scope="module")
def published(settings: Settings) -> Iterator[TestClient]:
    """The service as it speaks behind a proxy, which has told it its public address."""
    archive = Archive.open(settings.model_copy(update={"base_url": f"{PUBLIC}/"}))
    archive.refresh()
    with TestClient(application(archive), raise_server_exceptions=False) as client:
        yield client


@requirement("VOSI-2-02")
@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_what_can_only_be_read_says_so(client: TestClient, method: str, path: str) -> None:
    """A method without meaning is 405, with those that have one in Allow."""
    answer = client.request(method, path)

    refused(answer, 405, "UsageError", "Method Not Allowed")
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["allow"].split(", "))


@requirement("VOSI-2-03", "VOSI-3.1-09")
@pytest.mark.parametrize("path", ["/sync", *RESOURCES])
def test_head_has_the_headers_of_get(client: TestClient, path: str) -> None:
    """HEAD is answered by every endpoint as GET is, less the body."""
    head, whole = client.head(path), client.get(path)

    assert (200, b"") == (head.status_code, head.content)
    assert dict(whole.headers) == dict(head.headers)
    assert len(whole.content) == int(head.headers["content-length"])


@requirement("VOSI-2-01", "VOSI-2-04")
@pytest.mark.parametrize("path", RESOURCES)
def test_parameters_that_nobody_declared_change_nothing(client: TestClient, path: str) -> None:
    """A query is no reason to refuse a document."""
    assert client.get(path).content == client.get(f"{path}?x=1&ID=&CIRCLE=nonsense").content


@requirement("VOSI-3.1-04")
def test_an_extension_without_its_type_is_invalid(client: TestClient) -> None:
    """No capability carries elements of a sub-type; the schema would tell if one did without xsi:type."""
    good = client.get("/capabilities").content
    bad = good.replace(b"</capability>", b"<language>ADQL</language></capability>", 1)

    assert {"standardID"} == {name for node in etree.fromstring(good) for name in node.attrib}
    assert [] == schema_errors(good)
    assert schema_errors(bad)


@requirement("VOSI-4-07")
def test_the_role_std_is_that_of_the_standard_interface(client: TestClient) -> None:
    """The role stands at {sync}, or at others as well, never another word."""
    root = etree.fromstring(client.get("/capabilities").content)

    assert {"std", None} >= {node.get("role") for node in root.iterfind("capability/interface")}


@requirement("VOSI-4-04", "DALI-2-02", "SODA-2.1-02")
def test_addresses_are_those_of_the_public(published: TestClient) -> None:
    """Behind a proxy every document names the address that is set, with one slash between base and name."""
    root = etree.fromstring(published.get("/capabilities").content)
    urls = {str(node.text) for node in root.iterfind("capability/interface/accessURL")}
    texts = [published.get(path).text for path in ("/sync", "/examples", "/openapi.json", "/")]

    assert {f"{PUBLIC}/{name}" for name in NAMES} == urls
    for text in texts:
        assert f"{PUBLIC}" in text
        assert "testserver" not in text
        assert f"{PUBLIC}//" not in text


@requirement("VOSI-2-01", "VOSI-3.1-07", "VOSI-4-08")
def test_a_client_finds_everything_from_the_address_of_sync(http: httpx2.Client) -> None:
    """The sibling of {sync} lists addresses which answer as they stand there, itself among them."""
    sync = str(http.get("/sync").url)
    root = etree.fromstring(http.get(f"{sync.rpartition('/')[0]}/capabilities").content)
    urls = {str(c.get("standardID")): str(c.findtext("interface/accessURL")) for c in root}
    own = etree.fromstring(http.get(urls["ivo://ivoa.net/std/VOSI#capabilities"]).content)

    assert sync == urls["ivo://ivoa.net/std/SODA#sync-1.0"]
    assert set(urls) == {c.get("standardID") for c in own}
    assert {200} == {http.get(url).status_code for url in urls.values()}


def test_an_unknown_address_is_not_found(client: TestClient) -> None:
    """What is no endpoint is 404, also where it nearly is one."""
    for path in (
        "/Async",
        "/tablesx",
        "/Sync",
        "/sync/x",
        "/capabilities.xml",
        "/%2e%2e/etc/passwd",
        "/links/x",
    ):
        refused(client.get(path), 404, "UsageError", "Not Found")
