"""Tables of others: what is read of them, row by row, and what is refused."""

from __future__ import annotations

import io
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.table import MaskedColumn, Table
from ivoa_schemas.votable import Votable

from soda_core.dali import UsageError
from soda_core.standards import Column
from soda_core.votable import Shell, incoming, results, write
from soda_core.votable.model import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

FIELDS = "<FIELD name='a' datatype='{}' arraysize='{}'/>"
LONG = f"<TABLEDATA><TR><TD>{'x' * 70_000}</TD></TR></TABLEDATA>"
STREAM = "<BINARY><STREAM {}</STREAM></BINARY>"
TABLE = "<VOTABLE><RESOURCE><TABLE>{}<DATA>{}</DATA></TABLE></RESOURCE></VOTABLE>"


def rows(content: bytes, places: Sequence[int] | None = None) -> list[tuple[object, ...]]:
    """Return the rows of a table."""
    table = incoming(io.BytesIO(content))
    return list(table.rows(places if places is not None else range(len(table.columns))))


def sample(count: int, empty: int) -> Table:
    """Return a table of all kinds of columns; one cell is empty."""
    made = Table(
        {
            "name": [f"n{n} é" for n in range(count)],
            "x": np.linspace(0, 1, count),
            "k": MaskedColumn(np.arange(count), mask=[n == empty for n in range(count)]),
            "flag": np.arange(count) % 2 == 0,
            "pair": np.arange(2 * count, dtype=np.int16).reshape(count, 2),
        }
    )
    made["x"].unit = "deg"
    made["x"].info.meta = {"ucd": "pos.eq.ra;meta.main"}
    return made


@pytest.mark.parametrize("form", ["tabledata", "binary", "binary2"])
@pytest.mark.parametrize("count", [1, 3, 5000])
def test_a_votable_of_another_writer_is_read(form: str, count: int) -> None:
    """Names, units and UCDs of columns, and the cells of each row, whatever the serialisation."""
    table, packed = sample(count, empty=1 if form != "binary" else -1), io.BytesIO()
    table.write(packed, format="votable", tabledata_format=form)
    read = incoming(io.BytesIO(packed.getvalue()))
    found = list(read.rows((0, 1, 2)))

    assert table.colnames == [column.name for column in read.columns]
    assert ("deg", "double") == (read.columns[1].unit, read.columns[1].datatype)
    assert count == len(found)
    for row, (name, x, k) in zip(table, found, strict=True):
        assert (row["name"], float(row["x"])) == (name, float(str(x)))
        assert (k is None) == bool(np.ma.is_masked(row["k"]))
        assert np.ma.is_masked(row["k"]) or int(row["k"]) == int(str(k))


@pytest.mark.parametrize("form", ["tabledata", "binary2", "csv", "tsv", "parquet"])
def test_our_own_tables_are_read(form: str) -> None:
    """What the service writes it can read, so that the answer of a search can be a list of targets."""
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    columns = [
        Column("s_ra", "double", "", "", unit="deg", ucd="pos.eq.ra"),
        Column("did", "char", "", "", arraysize="*"),
    ]
    cells = [(float(n) / 7, f"ivo://x/y?{n}") for n in range(2500)]
    shell = Shell(Votable(version=VERSION, items_1=[results(columns)]))
    read = incoming(io.BytesIO(b"".join(write(shell, columns, cells, form))))

    assert [(number, did) for number, did in cells] == [
        (float(str(number)), did) for number, did in read.rows((0, 1))
    ]
    if form not in {"csv", "tsv"}:
        assert [column.ucd for column in columns] == [column.ucd for column in read.columns]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,\n",
        "\ufeffa,b\r\n1,2\r\n\r\n3,\r\n",
        '# %ECSV 1.0\n# ---\na b\n1 2\n3 ""\n',
        "a\tb\n1\t2\n3\t\n",
        "a; b\n1; 2\n3; \n",
        'a,"b"\n"1","2"\n"3"\n',
        "a    b\n1  2\n3\n",
    ],
)
def test_lines_of_text_are_read(text: str) -> None:
    """Comma, tab, semicolon, blanks; comments before the names; a short line lacks its last cells."""
    assert [("1", "2"), ("3", None)] == rows(text.encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n# nothing\n", "is empty"),
        (b"SIMPLE  =   T", "packed or FITS"),
        (b"\x1f\x8b\x08", "packed or FITS"),
        (b"PAR1PAR1", "no Parquet file"),
        (b"a,b\n1,\xff\n", "no text in UTF-8"),
        (b"\x80\x81", "no text in UTF-8"),
        (b'a,b\n1,"2\n', "line 2"),
        (b",".join([b"a"] * 10_001), "10001 columns"),
        (b"<VOTABLE><RESOURCE/></VOTABLE>", "no table with columns"),
        (b"<VOTABLE>", "cannot be read: no element found in line 1"),
        (b"<a><b></a>", "mismatched tag"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><VOTABLE/>", "document type"),
        (TABLE.format(FIELDS.format("int", "1") * 10_001, "").encode(), "more than 10000 columns"),
        (
            TABLE.format(
                FIELDS.format("char", "*"), f"<TABLEDATA><TR><TD>{'x' * 70_000}</TD></TR></TABLEDATA>"
            ).encode(),
            "more than 65536 characters",
        ),
        (TABLE.format(FIELDS.format("int", ""), "<FITS/>").encode(), "in FITS"),
        (TABLE.format(FIELDS.format("text", ""), "<BINARY/>").encode(), "no known type"),
        (TABLE.format(FIELDS.format("int", "-1"), "<BINARY/>").encode(), "no known type"),
        *(
            (
                TABLE.format(FIELDS.format(kind, size), f"<BINARY><STREAM {how}</STREAM></BINARY>").encode(),
                words,
            )
            for kind, size, how, words in (
                ("int", "", "href='http://127.0.0.1/'>", "elsewhere"),
                ("int", "", "encoding='gzip'>", "not in base64"),
                ("int", "", "encoding='base64'>!!!!", "no base64"),
                ("int", "", "encoding='base64'>AAA=", "within a row"),
                ("int", "", "encoding='base64'>AAAAA", "within a row"),
                ("int", "999999999", "encoding='base64'>AAAAAAAA", "cell of 3999999996 bytes"),
                ("char", "*", "encoding='base64'>/////w==", "cell of 4294967295 bytes"),
                ("int", "0", "encoding='base64'>AAAAAAAA", "without any bytes"),
            )
        ),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, words: str) -> None:
    """In words for the client; no address is opened, no size is believed."""
    with pytest.raises(UsageError, match=words):
        rows(content)


def test_rows_are_not_held() -> None:
    """A table of 4 MB is read in less than 1 MB."""
    lines = b"".join(b"<TR><TD>%d</TD><TD>%d</TD></TR>\n" % (n, n) for n in range(100_000))
    content = TABLE.format(FIELDS.format("int", "1") * 2, "<TABLEDATA>").encode().partition(b"</DATA>")
    file = io.BytesIO(content[0] + lines + b"</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>")
    del lines
    tracemalloc.start()
    try:
        assert 100_000 == sum(1 for _ in incoming(file).rows((0,)))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
