"""Tables are written as their rows come, and read back the same."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io.votable import parse
from hypothesis import given
from hypothesis import strategies as st
from ivoa_schemas.votable import Data, Resource, Table, TableData, Td, Tr, Votable
from lxml import etree

from soda_core import standards
from soda_core.dali import UnsupportedFormat
from soda_core.documents import schema_errors
from soda_core.standards import Column
from soda_core.votable import VERSION, info, results, write
from soda_core.votable.cells import texts
from soda_core.votable.model import legible
from soda_core.xml import serialize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

V = "{http://www.ivoa.net/xml/VOTable/v1.3}"
OBSCORE = tuple(column for column in standards.load("obscore").columns if column.mandatory)


def column(name: str, datatype: str, arraysize: str = "", *, unit: str = "", xtype: str = "") -> Column:
    """Return a column of a toy table."""
    return Column(
        name=name,
        datatype=datatype,
        arraysize=arraysize,
        description=name,
        section="1",
        unit=unit,
        xtype=xtype,
    )


COLUMNS = (
    column("text", "char", "*"),
    column("count", "int"),
    column("large", "long"),
    column("real", "double", unit="deg"),
    column("outline", "double", "*", xtype="polygon"),
)


def shell(columns: Sequence[Column] = COLUMNS) -> Votable:
    """Return a document without rows."""
    return Votable(version=VERSION, items_1=[results(columns, [info("standardID", "ivo://x")], ids={})])


def written(rows: Iterable[Sequence[object]], form: str = "tabledata", **options: Any) -> bytes:  # noqa: ANN401
    """Return the whole document."""
    return b"".join(write(shell(), COLUMNS, rows, form, **options))


def statuses(document: bytes) -> list[str | None]:
    """Return the values of QUERY_STATUS in their order, "TABLE" where the table stands."""
    resource = etree.fromstring(document)[0]
    return [
        "TABLE" if node.tag == f"{V}TABLE" else node.get("value")
        for node in resource
        if node.tag == f"{V}TABLE" or node.get("name") == "QUERY_STATUS"
    ]


TEXTS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip),
    st.sampled_from(["&amp;", "<TD>", "]]>", "a\r\n\tb", "\x01", "M 31 – Ω", "🌌"]),
)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.none() | st.integers(-(2**31), 2**31 - 1),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(),
        st.none() | st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=12,
)


def read(document: bytes, *, xml: bool = False) -> list[tuple[object, ...]]:
    """Return the rows as astropy reads them, a null as None."""
    table = parse(io.BytesIO(document)).get_first_table().to_table()
    return [tuple(_plain(row[entry.name], xml=xml) for entry in COLUMNS) for row in table]


def _plain(cell: Any, *, xml: bool) -> object:  # noqa: ANN401 - a value of numpy
    if cell is np.ma.masked or cell is None:
        return None
    if np.ndim(cell):
        return None if not np.size(cell) or np.all(np.ma.getmaskarray(cell)) else [float(x) for x in cell]
    value = cell.item() if hasattr(cell, "item") else cell
    value = value.strip() if isinstance(value, str) and xml else value
    return None if value == "" or value != value else value  # noqa: PLR0124 - NaN is a null here


def expected(rows: Sequence[Sequence[object]], *, xml: bool) -> list[tuple[object, ...]]:
    """Return what must come back: NaN as a null, and in XML no character that it cannot hold."""

    def one(value: object) -> object:
        if isinstance(value, str):
            return legible(value).strip() if xml else value  # astropy strips the cells of TABLEDATA
        return None if isinstance(value, float) and math.isnan(value) else value

    return [tuple(map(one, row)) for row in rows]


@pytest.mark.requirement("DALI-3.3-01")
@given(ROWS)
def test_tabledata_is_read_back_as_it_was(rows: list[tuple[object, ...]]) -> None:
    """Every text, number and null survives TABLEDATA; the document is valid."""
    document = written(rows)

    assert [] == schema_errors(document, "votable-1.4")
    assert expected(rows, xml=True) == read(document, xml=True)


@given(ROWS)
def test_binary2_is_read_back_as_it_was(rows: list[tuple[object, ...]]) -> None:
    """Every number, null and text of ASCII survives BINARY2; the document is valid."""
    document = written(rows, "binary2")

    assert [] == schema_errors(document, "votable-1.4")
    assert expected(_in_ascii(rows), xml=False) == read(document)


def _in_ascii(rows: Sequence[Sequence[object]]) -> list[tuple[object, ...]]:
    """Return rows whose first cell holds ASCII only."""
    return [(t.encode("ascii", "replace").decode() if isinstance(t, str) else t, *rest) for t, *rest in rows]


@given(ROWS)
def test_the_stream_says_what_the_objects_say(rows: list[tuple[object, ...]]) -> None:
    """Streamed rows are those that `ivoa_schemas` writes of the same cells."""
    cells = zip(
        *(texts(entry, each) for entry, each in zip(COLUMNS, zip(*rows, strict=True), strict=True)),
        strict=True,
    )
    whole = shell()
    (resource,) = whole.items_1
    assert isinstance(resource, Resource)
    table = next(item for item in resource.items if isinstance(item, Table))
    lines = [Tr(td=[Td(value=legible(text)) for text in row]) for row in cells]
    table.items.append(Data(items=TableData(tr=lines)))

    assert list(_cells(serialize(whole))) == list(_cells(written(rows)))


def _cells(document: bytes) -> Iterator[str]:
    yield from (node.text or "" for node in etree.fromstring(document).iter(f"{V}TD"))


def test_the_columns_of_obscore_keep_their_metadata() -> None:
    """Names, types, units, UCDs and utypes are those of the declaration."""
    document = b"".join(write(shell(OBSCORE), OBSCORE, [(None,) * len(OBSCORE)]))
    fields = list(etree.fromstring(document).iter(f"{V}FIELD"))

    keys = ("name", "datatype", "arraysize", "unit", "ucd", "utype", "xtype")
    assert [[getattr(entry, key) for key in keys] for entry in OBSCORE] == [
        [node.get(key, "") for key in keys] for node in fields
    ]


ONE = ("a", 1, 2, 3.0, [1.0, 2.0])


@pytest.mark.requirement("DALI-3.4-08", "DALI-4.4-05")
@pytest.mark.parametrize("form", ["tabledata", "binary2"])
@pytest.mark.parametrize(("count", "trailing"), [(2, []), (3, []), (4, ["OVERFLOW"]), (9, ["OVERFLOW"])])
def test_overflow_stands_behind_the_table_if_there_is_one_more(
    form: str, count: int, trailing: list[str]
) -> None:
    """As many rows as allowed are no overflow; one more is, and is not written."""
    document = written([ONE] * count, form, limit=3)

    assert [] == schema_errors(document, "votable-1.4")
    assert ["OK", "TABLE", *trailing] == statuses(document)
    assert min(count, 3) == len(read(document))


def failing(good: int) -> Iterator[tuple[object, ...]]:
    """Yield some rows and fail."""
    yield from [ONE] * good
    raise OSError("the disk is gone")


@pytest.mark.requirement("DALI-4.4-06")
@pytest.mark.parametrize("form", ["tabledata", "binary2"])
def test_a_late_failure_stands_behind_the_table(form: str) -> None:
    """What went wrong after the first rows is told where a client looks last."""
    document = written(failing(2500), form, tell=lambda error: f"Fault: {type(error).__name__}")

    assert ["OK", "TABLE", "ERROR"] == statuses(document)
    assert b"Fault: OSError" in document
    assert 2000 <= len(read(document)) <= 2500


@pytest.mark.parametrize(("good", "form"), [(10, "tabledata"), (2500, "csv"), (2500, "parquet")])
def test_a_failure_that_cannot_be_told_is_raised(good: int, form: str) -> None:
    """Before the first piece, or in a form without a place for it, the caller hears of it."""
    if form == "parquet":
        pytest.importorskip("pyarrow")
    with pytest.raises(OSError, match="disk"):
        written(failing(good), form, tell=str)


def test_pieces_are_large() -> None:
    """A long table comes in pieces of at least 64 KiB."""
    pieces = list(write(shell(), COLUMNS, [ONE] * 20_000))

    assert len(pieces) > 5
    assert all(len(piece) >= 1 << 16 for piece in pieces[:-1])


def test_csv_is_quoted() -> None:
    """Commas, quotes and ends of lines survive CSV; a null is empty."""
    rows = [('a,"b"\nc', 1, 2, 0.5, [1.0, 2.0]), (None, None, None, math.nan, None)]
    lines = list(csv.reader(io.StringIO(written(rows, "csv").decode(), newline="")))

    assert [
        ["text", "count", "large", "real", "outline"],
        ['a,"b"\nc', "1", "2", "0.5", "1.0 2.0"],
        [""] * 5,
    ] == lines


def test_tsv_has_one_line_for_each_row() -> None:
    """Tabs and ends of lines in a value become blanks."""
    rows = [("a\tb\r\nc", 1, 2, math.inf, None)]

    assert "text\tcount\tlarge\treal\toutline\na b c\t1\t2\t+Inf\t\n" == written(rows, "tsv").decode()


def test_json_holds_metadata_rows_and_status() -> None:
    """A program without VOTable gets units and UCDs too; the status is the last word."""
    whole = json.loads(written([ONE, ("b", None, None, math.nan, None), ONE], "json", limit=2))

    assert ["text", "count", "large", "real", "outline"] == [entry["name"] for entry in whole["columns"]]
    assert "deg" == whole["columns"][3]["unit"]
    assert [
        {"text": "a", "count": 1, "large": 2, "real": 3.0, "outline": [1.0, 2.0]},
        {"text": "b", "count": None, "large": None, "real": None, "outline": None},
    ] == whole["rows"]
    assert "OVERFLOW" == whole["status"]


def test_json_of_no_rows_is_json() -> None:
    """The list is empty, the status that of the document."""
    assert ([], "OK") == (json.loads(written([], "json"))["rows"], json.loads(written([], "json"))["status"])


def test_json_tells_a_late_failure() -> None:
    """The message stands beside the status, and what was sent is JSON."""
    whole = json.loads(written(failing(1500), "json", tell=lambda error: f"Fault: {error}"))

    assert ("ERROR", "Fault: the disk is gone") == (whole["status"], whole["message"])


@given(ROWS)
def test_parquet_is_read_back_as_it_was(rows: list[tuple[object, ...]]) -> None:
    """Types, nulls and the VOTable metadata survive."""
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(written(rows, "parquet")))

    assert expected(rows, xml=False) == [tuple(row.values()) for row in table.to_pylist()]
    assert b"<VOTABLE" in table.schema.metadata[b"IVOA.VOTable-Parquet.content"]


def test_without_pyarrow_parquet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service installed without it says so."""
    monkeypatch.setattr("soda_core.votable.parquet.find_spec", lambda _name: None)

    with pytest.raises(UnsupportedFormat, match="Parquet"):
        written([ONE], "parquet")
