"""DataLink 1.1, 2 and 3: the table of links."""

from __future__ import annotations

import tomllib
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from linked import MEDIA_TYPE, VOT, Linked, ask, fault
from lxml import etree
from small import archive_of, did_of, engine_of, image, settings_of
from sqlalchemy import update
from starlette.testclient import TestClient
from support import CUBE, EXPOSURE, M13, MERIDIAN, TILE

from soda_core import standards
from soda_core.inventory.tables import DATASET
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soda_core.services import Archive

requirement = pytest.mark.requirement

LINKS = standards.load("datalink")
UNKNOWN = "ivo://no.such/x"
TERMS = {"#this", "#preview", "#cutout"}
REFERENCE = Path(__file__).parents[3] / "shared" / "standards"


@pytest.fixture(scope="module")
def linked(client: TestClient) -> Linked:
    """The links of several datasets and of one that does not exist."""
    return ask(client, M13, CUBE, UNKNOWN, EXPOSURE)


def terms(name: str) -> set[str]:
    """Return the terms of a vocabulary of the reference data, as links write them."""
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip("the reference data are not here")
    return {f"#{entry['id']}" for entry in tomllib.loads(path.read_text("utf-8"))["term"]}


@requirement("DL-2-01", "DL-2.1-01", "DL-3.3-01")
def test_get_and_post_give_the_same(client: TestClient) -> None:
    """Both methods, names in any case, both forms of body."""
    got = client.get("/links", params={"ID": M13, "RESPONSEFORMAT": "votable"})
    posted = client.post("/links", data={"id": M13, "ResponseFormat": "votable"})
    parts = client.post("/links", files={"ID": (None, M13)})

    assert Linked(got).rows
    assert got.content == posted.content == parts.content


@requirement("DL-2.1.1-01", "DL-3.2-04", "DL-3.2.1-01")
def test_each_identifier_has_its_rows_together(client: TestClient) -> None:
    """Rows come in the order asked, once for each spelling, with the identifier as it was sent."""
    asked = [TILE, CUBE.upper(), M13, UNKNOWN, CUBE, M13]
    rows = ask(client, *asked).rows

    assert [TILE, CUBE.upper(), M13, UNKNOWN, CUBE] == [did for did, _ in groupby(row["ID"] for row in rows)]
    assert [3, 3, 3, 1, 3] == [len([*some]) for _, some in groupby(row["ID"] for row in rows)]


@requirement("DL-2.1.1-02", "DL-3.2-05")
def test_ten_thousand_identifiers_in_one_request(client: TestClient) -> None:
    """A POST of 10 000 is answered whole, every row in its place, known or not."""
    known = [M13, CUBE, TILE]
    asked = [*known, *(f"ivo://no.such/archive/with/a/long/name?{n:06}" for n in range(9997))]
    answer = Linked(client.post("/links", data={"ID": asked}))
    found = list(dict.fromkeys(row["ID"] for row in answer.rows))

    assert "OK" == answer.status
    assert asked == found
    assert 9997 == sum(row["error_message"].startswith("NotFoundFault: ") for row in answer.rows)


@requirement("DL-2.1.1-02")
def test_more_identifiers_than_are_taken_overflow(tmp_path: Path) -> None:
    """The first are answered, and the answer says that it is not all; a flood is refused."""
    settings = settings_of(image(tmp_path / "sky" / "a.fits").parent).model_copy(update={"max_ids": 3})
    asked = [did_of("a.fits"), *(f"{UNKNOWN}/{n}" for n in range(4))]
    with archive_of(settings) as archive, TestClient(application(archive)) as client:
        answer = ask(client, *asked)
        flood = client.get("/links", params={"ID": asked * 2})

    assert "OVERFLOW" == answer.status
    assert asked[:3] == list(dict.fromkeys(row["ID"] for row in answer.rows))
    fault(flood, "10 parameters: expected at most 6")


