"""The page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from small import client_of, did_of, image, settings_of

from soda_core import standards

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

TITLE = "<script>alert(1)</script> & Co"
NAME = '<b onclick="x">.fits'


@pytest.fixture
def page(tmp_path: Path) -> Any:  # noqa: ANN401 - lxml.html
    """The page of a service with an odd title and an odd file name, read as strictly as HTML5 can be."""
    folder = image(tmp_path / "sky" / "a.fits").parent
    image(folder / NAME)
    with client_of(settings_of(folder).model_copy(update={"title": TITLE})) as client:
        return _parsed(client)


def _parsed(client: TestClient) -> Any:  # noqa: ANN401 - lxml.html
    answer = client.get("/")
    assert (200, "text/html; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert answer.text.startswith("<!DOCTYPE html>")
    return html.document_fromstring(answer.content, parser=html.HTMLParser(recover=False))


def test_titles_and_names_are_text(page: Any) -> None:  # noqa: ANN401 - lxml.html
    """Nothing that a deployment or a file name says becomes markup."""
    assert [TITLE, TITLE] == [page.findtext("head/title"), page.findtext("body/h1")]
    assert 1 == len(page.xpath("//script"))
    assert [] == page.xpath("//b | //*[@onclick]")
    assert [NAME, "a.fits"] == page.xpath("//select[@name='ID']/option/text()")


def test_datasets_are_listed_with_links(page: Any) -> None:  # noqa: ANN401 - lxml.html
    """Each dataset is there with its identifier and a link to it."""
    link = "http://archive.example/soda/sync?ID=ivo%3A//sodalite.local/c%3Fa.fits"

    assert link in page.xpath("//td[@class='id']/a/@href")
    assert did_of("a.fits") in page.xpath("//td[@class='id']/a/text()")


def test_the_form_is_made_of_the_declaration(page: Any) -> None:  # noqa: ANN401 - lxml.html
    """The form has the fields that the endpoint takes, and sends them there."""
    soda = standards.load("soda")
    declared = [parameter.name for parameter in soda.parameters_of(soda.endpoint("sync"))]
    (form,) = page.xpath("//form")

    assert "http://archive.example/soda/sync" == form.get("action")
    assert {*declared} - {"RUNID"} == {*form.xpath(".//@name")}


def test_each_address_is_listed_once(page: Any) -> None:  # noqa: ANN401 - lxml.html
    """Also what two standards speak of, as they do of the list of jobs."""
    listed = page.xpath("//h2[.='Addresses']/following-sibling::table[1]//a/text()")

    assert {"/sync", "/async", "/sia", "/links", "/capabilities"} <= set(listed)
    assert len(set(listed)) == len(listed)


def test_an_empty_archive_has_a_page(tmp_path: Path) -> None:
    """Without datasets there is no form, and nothing to list."""
    (tmp_path / "sky").mkdir()
    with client_of(settings_of(tmp_path / "sky")) as client:
        page = _parsed(client)

    assert [] == page.xpath("//form | //figure")
    assert "from 0 datasets" in page.findtext("body/p")
