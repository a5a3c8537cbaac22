"""Faults of addresses, descriptions and manners: one for each rule that is seldom broken."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .holdings import BASE
from .messages import Given
from .of_jobs import listing, making, part, same, slow
from .of_query import QUERY, asking, cell, no_rows
from .transport import Fault, both, kind, on, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked

__all__ = ["FAULTS"]

STD = "ivo://ivoa.net/std"
CAPABILITIES, EXAMPLES, LINKS = on("capabilities"), on("examples"), on("links")
EXAMPLE_TERMS = "http://www.ivoa.net/rdf/examples#"
TABLE = '<TABLE><FIELD name="x" datatype="int"/><DATA><TABLEDATA/></DATA></TABLE>'
LINKS_INTERFACE = 'xsi:type="vs:ParamHTTP" role="std" version="1.1"'
AVAILABILITY = f'<capability standardID="{STD}/VOSI#availability"'
AGAIN = (
    f'{AVAILABILITY}><interface xsi:type="vs:ParamHTTP"><accessURL use="full">{BASE}/availability</accessURL>'
    "</interface></capability>"
)
ARCHIVED = (
    f'<uws:jobref id="old" xlink:href="{BASE}/async/old"><uws:phase>ARCHIVED</uws:phase>'
    "<uws:creationTime>2020-01-02T03:04:05Z</uws:creationTime></uws:jobref>"
)
LOGIN = f'<securityMethod standardID="{STD}/SSO#BasicAA"/>'


def column(name: str, value: str, datatype: str = "char") -> Callable[[Asked, Given], Given]:
    """Return what adds a column with the same value in each row."""
    size = ' arraysize="*"' if datatype == "char" else ""
    field = f'<FIELD name="{name}" ucd="meta.code" datatype="{datatype}"{size}/>'
    return both(text("<DATA>", f"{field}<DATA>"), text("</TR>", f"<TD>{value}</TD></TR>"))


def without(pattern: bytes) -> Callable[[Asked, Given], Given]:
    """Return what takes a piece of the body away."""
    return lambda _, given: replace(given, body=re.sub(pattern, b"", given.body, count=1, flags=re.DOTALL))


def columns_alone(asked: Asked) -> bool:
    """Pick queries for the columns alone."""
    return asked.path == "query" and asked.first("MAXREC") == "0"


def plain_list(asked: Asked) -> bool:
    """Pick requests for the whole list of jobs."""
    return listing(asked) and not asked.pairs


def streamed(_: Asked, given: Given) -> Given:
    """Give an empty stream for the rows."""
    stream = b'<BINARY2><STREAM encoding="base64"/></BINARY2>'
    return replace(given, body=re.sub(rb"<TABLEDATA>.*</TABLEDATA>", stream, given.body, flags=re.DOTALL))


def in_lower_case(asked: Asked) -> Asked:
    """Find types of products whatever the case."""
    pairs = tuple((name, value.lower() if name == "DPTYPE" else value) for name, value in asked.pairs)
    return replace(asked, pairs=pairs)


def moved(asked: Asked) -> Asked:
    """Find the links at another address."""
    return replace(asked, path="links") if asked.path == "elsewhere/links" else asked


def to_parameters(asked: Asked) -> Asked:
    """Take a form for the job as one for its parameters."""
    return replace(asked, path=f"{asked.path}/parameters")


def html_for_csv(asked: Asked, given: Given) -> Given:
    """Answer in CSV, and tell errors as a page."""
    if asked.values("POS"):
        return Given(400, "text/html", b"<html/>")
    return replace(given, status=200, kind="text/csv", body=b"obs_id\none\n")


FAULTS = (
    Fault(
        "links-far-from-capabilities",
        "DALI-2-02",
        text(f"{BASE}/links", f"{BASE}/elsewhere/links"),
        on("capabilities", "elsewhere/links", "query"),
        frozenset(),
        moved,
    ),
    Fault(
        "job-takes-parameters",
        "DALI-2.1-06",
        same,
        lambda a: part("", "POST")(a) and bool(a.values("POS")),
        frozenset(),
        to_parameters,
    ),
    Fault(
        "property-with-address",
        "DALI-2.3-10",
        text("A cutout</h2>", 'A cutout</h2><p><a property="table" href="#t">t</a></p>'),
        EXAMPLES,
    ),
    Fault(
        "continued-nowhere",
        "DALI-2.3-09",
        text("<body>", f'<body><p vocab="{EXAMPLE_TERMS}"><a property="continuation">more</a></p>'),
        EXAMPLES,
    ),
    Fault(
        "votable-1.1",
        "DALI-4.4-01",
        text(
            'version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"',
            'version="1.1" xmlns="http://www.ivoa.net/xml/VOTable/v1.1"',
        ),
        QUERY,
    ),
    Fault("links-in-a-stream", "DL-2.1.2-01", streamed, LINKS, frozenset({"DL-2.1-01"})),
    Fault("qualifier-of-our-own", "DL-3.2.9-01", column("content_qualifier", "cubes"), LINKS),
    Fault("login-perhaps", "DL-3.2.11-01", column("link_auth", "maybe"), LINKS),
    Fault("authorized-in-words", "DL-3.2.12-01", column("link_authorized", "yes"), LINKS),
    Fault(
        "type-in-capitals",
        "OBS-4.1-01",
        cell("image", "Image"),
        QUERY,
        frozenset({"SIA2-2.1.14-01"}),
        in_lower_case,
    ),
    Fault("CALIB-finds-nothing", "SIA2-2.1.15-01", no_rows, asking("CALIB")),
    Fault("FORMAT-finds-nothing", "SIA2-2.1.17-01", no_rows, asking("FORMAT")),
    Fault("errors-of-csv-in-html", "SIA2-3.2-02", html_for_csv, lambda a: a.first("RESPONSEFORMAT") == "csv"),
    Fault(
        "soda-without-address",
        "SODA-2-01",
        without(rb'(?<=SODA#sync-1.0">)\s*<interface.*?</interface>'),
        CAPABILITIES,
    ),
    Fault(
        "no-examples",
        "SODA-2.3-01",
        lambda a, g: status(404)(a, g) if a.path == "examples" else text("DALI#examples", "Other")(a, g),
        on("capabilities", "examples"),
        frozenset({"DALI-2-05"}),
    ),
    Fault(
        "registered-as-a-page",
        "SODA-4.1-02",
        text(
            '<PARAM name="accessURL"',
            '<PARAM name="resourceIdentifier" datatype="char" arraysize="*" value="http://example.org/"/>'
            '<PARAM name="accessURL"',
        ),
        LINKS,
    ),
    Fault(
        "waits-after-the-end",
        "UWS-2.2.1.2-02",
        slow,
        lambda a: part("")(a) and a.first("WAIT") == "20",
        frozenset({"UWS-2.2.1.2-03"}),
    ),
    Fault(
        "two-circles-for-no-reason",
        "SODA-6-02",
        same,
        lambda a: making(a) and len(a.values("CIRCLE")) > 1,
        frozenset(),
        lambda a: replace(a, pairs=(("ID", "ivo://reference.test/none"),)),
    ),
    Fault("own-job-unlisted", "UWS-2.2.2.1-01", without(rb"<uws:jobref.*</uws:jobref>"), plain_list),
    Fault("phase-waits", "UWS-2.2.1.2-06", slow, lambda a: part("phase")(a) and bool(a.values("WAIT"))),
    Fault(
        "archived-in-the-list",
        "UWS-2.2.2.1-03",
        text("</uws:jobs>", f"{ARCHIVED}</uws:jobs>"),
        plain_list,
    ),
    Fault(
        "availability-twice",
        "VOSI-2-07",
        text("</vosi:capabilities>", f"{AGAIN}</vosi:capabilities>"),
        CAPABILITIES,
    ),
    Fault("nothing-listed", "VOSI-3.1-02", without(rb"<capability.*</capability>"), CAPABILITIES),
    Fault(
        "capabilities-unlisted", "VOSI-3.1-06", text(f"{STD}/VOSI#capabilities", f"{STD}/Other"), CAPABILITIES
    ),
    Fault("no-capabilities", "VOSI-3.1-09", status(404), CAPABILITIES, target=f"{BASE}/sync"),
    Fault(
        "capabilities-elsewhere", "VOSI-4-08", text("dal/capabilities<", "dal/availability<"), CAPABILITIES
    ),
    Fault(
        "works-while-down",
        "VOSI-3.2-07",
        text("<vosi:note>", "<vosi:downAt>2024-02-01T00:00:00Z</vosi:downAt><vosi:note>"),
        on("availability"),
    ),
    Fault(
        "availability-of-a-type",
        "VOSI-4-01",
        text(AVAILABILITY, f'{AVAILABILITY} xmlns:own="urn:example:own" xsi:type="own:Availability"'),
        CAPABILITIES,
    ),
    Fault(
        "availability-wants-login",
        "VOSI-4-06",
        text("dal/availability</accessURL>", f"dal/availability</accessURL>{LOGIN}"),
        CAPABILITIES,
    ),
    Fault(
        "links-by-another-interface",
        "SIA2-2-04",
        text(LINKS_INTERFACE, 'xmlns:own="urn:example:own" xsi:type="own:Form" role="std" version="1.1"'),
        CAPABILITIES,
    ),
    Fault(
        "metadata-with-data",
        "VOT-3.6-01",
        text("</VOTABLE>", f'<RESOURCE type="meta">{TABLE}</RESOURCE></VOTABLE>'),
        QUERY,
    ),
    Fault("table-as-xml", "VOT-8-01", kind("application/xml"), columns_alone),
    Fault("table-of-nothing", "VOT-3-05", without(rb"<RESOURCE.*</RESOURCE>"), columns_alone),
    Fault(
        "links-at-two-addresses",
        "REG-VOR-04",
        text("dal/links</accessURL>", f'dal/links</accessURL><accessURL use="full">{BASE}/links</accessURL>'),
        CAPABILITIES,
    ),
    Fault(
        "two-logins",
        "REG-VOR-05",
        text("dal/links</accessURL>", f"dal/links</accessURL>{LOGIN}{LOGIN}"),
        CAPABILITIES,
        frozenset({"VOSI-3.1-05"}),
    ),
)
