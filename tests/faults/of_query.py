"""Faults of SIA2, of rows of ObsCore, and of VOTables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import tables
from .holdings import DATASETS
from .messages import Asked, Given
from .transport import Fault, answered, deaf, kind, on, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FAULTS"]

QUERY = on("query")
ROWS = [dataset.row for dataset in DATASETS]
V = "application/x-votable+xml"


def asking(name: str, value: str = "") -> Callable[[Asked], bool]:
    """Pick queries with a parameter, or with one that holds a piece of text."""
    return lambda asked: asked.path == "query" and any(value in each for each in asked.values(name))


def all_rows(asked: Asked, given: Given) -> Given:
    """Answer with all rows, whatever was asked."""
    del asked
    return replace(given, status=200, kind=V, body=tables.query(list(ROWS), overflow=False).encode())


def no_rows(asked: Asked, given: Given) -> Given:
    """Answer with no row, whatever was asked."""
    del asked
    return replace(given, status=200, kind=V, body=tables.query([], overflow=False).encode())


def refused(asked: Asked, given: Given) -> Given:
    """Refuse in the form of SIA2."""
    del asked, given
    return Given(400, V, tables.error("UsageFault: not here").encode())


def same(_: Asked, given: Given) -> Given:
    """Leave the answer as it is."""
    return given


def cell(old: str, new: str) -> Callable[[Asked, Given], Given]:
    """Return what writes another value into cells."""
    return text(f"<TD>{old}</TD>", f"<TD>{new}</TD>")


def errors(change: Callable[[Asked, Given], Given]) -> Callable[[Asked, Given], Given]:
    """Change refusals alone."""
    return lambda asked, given: change(asked, given) if given.status >= 400 else given


def field(name: str, attribute: str, value: str) -> Callable[[Asked, Given], Given]:
    """Return what gives an attribute of a column another value."""
    column = next(column for column in tables.OBSCORE.columns if column.name == name)
    wanted = f'{attribute}="{getattr(column, attribute)}"'

    def change(_: Asked, given: Given) -> Given:
        head, found, tail = given.body.partition(f'<FIELD name="{name}"'.encode())
        return replace(
            given, body=head + found + tail.replace(wanted.encode(), f'{attribute}="{value}"'.encode(), 1)
        )

    return change


FILTERS = (
    ("BAND", "SIA2-2.1.2-01"),
    ("TIME", "SIA2-2.1.3-01"),
    ("POL", "SIA2-2.1.4-01"),
    ("FOV", "SIA2-2.1.5-01"),
    ("SPATRES", "SIA2-2.1.6-01"),
    ("SPECRP", "SIA2-2.1.7-01"),
    ("EXPTIME", "SIA2-2.1.8-01"),
    ("TIMERES", "SIA2-2.1.9-01"),
    ("ID", "SIA2-2.1.10-01"),
    ("COLLECTION", "SIA2-2.1.11-01"),
    ("FACILITY", "SIA2-2.1.12-01"),
    ("INSTRUMENT", "SIA2-2.1.13-01"),
    ("DPTYPE", "SIA2-2.1.14-01"),
    ("TARGET", "SIA2-2.1.16-01"),
)
WITH_CASE = frozenset({"DALI-3.1-02"})

FAULTS = (
    *(Fault(f"deaf-to-{name}", code, same, asking(name), WITH_CASE, deaf(name)) for name, code in FILTERS),
    *(Fault(f"{name}-finds-nothing", code, no_rows, asking(name)) for name, code in FILTERS if name != "ID"),
    Fault("query-fails", "SIA2-2.1-05", status(500), QUERY),
    Fault("query-in-json", "SIA2-2.1-05", kind("application/json"), on("query", lacking="RESPONSEFORMAT")),
    Fault("bare-query-refused", "SIA2-2.1-05", refused, lambda a: a.path == "query" and not a.pairs),
    Fault("query-post", "SIA2-2.1-01", status(405), on("query", method="POST")),
    Fault(
        "maxrec-ignored",
        "SIA2-2.1.18-01",
        same,
        QUERY,
        frozenset({"SIA2-2.1.18-02", "DALI-3.2-01"}),
        deaf("MAXREC"),
    ),
    Fault("no-overflow", "SIA2-2.1.18-01", text('<INFO name="QUERY_STATUS" value="OVERFLOW"/>', ""), QUERY),
    Fault(
        "overflow-for-nothing",
        "SIA2-2.1.18-01",
        text("</TABLE>\n</RESOURCE>", '</TABLE>\n<INFO name="QUERY_STATUS" value="OVERFLOW"/>\n</RESOURCE>'),
        lambda a: a.path == "query" and a.values("MAXREC") == ["2"],
    ),
    Fault(
        "maxrec-0-refused",
        "SIA2-2.1.18-02",
        refused,
        lambda a: a.path == "query" and a.values("MAXREC") == ["0"],
    ),
    Fault(
        "maxrec-0-rows",
        "SIA2-2.1.18-02",
        all_rows,
        lambda a: a.path == "query" and a.values("MAXREC") == ["0"],
    ),
    Fault("box-taken", "SIA2-2.1.1-06", all_rows, asking("POS", "BOX")),
    Fault("short-circle-taken", "SIA2-2.1.1-06", all_rows, lambda a: a.first("POS") == "CIRCLE 1 2"),
    Fault("errors-with-200", "DALI-4.2-01", errors(status(200)), QUERY),
    Fault(
        "errors-as-text",
        "SIA2-3.2-01",
        errors(lambda _, g: replace(g, kind="text/plain", body=b"UsageFault: no\n")),
        QUERY,
    ),
    Fault("error-label-of-soda", "SIA2-3.2-03", errors(text("UsageFault", "UsageError")), QUERY),
    Fault("no-range", "SIA2-2.1.1-01", refused, asking("POS", "RANGE"), frozenset({"SIA2-2.1.1-05"})),
    Fault("no-polygon", "SIA2-2.1.1-01", refused, asking("POS", "POLYGON")),
    Fault("no-infinity", "SIA2-2.1-09", refused, asking("BAND", "Inf")),
    Fault("beyond-the-pole", "SIA2-2.1.1-03", all_rows, asking("POS", "95")),
    Fault("not-at-its-place", "SIA2-2.1.1-02", no_rows, asking("POS", "0.001")),
    Fault(
        "one-way-round",
        "SIA2-2.1.1-04",
        no_rows,
        lambda a: (
            a.first("POS").startswith("POLYGON 150") is False and a.first("POS").startswith("POLYGON 9.8")
        ),
    ),
    Fault("query-names-have-case", "SIA2-3.2-04", all_rows, lambda a: a.path == "query" and a.lower),
    Fault("no-self-description", "SIA2-3.1.2-01", text('utype="adhoc:this"', 'utype="adhoc:that"'), QUERY),
    Fault("self-lacks-format", "SIA2-3.1.2-01", text('<PARAM name="FORMAT"', '<PARAM name="FORMATS"'), QUERY),
    Fault(
        "nothing-leads-on",
        "SIA2-3.1.1-01",
        text("DataLink#links-1.1", "Other#x-1.1"),
        QUERY,
        frozenset({"DL-4.2-02"}),
    ),
    Fault(
        "second-value-ignored",
        "SIA2-2.1-06",
        same,
        lambda a: len(a.values("ID")) > 1 and a.path == "query",
        frozenset(),
        lambda a: replace(a, pairs=tuple(p for p in a.pairs if p != ("ID", a.values("ID")[-1]))),
    ),
    Fault("either-not-both", "SIA2-2.1-07", all_rows, on("query", having="ID CALIB")),
    Fault("band-scalar-refused", "SIA2-2.1-08", refused, lambda a: a.first("BAND") == "5.5e-7"),
    Fault(
        "id-with-case",
        "SIA2-2.1.10-01",
        no_rows,
        lambda a: a.path == "query" and a.first("ID").startswith("IVO://REF"),
    ),
    Fault(
        "error-without-words",
        "DALI-4.4-04",
        text("UsageFault: POS='volint' is no shape", ""),
        QUERY,
        frozenset({"SIA2-3.2-03"}),
    ),
    Fault(
        "binary2-not-told",
        "DALI-3.4-05",
        same,
        lambda a: "binary2" in a.first("RESPONSEFORMAT"),
        frozenset(),
        deaf("RESPONSEFORMAT"),
    ),
    Fault("estimate-in-bytes", "OBS-4.8-01", cell("106", "105984"), QUERY),
    Fault(
        "polygon-clockwise",
        "DALI-3.3-08",
        text(
            DATASETS[0].polygon,
            " ".join(
                " ".join(pair)
                for pair in zip(
                    DATASETS[0].polygon.split()[-2::-2], DATASETS[0].polygon.split()[::-2], strict=True
                )
            ),
        ),
        QUERY,
    ),
    Fault("polygon-of-five", "DALI-3.3-07", text(DATASETS[0].polygon, "1 2 3 4 5"), QUERY),
    Fault(
        "polygon-as-text",
        "DALI-3.3-07",
        text('name="s_region" datatype="double"', 'name="s_region" datatype="char"'),
        QUERY,
    ),
    Fault("scalar-refused", "SIA2-2.1-08", refused, lambda a: a.first("EXPTIME") == "100"),
    Fault("values-without-case", "DALI-3.1-02", all_rows, lambda a: a.first("COLLECTION") == "rEFERENCE"),
    Fault(
        "maxrec-twice", "DALI-3.2-01", all_rows, lambda a: len(a.values("MAXREC")) > 1 and a.path == "query"
    ),
    Fault(
        "query-format-ignored",
        "DALI-3.4-03",
        all_rows,
        lambda a: a.path == "query" and "volint" in a.first("RESPONSEFORMAT"),
    ),
    Fault(
        "text-xml-not-told",
        "DALI-3.4-04",
        kind(V),
        lambda a: a.path == "query" and a.first("RESPONSEFORMAT") == "text/xml",
    ),
    Fault("query-runid-refused", "DALI-3.4-14", refused, on("query", having="RUNID")),
    Fault(
        "column-missing",
        "OBS-4-02",
        text('<FIELD name="facility_name"', '<FIELD name="facility"'),
        QUERY,
        frozenset({"SIA2-2.1.12-01"}),
    ),
    Fault("column-upper-case", "OBS-C-01", text('<FIELD name="o_ucd"', '<FIELD name="O_UCD"'), QUERY),
    Fault("unit-of-em-min", "OBS-4-04", field("em_min", "unit", "nm"), QUERY),
    Fault("ucd-of-s-ra", "OBS-4-05", field("s_ra", "ucd", "pos.eq.ra;meta.main"), QUERY),
    Fault("utype-of-did", "OBS-4-05", field("obs_publisher_did", "utype", "obscore:Curation.did"), QUERY),
    Fault("calib-as-text", "OBS-4-03", field("calib_level", "datatype", "double"), QUERY),
    Fault("no-obs-id", "OBS-4-06", cell("one", ""), QUERY),
    Fault("spectra-found", "SIA2-2.1.14-01", cell("cube", "spectrum"), QUERY),
    Fault(
        "calib-level-7",
        "OBS-4.2-01",
        text("<TD>2</TD><TD>Reference", "<TD>7</TD><TD>Reference"),
        QUERY,
        frozenset({"SIA2-2.1.15-01"}),
    ),
    Fault(
        "did-no-ivoid",
        "OBS-4.5-01",
        text("<TD>ivo://reference.test/data?two</TD>", "<TD>two</TD>"),
        QUERY,
        frozenset({"SIA2-2.1-06", "SIA2-2.1.10-01"}),
    ),
    Fault(
        "relative-access", "OBS-4.6-01", text("<TD>http://reference.test/dal/file", "<TD>/dal/file"), QUERY
    ),
    Fault(
        "access-format-word",
        "OBS-4.7-01",
        cell("application/fits", "FITS"),
        QUERY,
        frozenset({"SIA2-2.1.17-01"}),
    ),
    Fault(
        "datalink-with-blank",
        "DL-3.1-01",
        cell("application/fits", f"{V}; content=datalink"),
        QUERY,
        frozenset({"SIA2-2.1.17-01"}),
    ),
    Fault(
        "format-not-true",
        "OBS-4.7-02",
        cell("application/fits", "image/jpeg"),
        QUERY,
        frozenset({"SIA2-2.1.17-01"}),
    ),
    Fault("ra-negative", "OBS-4.10-01", cell("150.0", "-210.0"), QUERY),
    Fault("fov-negative", "OBS-4.11-01", cell("0.4", "-1.0"), QUERY, frozenset({"SIA2-2.1.5-01"})),
    Fault(
        "time-reversed",
        "OBS-4.14-01",
        text("<TD>56000.0</TD><TD>56001.0</TD>", "<TD>56001.0</TD><TD>56000.0</TD>"),
        QUERY,
    ),
    Fault(
        "band-column-reversed",
        "OBS-4.17-01",
        text("<TD>0.2</TD><TD>0.22</TD>", "<TD>0.22</TD><TD>0.2</TD>"),
        QUERY,
    ),
    Fault(
        "pol-without-slashes",
        "OBS-4.19-01",
        cell("/I/Q/U/V/", "I Q U V"),
        QUERY,
        frozenset({"SIA2-2.1.4-01"}),
    ),
    Fault("pol-out-of-order", "OBS-4.19-01", cell("/I/Q/U/V/", "/V/I/Q/U/"), QUERY),
    Fault("pol-xel", "OBS-4.19-02", text("/I/Q/U/V/</TD><TD>4", "/I/Q/U/V/</TD><TD>2"), QUERY),
    Fault("votable-namespace", "VOT-3-03", text("xml/VOTable/v1.3", "xml/VOTable/v1.4"), QUERY),
    Fault("votable-version", "VOT-3-02", text('version="1.4"', 'version="2.0"'), QUERY),
    Fault("votable-cut-short", "VOT-3-01", text("</VOTABLE>", ""), QUERY),
    Fault("votable-no-version", "VOT-3-02", text('version="1.4" ', ""), QUERY),
    Fault("votable-bad-element", "VOT-3-01", text("<TABLEDATA>", "<TABLEDATA><ROW/>"), QUERY),
    Fault("votable-id-twice", "VOT-3.2-01", text('ID="rows"', 'ID="query"'), QUERY),
    Fault("votable-arraysize", "VOT-4.1-05", text('arraysize="*"', 'arraysize="n"', 1), QUERY),
    Fault("votable-cells", "VOT-5.1-01", text("<TR><TD>", "<TR><TD>image</TD><TD>", 1), QUERY),
    Fault(
        "votable-names",
        "VOT-3.2-04",
        text('<FIELD name="em_xel"', '<FIELD name="t_xel"'),
        QUERY,
        frozenset({"OBS-4-02", "OBS-4-05"}),
    ),
    Fault("votable-unmarked", "DALI-4.4-02", text('<RESOURCE type="results">', "<RESOURCE>"), QUERY),
    Fault("votable-no-status", "DALI-4.4-03", text('<INFO name="QUERY_STATUS" value="OK"/>', ""), QUERY),
    Fault("votable-status-word", "DALI-4.4-03", text('value="OK"', 'value="ok"'), QUERY),
    Fault("votable-standard-id", "DALI-4.4-08", text('value="ivo://ivoa.net/std/SIA"', 'value="SIA"'), QUERY),
    Fault("votable-nrows", "VOT-3.8-03", text("<TABLE>", '<TABLE nrows="77">'), QUERY),
    Fault(
        "votable-array-of-one",
        "VOT-4.1-03",
        text('<FIELD name="s_ra" ', '<FIELD name="s_ra" arraysize="1" '),
        QUERY,
    ),
    Fault("votable-xtype", "DALI-3.3-03", text('xtype="polygon"', 'xtype="outline"'), QUERY),
    Fault("votable-ref", "VOT-3.2-02", text('<FIELD name="t_min" ', '<FIELD ref="sky" name="t_min" '), QUERY),
    Fault(
        "late-error",
        "SIA2-2.1-05",
        text("</TABLE>\n", '</TABLE>\n<INFO name="QUERY_STATUS" value="ERROR">gone</INFO>\n'),
        QUERY,
        frozenset({"SIA2-2.1.18-01"}),
    ),
    Fault("query-nonsense-500", "DALI-4.2-01", status(500), asking("ID", "volint")),
    Fault(
        "query-refuses-html",
        "SIA2-3.2-01",
        answered(lambda: Given(400, "text/html", b"<html/>")),
        asking("POS", "volint"),
    ),
)