@requirement("DL-2.1.1-03")
@pytest.mark.parametrize(
    ("maxrec", "whole", "status"),
    [
        ("0", [], "OVERFLOW"),
        ("1", [], "OVERFLOW"),
        ("3", [M13] * 3, "OVERFLOW"),
        ("5", [M13] * 3, "OVERFLOW"),
        ("6", [M13] * 3 + [CUBE] * 3, "OK"),
        ("9", [M13] * 3 + [CUBE] * 3, "OK"),
    ],
)
def test_no_dataset_is_cut_off_within(client: TestClient, maxrec: str, whole: list[str], status: str) -> None:
    """MAXREC never is exceeded and never separates the rows of one identifier; OVERFLOW tells of the rest."""
    answer = ask(client, M13, CUBE, MAXREC=maxrec)

    assert (whole, status) == ([row["ID"] for row in answer.rows], answer.status)


@requirement("DL-2.1.1-04", "DL-2.1.1-05", "DL-4.4-02")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_identifier_is_an_empty_table(client: TestClient, method: str) -> None:
    """All columns, no rows, status OK, and what the endpoint takes."""
    answer = Linked(client.request(method, "/links"))

    assert ([], "OK") == (answer.rows, answer.status)
    assert [column.name for column in LINKS.columns] == answer.names
    assert 1 == len([s for s in answer.services.values() if s.get("utype") == "adhoc:this"])


