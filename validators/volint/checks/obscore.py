"""Rows of ObsCore as SIA2 gives them, held against the declaration (ObsCore 1.1, 4)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from volint.check import rule
from volint.exchange import Request
from volint.facts import declared
from volint.model import Fault, Skip
from volint.scopes import QUERY_TABLE
from volint.sky import apart
from volint.ucds import ucd_remarks
from volint.votable.view import numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from soda_core.standards import Column
    from volint.check import Faults
    from volint.document import Document

__all__ = [
    "addresses",
    "bands",
    "exact_datalink",
    "fields_of_view",
    "formats",
    "identifiers",
    "images_and_cubes",
    "levels",
    "lower_case",
    "mandatory",
    "never_empty",
    "numbers_of_states",
    "outlines",
    "own_names",
    "physical_axes",
    "pixel_counts",
    "positions",
    "product_types",
    "sizes",
    "states",
    "times",
    "truthful_formats",
    "types",
    "ucds",
    "units",
    "utypes",
]

ROOT = "OBS-4-02"
CELLS = "VOT-5.1-01"
KINDS = {
    "char": "text",
    "unicodeChar": "text",
    "int": "integer",
    "long": "integer",
    "short": "integer",
    "float": "real",
    "double": "real",
}
STATES = re.compile(r"/((I|Q|U|V|RR|LL|RL|LR|XX|YY|XY|YX|POLI|POLA)/)+")
TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")


def columns() -> tuple[Column, ...]:
    """Return the columns of ObsCore."""
    return declared("obscore").columns


def value(name: str) -> Column:
    """Return one column of ObsCore."""
    return next(column for column in columns() if column.name == name)


def odd(table: Document, name: str, wrong: Callable[[float], bool], told: str) -> Faults:
    """Yield a fault for the first number of a column that is *wrong*."""
    for row in table.view.rows:
        for number in numbers(row.get(name)):
            if wrong(number):
                yield table.fault(f"{row.get('obs_publisher_did')}: {name} is {number}, {told}")
                return


@rule(ROOT, QUERY_TABLE, also=["SIA2-3.1-01"])
def mandatory(table: Document) -> Faults:
    """All mandatory columns are there."""
    known = {column.name.lower() for column in table.view.fields}
    missing = [column.name for column in columns() if column.mandatory and column.name not in known]
    if missing:
        yield table.fault(f"the columns {', '.join(missing)} are missing")


@rule("OBS-C-01", QUERY_TABLE)
def lower_case(table: Document) -> Faults:
    """The names of columns are in lower case."""
    known = {column.name for column in columns()}
    for column in table.view.fields:
        if column.name.lower() in known and column.name not in known:
            yield table.fault(f"the column {column.name} is not in lower case")


def attribute(name: str) -> Callable[[Document], Faults]:
    """Return what compares one attribute of all columns with the declaration; case does not matter."""

    def run(table: Document) -> Faults:
        known = {column.name: column for column in columns()}
        for column in table.view.fields:
            wanted = getattr(known.get(column.name), name, "")
            own = getattr(column, name)
            if wanted and own.lower().removeprefix("obscore:") != wanted.lower().removeprefix("obscore:"):
                yield table.fault(f"{column.name} has {name}={own!r}, expected {wanted!r}")

    run.__doc__ = f"Each column has the {name} of ObsCore."
    return run


units = rule("OBS-4-04", QUERY_TABLE)(attribute("unit"))
ucds = rule("OBS-4-05", QUERY_TABLE)(attribute("ucd"))
utypes = rule("OBS-4-05", QUERY_TABLE)(attribute("utype"))


@rule("OBS-4-03", QUERY_TABLE)
def types(table: Document) -> Faults:
    """Each column is text, whole or real as ObsCore has it."""
    known = {column.name: column for column in columns()}
    for column in table.view.fields:
        wanted = KINDS.get(known[column.name].datatype) if column.name in known else None
        if wanted and KINDS.get(column.datatype) != wanted and not known[column.name].xtype:
            yield table.fault(f"{column.name} has datatype={column.datatype!r}, expected {wanted}")


@rule("OBS-4.21-01", QUERY_TABLE, because=[CELLS, ROOT, "OBS-4-03"])
def pixel_counts(table: Document) -> Faults:
    """The number of pixels of an axis is at least 0, or -1 where there are none."""
    for name in (column.name for column in columns() if column.name.endswith(("_xel", "_xel1", "_xel2"))):
        yield from odd(table, name, lambda number: number < -1, "expected -1 or more")


@rule("OBS-4-06", QUERY_TABLE, also=["SIA2-3.1-02"], because=[CELLS, ROOT])
def never_empty(table: Document) -> Faults:
    """Some columns have a value in every row."""
    names = [column.name for column in columns() if column.not_null]
    for number, row in enumerate(table.view.rows, 1):
        for name in names:
            if row.get(name) == "":
                yield table.fault(f"row {number} has no {name}")
                return


@rule("SIA2-2.1.14-01", QUERY_TABLE, because=[CELLS, ROOT])
def images_and_cubes(table: Document) -> Faults:
    """Only images and cubes are found."""
    found = declared("sia2").parameters["DPTYPE"].found
    words = {row.get("dataproduct_type", "") for row in table.view.rows}
    for word in sorted(words & set(value("dataproduct_type").values) - {"", *found}):
        yield table.fault(f"dataproduct_type is {word!r}, expected one of {found}")


@rule("OBS-4.1-01", QUERY_TABLE, also=["OBS-4.1-02"], because=[CELLS, ROOT])
def product_types(table: Document) -> Faults:
    """The type of product is of the list, in lower case."""
    legal = value("dataproduct_type").values
    for word in sorted({row.get("dataproduct_type", "") for row in table.view.rows} - {"", *legal}):
        yield table.fault(f"dataproduct_type is {word!r}, expected one of {legal}")


@rule("OBS-4.2-01", QUERY_TABLE, because=[CELLS, ROOT, "VOT-6-01"])
def levels(table: Document) -> Faults:
    """The calibration level is 0 to 4."""
    yield from odd(table, "calib_level", lambda number: number not in (0, 1, 2, 3, 4), "expected 0 to 4")


@rule("OBS-4.5-01", QUERY_TABLE, because=[CELLS, ROOT, "OBS-4-06"])
def identifiers(table: Document) -> Faults:
    """The publisher's identifier is an IVOID of one dataset."""
    found = Counter(row.get("obs_publisher_did", "") for row in table.view.rows)
    for did, number in found.items():
        if did and not did.lower().startswith("ivo://"):
            yield table.fault(f"obs_publisher_did {did!r} is no IVOID")
            return
        if did and number > 1:
            fault = table.fault(f"obs_publisher_did {did!r} stands in {number} rows")
            yield type(fault)(fault.message, fault.exchange, "warning")


