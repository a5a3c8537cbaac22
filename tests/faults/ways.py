"""Ways in which a service may do things otherwise, within the rules: what becomes of its traffic."""

from __future__ import annotations

import base64
import gzip
import re
import struct
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from .holdings import DATASETS
from .messages import Given
from .tables import OBSCORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked

__all__ = [
    "binary2",
    "commented",
    "even_ids",
    "in_capitals",
    "in_sections",
    "led_on",
    "marked",
    "odd_ids",
    "of_xml",
    "packed",
    "rich",
    "spread",
    "unled",
    "utf_16",
    "with_columns",
    "without_namespace_prefix",
]

ODD = {dataset.did: f"ivo://reference.test/data?a b+c%25&d#é{dataset.key}" for dataset in DATASETS}
FORMS = {"int": "i", "long": "q", "double": "d"}
SPREAD = "application/x-votable+xml;content=datalink"
INSTRUCTION = rb"(<\?xml [^>]*\?>)?"
HEAD = (
    "<DESCRIPTION>Rows.</DESCRIPTION>",
    '<INFO name="request" value="a b c"/>',
    (
        '<COOSYS ID="frame" system="ICRS" epoch="J2015.5"/><GROUP name="given"><PARAM name="n" datatype="int"'
        ' value="1"/></GROUP><PARAM name="empty" datatype="char" arraysize="*" value=""/>'
    ),
)
TABLE = (
    '<TABLE name="rows" ID="rows1"><DESCRIPTION>All.</DESCRIPTION><PARAM name="z" datatype="double"'
    ' unit="deg" value="1.5"/><GROUP name="none"><DESCRIPTION>None.</DESCRIPTION></GROUP>'
)
TAIL = (
    '<RESOURCE type="meta"><INFO name="a" value="b"/><RESOURCE type="meta"/></RESOURCE><RESOURCE>'
    '<TABLE><FIELD name="w" datatype="int"/></TABLE></RESOURCE><INFO name="end" value="x"/></VOTABLE>'
)


def of_xml(change: Callable[[bytes], bytes]) -> Callable[[Asked, Given], Given]:
    """Return what changes the text of XML documents, those aside that a client sent."""

    def made(asked: Asked, given: Given) -> Given:
        sent = "/parameters/" in asked.path
        is_xml = "xml" in given.kind and not sent
        return replace(given, body=change(given.body)) if is_xml else given

    return made


def odd_ids(asked: Asked, given: Given) -> Given:
    """Give datasets identifiers with blanks and with every letter that has to be escaped."""
    del asked
    body = given.body.replace(b'datatype="char"', b'datatype="unicodeChar"')
    for plain, odd in ODD.items() if "xml" in given.kind else ():
        body = body.replace(quote(plain, safe="").encode(), quote(odd, safe="").encode())
        body = body.replace(plain.encode(), escape(odd).encode())
    return replace(given, body=body)


def even_ids(asked: Asked) -> Asked:
    """Find datasets by such identifiers."""
    plain = {odd.lower(): did for did, odd in ODD.items()}
    pairs = (
        (name, plain.get(value.lower(), value) if value in ODD.values() or asked.path == "query" else value)
        for name, value in asked.pairs
    )
    return replace(asked, pairs=tuple(pairs))


def binary2(asked: Asked, given: Given) -> Given:
    """Give rows as a stream where nothing else was asked for."""
    if given.status != 200 or asked.values("RESPONSEFORMAT"):
        return given
    rows = (
        re.findall(rb"<TD>(.*?)</TD>", row) for row in re.findall(rb"<TR>(.*?)</TR>", given.body, re.DOTALL)
    )
    content = base64.b64encode(b"".join(_row([cell.decode() for cell in row]) for row in rows))
    stream = b'<BINARY2><STREAM encoding="base64">' + content + b"</STREAM></BINARY2>"
    return replace(given, body=re.sub(rb"<TABLEDATA>.*</TABLEDATA>", stream, given.body, flags=re.DOTALL))


