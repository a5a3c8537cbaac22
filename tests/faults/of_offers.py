"""Faults of links and descriptors that show by POST, with another format, or beside other datasets."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

from .holdings import BASE, DATASETS
from .messages import Given
from .of_links import first_only, same, unknown
from .of_query import V
from .transport import Fault, answered, deaf, header, kind, on, pattern, posted, status, text

if TYPE_CHECKING:
    from .messages import Asked

__all__ = ["FAULTS"]

STD = "ivo://ivoa.net/std"
METHODS = "DALI-2.2-01"
LINKS = on("links")
PLAIN = on("links", lacking="RESPONSEFORMAT")
ONE, TWO = DATASETS
CIRCLE = f'<MAX value="{ONE.lon} {ONE.lat} {ONE.radius}"/>'


def several(asked: Asked) -> bool:
    """Pick requests for links of several datasets."""
    return asked.path == "links" and len(asked.values("ID")) > 1


def with_unknown(asked: Asked) -> bool:
    """Pick requests for links of a dataset that is there and of one that is not."""
    return several(asked) and any("volint" in value for value in asked.values("ID"))


def doubled(asked: Asked) -> Asked:
    """Hear each parameter twice."""
    return replace(asked, pairs=(*asked.pairs, *asked.pairs))


def packed(_: Asked, given: Given) -> Given:
    """Pack the body and keep silent about it."""
    return replace(given, body=gzip.compress(given.body))


def too_long(asked: Asked, given: Given) -> Given:
    """Tell more bytes than there are."""
    length = len(given.body) + (0 if asked.method == "HEAD" else 10)
    return given.having(Content_Length=str(length))


FAULTS = (
    Fault("second-id-by-post-ignored", METHODS, same, posted(LINKS), frozenset(), first_only),
    Fault(
        "unknown-by-post-404",
        METHODS,
        answered(lambda: Given(404, body=b"NotFoundFault: none\n")),
        posted(unknown),
    ),
    Fault("links-by-post-as-octets", METHODS, kind("application/octet-stream"), posted(LINKS)),
    Fault(
        "id-in-lower-case-ignored",
        "DALI-3.1-01",
        same,
        lambda a: a.path == "links" and a.lower,
        frozenset(),
        deaf("ID"),
    ),
    Fault("unknown-spoils-known", "DL-3.2-05", status(404), with_unknown),
    Fault("links-doubled", "DL-2.1.1-01", same, several, frozenset(), doubled),
    Fault("fault-word-runs-on", "DL-3.4-02", text("NotFoundFault: ", "NotFoundFault"), unknown),
    Fault("length-too-great", "DL-3.2.8-01", text("<TD>106560</TD>", "<TD>1065600</TD>"), LINKS),
    Fault("length-negative", "DL-3.2.8-01", text("<TD>106560</TD>", "<TD>-1</TD>"), LINKS),
    Fault("second-link-dead", "DL-3.2.2-01", status(404), on("file/two"), frozenset({"OBS-4.6-01"})),
    Fault("second-link-relative", "DL-3.2.2-01", text(f"<TD>{BASE}/file/two", "<TD>/dal/file/two"), LINKS),
    Fault("term-in-capitals", "DL-3.2.6-03", text("<TD>#this</TD>", "<TD>#This</TD>"), LINKS),
    Fault("term-of-another-page", "DL-3.2.6-02", text("<TD>#cutout</TD>", "<TD>own#cutout</TD>"), LINKS),
    Fault("service-with-hash", "DL-3.2.3-01", text("<TD>cut-one</TD>", "<TD>#cut-one</TD>"), LINKS),
    Fault("id-still-escaped", "DL-3.2.1-01", text("data?one</TD>", "data%3Fone</TD>"), LINKS),
    Fault(
        "links-no-votable",
        "DL-2.1.2-02",
        status(400),
        lambda a: a.path == "links" and a.values("RESPONSEFORMAT") == ["votable"],
    ),
    Fault(
        "links-not-under-their-name",
        "DL-2.1.2-02",
        status(400),
        lambda a: a.path == "links" and "content=datalink" in a.first("RESPONSEFORMAT"),
    ),
    Fault(
        "links-format-ignored",
        "DL-2.1.2-03",
        same,
        lambda a: a.path == "links" and "volint" in a.first("RESPONSEFORMAT"),
        frozenset(),
        deaf("RESPONSEFORMAT"),
    ),
    Fault("links-no-status", "DALI-4.4-03", text('<INFO name="QUERY_STATUS" value="OK"/>', ""), LINKS),
    Fault("links-of-no-type", "DL-3.3-02", kind(""), LINKS),
    Fault("links-in-capitals", "DL-3.3-03", kind(f"{V};content=DataLink"), PLAIN),
    Fault("links-packed-in-silence", "DL-2.1-01", packed, LINKS),
    Fault("links-not-packed", "DL-2.1-01", header("Content-Encoding", "gzip"), LINKS),
    Fault("links-length-untrue", "DALI-4.1-02", too_long, LINKS),
    Fault("ucd-of-id", "SODA-3.2-02", text('ucd="meta.id;meta.dataset"', 'ucd="meta.id"'), LINKS),
    Fault(
        "descriptor-without-standard",
        "DL-4.2-02",
        pattern(f'<PARAM name="standardID"[^>]*{STD}/SODA#sync-1.0"/>', "", 9),
        LINKS,
    ),
    Fault("descriptor-of-no-version", "DL-4.2-02", text("SODA#sync-1.0", "SODA#sync"), LINKS),
    Fault(
        "descriptor-two-addresses", "DL-4.2-01", pattern('(<PARAM name="accessURL"[^>]*/>)', r"\1\1"), LINKS
    ),
    Fault(
        "descriptor-no-inputs",
        "DL-4.3-01",
        pattern('<GROUP name="inputParams">.*?</GROUP>', ""),
        LINKS,
    ),
    Fault(
        "descriptor-with-table",
        "DL-4.1-01",
        text("</GROUP>\n", '</GROUP>\n<TABLE><FIELD name="a" datatype="int"/></TABLE>', 1),
        LINKS,
    ),
    Fault(
        "circle-astray",
        "SODA-4.2-07",
        text(CIRCLE, f'<MAX value="{ONE.lon + 90} {ONE.lat} {ONE.radius}"/>'),
        LINKS,
    ),
    Fault(
        "polygon-astray",
        "SODA-4.2-07",
        text(f'<MAX value="{ONE.polygon}"/>', '<MAX value="100 19 100 20 101 20 101 19"/>'),
        LINKS,
    ),
    Fault(
        "band-in-nanometres-offered",
        "SODA-3.3-08",
        text('<MIN value="5e-07"/><MAX value="6e-07"/>', '<MIN value="500"/><MAX value="600"/>'),
        LINKS,
    ),
    Fault("band-from-nan", "SODA-4.2-02", text('<MIN value="5e-07"/>', '<MIN value="NaN"/>'), LINKS),
    Fault("state-of-no-name", "SODA-4.2-03", text('<OPTION value="I"/>', '<OPTION value=""/>'), LINKS),
    Fault(
        "band-as-text",
        "SODA-3.3-07",
        text('name="BAND" datatype="double"', 'name="BAND" datatype="char"'),
        LINKS,
    ),
    Fault("time-in-seconds", "SODA-3.5-01", pattern('(name="TIME"[^>]*) unit="d"', r'\1 unit="s"', 9), LINKS),
    Fault(
        "ucd-of-pol", "SODA-3.5-01", pattern('(name="POL"[^>]*) ucd="[^"]*"', r'\1 ucd="meta.code"'), LINKS
    ),
    Fault("pos-as-circle", "DALI-3.3-06", text('name="POS" ', 'name="POS" xtype="circle" '), LINKS),
    Fault(
        "sync-far-from-capabilities",
        "SODA-2.1-02",
        text(f"{BASE}/sync", f"{BASE}/elsewhere/sync"),
        on("capabilities", "elsewhere/sync", "links"),
        frozenset(),
        lambda a: replace(a, path=a.path.replace("elsewhere/sync", "sync")),
    ),
    Fault(
        "async-far-from-capabilities",
        "SODA-2.2-02",
        text(f"{BASE}/async<", f"{BASE}/elsewhere/async<"),
        lambda a: a.path == "capabilities" or a.path.startswith("elsewhere/async"),
        frozenset(),
        lambda a: replace(a, path=a.path.replace("elsewhere/async", "async")),
    ),
)
