"""Faults of tables of links and of descriptors."""

from __future__ import annotations

from dataclasses import replace

from .holdings import BASE, DATASETS
from .messages import Asked, Given
from .transport import Fault, answered, both, kind, on, status, text

__all__ = ["FAULTS"]

LINKS = on("links")
KNOWN = on("links", having="ID")
POST = on("links", method="POST")
ONE, TWO = DATASETS
STD = "ivo://ivoa.net/std"

ADDRESS = f'<PARAM name="accessURL" datatype="char" arraysize="*" value="{BASE}/links"/>'
NAMED = f'<PARAM name="standardID" datatype="char" arraysize="*" value="{STD}/DataLink#links-1.1"/>'
GROUP = '<GROUP name="inputParams"/>'
END = '<PARAM name="{}" datatype="double" value=""/>'


def unknown(asked: Asked) -> bool:
    """Pick requests for links of a dataset that is not there."""
    return asked.path == "links" and "volint" in asked.first("ID")


def without_last_row(body: bytes) -> bytes:
    """Return a table without its last row."""
    return body[: body.rindex(b"<TR>")] + body[body.rindex(b"</TABLEDATA>") :]


def first_only(asked: Asked) -> Asked:
    """Take the first identifier alone."""
    ids = [pair for pair in asked.pairs if pair[0] == "ID"][:1]
    return replace(asked, pairs=(*ids, *(pair for pair in asked.pairs if pair[0] != "ID")))


def same(_: Asked, given: Given) -> Given:
    """Leave the answer as it is."""
    return given


def apart(_: Asked, given: Given) -> Given:
    """Put a row of another dataset between the rows of the first."""
    if given.status != 200:
        return given
    head, row, tail = given.body.partition(b"<TR>")
    other = row + tail.partition(b"</TR>")[0] + b"</TR>\n"
    return replace(given, body=head + other + other.replace(b"?one", b"?two") + row + tail)