def _row(cells: list[str]) -> bytes:
    """Return the bytes of one row, flags of nulls first."""
    columns = [column for column in OBSCORE.columns if column.mandatory]
    marks = "".join("1" if text == "" else "0" for text in cells)
    marks += "0" * (-len(marks) % 8)
    data = int(marks, 2).to_bytes(len(marks) // 8, "big")
    for column, text in zip(columns, cells, strict=True):
        if column.datatype == "char":
            data += struct.pack(">i", len(text)) + text.encode()
        elif column.arraysize:
            numbers = [float(word) for word in text.split()]
            data += struct.pack(f">i{len(numbers)}d", len(numbers), *numbers)
        else:
            number = int(text or "0") if column.datatype in ("int", "long") else float(text or "nan")
            data += struct.pack(f">{FORMS[column.datatype]}", number)
    return data


def led_on(asked: Asked, given: Given) -> Given:
    """Answer at another address."""
    if asked.path.startswith("new/") or asked.method == "HEAD":
        return given
    pairs = [(name.lower() if asked.lower else name, value) for name, value in asked.pairs]
    query = f"?{urlencode(pairs, quote_via=quote)}" if pairs and asked.method == "GET" else ""
    return Given(307 if asked.method == "POST" else 302).having(Location=f"/dal/new/{asked.path}{query}")


def unled(asked: Asked) -> Asked:
    """Find what lies at the other address."""
    return replace(asked, path=asked.path.removeprefix("new/"))


def packed(asked: Asked, given: Given) -> Given:
    """Send everything packed, and say so."""
    del asked
    if not given.body:
        return given
    return replace(given, body=gzip.compress(given.body)).having(Content_Encoding="gzip")


def utf_16(body: bytes) -> bytes:
    """Write in two bytes a letter."""
    text = re.sub(INSTRUCTION, b"", body, count=1).decode()
    return f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")


def marked(body: bytes) -> bytes:
    """Open with the mark of UTF-8."""
    return b"\xef\xbb\xbf" + body


def commented(body: bytes) -> bytes:
    """Put comments and instructions between elements."""
    note = b"<!-- a > b --><?note x?>"
    head, _, rest = body.partition(b"?>") if body.startswith(b"<?xml ") else (b"", b"", body)
    opened = head + b"?>" if head else b""
    return opened + re.sub(rb"(?<=>)(?=\s*<(?!/))", note, rest)


def in_sections(body: bytes) -> bytes:
    """Write addresses and cells as sections of plain text."""
    body = re.sub(rb"(<accessURL[^>]*>)([^<]+)<", rb"\1<![CDATA[\2]]><", body)
    return re.sub(rb"<TD>([^<&]+)<", rb"<TD><![CDATA[\1]]><", body)


def spread(body: bytes) -> bytes:
    """Put line breaks around values."""
    body = re.sub(rb"(<accessURL[^>]*>)([^<]+)<", rb"\1\n    \2\n  <", body)
    return re.sub(rb"<TD>(-?[0-9.e-]+)</TD>", rb"<TD>\n  \1\n</TD>", body).replace(b">true<", b"> true <")


def in_capitals(asked: Asked, given: Given) -> Given:
    """Write media types in other letters, quoted, and with a charset."""
    del asked
    told = 'Application/X-VOTable+XML; content="datalink"; charset=UTF-8'
    if given.kind == SPREAD:
        return replace(given, kind=told)
    return replace(
        given, kind=f"{given.kind.upper()}; Charset=UTF-8" if "fits" not in given.kind else given.kind
    )


def rich(body: bytes) -> bytes:
    """Say more than has to be said, wherever that is allowed."""
    for old, new in (
        ('<RESOURCE type="results">', f'{HEAD[2]}<RESOURCE type="results">{HEAD[0]}{HEAD[1]}'),
        ("<TABLE>", f"{HEAD[2].replace('frame', 'own')}{TABLE}"),
        (
            "</TABLE>\n",
            '<INFO name="all" value="rows"/></TABLE>\n<INFO name="after" value="x">A word.</INFO>\n',
        ),
        ("</VOTABLE>", TAIL),
    ):
        body = body.replace(old.encode(), new.encode(), 1)
    return body


def with_columns(body: bytes) -> bytes:
    """Have columns of one's own."""
    fields = (
        b'<FIELD name="key" datatype="long"/><FIELD name="quick look" datatype="unicodeChar" arraysize="*"/>'
        b'<FIELD name="vector" datatype="float" arraysize="3"/><DATA>'
    )
    cells = "<TD/><TD>é</TD><TD>1 NaN 3</TD></TR>".encode()
    return body.replace(b"<DATA>", fields, 1).replace(b"</TR>", cells)


def without_namespace_prefix(body: bytes) -> bytes:
    """Write VOSI documents in a default namespace, which their parts leave."""
    body = body.replace(b"xmlns:vosi=", b"xmlns=").replace(b"<vosi:", b"<").replace(b"</vosi:", b"</")
    if b"<tableset" in body:
        return body.replace(b"<schema>", b'<schema xmlns="">')
    if b"<table " in body:
        return re.sub(rb"<(name|column)>(?=\w|\s*<name>)", rb'<\1 xmlns="">', body, count=2)
    return body.replace(b"<capability ", b'<capability xmlns="" ')