@rule("OBS-4.6-01", QUERY_TABLE, because=[CELLS, ROOT])
def addresses(table: Document) -> Faults:
    """The address of access is complete."""
    for row in table.view.rows:
        url = row.get("access_url", "")
        if url and not re.match(r"(https?|ftp)://[^/]+", url):
            yield table.fault(f"access_url {url!r} is no complete address")
            return


@rule("OBS-4.7-01", QUERY_TABLE, because=[CELLS, ROOT])
def formats(table: Document) -> Faults:
    """The format of access is a media type."""
    for word in sorted({row.get("access_format", "") for row in table.view.rows} - {""}):
        if not TYPE.fullmatch(word):
            yield table.fault(f"access_format {word!r} is no media type")


@rule("DL-3.1-01", QUERY_TABLE, because=[CELLS, ROOT])
def exact_datalink(table: Document) -> Faults:
    """Rows that lead to links say so in the exact words."""
    exact = declared("datalink").endpoint("links").media_types[0]
    for word in sorted({row.get("access_format", "") for row in table.view.rows}):
        if "content=datalink" in word.replace('"', "").replace(" ", "") and word != exact:
            yield table.fault(f"access_format is {word!r}, expected exactly {exact!r}")


@rule(
    "OBS-4.7-02",
    QUERY_TABLE,
    also=["SIA2-3.1.3-01", "SIA2-3.1.3-02"],
    because=[CELLS, ROOT, "OBS-4.6-01", "OBS-4.7-01", "DL-3.1-01"],
)
def truthful_formats(table: Document) -> Faults:
    """What the address of access gives is of the format that the row tells."""
    exact = declared("datalink").endpoint("links").media_types[0]
    for row in [entry for entry in table.view.rows if entry.get("access_url")][:2]:
        if table.service is None or not row["access_url"].startswith("http"):
            continue
        answer = table.service.client.send(Request(row["access_url"], "HEAD"))
        told = row.get("access_format", "")
        if answer.ok and answer.media_type.is_datalink and told != exact:
            yield answer.fault(f"the address gives links, access_format is {told!r}")
        elif (
            answer.ok
            and told
            and told != exact
            and answer.media_type.essence != told.partition(";")[0].strip()
        ):
            yield answer.fault(
                f"the address gives {answer.media_type.essence}, access_format is {told!r}", "warning"
            )


@rule("OBS-4.10-01", QUERY_TABLE, because=[CELLS, ROOT])
def positions(table: Document) -> Faults:
    """The position is on the sky."""
    yield from odd(table, "s_ra", lambda number: not 0 <= number <= 360, "expected 0 to 360")  # noqa: PLR2004
    yield from odd(table, "s_dec", lambda number: not -90 <= number <= 90, "expected -90 to 90")  # noqa: PLR2004


@rule("OBS-4.11-01", QUERY_TABLE, because=[CELLS, ROOT])
def fields_of_view(table: Document) -> Faults:
    """The field of view is a diameter."""
    yield from odd(table, "s_fov", lambda number: not 0 <= number <= 360, "expected a diameter in degrees")  # noqa: PLR2004


