"""VOSI 1.1, 3.3: the tables behind the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answers import refused
from lxml import etree
from support import errors_of

from soda_core import standards

if TYPE_CHECKING:
    from starlette.testclient import TestClient

requirement = pytest.mark.requirement

TABLES = "{http://www.ivoa.net/xml/VOSITables/v1.0}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
OBSCORE = standards.load("obscore").columns


def root_of(client: TestClient, path: str) -> etree._Element:
    """Return the root of a document that obeys its schema."""
    answer = client.get(path)

    assert (200, "text/xml; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert [] == errors_of(answer)
    return etree.fromstring(answer.content)


@requirement("VOSI-3.3-01", "VOSI-3.3-02", "VOSI-3.3-04", "VOSI-3.3-11")
def test_all_tables_with_their_columns(client: TestClient) -> None:
    """A valid tableset: qualified root, unqualified children, the schema `ivoa` with `ivoa.obscore`."""
    root = root_of(client, "/tables")

    assert f"{TABLES}tableset" == root.tag
    assert ["ivoa"] == [name.text for name in root.iterfind("schema/name")]
    assert ["ivoa.obscore"] == [name.text for name in root.iterfind("schema/table/name")]
    assert len(OBSCORE) == len(root.findall("schema/table/column"))


@requirement("VOSI-3.3-06", "VOSI-3.3-07")
def test_little_is_told_where_little_is_asked(client: TestClient) -> None:
    """`detail=min` names the same tables without columns, `max` tells all; another word is refused."""
    least, most = (root_of(client, f"/tables?DETAIL={word}") for word in ("min", "max"))
    names = "schema/table/name"

    assert [name.text for name in most.iterfind(names)] == [name.text for name in least.iterfind(names)]
    assert [] == [*least.iter("column"), *least.iter("foreignKey")]
    assert len(OBSCORE) == len(list(most.iter("column")))
    refused(client.get("/tables?detail=some"), 400, "UsageError", "detail='some'")


@requirement("VOSI-3.3-03", "VOSI-3.3-08", "VOSI-3.3-09")
def test_each_table_has_a_document(client: TestClient) -> None:
    """What a tableset names is there under that name, in full."""
    for name in root_of(client, "/tables?detail=min").iterfind("schema/table/name"):
        root = root_of(client, f"/tables/{name.text}")

        assert f"{TABLES}table" == root.tag
        assert name.text == root.findtext("name")
        assert [column.name for column in OBSCORE] == [str(c.findtext("name")) for c in root.iter("column")]


@pytest.mark.parametrize("column", OBSCORE, ids=[column.name for column in OBSCORE])
def test_a_column_is_told_as_it_is_declared(client: TestClient, column: standards.Column) -> None:
    """Unit, UCD, utype, description and VOTable type of each column are those of ObsCore."""
    path = f"column[name='{column.name}']"
    (found,) = root_of(client, "/tables/ivoa.obscore").xpath(path)
    kind = found.find("dataType")

    for name in ("unit", "ucd", "utype", "description"):
        assert getattr(column, name) == found.findtext(name, ""), name
    assert ("vs:VOTableType", column.datatype) == (kind.get(XSI), kind.text)
    assert (column.arraysize, column.xtype) == (kind.get("arraysize", ""), kind.get("extendedType", ""))
    assert ("true" if column.std else "false") == found.get("std")


@requirement("VOSI-3.3-10")
@pytest.mark.parametrize("name", ["no.such_table", "IVOA.OBSCORE", "obscore", "ivoa.obscore/", "", "%00"])
def test_an_unknown_table_is_not_found(client: TestClient, name: str) -> None:
    """404 in words; names of tables count with their case."""
    refused(client.get(f"/tables/{name}"), 404, "UsageError", "there is no")


@requirement("VOSI-3.3-05", "VOSI-4-03", "DALI-2-09")
def test_tables_are_registered(client: TestClient) -> None:
    """Capabilities list the tables under the identifier of VOSI 1.1, once, with an address that answers."""
    root = etree.fromstring(client.get("/capabilities").content)
    found = root.xpath("capability[contains(@standardID, 'VOSI#tables')]")

    assert ["ivo://ivoa.net/std/VOSI#tables-1.1"] == [capability.get("standardID") for capability in found]
    assert "http://testserver/tables" == found[0].findtext("interface/accessURL")
    assert 200 == client.get("http://testserver/tables").status_code


@requirement("VOSI12-01")
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/tables", "/tables/ivoa.obscore", "/tables/mine"])
def test_nobody_makes_tables_here(client: TestClient, method: str, path: str) -> None:
    """Tables of users are refused as a method that is not allowed."""
    answer = client.request(method, path)

    refused(answer, 405, "UsageError", "Method Not Allowed")
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["allow"].split(", "))


@requirement("VOSI12-02")
def test_a_table_is_described_in_one_form(client: TestClient) -> None:
    """Who accepts VOTable only gets the VOSI document too, which is as legal."""
    answer = client.get("/tables/ivoa.obscore", headers={"Accept": "application/x-votable+xml"})

    assert f"{TABLES}table" == etree.fromstring(answer.content).tag
