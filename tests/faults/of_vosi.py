"""Faults of capabilities, availability, tables and examples."""

from __future__ import annotations

from .transport import Fault, both, header, on, status, text

__all__ = ["FAULTS"]

CAPABILITIES = on("capabilities")
AVAILABILITY = on("availability")
TABLES = on("tables")
TABLE = on("tables/ivoa.obscore")
EXAMPLES = on("examples")
STD = "ivo://ivoa.net/std"


FAULTS = (
    Fault(
        "root-namespace", "VOSI-3.1-01", text("VOSICapabilities/v1.0", "VOSICapabilities/v1"), CAPABILITIES
    ),
    Fault(
        "qualified-capability",
        "VOSI-3.1-03",
        both(text("<capability ", "<vosi:capability "), text("</capability>", "</vosi:capability>")),
        CAPABILITIES,
    ),
    Fault("no-use-full", "VOSI-4-04", text('use="full"', 'use="base"'), CAPABILITIES),
    Fault("use-missing", "VOSI-4-04", text(' use="full"', ""), CAPABILITIES),
    Fault(
        "vosi-web-browser",
        "VOSI-4-05",
        both(
            text("xmlns:vs=", 'xmlns:vr="http://www.ivoa.net/xml/VOResource/v1.0" xmlns:vs='),
            text("vs:ParamHTTP", "vr:WebBrowser", 1),
            text("<queryType>GET</queryType>", "", 1),
        ),
        CAPABILITIES,
    ),
    Fault(
        "soda-identifier",
        "VOSI-4-02",
        text("SODA#sync-1.0", "SODA#cutout-1.0"),
        CAPABILITIES,
        frozenset({"DL-4.2-04"}),
    ),
    Fault("case-of-availability", "VOSI-4-02", text("VOSI#availability", "VOSI#available"), CAPABILITIES),
    Fault(
        "standard-id-no-ivoid",
        "REG-VOR-01",
        text(f"{STD}/DataLink#links-1.1", "http://ivoa.net/std/DataLink"),
        CAPABILITIES,
    ),
    Fault("no-last-modified", "VOSI-3.1-08", header("Last-Modified", None), CAPABILITIES),
    Fault("last-modified-no-date", "VOSI-3.1-08", header("Last-Modified", "2024-01-02"), CAPABILITIES),
    Fault(
        "capability-attribute",
        "VOSI-3.1-05",
        text("standardID=", "standardid=", 1),
        CAPABILITIES,
        frozenset({"VOSI-3.1-06"}),
    ),
    Fault(
        "element-order",
        "VOSI-3.1-05",
        text(
            "<queryType>GET</queryType>\n    </interface>", "<queryType>PUT</queryType>\n    </interface>", 1
        ),
        CAPABILITIES,
    ),
    Fault("undeclared-prefix", "VOSI-3.1-05", text("vs:ParamHTTP", "vx:ParamHTTP", 1), CAPABILITIES),
    Fault(
        "availability-unlisted", "DALI-2-05", text(f"{STD}/VOSI#availability", f"{STD}/Other"), CAPABILITIES
    ),
    Fault("tables-unlisted", "DALI-2-05", text(f"{STD}/VOSI#tables-1.1", f"{STD}/Other"), CAPABILITIES),
    Fault("examples-unlisted", "DALI-2-05", text(f"{STD}/DALI#examples", f"{STD}/Other"), CAPABILITIES),
    Fault("sia2-no-role", "SIA2-2-04", text('role="std" version="2.0"', 'version="2.0"'), CAPABILITIES),
    Fault("soda-no-role", "REG-VOR-06", text('role="std" version="1.0"', 'version="1.0"'), CAPABILITIES),
    Fault(
        "relative-address", "REG-VOR-03", text("http://reference.test/dal/links", "/dal/links"), CAPABILITIES
    ),
    Fault("availability-needs-login", "VOSI-2-04", status(401), AVAILABILITY),
    Fault("availability-cut-short", "VOSI-3.2-05", text("</vosi:availability>", ""), AVAILABILITY),
    Fault("tables-cut-short", "VOSI-3.3-04", text("</vosi:tableset>", ""), TABLES),
    Fault("availability-broken", "VOSI-3.2-01", status(500), AVAILABILITY),
    Fault(
        "availability-namespace",
        "VOSI-3.2-02",
        text("VOSIAvailability/v1.0", "Availability/v1.0"),
        AVAILABILITY,
    ),
    Fault("available-yes", "VOSI-3.2-03", text(">true<", ">yes<"), AVAILABILITY),
    Fault(
        "available-twice",
        "VOSI-3.2-03",
        text("<vosi:upSince>", "<vosi:available>true</vosi:available><vosi:upSince>"),
        AVAILABILITY,
    ),
    Fault("upsince-no-time", "VOSI-3.2-05", text("2024-01-02T03:04:05Z", "yesterday"), AVAILABILITY),
    Fault("upsince-in-the-future", "VOSI-3.2-09", text("2024-01-02", "2094-01-02"), AVAILABILITY),
    Fault(
        "availability-order",
        "VOSI-3.2-05",
        text(
            "<vosi:note>All is well.</vosi:note>",
            "<vosi:note>x</vosi:note><vosi:downAt>2090-01-01T00:00:00Z</vosi:downAt>",
        ),
        AVAILABILITY,
    ),
    Fault("tables-missing", "VOSI-3.3-05", status(404), TABLES),
    Fault("tables-namespace", "VOSI-3.3-02", text("VOSITables/v1.0", "VOSITables/v1.1"), TABLES),
    Fault(
        "tables-version-attribute",
        "VOSI-3.3-04",
        text("<vosi:tableset ", '<vosi:tableset version="1.1" '),
        TABLES,
    ),
    Fault("tables-bad-type", "VOSI-3.3-04", text(">char<", ">adql:VARCHAR<"), TABLES),
    Fault("table-missing", "VOSI-3.3-08", status(404), TABLE),
    Fault("table-of-another-name", "VOSI-3.3-08", text("ivoa.obscore", "obscore"), TABLE),
    Fault("unknown-table-200", "VOSI-3.3-10", status(200), on("tables/volint.no_such_table")),
    Fault("detail-refused", "VOSI-3.3-06", status(400), on("tables", having="DETAIL")),
    Fault(
        "min-loses-tables",
        "VOSI-3.3-07",
        text("ivoa.obscore", "ivoa.other"),
        lambda asked: asked.first("DETAIL") == "min",
    ),
    Fault("examples-broken", "DALI-2.3-01", status(500), EXAMPLES),
    Fault("examples-html", "DALI-2.3-02", text("</h2>", ""), EXAMPLES),
    Fault(
        "old-vocabulary",
        "DALI-2.3-03",
        text("http://www.ivoa.net/rdf/examples#", "ivo://ivoa.net/std/DALI#examples"),
        EXAMPLES,
    ),
    Fault(
        "another-vocabulary",
        "DALI-2.3-04",
        text("<body>", '<body><p vocab="http://schema.org/">x</p>'),
        EXAMPLES,
    ),
    Fault("resource-without-hash", "DALI-2.3-05", text('resource="#cutout"', 'resource="cutout"'), EXAMPLES),
    Fault("example-without-id", "DALI-2.3-05", text('id="cutout" ', ""), EXAMPLES),
    Fault("name-with-markup", "DALI-2.3-06", text(">A cutout<", "><b>A cutout</b><"), EXAMPLES),
    Fault("example-without-name", "DALI-2.3-06", text('<h2 property="name">A', "<h2>A"), EXAMPLES),
    Fault("keyval-missing", "DALI-2.3-08", text(' typeof="keyval"', ""), EXAMPLES),
    Fault("parameter-without-value", "DALI-2.3-08", text('<span property="value">10', "<span>10"), EXAMPLES),
    Fault(
        "example-of-no-capability", "DALI-2.3-07", text(f"{STD}/DataLink#links-1.1", f"{STD}/TAP"), EXAMPLES
    ),
    Fault("example-fails", "SODA-2.3-02", text("10 20 0.05", "north"), EXAMPLES),
)
