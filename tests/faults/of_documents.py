"""VOTables in files, each broken in one way: the rule, and the document."""

from __future__ import annotations

import base64
import struct

__all__ = ["BROKEN", "CELLS", "ROWS", "document", "row", "stream"]

SPACE = "http://www.ivoa.net/xml/VOTable/v1.3"
FRAMES = (
    '<COOSYS ID="sky" system="ICRS" epoch="J2015.5"/>'
    '<TIMESYS ID="tt" timeorigin="MJD-origin" timescale="UTC" refposition="TOPOCENTER"/>'
)
FIELDS = (
    '<FIELD name="ra" datatype="double" unit="deg" ucd="pos.eq.ra;meta.main" ref="sky"/>'
    '<FIELD name="n" datatype="short"><VALUES null="-1"><MIN value="0"/><MAX value="9"/></VALUES></FIELD>'
    '<FIELD name="label" datatype="char" arraysize="*"/>'
    '<FIELD name="pair" datatype="int" arraysize="2"/>'
    '<FIELD name="flag" datatype="boolean"/>'
)
NULLED = FIELDS.replace('"2"/>', '"2"><VALUES null="-1"/></FIELD>')
ROWS = (
    "<TR><TD>10.5</TD><TD>3</TD><TD>a &amp; b</TD><TD>1 2</TD><TD>T</TD></TR>"
    "<TR><TD>NaN</TD><TD/><TD></TD><TD>-1 0x10</TD><TD>?</TD></TR>"
)
CELLS = f"<TABLEDATA>{ROWS}</TABLEDATA>"
PARAM = '<PARAM name="p" datatype="float" unit="km/(s.Mpc)" value="70"/>'


def document(
    *,
    fields: str = FIELDS,
    data: str = f"<TABLEDATA>{ROWS}</TABLEDATA>",
    head: str = FRAMES,
    version: str = "1.5",
) -> bytes:
    """Return a small VOTable."""
    return (
        f'<?xml version="1.0"?><VOTABLE version="{version}" xmlns="{SPACE}"><RESOURCE type="results">{head}'
        f"<TABLE>{PARAM}{fields}<DATA>{data}</DATA></TABLE></RESOURCE></VOTABLE>"
    ).encode()


def stream(content: bytes, name: str = "BINARY2", encoding: str = "base64") -> str:
    """Return a stream of bytes."""
    return f'<{name}><STREAM encoding="{encoding}">{base64.b64encode(content).decode()}</STREAM></{name}>'


def row(flags: bytes = b"\0", whole: int = 3) -> bytes:
    """Return one row of the five columns, flags first."""
    return flags + struct.pack(">dhI3sii", 10.5, whole, 3, b"abc", 1, 2) + b"T"


def cell(place: int, text: str) -> bytes:
    """Return the table with one cell changed."""
    cells = ["10.5", "3", "a", "1 2", "T"]
    cells[place] = text
    return document(data=f"<TABLEDATA><TR>{''.join(f'<TD>{one}</TD>' for one in cells)}</TR></TABLEDATA>")


def told(old: str, new: str) -> bytes:
    """Return the table with something else in it."""
    content = document()
    assert old.encode() in content
    return content.replace(old.encode(), new.encode())


def linked(attributes: str) -> bytes:
    """Return the table with a link in a column."""
    return told('arraysize="*"/>', f'arraysize="*"><LINK {attributes}/></FIELD>')


