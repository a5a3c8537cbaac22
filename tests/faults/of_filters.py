"""Faults of SIA2 that show by POST, with one parameter, in one shape or at one end alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .holdings import BASE, DATASETS
from .of_query import V, all_rows, asking, cell, errors, no_rows, refused, same
from .transport import Fault, deaf, kind, on, pattern, posted, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked, Given

__all__ = ["FAULTS"]

METHODS, BOUNDS, FAR = "DALI-2.2-01", "SIA2-2.1-10", "SIA2-2.1-03"
QUERY = on("query")
TWO = DATASETS[1]
OVERFLOW = '<INFO name="QUERY_STATUS" value="OVERFLOW"/>\n'
OK = '<INFO name="QUERY_STATUS" value="OK"/>\n'


def region(word: str) -> Callable[[Asked], bool]:
    """Pick queries for a small region of one shape."""
    return lambda asked: (
        asked.path == "query"
        and asked.first("POS").startswith(f"{word} ")
        and len(asked.first("POS").split()) > 3
        and not {"Inf", "+Inf", "95", "1"} & set(asked.first("POS").split())
    )


def twice(name: str) -> Callable[[Asked], bool]:
    """Pick queries with two values of a parameter."""
    return lambda asked: asked.path == "query" and len(asked.values(name)) > 1


def only(name: str, value: str) -> Callable[[Asked], bool]:
    """Pick queries with exactly this value."""
    return lambda asked: asked.path == "query" and asked.values(name) == [value]


def second_row(old: str, new: str) -> Callable[[Asked, Given], Given]:
    """Return what changes the last row alone."""

    def change(_: Asked, given: Given) -> Given:
        head, found, tail = given.body.rpartition(b"<TR>")
        return replace(given, body=head + found + tail.replace(old.encode(), new.encode(), 1))

    return change


def capitalised(asked: Asked) -> Asked:
    """Find instruments whatever the case of their names."""
    pairs = ((name, value.capitalize() if name == "INSTRUMENT" else value) for name, value in asked.pairs)
    return replace(asked, pairs=tuple(pairs))


def wide_open(asked: Asked) -> Asked:
    """Take an open interval of time for none."""
    return deaf("TIME")(asked) if asked.first("TIME") == "-Inf +Inf" else asked


def away(asked: Asked) -> Asked:
    """Find queries at another address."""
    return replace(asked, path="query") if asked.path == "elsewhere/query" else asked


FAULTS = (
    Fault(
        "words-before-the-table",
        "VOT-3-01",
        lambda _, g: replace(g, body=b"Warning: deprecated\n" + g.body),
        QUERY,
    ),
    Fault("outline-elsewhere", "OBS-4.12-01", text(DATASETS[0].polygon, TWO.polygon), QUERY),
    Fault(
        "query-names-by-post-have-case", METHODS, all_rows, posted(lambda a: a.path == "query" and a.lower)
    ),
    Fault("query-errors-by-post-200", METHODS, errors(status(200)), posted(QUERY)),
    Fault("maxrec-by-post-ignored", METHODS, same, posted(QUERY), frozenset(), deaf("MAXREC")),
    Fault(
        "query-far-from-capabilities",
        "SIA2-2-02",
        text(f"{BASE}/query", f"{BASE}/elsewhere/query"),
        on("capabilities", "elsewhere/query", "query"),
        frozenset(),
        away,
    ),
    Fault(
        "query-without-address",
        "SIA2-2-01",
        pattern(r'(?<=SIA#query-2.0">)\s*<interface.*?</interface>', ""),
        on("capabilities"),
    ),
    Fault("query-of-no-version", "VOSI-4-02", text("SIA#query-2.0", "SIA#query"), on("capabilities")),
    Fault(
        "query-of-version-1",
        "SIA2-2-04",
        text('role="std" version="2.0"', 'role="std" version="1.0"'),
        on("capabilities"),
    ),
    Fault("facility-refused", "SIA2-2.1.12-01", refused, asking("FACILITY")),
    Fault("cubes-not-found", "SIA2-2.1.14-01", no_rows, asking("DPTYPE", "cube")),
    Fault(
        "no-time-is-any-time",
        "SIA2-2.1-04",
        second_row("<TD>56000.0</TD><TD>56001.0</TD>", "<TD></TD><TD></TD>"),
        QUERY,
        frozenset(),
        wide_open,
    ),
    Fault("range-not-open", "SIA2-2.1.1-05", refused, asking("POS", "Inf")),
    Fault("fov-not-open", "SIA2-2.1-09", refused, asking("FOV", "Inf")),
    Fault("time-not-open", "SIA2-2.1-09", refused, asking("TIME", "Inf")),
    Fault("upper-bound-excluded", BOUNDS, no_rows, only("EXPTIME", "50.0 100.0")),
    Fault("lower-bound-excluded", BOUNDS, no_rows, only("TIME", "55001.0 110002.0")),
    Fault("instrument-in-any-case", "SIA2-2.1-11", same, asking("INSTRUMENT"), frozenset(), capitalised),
    Fault("target-by-its-start", "SIA2-2.1-11", all_rows, only("TARGET", "Field on")),
    Fault("query-formats-twice", "SIA2-3.2-05", all_rows, twice("RESPONSEFORMAT")),
    Fault("text-xml-refused", "DALI-3.4-04", refused, only("RESPONSEFORMAT", "text/xml")),
    Fault("votable-refused", "DALI-3.4-04", refused, only("RESPONSEFORMAT", "votable")),
    Fault("table-as-gzip", "DALI-3.4-04", kind("application/gzip"), only("RESPONSEFORMAT", V)),
    Fault("maxrec-refused", "SIA2-2.1-05", refused, only("MAXREC", "3")),
    Fault(
        "overflow-misplaced",
        "DALI-4.4-05",
        text(f"{OVERFLOW}</RESOURCE>", f'</RESOURCE><RESOURCE type="meta">{OVERFLOW}</RESOURCE>'),
        QUERY,
    ),
    Fault("pixels-in-fractions", "OBS-4-03", pattern('("s_xel1" datatype)="long"', r'\1="double"'), QUERY),
    Fault(
        "pixels-below-nothing",
        "OBS-4.21-01",
        text("<TD>16</TD><TD>16</TD>", "<TD>16</TD><TD>-5</TD>", 1),
        QUERY,
    ),
    Fault("negative-maxrec", "DALI-3.4-07", all_rows, only("MAXREC", "-1")),
    Fault("maxrec-of-words", "DALI-4.2-01", all_rows, only("MAXREC", "volint")),
    Fault("band-of-words", "DALI-4.2-01", all_rows, asking("BAND", "volint")),
    Fault("calib-of-words-500", "DALI-4.2-01", status(500), asking("CALIB", "volint")),
    Fault(
        "maxrec-0-other-types",
        "SIA2-2.1.18-02",
        text('name="o_ucd" datatype="char"', 'name="o_ucd" datatype="unicodeChar"'),
        only("MAXREC", "0"),
    ),
    Fault("two-regions-and", "SIA2-2.1-06", no_rows, twice("POS")),
    Fault("two-collections-and", "SIA2-2.1-06", no_rows, twice("COLLECTION")),
    Fault("region-or-band", "SIA2-2.1-07", all_rows, on("query", having="POS BAND")),
    Fault("range-misses", "SIA2-2.1.1-02", no_rows, region("RANGE")),
    Fault("circle-finds-all", FAR, all_rows, region("CIRCLE")),
    Fault("polygon-finds-all", FAR, all_rows, region("POLYGON")),
    Fault("range-finds-all", FAR, all_rows, region("RANGE")),
    Fault("ok-in-an-error", "SIA2-3.2-01", errors(text('value="ERROR"', 'value="OK"')), QUERY),
    Fault("error-in-lower-case", "SIA2-3.2-01", errors(text('value="ERROR"', 'value="error"')), QUERY),
    Fault("second-row-no-ucd", "OBS-4.20-01", second_row("phot.flux.density", "phot.fluxx"), QUERY),
    Fault(
        "second-outline-clockwise",
        "DALI-3.3-08",
        second_row(
            TWO.polygon,
            " ".join(
                " ".join(pair)
                for pair in zip(TWO.polygon.split()[-2::-2], TWO.polygon.split()[::-2], strict=True)
            ),
        ),
        QUERY,
    ),
    Fault("status-after-the-table", "DALI-4.4-03", pattern(f"{OK}(.*?</TABLE>\n)", rf"\1{OK}"), QUERY),
    Fault("results-in-capitals", "DALI-4.4-02", text('type="results"', 'type="Results"'), QUERY),
    Fault(
        "two-results",
        "DALI-4.4-02",
        text("</VOTABLE>", f'<RESOURCE type="results">{OK}</RESOURCE></VOTABLE>'),
        QUERY,
    ),
    Fault("info-without-name", "VOT-4.8-01", text(OK, f'<INFO value="x"/>{OK}'), QUERY),
    Fault("bytes-of-latin-1", "VOT-3-01", lambda _, g: replace(g, body=latin(g.body)), QUERY),
    Fault("nan-in-lower-case", "VOT-6-01", cell("1.5", "nan"), QUERY),
    Fault("whole-number-with-point", "VOT-6-01", cell("106", "106.0"), QUERY),
    Fault(
        "descriptor-of-a-lost-column",
        "DL-4.3-03",
        text('ref="obs_publisher_did"', 'ref="did"'),
        QUERY,
    ),
    Fault("descriptor-of-no-column", "SIA2-3.1.1-01", text(' ref="obs_publisher_did"', ""), QUERY),
)


def latin(body: bytes) -> bytes:
    """Return a text with a letter of Latin-1 in it."""
    return body.replace(b"Field one", b"F\xe9ld one")
