"""ObsCore as a table: columns as they are declared, and values that lead somewhere (ObsCore 1.1, 4)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from astropy.io.votable import parse_single_table
from lxml import etree
from small import archive_of, image, settings_of

from soda_core import standards
from soda_core.inventory import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.testclient import TestClient

requirement = pytest.mark.requirement
COLUMNS = {column.name: column for column in standards.load("obscore").columns}
DATALINK = "application/x-votable+xml;content=datalink"


@pytest.fixture
def fields(client: TestClient) -> Mapping[str, Any]:
    """The columns of an answer of SIA2, as astropy reads them."""
    content = client.get("/sia", params={"MAXREC": 1}).content
    return {field.name: field for field in parse_single_table(io.BytesIO(content)).fields}


@pytest.fixture
def described(client: TestClient) -> Mapping[str, etree._Element]:
    """The columns of ivoa.obscore as `/tables` describes them."""
    root = etree.fromstring(client.get("/tables/ivoa.obscore").content)
    return {column.findtext("name") or "": column for column in root.iter("column")}


@requirement("OBS-4-04", "OBS-4-05", "OBS-C-01")
def test_columns_are_as_declared(fields: Mapping[str, Any], described: Mapping[str, etree._Element]) -> None:
    """Units, UCDs, utypes are those of the text, in answers and in the description; names are lower case."""
    for name, field in fields.items():
        column = COLUMNS[name]
        unit = str(field.unit) if field.unit is not None else ""
        assert (column.unit, column.ucd) == (unit, field.ucd or ""), name
        assert column.utype.casefold() == (field.utype or "").casefold(), name
    for name, element in described.items():
        column = COLUMNS[name]
        found = tuple(element.findtext(word) or "" for word in ("unit", "ucd", "utype"))
        assert (column.unit, column.ucd, column.utype) == found, name
    assert all(name == name.lower() for name in (*fields, *described))


@requirement("OBS-4.22-01", "OBS-4.22-02")
def test_every_column_of_an_answer_is_described(
    fields: Mapping[str, Any], described: Mapping[str, etree._Element]
) -> None:
    """What an answer shows stands in the description, under the names of the model alone."""
    assert set() == fields.keys() - described.keys()
    assert set() == described.keys() - COLUMNS.keys()


@requirement("OBS-C-02")
def test_mandatory_columns_are_marked_as_standard(described: Mapping[str, etree._Element]) -> None:
    """The flag that VODataService has for them is set; it has none for principal columns."""
    mandatory = {name for name, column in COLUMNS.items() if column.mandatory}

    assert mandatory <= described.keys()
    assert {"true"} == {described[name].get("std") for name in mandatory}


@requirement("OBS-4.6-01", "OBS-4.7-02")
def test_addresses_lead_to_what_the_format_says(client: TestClient) -> None:
    """Each row has an address that can be fetched; a DataLink document is called by its media type."""
    rows = parse_single_table(io.BytesIO(client.get("/sia", params={"MAXREC": 40}).content)).array
    assert len(rows) > 10
    for row in rows:
        url = urlsplit(str(row["access_url"]))
        answer = client.get(f"{url.path}?{url.query}")
        assert 200 == answer.status_code
        assert str(row["access_format"]) == answer.headers["content-type"] == DATALINK


@requirement("OBS-4.4-01")
def test_observations_keep_their_identifiers(tmp_path: Path) -> None:
    """The same files give the same identifiers when all are read again."""
    folder = image(tmp_path / "sky" / "a.fits").parent
    image(folder / "b.fits", dec=30.0)
    with archive_of(settings_of(folder)) as archive:
        first = [(one.did, one.row["obs_id"]) for one in archive.datasets()]
        archive.refresh(Work(again=True))
        second = [(one.did, one.row["obs_id"]) for one in archive.datasets()]

    assert 2 == len(first)
    assert first == second