FAULTS = (
    Fault("links-fail", "DL-2.1-01", status(500), KNOWN),
    Fault(
        "links-cut-short",
        "DL-2.1.1-03",
        lambda _, g: replace(g, body=without_last_row(g.body)),
        on("links", having="ID MAXREC"),
    ),
    Fault(
        "descriptor-constant-wrong",
        "DL-4.3-02",
        text(
            'ucd="meta.id;meta.dataset" value="ivo://reference.test/data?one"',
            'ucd="meta.id;meta.dataset" value="one"',
        ),
        LINKS,
    ),
    Fault(
        "links-empty",
        "DL-2.1-01",
        lambda _, g: replace(
            g, body=g.body.partition(b"<TR>")[0] + b"</TABLEDATA>" + g.body.partition(b"</TABLEDATA>")[2]
        ),
        KNOWN,
    ),
    Fault("links-cut-off", "DL-2.1-01", text("</VOTABLE>", ""), LINKS, frozenset({"VOT-3-01"})),
    Fault("links-post", "DL-2-01", status(405), POST),
    Fault("links-octets", "DL-3.3-02", kind("application/octet-stream"), LINKS, frozenset({"DALI-3.4-04"})),
    Fault(
        "links-plain-votable",
        "DL-3.3-03",
        kind("application/x-votable+xml"),
        on("links", lacking="RESPONSEFORMAT"),
    ),
    Fault(
        "links-content-blank",
        "DL-3.3-03",
        kind("application/x-votable+xml; content=links"),
        on("links", lacking="RESPONSEFORMAT"),
    ),
    Fault(
        "links-want-id",
        "DL-2.1.1-04",
        answered(lambda: Given(400, body=b"UsageFault: ID\n")),
        on("links", lacking="ID"),
    ),
    Fault("links-no-self", "DL-4.4-02", text('utype="adhoc:this"', 'utype="adhoc:that"'), LINKS),
    Fault(
        "links-two-selves",
        "DL-4.4-02",
        text(
            "</VOTABLE>",
            f'<RESOURCE type="meta" utype="adhoc:this" name="again">{NAMED}{ADDRESS}{GROUP}</RESOURCE>'
            "</VOTABLE>",
        ),
        LINKS,
    ),
    Fault("links-first-alone", "DL-2.1.1-01", same, LINKS, frozenset(), first_only),
    Fault("unknown-404", "DL-3.2-05", answered(lambda: Given(404, body=b"NotFoundFault: none\n")), unknown),
    Fault(
        "unknown-silent",
        "DL-3.2-05",
        text("NotFoundFault: no such dataset", ""),
        unknown,
        frozenset({"DL-3.2-02"}),
    ),
    Fault("unknown-other-word", "DL-3.4-02", text("NotFoundFault", "NotFound"), unknown),
    Fault(
        "error-with-link",
        "DL-3.2.4-01",
        text(
            "<TD></TD><TD></TD><TD>NotFoundFault",
            "<TD>http://reference.test/x</TD><TD></TD><TD>NotFoundFault",
        ),
        unknown,
    ),
    Fault(
        "id-in-lower-case",
        "DL-3.2.1-01",
        text("ivo://reference.test/data?", "ivo://reference.test/DATA?"),
        KNOWN,
    ),
    Fault(
        "id-shortened",
        "DL-3.2.1-01",
        text("<TD>ivo://volint.invalid/there-is", "<TD>ivo://volint.invalid/there"),
        unknown,
    ),
    Fault(
        "error-in-text",
        "DL-3.4-01",
        lambda _, g: replace(g, kind="text/plain", body=b"UsageFault: no\n") if g.status == 400 else g,
        LINKS,
    ),
    Fault("links-unmarked", "DL-3.3.1-01", text('<RESOURCE type="results">', "<RESOURCE>"), LINKS),
    Fault(
        "links-no-standard",
        "DL-3.3.1-03",
        text(f'<INFO name="standardID" value="{STD}/DataLink#links-1.1"/>', ""),
        LINKS,
    ),
    Fault("no-content-length", "DL-3.2-01", text('name="content_length"', 'name="size"'), LINKS),
    Fault("ucd-of-semantics", "DL-3.2-01", text('ucd="meta.code"', 'ucd="meta.id"'), LINKS),
    Fault(
        "description-as-int",
        "DL-3.2-06",
        text('name="description" datatype="char" arraysize="*"', 'name="description" datatype="int"'),
        LINKS,
    ),
    Fault("length-in-kilobytes", "DL-3.2.8-01", text('unit="byte"', 'unit="kbyte"'), LINKS),
    Fault(
        "length-as-int",
        "DL-3.2.8-01",
        text('name="content_length" datatype="long"', 'name="content_length" datatype="int"'),
        LINKS,
    ),
    Fault(
        "link-and-service",
        "DL-3.2-02",
        text("<TD></TD><TD>cut-one</TD>", "<TD>http://reference.test/dal/file/one</TD><TD>cut-one</TD>"),
        LINKS,
    ),
    Fault(
        "no-semantics", "DL-3.2-03", text("<TD>#this</TD>", "<TD></TD>"), LINKS, frozenset({"DL-3.2.4-01"})
    ),
    Fault(
        "rows-apart",
        "DL-3.2-04",
        apart,
        lambda a: a.path == "links" and a.values("ID") == [ONE.did],
        frozenset({"DL-3.2.1-01", "DL-2.1-01"}),
    ),
    Fault("relative-link", "DL-3.2.2-01", text("<TD>http://reference.test/dal/file", "<TD>/dal/file"), LINKS),
    Fault("dead-link", "DL-3.2.2-01", status(404), on("file/one"), frozenset({"OBS-4.6-01"})),
    Fault("service-nowhere", "DL-3.2.3-01", text("<TD>cut-one</TD>", "<TD>cut-1</TD>"), LINKS),
    Fault("no-description", "DL-3.2.5-01", text("<TD>Cutouts.</TD>", "<TD></TD>"), LINKS),
    Fault("term-without-hash", "DL-3.2.6-01", text("<TD>#this</TD>", "<TD>this</TD>"), LINKS),
    Fault(
        "term-in-full",
        "DL-3.2.6-01",
        text("<TD>#this</TD>", "<TD>http://www.ivoa.net/rdf/datalink/core#this</TD>"),
        LINKS,
    ),
    Fault("unknown-term", "DL-3.2.6-03", text("<TD>#cutout</TD>", "<TD>#cutouts</TD>"), LINKS),
    Fault(
        "type-of-link",
        "DL-3.2.7-02",
        text("<TD>application/fits</TD><TD>106560", "<TD>image/png</TD><TD>106560"),
        LINKS,
    ),
    Fault(
        "descriptor-results",
        "DL-4.1-01",
        text('type="meta" utype="adhoc:service"', 'type="results" utype="adhoc:service"'),
        LINKS,
        frozenset({"DALI-4.4-02"}),
    ),
    Fault("descriptor-no-address", "DL-4.2-01", text('<PARAM name="accessURL"', '<PARAM name="url"'), LINKS),
    Fault(
        "descriptor-relative",
        "DL-4.2-01",
        text('value="http://reference.test/dal/sync"', 'value="/dal/sync"'),
        LINKS,
    ),
    Fault(
        "descriptor-standard",
        "DL-4.2-02",
        text(f'value="{STD}/SODA#sync-1.0"', 'value="SODA sync 1.0"'),
        LINKS,
    ),
    Fault(
        "descriptor-no-group",
        "DL-4.3-01",
        text('<GROUP name="inputParams">', '<GROUP name="parameters">'),
        LINKS,
    ),
    Fault(
        "descriptor-other-address",
        "DL-4.2-04",
        text('value="http://reference.test/dal/sync"', 'value="http://reference.test/old/sync"'),
        LINKS,
    ),
    Fault(
        "param-without-value",
        "DL-4.3-06",
        text(
            'xtype="circle" unit="deg" ucd="pos.outline;obs" value=""',
            'xtype="circle" unit="deg" ucd="pos.outline;obs"',
        ),
        LINKS,
    ),
    Fault(
        "param-ref-nowhere",
        "DL-4.3-03",
        text('value="ivo://reference.test/data?one"/>', 'ref="nowhere" value=""/>'),
        LINKS,
    ),
    Fault(
        "descriptors-unnamed",
        "DL-4.1-02",
        both(text(' name="cut-one"', ""), text(' name="links"', "")),
        LINKS,
    ),
    Fault("ucd-of-circle", "SODA-3.5-01", text('ucd="pos.outline;obs"', 'ucd="phys.angArea;obs"'), LINKS),
    Fault("unit-of-band", "SODA-3.5-01", text('unit="m"', 'unit="nm"'), LINKS),
    Fault("xtype-of-circle", "SODA-3.3-07", text('xtype="circle"', 'xtype="adql:CIRCLE"'), LINKS),
    Fault("band-of-one", "SODA-3.3-07", text('arraysize="2" xtype="interval"', 'xtype="interval"'), LINKS),
    Fault(
        "band-max-pair",
        "SODA-4.2-02",
        text('<MIN value="5e-07"/><MAX value="6e-07"/>', '<MAX value="5e-07 6e-07"/>'),
        LINKS,
    ),
    Fault(
        "band-reversed",
        "SODA-4.2-02",
        text('<MIN value="5e-07"/><MAX value="6e-07"/>', '<MIN value="6e-07"/><MAX value="5e-07"/>'),
        LINKS,
    ),
    Fault(
        "pol-unknown-state",
        "SODA-4.2-03",
        text('<OPTION value="I"/>', '<OPTION value="total"/>'),
        LINKS,
        frozenset({"SODA-3.3-10"}),
    ),
    Fault(
        "circle-with-min",
        "SODA-4.2-04",
        text('<MAX value="10.0 20.0 0.1"/>', '<MIN value="10.0 20.0 0"/><MAX value="10.0 20.0 0.1"/>'),
        LINKS,
    ),
    Fault(
        "circle-max-radius", "SODA-4.2-04", text('<MAX value="10.0 20.0 0.1"/>', '<MAX value="0.1"/>'), LINKS
    ),
    Fault(
        "polygon-max-odd",
        "SODA-4.2-05",
        text(f'<MAX value="{ONE.polygon}"/>', '<MAX value="9 19 11 19 11"/>'),
        LINKS,
    ),
    Fault(
        "circle-in-radians",
        "SODA-4.2-07",
        text('<MAX value="10.0 20.0 0.1"/>', '<MAX value="10.0 200.0 0.1"/>'),
        LINKS,
        frozenset(),
    ),
    Fault(
        "circle-without-values",
        "SODA-4.2-01",
        text('<VALUES><MAX value="10.0 20.0 0.1"/></VALUES>', ""),
        LINKS,
    ),
    Fault(
        "pos-without-polygon-declared",
        "SODA-4.2-06",
        text('<PARAM name="POLYGON"', '<PARAM name="OUTLINE"'),
        LINKS,
    ),
    Fault(
        "min-and-max-names",
        "SODA-3.5-02",
        text(
            "</GROUP>",
            f"{END.format('X_MIN')}{END.format('X_MAX')}</GROUP>",
            1,
        ),
        LINKS,
    ),
)