@rule("OBS-4.14-01", QUERY_TABLE, because=[CELLS, ROOT])
def times(table: Document) -> Faults:
    """A time begins before it ends."""
    yield from _ordered(table, "t_min", "t_max")


@rule("OBS-4.17-01", QUERY_TABLE, because=[CELLS, ROOT])
def bands(table: Document) -> Faults:
    """A band begins before it ends, in metres."""
    yield from _ordered(table, "em_min", "em_max")


def _ordered(table: Document, low: str, high: str) -> Faults:
    for row in table.view.rows:
        ends = numbers(f"{row.get(low, '')} {row.get(high, '')}")
        if row.get(low) and row.get(high) and ends[0] > ends[1]:
            yield table.fault(f"{row.get('obs_publisher_did')}: {low} {ends[0]} is above {high} {ends[1]}")
            return


@rule("OBS-4.19-01", QUERY_TABLE, because=[CELLS, ROOT])
def states(table: Document) -> Faults:
    """Polarisation states stand between slashes, in the order of the list."""
    order = declared("sia2").parameters["POL"].values
    for word in sorted({row.get("pol_states", "") for row in table.view.rows} - {""}):
        own = word.strip("/").split("/")
        if not STATES.fullmatch(word):
            yield table.fault(f"pol_states is {word!r}")
        elif own != sorted(own, key=order.index):
            yield table.fault(f"pol_states {word!r} is not in the order of the list")


@rule("OBS-4.19-02", QUERY_TABLE, because=[CELLS, ROOT, "OBS-4.19-01"])
def numbers_of_states(table: Document) -> Faults:
    """The number of polarisation states is told truly."""
    for row in table.view.rows:
        number = len(row.get("pol_states", "").strip("/").split("/")) if row.get("pol_states") else 0
        told = row.get("pol_xel", "")
        if told.isdigit() and number and int(told) != number:
            yield table.fault(f"{row.get('obs_publisher_did')}: pol_xel is {told} for {row['pol_states']!r}")
            return


@rule("OBS-4.8-01", QUERY_TABLE, because=[CELLS, ROOT, "OBS-4.6-01", "OBS-4.7-02"])
def sizes(table: Document) -> Faults:
    """The size that a row estimates, in kilobytes, is near that of the file."""
    if table.service is None:
        raise Skip("a file stands alone")
    for row in [row for row in table.view.rows if row.get("access_url", "").startswith("http")][:2]:
        told = numbers(row.get("access_estsize"))
        answer = table.service.client.send(Request(row["access_url"], "HEAD"))
        length = answer.headers.get("content-length", "")
        if not (told and answer.ok and length.isdigit()) or "datalink" in row.get("access_format", ""):
            continue
        if length == "0" or "content-encoding" in answer.headers:  # no length, or that of something else
            continue
        if not told[0] / 2 - 1 <= int(length) / 1000 <= told[0] * 2 + 1:
            yield answer.fault(f"access_estsize is {told[0]:.0f} kbyte, the file has {length} bytes")


@rule("OBS-4.20-01", QUERY_TABLE, because=[CELLS, ROOT])
def physical_axes(table: Document) -> Faults:
    """What is observed is told by a UCD."""
    for found in dict.fromkeys(row.get("o_ucd", "") for row in table.view.rows):
        for remark in ucd_remarks(found) if found else ():
            fault = table.fault(f"o_ucd is {found!r}: {remark.message}")
            yield type(fault)(fault.message, fault.exchange, remark.level)


@rule("OBS-4.12-01", QUERY_TABLE, level="info", because=[CELLS, ROOT])
def outlines(table: Document) -> Faults:
    """Datasets have an outline on the sky, there where their position is."""
    rows = table.view.rows
    if rows and not any(row.get("s_region") for row in rows):
        yield table.fault(f"s_region is empty in all {len(rows)} rows")
    for row in rows:
        outline = numbers(row.get("s_region"))
        place = numbers(f"{row.get('s_ra', '')} {row.get('s_dec', '')} {row.get('s_fov', '')}")
        if len(place) != 3 or not place[2] > 0 or len(outline) < 6 or len(outline) % 2:  # noqa: PLR2004
            continue
        corners = zip(outline[::2], outline[1::2], strict=True)
        if all(apart(*place[:2], *corner) > 1 + 2 * place[2] for corner in corners):
            there = f"s_ra {place[0]}, s_dec {place[1]}"
            told = f"{row.get('obs_publisher_did')}: s_region lies elsewhere than {there}"
            yield Fault(told, table.exchange, "warning")
            return


@rule("OBS-4.22-02", QUERY_TABLE, level="info", because=[ROOT, "OBS-4-05"])
def own_names(table: Document) -> Faults:
    """A column of the model has the name of the model."""
    known = {column.utype.lower().removeprefix("obscore:"): column.name for column in columns()}
    for column in table.view.fields:
        wanted = known.get(column.utype.lower().removeprefix("obscore:"), column.name)
        if wanted != column.name.lower():
            yield table.fault(f"the column {column.name} has the utype of {wanted}")