EMPTY_FITS = base64.b64encode(
    "".join(
        card.ljust(80)
        for card in (
            *(f"{name:<8}= {value:>20}" for name, value in (("SIMPLE", "T"), ("BITPIX", 8), ("NAXIS", 0))),
            "END",
        )
    )
    .ljust(2880)
    .encode()
).decode()
LIKE = '<TABLE{}><FIELD name="x" datatype="int"/></TABLE>'
OUTER = '<PARAM ID="q" name="q" datatype="int" value="1"/>'
LATE_TIME = '<PARAM name="a" datatype="double" value="1" ref="tt"/>'
TELESCOPE = "<TABLEDATA><TR><TD>1</TD><TD>1</TD><TD>&#x1F52D;</TD><TD>1 2</TD><TD>T</TD></TR></TABLEDATA>"
LATE = '<PARAM name="a" datatype="int" value="1" ref="sky"/>'
DOUBLE = '<FIELD name="x" datatype="double"'
BROKEN: dict[str, tuple[str, bytes]] = {
    "nan": ("VOT-6-01", cell(0, "nan")),
    "infinity": ("VOT-6-01", cell(0, "Infinity")),
    "comma": ("VOT-6-01", cell(0, "1,5")),
    "whole number": ("VOT-6-01", cell(1, "3.0")),
    "range": ("VOT-6-01", cell(1, "32768")),
    "hexadecimal range": ("VOT-6-01", cell(3, "1 0x1FFFFFFFF")),
    "boolean": ("VOT-6-01", cell(4, "yes")),
    "too few values": ("VOT-5.1-04", cell(3, "1")),
    "two values in one": ("VOT-5.1-04", cell(0, "1 2")),
    "not ascii": ("VOT-6-02", cell(2, "é")),
    "cells": ("VOT-5.1-01", document(data="<TABLEDATA><TR><TD>1</TD></TR></TABLEDATA>")),
    "number of rows": ("VOT-3.8-03", told("<TABLE>", '<TABLE nrows="3">')),
    "string without size": ("VOT-4.1-04", told('datatype="char" arraysize="*"', 'datatype="char"')),
    "flags": ("VOT-5.4-01", document(data=stream(row(b"\x01")))),
    "filled null": ("VOT-5.4-02", document(data=stream(row(b"\x40")))),
    "extension of FITS": (
        "VOT-5.2-01",
        document(data=f'<FITS extnum="1"><STREAM encoding="base64">{EMPTY_FITS}</STREAM></FITS>'),
    ),
    "extension 0": (
        "VOT-5.2-01",
        document(data='<FITS extnum="0"><STREAM href="http://example.org/a.fits"/></FITS>'),
    ),
    "cut stream": ("VOT-5.4-01", document(data=stream(row()[:-3]))),
    "left over": ("VOT-5.3-01", document(fields=NULLED, data=stream(row()[1:] + b"\0", "BINARY"))),
    "boolean in a stream": ("VOT-6-01", document(data=stream(row()[:-1] + b"x"))),
    "no base64": ("VOT-5.6-01", document(data='<BINARY2><STREAM encoding="base64">!!</STREAM></BINARY2>')),
    "cell of no base64": ("VOT-5.6-01", told("<TD>10.5</TD>", '<TD encoding="base64">!!</TD>')),
    "no encoding": ("VOT-5.6-01", document(data="<BINARY2><STREAM>AAAA</STREAM></BINARY2>")),
    "early stream": ("VOT-5.4-01", document(data=stream(row()), version="1.2").replace(b"/v1.3", b"/v1.2")),
    "unit": ("VOT-4.4-01", told('unit="deg"', 'unit="degrees"')),
    "divided twice": ("VOT-4.4-01", told("km/(s.Mpc)", "km/s/Mpc")),
    "ucd": ("VOT-4.5-01", told("pos.eq.ra;meta.main", "meta.main;pos.eq.ra")),
    "unknown ucd": ("VOT-4.5-01", told("pos.eq.ra;meta.main", "pos.eq.rha")),
    "value of a parameter": ("VOT-4.1-02", told('value="70"', 'value="seventy"')),
    "null": ("VOT-4.7-03", told('null="-1"', 'null="none"')),
    "null of a float": ("VOT-4.7-03", told(' ref="sky"/>', ' ref="sky"><VALUES null="-99"/></FIELD>')),
    "limit": ("VOT-4.7-02", told('<MIN value="0"/>', '<MIN value="zero"/>')),
    "options and limits": ("VOT-4.7-01", told("</VALUES>", '<OPTION value="1"/></VALUES>')),
    "frame": ("VOT-3.4-01", told('system="ICRS"', 'system="icrs"')),
    "epoch": ("VOT-3.4-04", told("J2015.5", "2015-05-01")),
    "scale": ("VOT-3.5-03", told('timescale="UTC"', 'timescale="Zulu"')),
    "no origin": ("VOT-3.5-02", told('timeorigin="MJD-origin" ', "").replace(b'ref="sky"', b'ref="tt"')),
    "late frame": (
        "VOT-3.4-03",
        told("<RESOURCE ", f"{LATE}<RESOURCE "),
    ),
    "interval": (
        "DALI-3.3-04",
        document(
            fields=f'{DOUBLE} arraysize="2" xtype="interval"/>',
            data="<TABLEDATA><TR><TD>1</TD></TR></TABLEDATA>",
        ),
    ),
    "circle": (
        "DALI-3.3-06",
        document(
            fields=f'{DOUBLE} arraysize="3" xtype="circle"/>',
            data="<TABLEDATA><TR><TD>1 91 1</TD></TR></TABLEDATA>",
        ),
    ),
    "polygon": (
        "DALI-3.3-07",
        document(
            fields=f'{DOUBLE} arraysize="*" xtype="polygon"/>',
            data="<TABLEDATA><TR><TD>1 2 3 4 5</TD></TR></TABLEDATA>",
        ),
    ),
    "timestamp": (
        "DALI-3.3-03",
        document(
            fields='<FIELD name="t" datatype="char" arraysize="*" xtype="timestamp"/>',
            data="<TABLEDATA><TR><TD>2026-13-01T00:00:00</TD></TR></TABLEDATA>",
        ),
    ),
    "point": (
        "DALI-3.3-05",
        document(
            fields=f'{DOUBLE} arraysize="2" xtype="point"/>',
            data="<TABLEDATA><TR><TD>1 91</TD></TR></TABLEDATA>",
        ),
    ),
    "no resource": ("VOT-3-05", b'<VOTABLE version="1.5" xmlns="' + SPACE.encode() + b'"/>'),
    "xtype of another type": ("DALI-3.3-06", told('name="label"', 'name="label" xtype="circle"')),
    "blank in a name": ("VOT-3.2-05", told('name="label"', 'name=" label"')),
    "definitions": ("VOT-3.3-01", told("<RESOURCE ", "<DEFINITIONS/><RESOURCE ")),
    "place of the observer": ("VOT-3.4-02", told('system="ICRS"', 'system="ICRS" refposition="MOON"')),
    "place before its time": (
        "VOT-3.4-02",
        document(head=FRAMES.replace("system=", 'refposition="BARYCENTER" system='), version="1.4"),
    ),
    "late time": ("VOT-3.5-01", told("<RESOURCE ", f"{LATE_TIME}<RESOURCE ")),
    "link for nothing": ("VOT-3.7-01", linked('href="http://example.org/"')),
    "relative link": ("VOT-3.7-01", linked('content-role="doc" href="a.html"')),
    "table in a table": ("VOT-3.8-01", told("</TABLE>", f"{LIKE.format('')}</TABLE>")),
    "table like a parameter": (
        "VOT-3.8-02",
        document(head=f"{FRAMES}{OUTER}").replace(
            b"</RESOURCE>", LIKE.format(' ref="q"').encode() + b"</RESOURCE>"
        ),
    ),
    "values by reference and more": (
        "VOT-4.7-04",
        document(
            fields=FIELDS.replace("<VALUES ", '<VALUES ID="v" '),
            head=f'{FRAMES}<PARAM name="q" datatype="short" value="1"><VALUES ref="v" null="-2"/></PARAM>',
        ),
    ),
    "column in a group": (
        "VOT-4.9-01",
        told(PARAM, f'{PARAM}<GROUP><FIELD name="x" datatype="int"/></GROUP>'),
    ),
    "group of a parameter": (
        "VOT-4.9-01",
        document(fields=f'<GROUP><FIELDref ref="q"/></GROUP>{FIELDS}', head=f"{FRAMES}{OUTER}"),
    ),
    "column of another table": (
        "VOT-4.9-01",
        document(fields=FIELDS.replace('name="n"', 'name="n" ID="n"')).replace(
            b"</RESOURCE>",
            b'<TABLE><GROUP><FIELDref ref="n"/></GROUP><FIELD name="x" datatype="int"/></TABLE></RESOURCE>',
        ),
    ),
    "empty number of 1.2": (
        "VOT-5.1-03",
        document(fields=FIELDS.replace(' ref="sky"', ""), head="", version="1.2").replace(b"/v1.3", b"/v1.2"),
    ),
    "no null in a stream": ("VOT-5.3-02", document(data=stream(row()[1:], "BINARY"))),
    "beyond UCS-2": ("VOT-6-03", document(fields=FIELDS.replace('"char"', '"unicodeChar"'), data=TELESCOPE)),
    "cells in another order": (
        "VOT-6-01",
        document(data="<TABLEDATA><TR><TD>a</TD><TD>3</TD><TD>1</TD><TD>1 2</TD><TD>T</TD></TR></TABLEDATA>"),
    ),
    "no datatype": ("VOT-4.1-01", told(' datatype="boolean"', "")),
    "datatype of FITS": ("VOT-4.1-01", told('"boolean"', '"logical"')),
    "info without value": ("VOT-4.8-01", told("<TABLE>", '<INFO name="a"/><TABLE>')),
    "late description": ("VOT-3.6-03", told("</RESOURCE>", "<DESCRIPTION>a</DESCRIPTION></RESOURCE>")),
}
