"""SIA 2.0, 3 and DALI 1.1, 4: what a table holds, in which form, and how a failure is told."""

from __future__ import annotations

import csv
import gzip
import io
import json
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from answers import refused
from astropy.io.votable import parse
from discovery import COLUMNS, SIA, Answer, V, ask, everything, refused_as_votable
from lxml import etree
from small import archive_of, client_of, engine_of, image, settings_of
from sqlalchemy import text
from starlette.testclient import TestClient

from soda_core import standards
from soda_core.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

requirement = pytest.mark.requirement

VOTABLE = "application/x-votable+xml"
LINKS = "application/x-votable+xml;content=datalink"
NS = {"v": V[1:-1]}


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over ten images, which answers three rows by default and five at most."""
    folder = tmp_path_factory.mktemp("ten") / "sky"
    for number in range(10):
        image(folder / f"{number}.fits", dec=number)
    settings = settings_of(folder).model_copy(update={"maxrec_default": 3, "maxrec_limit": 5})
    with client_of(settings) as client:
        yield client


@requirement("SIA2-3.1-01", "SIA2-3.1-03", "DALI-3.3-03", "DALI-3.3-04")
def test_columns_are_those_of_obscore(client: TestClient) -> None:
    """Every obligatory column is there, the others where they have a value; all as ObsCore declares them."""
    answer = ask(client)
    keys = ("name", "datatype", "arraysize", "xtype", "unit", "ucd", "utype")
    fields = [{key: field.get(key, "") for key in keys} for field in answer.results.iter(f"{V}FIELD")]

    assert [{key: getattr(COLUMNS[name], key) for key in keys} for name in answer.names] == fields
    obligatory = [name for name, column in COLUMNS.items() if column.mandatory]
    assert obligatory == answer.names[: len(obligatory)]
    others = answer.names[len(obligatory) :]
    assert others
    assert all(any(row[name] is not None for row in answer.rows) for name in others)


@requirement("SIA2-3.1-02")
def test_what_is_never_null_has_a_value(client: TestClient) -> None:
    """No cell is empty where ObsCore allows no null."""
    never = [name for name, column in COLUMNS.items() if column.not_null]

    assert ["calib_level", "obs_collection", "obs_id", "obs_publisher_did"] == sorted(never)
    assert [] == [row for row in everything(client) if any(row[name] is None for name in never)]


@requirement("SIA2-3.1-04", "SIA2-3.1-06", "DALI-4.4-01", "DALI-4.4-02", "DALI-4.4-03", "DALI-4.4-08")
def test_the_answer_is_a_votable_of_results(client: TestClient) -> None:
    """By default 200 and a VOTable of version 1.4, with one RESOURCE of results, its status and standard."""
    answer = ask(client, POS="CIRCLE 150.12 2.2 0.02", band="5e-7")

    assert VOTABLE == answer.response.headers["content-type"]
    assert "1.4" == answer.root.get("version")
    assert ["OK", "TABLE"] == answer.statuses
    echo = [("POS", "CIRCLE 150.12 2.2 0.02"), ("BAND", "5e-7")]
    assert [("standardID", "ivo://ivoa.net/std/SIA"), *echo] == answer.infos


@requirement("SIA2-2.1.18-01", "DALI-3.4-06", "DALI-3.4-07", "DALI-3.4-08", "DALI-4.4-05")
@pytest.mark.parametrize(
    ("asked", "count", "is_cut_off"), [("1", 1, True), ("39", 39, True), ("40", 40, False), ("41", 40, False)]
)
def test_as_many_rows_as_asked_for(client: TestClient, asked: str, count: int, is_cut_off: bool) -> None:  # noqa: FBT001 - a column of the table
    """OVERFLOW stands behind the table if there is one row more; a full page that is all is none."""
    answer = ask(client, MAXREC=asked)

    assert count == len(answer.rows)
    assert ["OK", "TABLE", *(["OVERFLOW"] if is_cut_off else [])] == answer.statuses


@requirement("DALI-3.4-10", "DALI12-4-10", "DALI-3.4-08")
def test_the_limits_of_the_service(ten: TestClient) -> None:
    """Without MAXREC the default holds, above the limit the limit; both are overflows if there is more."""
    for query, count in (({}, 3), ({"MAXREC": "4"}, 4), ({"MAXREC": "5"}, 5), ({"MAXREC": "999999999"}, 5)):
        answer = ask(ten, **query)
        assert (count, ["OK", "TABLE", "OVERFLOW"]) == (len(answer.rows), answer.statuses)
    exact = ask(ten, POS="RANGE 0 360 -1 4.5", MAXREC="6")
    assert (5, ["OK", "TABLE"]) == (len(exact.rows), exact.statuses)


@requirement("SIA2-2.1.18-02", "DALI-3.4-09")
def test_no_rows_but_all_that_is_known_of_them(client: TestClient) -> None:
    """MAXREC=0 answers the columns and descriptors of any other query, no row, and OVERFLOW."""
    empty, full = ask(client, MAXREC="0"), ask(client)

    assert ([], ["OVERFLOW", "TABLE"]) == (empty.rows, empty.statuses)
    assert full.names == empty.names
    described = [
        [etree.tostring(node) for node in a.root.iterfind(f"{V}RESOURCE")][1:] for a in (empty, full)
    ]
    assert 3 == len(described[0])
    assert described[0] == described[1]
    refused_as_votable(client.get("/sia?MAXREC=0&POS=x"), 400, "UsageFault", "POS")


@requirement("SIA2-2.1.18-01", "SIA2-3.2-05", "DALI-3.2-01")
@pytest.mark.parametrize(
    "query",
    ["MAXREC=-1", "MAXREC=x", "MAXREC=1.5", "MAXREC=", "MAXREC=1&MAXREC=2", "MAXREC=1&maxrec=1",
     "RESPONSEFORMAT=votable&RESPONSEFORMAT=votable", "RESPONSEFORMAT=votable&responseformat=csv"],
)  # fmt: skip
def test_a_single_value_is_single_and_sound(client: TestClient, query: str) -> None:
    """The message names the parameter."""
    refused_as_votable(client.get(f"/sia?{query}"), 400, "UsageFault", query.partition("=")[0])


def inputs(answer: Answer, number: int) -> dict[str, etree._Element]:
    """Return the input parameters of the descriptor with that *number* behind the results."""
    resource = answer.root.xpath("v:RESOURCE[@type='meta']", namespaces=NS)[number]
    return {str(p.get("name")): p for p in resource.iterfind(f"{V}GROUP[@name='inputParams']/{V}PARAM")}


@requirement("SIA2-2.1.20-01", "SIA2-3.1.2-01")
@pytest.mark.parametrize("query", [{"MAXREC": "0"}, {}, {"POS": "CIRCLE 0 0 1"}])
def test_each_answer_describes_the_service(client: TestClient, query: dict[str, str]) -> None:
    """All parameters are told, with the values that there are, and limits where they are numbers."""
    answer = ask(client, **query)
    (this,) = answer.root.xpath("v:RESOURCE[@utype='adhoc:this' and @name='this']", namespaces=NS)
    described = inputs(answer, 0)

    assert list(SIA.endpoint("query").parameters) == list(described)
    assert "http://testserver/sia" == this.find(f"{V}PARAM[@name='accessURL']").get("value")
    rows = everything(client)
    for name in ("COLLECTION", "FACILITY", "INSTRUMENT", "DPTYPE", "CALIB"):
        (column,) = SIA.parameters[name].obscore
        options = [str(node.get("value")) for node in described[name].iter(f"{V}OPTION")]
        assert sorted({str(row[column]) for row in rows if row[column] is not None}) == sorted(options)
    formats = [node.get("value") for node in described["FORMAT"].iter(f"{V}OPTION")]
    assert [LINKS, "application/fits", "application/gzip"] == formats
    for name, low, high in (("TIME", "t_min", "t_max"), ("FOV", "s_fov", "s_fov")):
        ends = [
            float(described[name].xpath(f"v:VALUES/v:{end}/@value", namespaces=NS)[0])
            for end in ("MIN", "MAX")
        ]
        assert [min(r[low] for r in rows if r[low]), max(r[high] for r in rows if r[high])] == ends


@requirement("SIA2-3.1.1-01", "SIA2-3.1.3-01")
def test_rows_lead_to_their_links(client: TestClient) -> None:
    """A descriptor refers to the column of identifiers; it and the address of the row give the same links."""
    answer = ask(client, TARGET="NGC 1316")
    (row,) = answer.rows
    (resource,) = answer.root.xpath(
        "v:RESOURCE[v:PARAM[@value='ivo://ivoa.net/std/DataLink#links-1.1']]", namespaces=NS
    )
    (field,) = answer.root.xpath(f"//v:FIELD[@ID='{inputs(answer, 1)['ID'].get('ref')}']", namespaces=NS)
    address = resource.find(f"{V}PARAM[@name='accessURL']").get("value")
    called, followed = (
        client.get(address, params={"ID": row[str(field.get("name"))]}),
        client.get(row["access_url"]),
    )

    assert (LINKS, LINKS) == (row["access_format"], followed.headers["content-type"])
    assert called.content == followed.content
    assert b"#this" in followed.content


@requirement("SIA2-3.1.1-02", "SODA-4.1-01")
def test_rows_lead_to_their_cutouts(client: TestClient) -> None:
    """The descriptor of SODA refers to the column of identifiers and is called for a row."""
    answer = ask(client, ID="ivo://sodalite.local/demo?real/m13.fits")
    (row,) = answer.rows
    (resource,) = answer.root.xpath(
        "v:RESOURCE[v:PARAM[@value='ivo://ivoa.net/std/SODA#sync-1.0']]", namespaces=NS
    )
    described = inputs(answer, 2)
    (field,) = answer.root.xpath(f"//v:FIELD[@ID='{described['ID'].get('ref')}']", namespaces=NS)
    address = resource.find(f"{V}PARAM[@name='accessURL']").get("value")
    query = {"ID": row[str(field.get("name"))], "CIRCLE": f"{row['s_ra']} {row['s_dec']} 0.01"}

    assert {"ID", "POS", "CIRCLE", "POLYGON", "BAND", "TIME", "POL"} <= set(described)
    assert b"SIMPLE  =" == client.get(address, params=query).content[:9]


@requirement("SIA2-3.1.3-02")
def test_a_row_that_leads_to_a_file_tells_its_type(client: TestClient) -> None:
    """The address gives what access_format says, the file as it lies in the archive."""
    for kind in ("application/fits", "application/gzip"):
        row = ask(client, FORMAT=kind).rows[0]
        answer = client.head(row["access_url"])
        assert (200, kind) == (answer.status_code, answer.headers["content-type"])


@requirement("SIA2-2-01", "SIA2-2-02", "SIA2-2-03", "SIA2-2-04", "DALI-2-01")
def test_capabilities_and_addresses_agree(client: TestClient) -> None:
    """The capability of SIA2 names the address that answers, a sibling of capabilities and availability."""
    root = etree.fromstring(client.get("/capabilities").content)
    (interface,) = root.xpath("capability[@standardID='ivo://ivoa.net/std/SIA#query-2.0']/interface")
    address = str(interface.findtext("accessURL"))
    base = address.rpartition("/")[0]

    kind = interface.get("{http://www.w3.org/2001/XMLSchema-instance}type")
    assert ("vs:ParamHTTP", "std", "2.0") == (kind, interface.get("role"), interface.get("version"))
    assert list(SIA.endpoint("query").parameters) == [
        str(p.findtext("name")) for p in interface.iter("param")
    ]
    for path in (address, f"{base}/capabilities", f"{base}/availability"):
        assert 200 == client.get(path).status_code


@requirement("SIA2-3.1-07", "DALI-3.4-02", "DALI-3.4-04", "DALI-3.4-05")
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("votable", VOTABLE),
        ("VOTable", VOTABLE),
        ("votable/td", VOTABLE),
        (VOTABLE, VOTABLE),
        ("text/xml", "text/xml; charset=utf-8"),
        (f"{VOTABLE};serialization=TABLEDATA", f"{VOTABLE};serialization=TABLEDATA"),
        (f"{VOTABLE}; serialization=binary2", f"{VOTABLE};serialization=BINARY2"),
        ("votable/b2", f"{VOTABLE};serialization=BINARY2"),
        ("csv", "text/csv; charset=utf-8"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_the_format_is_the_one_asked_for(client: TestClient, asked: str, answered: str) -> None:
    """A media type is answered as it was asked for, its parameters among it; other words by their type."""
    answer = client.get("/sia", params={"RESPONSEFORMAT": asked, "MAXREC": "3"})

    assert (200, answered) == (answer.status_code, answer.headers["content-type"])
    if "xml" in answered:
        assert ("BINARY2" in answered) == (b"<BINARY2>" in answer.content)
        assert 3 == len(parse(io.BytesIO(answer.content)).get_first_table().array)


@requirement("DALI-3.4-05")
def test_all_forms_hold_the_same_rows(client: TestClient) -> None:
    """BINARY2, CSV, TSV and JSON say what TABLEDATA says."""
    rows = everything(client)
    forms = {
        form: client.get(f"/sia?RESPONSEFORMAT={form}&MAXREC=1000")
        for form in ("csv", "tsv", "json", "votable/b2")
    }
    packed = parse(io.BytesIO(forms["votable/b2"].content)).get_first_table().to_table()
    objects = json.loads(forms["json"].content)
    names = list(rows[0])

    for form, dialect in (("csv", "excel"), ("tsv", "excel-tab")):
        found = csv.DictReader(io.StringIO(forms[form].text, newline=""), dialect=dialect)
        assert [row["obs_publisher_did"] for row in rows] == [row["obs_publisher_did"] for row in found]
    assert "OK" == objects["status"]
    for name in names:
        expected = [row[name] for row in rows]
        if name != "s_region":
            assert expected == [row[name] for row in objects["rows"]]
        if COLUMNS[name].datatype == "double" and name != "s_region":
            assert expected == [None if value is None else float(value) for value in packed[name].tolist()]


@requirement("DALI-3.4-05")
def test_parquet_where_it_can_be_written(client: TestClient) -> None:
    """The rows of a Parquet file are those of the table."""
    parquet = pytest.importorskip("pyarrow.parquet")
    answer = client.get("/sia?RESPONSEFORMAT=parquet")

    assert "application/vnd.apache.parquet" == answer.headers["content-type"]
    assert 40 == parquet.read_table(io.BytesIO(answer.content)).num_rows


@requirement("SIA2-3.1-07", "DALI-3.4-03", "SIA2-3.2-01")
@pytest.mark.parametrize("word", ["nonsense", "application/x-no-such-format", "fits", "", "votable/fits"])
def test_another_format_is_refused(client: TestClient, word: str) -> None:
    """The message names those that there are, in the default form of errors."""
    refused_as_votable(client.get("/sia", params={"RESPONSEFORMAT": word}), 400, "UsageFault", "tsv")


@requirement("SIA2-3.1-05", "DALI-4.1-02")
@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br;q=1, gzip;q=0.2", True),
        ("*", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("", False),
    ],
)
def test_headers_tell_the_truth(service: str, accepted: str, is_packed: bool) -> None:  # noqa: FBT001 - a column of the table
    """The body is packed for who accepts that, and the headers say so."""
    connection = HTTPConnection(service.partition("//")[2], timeout=60)
    connection.request("GET", "/sia?MAXREC=1000", headers={"Accept-Encoding": accepted})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()

    assert ("gzip" if is_packed else None) == answer.headers.get("content-encoding")
    assert "Accept-Encoding" in answer.headers["vary"]
    length, coding = (answer.headers.get(word) for word in ("content-length", "transfer-encoding"))
    assert (str(len(body)), None) == (length, coding) or (None, "chunked") == (length, coding)
    assert (gzip.decompress(body) if is_packed else body).startswith(b"<?xml")


def test_head_answers_the_headers_alone(client: TestClient) -> None:
    """Nothing but the body is missing."""
    answer = client.head("/sia?MAXREC=5")

    assert (200, VOTABLE, b"") == (answer.status_code, answer.headers["content-type"], answer.content)


@requirement("SIA2-3.2-01", "SIA2-3.2-03", "DALI-4.2-01", "DALI-4.2-02", "DALI-4.2-06", "DALI-4.4-04")
@pytest.mark.parametrize("form", ["votable", "votable/b2", "text/xml"])
def test_an_error_of_a_votable_is_a_votable(client: TestClient, form: str) -> None:
    """Status 400, QUERY_STATUS=ERROR, and the label of SIA2 before the message."""
    answer = client.get("/sia", params={"BAND": "abc", "RESPONSEFORMAT": form})
    root = Answer(answer, etree.fromstring(answer.content))

    assert (400, ["ERROR"]) == (answer.status_code, root.statuses)
    assert answer.headers["content-type"].startswith("text/xml" if form == "text/xml" else VOTABLE)
    assert str(root.results[0].text).startswith("UsageFault: BAND='abc': expected")


@requirement("SIA2-3.2-02", "SIA2-3.2-03", "DALI-4.2-02", "DALI-4.2-06")
@pytest.mark.parametrize("form", ["csv", "tsv", "json", "text/csv", "parquet"])
def test_an_error_of_another_form_is_text(client: TestClient, form: str) -> None:
    """A program that reads lines gets a line."""
    refused(client.get("/sia", params={"POS": "FOO", "responseformat": form}), 400, "UsageFault", "POS='FOO'")


@requirement("SIA2-3.2-01", "SIA2-3.2-03", "DALI-4.2-01")
def test_a_failing_database_is_an_error_and_not_a_torso(tmp_path: Path) -> None:
    """The rows are asked for before the status is sent; the client learns nothing of the database."""
    image(tmp_path / "sky" / "a.fits")
    with (
        archive_of(settings_of(tmp_path / "sky")) as archive,
        TestClient(application(archive), raise_server_exceptions=False) as client,
    ):
        assert 1 == len(ask(client).rows)
        with engine_of(archive).begin() as connection:
            connection.execute(text("ALTER TABLE dataset RENAME TO gone"))

        refused_as_votable(client.get("/sia"), 503, "TransientFault", "does not answer")
        answer = client.get("/sia?RESPONSEFORMAT=csv")
        refused(answer, 503, "TransientFault", "does not answer")
        assert "5" == answer.headers["retry-after"]


def test_a_new_dataset_is_found_without_a_restart(tmp_path: Path) -> None:
    """What another process ingests is in the next answer."""
    image(tmp_path / "sky" / "a.fits")
    settings = settings_of(tmp_path / "sky")
    with client_of(settings) as client:
        assert ["a.fits"] == ask(client).keys
        image(tmp_path / "sky" / "b.fits")
        with archive_of(settings):
            assert ["a.fits", "b.fits"] == ask(client).keys


def test_an_empty_archive_has_an_empty_table(tmp_path: Path) -> None:
    """No row, no value to choose from, and all obligatory columns."""
    (tmp_path / "sky").mkdir()
    with client_of(settings_of(tmp_path / "sky")) as client:
        answer = ask(client)

    assert ([], ["OK", "TABLE"]) == (answer.rows, answer.statuses)
    assert [name for name, column in COLUMNS.items() if column.mandatory] == answer.names
    assert [LINKS] == [str(node.get("value")) for node in inputs(answer, 0)["FORMAT"].iter(f"{V}OPTION")]


def test_the_labels_are_those_of_sia() -> None:
    """The words of SODA are none of SIA2."""
    labels = set(standards.load("sia2").labels.values())

    assert labels <= {"UsageFault", "TransientFault", "FatalFault", "DefaultFault"}