@requirement("DL-2.1.2-01", "DL-2.1.2-02", "DL-3.3-02", "DL-3.3-03", "DL-3.3.1-02")
@pytest.mark.parametrize(
    "form",
    [
        None,
        "votable",
        "VOTable",
        "application/x-votable+xml",
        MEDIA_TYPE,
        "application/x-votable+xml; content=datalink",
        "application/x-votable+xml;serialization=tabledata",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html, text/xml", "application/xml"])
def test_the_standard_form_under_all_its_names(client: TestClient, form: str | None, accept: str) -> None:
    """TABLEDATA of exactly one media type, whatever the client would accept."""
    parameters = {"ID": M13} | ({"RESPONSEFORMAT": form} if form else {})
    answer = client.get("/links", params=parameters, headers={"Accept": accept})
    data = [node.tag for node in Linked(answer).results.iterfind(f".//{VOT}DATA/*")]

    assert MEDIA_TYPE == answer.headers["content-type"]
    assert [f"{VOT}TABLEDATA"] == data


@requirement("DL-2.1.2-03", "DL-3.3-02")
def test_other_forms(client: TestClient) -> None:
    """Plain XML is offered under its own type; what cannot be written is refused."""
    plain = client.get("/links", params={"ID": M13, "RESPONSEFORMAT": "text/xml"})

    assert "text/xml; charset=utf-8" == plain.headers["content-type"]
    assert Linked(plain).rows == ask(client, M13).rows
    for form in ("csv", "application/x-votable+xml;serialization=binary2", "x/y", ""):
        fault(client.get("/links", params={"RESPONSEFORMAT": form}), "RESPONSEFORMAT")


@requirement("DL-2.2-01", "DL-2.2-02")
def test_the_endpoint_is_registered(client: TestClient) -> None:
    """Capabilities list {links} as ParamHTTP with what it takes."""
    root = etree.fromstring(client.get("/capabilities").content)
    (found,) = root.xpath("capability[@standardID='ivo://ivoa.net/std/DataLink#links-1.1']/interface")

    assert "vs:ParamHTTP" == found.get("{http://www.w3.org/2001/XMLSchema-instance}type")
    assert "http://testserver/links" == found.findtext("accessURL")
    assert ["GET", "POST"] == sorted(str(node.text) for node in found.iterfind("queryType"))
    assert MEDIA_TYPE == found.findtext("resultType")
    assert ["ID", "RESPONSEFORMAT", "MAXREC"] == [str(node.text) for node in found.iterfind("param/name")]


@requirement("DL-3-01", "DL-3.3.1-01", "DL-3.3.1-03")
def test_the_results_open_with_status_and_standard(linked: Linked) -> None:
    """Both INFO stand in the results before the table, none within it."""
    head = [(node.tag, node.get("name"), node.get("value")) for node in linked.results][:2]

    assert f"{VOT}INFO" == head[0][0] == head[1][0]
    assert ("QUERY_STATUS", "OK") == head[0][1:]
    assert ("standardID", "ivo://ivoa.net/std/DataLink#links-1.1") == head[1][1:]
    assert f"{VOT}TABLE" == linked.results[2].tag
    assert [] == list(linked.results.iterfind(f"{VOT}TABLE/{VOT}INFO"))


@requirement("DL-3.2-01", "DL-3.2-06", "DL-3.2.8-01", "DL-3.2.10-01", "DL-3.2.12-01")
def test_the_columns_are_those_of_the_text(linked: Linked) -> None:
    """Names, UCDs, types and units as declared; all is text but the size and one truth value."""
    told = [
        tuple(f.get(k, "") for k in ("name", "datatype", "arraysize", "unit", "ucd")) for f in linked.fields
    ]
    others = {name: kind for name, kind, *_ in told if kind != "char"}

    assert [(c.name, c.datatype, c.arraysize, c.unit, c.ucd) for c in LINKS.columns] == told
    assert {"content_length": "long", "link_authorized": "boolean"} == others
    assert ["byte"] == [unit for *_, unit, _ in told if unit]


@requirement("DL-3.2-02", "DL-3.2-03", "DL-3.2.5-01", "DL-3.2.4-01")
def test_each_row_is_one_thing(linked: Linked) -> None:
    """A link, a service or an error; never without identifier, meaning and description."""
    for row in linked.rows:
        assert 1 == sum(bool(row[name]) for name in ("access_url", "service_def", "error_message"))
        assert row["ID"]
        assert row["semantics"]
        assert row["description"]


@requirement("DL-3.2-05", "DL-3.2.4-01", "DL-3.4-02")
def test_an_unknown_identifier_is_a_row(client: TestClient) -> None:
    """The answer is a success; its row says NotFoundFault of `#this`, and nothing else."""
    answer = ask(client, UNKNOWN)
    (row,) = answer.rows

    assert "OK" == answer.status
    assert "NotFoundFault: this service has no dataset of this identifier" == row["error_message"]
    assert (UNKNOWN, "#this") == (row["ID"], row["semantics"])
    assert {"ID", "semantics", "error_message", "description"} == {name for name in row if row[name]}
    assert {} == answer.services


@pytest.mark.parametrize("did", ["<b>&\"'", "ivo://x/ü?日本", "  blank  ", "x" * 5000, "]]>"])
def test_an_identifier_may_be_anything(client: TestClient, did: str) -> None:
    """What was sent comes back, escaped."""
    (row,) = ask(client, did).rows

    assert did == row["ID"]
    assert row["error_message"].startswith("NotFoundFault: ")
    assert len(row["error_message"]) < 200


@pytest.mark.parametrize("did", ["", "a\x00b", "a\nb", "a\ufffeb"])
def test_what_no_document_can_hold_is_refused(client: TestClient, did: str) -> None:
    """An empty identifier, or one with control characters, is a fault of the request."""
    fault(client.get("/links", params={"ID": [M13, did]}), "an identifier")


@requirement("DL-3.2.2-01", "DL-3.2.7-01", "DL-3.2.7-02")
def test_links_lead_to_what_they_tell(client: TestClient, linked: Linked) -> None:
    """Each address is absolute and answers with the type and size that are told; none leads to links."""
    looked = 0
    for row in linked.rows:
        if not row["access_url"]:
            continue
        answer = client.get(row["access_url"])
        looked += 1

        assert row["access_url"].startswith("http://testserver/")
        assert (200, row["content_type"]) == (answer.status_code, answer.headers["content-type"])
        assert row["content_type"] != MEDIA_TYPE
        if row["content_length"]:
            assert int(row["content_length"]) == len(answer.content)

    assert 6 == looked


def test_the_file_itself_is_this_and_its_size_is_told(linked: Linked, archive: Archive) -> None:
    """`#this` is the whole file; its size lets a client choose the cutout instead."""
    for did in (M13, CUBE, EXPOSURE):
        (row,) = (row for row in linked.of(did) if row["semantics"] == "#this")
        dataset = archive.dataset(did)

        assert archive.path(dataset).stat().st_size == int(row["content_length"])
        assert row["access_url"].endswith(f"/datasets/demo/{dataset.key}")


def test_the_preview_is_a_small_picture(client: TestClient) -> None:
    """`#preview` gives a PNG of the whole image, 1024 pixels a side at most."""
    (row,) = (row for row in ask(client, MERIDIAN).rows if row["semantics"] == "#preview")
    content = client.get(row["access_url"]).content
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))

    assert content.startswith(b"\x89PNG\r\n")
    assert 32 < width <= 1024
    assert 32 < height <= 1024


