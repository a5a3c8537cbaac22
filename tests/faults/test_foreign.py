"""Services that do things otherwise, within the rules: nothing is held against them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from faults.holdings import BASE, DATASETS
from faults.judging import judged
from faults.messages import Given
from faults.of_jobs import making, part
from faults.transport import Fault, answered, both, kind, on, pattern, status, text
from faults.ways import (
    binary2,
    commented,
    even_ids,
    in_capitals,
    in_sections,
    led_on,
    marked,
    odd_ids,
    of_xml,
    packed,
    rich,
    spread,
    unled,
    utf_16,
    with_columns,
    without_namespace_prefix,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from faults.messages import Asked

LOGIN = '<securityMethod standardID="ivo://ivoa.net/std/SSO#BasicAA"/>'


def prefixed(_: Asked, given: Given) -> Given:
    """Write a VOTable with a prefix."""
    body = re.sub(rb"<(/?)(?=[A-Z])", rb"<\1vot:", given.body)
    return replace(given, body=body.replace(b" xmlns=", b" xmlns:vot="))


def led_elsewhere(asked: Asked, given: Given) -> Given:
    """Answer a cutout at another address, by 303."""
    if asked.path == "sync":
        return Given(303).having(Location=f"{BASE}/stored/sync?{urlencode(asked.pairs)}")
    return given


def stored(asked: Asked) -> Asked:
    """Find a cutout at its other address."""
    return replace(asked, path="sync")


def stc(_: Asked, given: Given) -> Given:
    """Write outlines as STC-S."""
    body = re.sub(
        rb'(<FIELD name="s_region") datatype="double" arraysize="\*" xtype="polygon"',
        rb'\1 datatype="char" arraysize="*" xtype="adql:REGION"',
        given.body,
    )
    for dataset in DATASETS:
        body = body.replace(f"<TD>{dataset.polygon}".encode(), f"<TD>Polygon ICRS {dataset.polygon}".encode())
    return replace(given, body=body)


TABLES = on("query", "links")
VOSI = on("capabilities", "availability", "tables", "tables/ivoa.obscore")
CAPABILITIES = on("capabilities")
STD = "ivo://ivoa.net/std"
TAP = (
    f'<capability standardID="{STD}/TAP"><interface xsi:type="vs:ParamHTTP" role="std">'
    f'<accessURL use="base">{BASE}/tap</accessURL></interface></capability>'
)
PAGE = (
    '<capability><interface xsi:type="vr:WebBrowser" xmlns:vr="http://www.ivoa.net/xml/VOResource/v1.0">'
    f'<accessURL use="full">{BASE}/</accessURL></interface></capability>'
)
PARAMS = (
    '<PARAM name="FILTER" datatype="char" arraysize="*" value=""><VALUES><OPTION value="u"/></VALUES></PARAM>'
    '<PARAM name="DEPTH" datatype="double" arraysize="2" xtype="interval" value=""/></GROUP>'
)
SECOND = (
    '</interface><interface xsi:type="vs:ParamHTTP" role="std" version="1.0">'
    f'<accessURL use="full">{BASE}/auth/sync</accessURL>{LOGIN}</interface></capability>'
)


def everything(_: Asked) -> bool:
    """Pick every request."""
    return True


def jobs(asked: Asked) -> bool:
    """Pick requests to jobs."""
    return asked.path.partition("/")[0] == "async"


def relative(_: Asked, given: Given) -> Given:
    """Lead on without the name of the host."""
    place = given.headers.get("Location", "").removeprefix("http://reference.test")
    return given.having(Location=place) if place else given


def refused_by(number: int) -> Callable[[Asked, Given], Given]:
    """Return what refuses with another status."""
    return lambda asked, given: status(number)(asked, given) if given.status == 400 else given


def at_first(_: Asked, given: Given) -> Given:
    """Tell before the table that rows are left out."""
    body = given.body.replace(OVERFLOW, b"")
    return (
        replace(given, body=body.replace(b'value="OK"', b'value="OVERFLOW"')) if body != given.body else given
    )


OVERFLOW = b'<INFO name="QUERY_STATUS" value="OVERFLOW"/>\n'
OTHERWISE = (
    Fault("login-for-cutouts", "", status(401), on("sync")),
    Fault("login-for-jobs", "", status(401), making),
    Fault("unknown-job-403", "", status(403), lambda a: a.path == "async/volint-no-such-job"),
    Fault("no-quote", "", answered(lambda: Given(204, "")), part("quote")),
    Fault("cutout-elsewhere", "", led_elsewhere, on("sync", "stored/sync"), frozenset(), stored),
    Fault("votable-1.3", "", text('version="1.4"', 'version="1.3"'), TABLES),
    Fault("votable-1.5", "", text('version="1.4"', 'version="1.5"'), TABLES),
    Fault("votable-with-prefix", "", prefixed, TABLES),
    Fault("charset-told", "", kind("text/xml;charset=UTF-8"), on("capabilities", "availability", "tables")),
    Fault(
        "two-interfaces",
        "",
        pattern(r"(dal/sync</accessURL>.*?)</interface>\s*</capability>", rf"\1{SECOND}"),
        CAPABILITIES,
    ),
    Fault("outlines-as-stc", "", stc, on("query")),
    Fault("odd-identifiers", "", odd_ids, everything, frozenset(), even_ids),
    Fault("rows-as-binary2", "", binary2, on("query")),
    Fault(
        "redirects",
        "",
        led_on,
        lambda a: a.path.removeprefix("new/").partition("/")[0] not in ("async", "cone", "file"),
        frozenset(),
        unled,
    ),
    Fault("everything-packed", "", packed, everything),
    Fault("utf-16", "", of_xml(utf_16), everything),
    Fault("byte-order-mark", "", of_xml(marked), everything),
    Fault("comments", "", of_xml(commented), everything),
    Fault("sections", "", of_xml(in_sections), everything),
    Fault("line-breaks", "", of_xml(spread), everything),
    Fault("media-types-in-capitals", "", in_capitals, everything),
    Fault("no-prefix", "", of_xml(without_namespace_prefix), VOSI),
    Fault(
        "other-prefixes",
        "",
        both(
            both(text("xmlns:vs=", "xmlns:n1="), text('"vs:', '"n1:')),
            both(text("xmlns:xsi=", "xmlns:i="), text(" xsi:", " i:")),
            both(text("xmlns:vosi=", "xmlns:v-1.0_="), text("vosi:", "v-1.0_:")),
        ),
        VOSI,
    ),
    Fault("more-than-needed", "", of_xml(rich), TABLES),
    Fault("more-columns", "", of_xml(with_columns), TABLES),
    Fault("more-parameters", "", text("</GROUP>", PARAMS), TABLES),
    Fault("cells-of-nothing", "", text("<TD></TD>", "<TD/>"), TABLES),
    Fault("overflow-at-first", "", at_first, TABLES),
    Fault("text-of-any-letter", "", text('datatype="char"', 'datatype="unicodeChar"'), TABLES),
    Fault("sizes-as-float", "", pattern('("s_fov" datatype=)"double"', r'\1"float"'), on("query")),
    Fault(
        "circles-alone",
        "",
        pattern(r'<PARAM name="(POS|POLYGON|BAND|TIME|POL)" [^\n]*\n', "", 99),
        on("links"),
    ),
    Fault("relative-locations", "", relative, everything),
    Fault(
        "jobs-without-prefix",
        "",
        both(text("xmlns:uws=", "xmlns="), both(text("<uws:", "<"), text("</uws:", "</"))),
        jobs,
    ),
    Fault("fractions-of-seconds", "", text("03:04:05Z", "03:04:05.123Z"), everything),
    Fault("question-mark", "", pattern("dal/(sync|query|links|async)<", r"dal/\1?<", 9), CAPABILITIES),
    Fault("errors-404", "", refused_by(404), on("sync")),
    Fault("errors-422", "", refused_by(422), on("sync", "query")),
    Fault("head-405", "", status(405), lambda a: a.method == "HEAD"),
    Fault(
        "head-without-length",
        "",
        lambda _, given: given.having(Content_Length="0"),
        lambda a: a.method == "HEAD",
    ),
    Fault("identifiers-in-capitals", "", text("SODA#sync-1.0", "soda#SYNC-1.0"), on("capabilities", "links")),
    Fault(
        "links-1.0",
        "",
        text("DataLink#links-1.1", "DataLink#links-1.0"),
        on("capabilities", "links", "query"),
    ),
    Fault("examples-as-html", "", kind("text/html"), on("examples")),
    Fault(
        "stylesheet",
        "",
        of_xml(lambda body: body.replace(b"?>", b'?><?xml-stylesheet href="/x.xsl" type="text/xsl"?>', 1)),
        everything,
    ),
    Fault(
        "open-to-all", "", text("dal/sync</accessURL>", "dal/sync</accessURL><securityMethod/>"), CAPABILITIES
    ),
    Fault(
        "mirrors",
        "",
        text("dal/links</accessURL>", "dal/links</accessURL><mirrorURL>http://mirror.test/links</mirrorURL>"),
        CAPABILITIES,
    ),
    Fault(
        "other-capabilities",
        "",
        text("</vosi:capabilities>", f"{TAP}{PAGE}</vosi:capabilities>"),
        CAPABILITIES,
    ),
    Fault(
        "validated-by-somebody",
        "",
        pattern(
            '("ivo://ivoa.net/std/SODA#sync-1.0">)',
            r'\1<validationLevel validatedBy="ivo://x.org/a">2</validationLevel>',
        ),
        CAPABILITIES,
    ),
)


@pytest.mark.parametrize("way", OTHERWISE, ids=[way.name for way in OTHERWISE])
def test_another_way_is_no_fault(way: Fault) -> None:
    """What a standard leaves to the service is no error and no warning."""
    found = [finding for finding in judged(way).findings if finding.level != "info"]

    assert [] == [(finding.code, finding.message) for finding in found]
