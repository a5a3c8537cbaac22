"""Faults of capabilities, availability, tables and examples: in one part, or every second time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .holdings import BASE
from .transport import Fault, body, on, pattern, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked, Given

__all__ = ["FAULTS"]

STD = "ivo://ivoa.net/std"
CAPABILITIES, AVAILABILITY, EXAMPLES = on("capabilities"), on("availability"), on("examples")
TABLES, TABLE = on("tables"), on("tables/ivoa.obscore")
UP = "<vosi:upSince>2024-01-02T03:04:05Z</vosi:upSince>"
TRUE = "<vosi:available>true</vosi:available>"
LISTED = f'<capability standardID="{STD}/{{}}".*?</capability>'


def every_second(change: Callable[[Asked, Given], Given]) -> Callable[[Asked, Given], Given]:
    """Return what changes every second answer."""
    asked_for: dict[str, int] = {}

    def made(asked: Asked, given: Given) -> Given:
        asked_for[asked.path] = asked_for.get(asked.path, 0) + 1
        return given if asked_for[asked.path] % 2 else change(asked, given)

    return made


def no_availability(asked: Asked, given: Given) -> Given:
    """Have no availability, and list none."""
    if asked.path == "availability":
        return replace(given, status=404)
    return pattern(LISTED.format("VOSI#availability"), "")(asked, given)


FAULTS = (
    Fault("no-availability", "VOSI-3.2-01", no_availability, on("availability", "capabilities")),
    Fault("sync-of-version-2", "SODA-2.5-01", text("SODA#sync-1.0", "SODA#sync-2.0"), CAPABILITIES),
    Fault("sync-of-no-version", "SODA-2.5-01", text("SODA#sync-1.0", "SODA#sync"), CAPABILITIES),
    Fault("tables-of-version-9", "VOSI-4-03", text("VOSI#tables-1.1", "VOSI#tables-9.9"), CAPABILITIES),
    Fault(
        "availability-of-a-version",
        "VOSI-4-02",
        text("VOSI#availability", "VOSI#availability-1.1"),
        CAPABILITIES,
    ),
    Fault(
        "capabilities-of-two-minds",
        "VOSI-2-03",
        every_second(pattern(LISTED.format("DALI#examples"), "")),
        CAPABILITIES,
    ),
    Fault("extension-without-type", "VOSI-3.1-04", text(' xsi:type="cs:ConeSearch"', ""), CAPABILITIES),
    Fault("address-of-blanks", "REG-VOR-03", text(f"{BASE}/links<", " <"), CAPABILITIES),
    Fault(
        "address-of-ftp", "REG-VOR-03", text(f"{BASE}/links<", "ftp://reference.test/links<"), CAPABILITIES
    ),
    Fault(
        "role-in-capitals",
        "REG-VOR-06",
        text('role="std" version="1.0"', 'role="Std" version="1.0"'),
        CAPABILITIES,
    ),
    Fault("interface-of-no-type", "REG-VOR-02", text(' xsi:type="vs:ParamHTTP"', "", 1), CAPABILITIES),
    Fault(
        "three-methods",
        "REG-VODS-01",
        text(
            "</queryType>\n    </interface>", f"</queryType>{'<queryType>GET</queryType>' * 2}</interface>", 1
        ),
        CAPABILITIES,
    ),
    Fault(
        "availability-upside-down", "VOSI-3.2-05", text(f"{TRUE}\n  {UP}", f"{UP}\n  {TRUE}"), AVAILABILITY
    ),
    Fault(
        "back-before-down",
        "VOSI-3.2-09",
        text(
            "<vosi:note>",
            "<vosi:downAt>2090-01-01T00:00:00Z</vosi:downAt><vosi:backAt>2089-01-01T00:00:00Z</vosi:backAt>"
            "<vosi:note>",
        ),
        AVAILABILITY,
    ),
    Fault("two-tables-of-one-name", "REG-VODS-03", pattern("(<table>.*?</table>)", r"\1\1"), TABLES),
    Fault("column-of-no-type", "REG-VODS-03", text(' xsi:type="vs:VOTableType"', ""), TABLES),
    Fault("short-list-500", "VOSI-3.3-06", status(500), lambda a: TABLES(a) and a.first("DETAIL") == "min"),
    Fault("table-empty", "VOSI-3.3-08", body(b""), TABLE),
    Fault("table-of-another-namespace", "VOSI-3.3-03", text("VOSITables/v1.0", "VODataService/v1.1"), TABLE),
    Fault("table-without-columns", "VOSI-3.3-09", pattern("<column>.*</column>", ""), TABLE),
    Fault(
        "examples-with-entities",
        "DALI-2.3-02",
        text("<html", "<!DOCTYPE html [<!ENTITY a 'b'>]><html"),
        EXAMPLES,
    ),
    Fault("example-id-twice", "DALI-2.3-05", text("<h2", '<p id="cutout"/><h2'), EXAMPLES),
    Fault(
        "example-of-two-names", "DALI-2.3-06", pattern('(<h2 property="name">.*?</h2>)', r"\1\1"), EXAMPLES
    ),
    Fault("key-twice", "DALI-2.3-08", pattern('(<span property="key">[^<]*</span>)', r"\1\1"), EXAMPLES),
    Fault("example-of-no-dataset", "SODA-2.3-02", text("data?one", "data?none"), EXAMPLES),
)