@requirement("DL-3.2.6-01", "DL-3.2.6-02")
def test_meanings_are_terms_of_the_core(linked: Linked) -> None:
    """Each is a hash and a term; a dataset has its file, a picture and its cutouts."""
    for did in (M13, CUBE, EXPOSURE):
        assert TERMS == {row["semantics"] for row in linked.of(did)}


@requirement("DL-3.2.6-03")
def test_meanings_are_in_the_vocabulary() -> None:
    """No term that is used is unknown."""
    assert set() == TERMS - terms("datalink-semantics.toml")


@requirement("DL-3.2.9-01")
def test_the_kind_of_product_is_told(linked: Linked) -> None:
    """An image is an image, a cube a cube, and the picture of a cube an image."""
    kinds = {
        did: [row["content_qualifier"] for row in linked.of(did)] for did in (M13, CUBE, EXPOSURE, UNKNOWN)
    }

    assert ["#image"] * 3 == kinds[M13] == kinds[EXPOSURE]
    assert ["#cube", "#image", "#cube"] == kinds[CUBE]
    assert [""] == kinds[UNKNOWN]


@requirement("DL-3.2.9-01")
def test_kinds_of_products_are_in_the_vocabulary() -> None:
    """What is written for them is known."""
    assert {"#image", "#cube"} <= terms("product-type.toml")


@requirement("DL-3.2.11-01", "DL-3.2.12-01")
@pytest.mark.parametrize(
    ("rights", "cells"),
    [
        (None, ("false", "true")),
        ("public", ("false", "true")),
        ("proprietary", ("true", "false")),
        ("secure", ("true", "false")),
    ],
)
def test_rights_are_told(tmp_path: Path, rights: str | None, cells: Sequence[str]) -> None:
    """Open data need no login; of others it is told that they do, and that nobody has leave."""
    settings = settings_of(image(tmp_path / "sky" / "a.fits").parent)
    with archive_of(settings) as archive, TestClient(application(archive)) as client:
        with engine_of(archive).begin() as connection:
            connection.execute(update(DATASET).values(data_rights=rights))
        rows = ask(client, did_of("a.fits")).rows

    assert {tuple(cells)} == {(row["link_auth"], row["link_authorized"]) for row in rows}


@requirement("DL-3.4-01", "DL-3.4-02")
def test_faults_of_a_request_have_the_label_of_the_standard(client: TestClient) -> None:
    """A wrong number and a repeated parameter are UsageFault, with the parameter named."""
    fault(client.get("/links?MAXREC=-1"), "MAXREC='-1'")
    fault(client.get("/links?MAXREC=1&maxrec=2"), "MAXREC")
    fault(client.get("/links?RESPONSEFORMAT=votable&RESPONSEFORMAT=votable"), "RESPONSE")


@requirement("DL-3.4-01")
def test_an_error_has_the_type_that_was_asked_for(client: TestClient) -> None:
    """A VOTable as application/x-votable+xml, or as plain XML for who asked for that."""
    table = client.get("/links?MAXREC=x")
    plain = client.get("/links?MAXREC=x&RESPONSEFORMAT=text/xml")

    assert "application/x-votable+xml" == table.headers["content-type"]
    assert "text/xml; charset=utf-8" == plain.headers["content-type"]
    fault(plain, "MAXREC='x'")


@requirement("DL-3.1-01")
def test_rows_of_a_search_lead_here(client: TestClient) -> None:
    """Their address is complete, and its type is written exactly as clients compare it."""
    found = Linked(client.get("/sia", params={"ID": [M13, CUBE]})).rows

    assert {M13, CUBE} == {row["obs_publisher_did"] for row in found}
    for row in found:
        assert MEDIA_TYPE == row["access_format"]
        assert Linked(client.get(row["access_url"])).of(row["obs_publisher_did"])
