"""Faults of cone searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cone import cone
from .messages import Asked, Given
from .transport import Fault, both, kind, on, pattern, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FAULTS"]

CONE = on("cone")
TEST = on("capabilities")


def at(name: str, *values: str) -> Callable[[Asked], bool]:
    """Pick cones by the value of a parameter."""
    return lambda asked: asked.path == "cone" and asked.first(name) in values


def failing(_asked: Asked, _given: Given) -> Given:
    """Tell an error in the form of cone searches."""
    return cone(Asked("GET", "cone"))


def everything(_asked: Asked, _given: Given) -> Given:
    """Return all columns, and no rows."""
    return cone(Asked("GET", "cone", (("RA", "0"), ("DEC", "0"), ("SR", "0"))))


FAULTS = (
    Fault("cone-fails", "SCS-2-06", status(500), CONE),
    Fault("cone-of-votable-2", "SCS-2-06", text('version="1.4"', 'version="2.0"'), CONE),
    Fault("cone-in-octets", "SCS-2-07", kind("application/octet-stream"), CONE),
    Fault("cone-of-nothing-refused", "SCS-2-03", failing, at("SR", "0")),
    Fault("cone-of-two-tables", "SCS-2-08", text("</TABLE>", "</TABLE><TABLE/>"), CONE),
    Fault("cone-without-identifier", "SCS-2-09", text("meta.id;meta.main", "meta.id"), CONE),
    Fault(
        "cone-identifier-number",
        "SCS-2-09",
        text('name="id" datatype="char"', 'name="id" datatype="int"'),
        CONE,
    ),
    Fault(
        "cone-identifier-twice",
        "SCS-2-09",
        text("<TR><TD>one</TD>", "<TR><TD>one</TD><TD>10.0</TD><TD>20.0</TD><TD>x</TD></TR><TR><TD>one</TD>"),
        CONE,
    ),
    Fault("cone-without-ra", "SCS-2-10", text("pos.eq.ra;meta.main", "pos.eq.ra"), CONE),
    Fault("cone-ra-in-words", "SCS-2-10", text('"ra" datatype="double"', '"ra" datatype="char"'), CONE),
    Fault("cone-two-dec", "SCS-2-11", text('ucd="meta.id"', 'ucd="pos.eq.dec;meta.main"'), CONE),
    Fault("cone-in-degrees", "SCS-2-12", text('main" unit="deg"', 'main" unit="degrees"'), CONE),
    Fault("cone-uncertain-word", "SCS-2-13", text('value="0.001"', 'value="small"'), CONE),
    Fault("cone-undescribed", "SCS-2-14", text("<DESCRIPTION>A name.</DESCRIPTION>", ""), CONE),
    Fault("cone-elsewhere", "SCS-2-02", everything, at("SR", "0.5")),
    Fault("cone-of-other-degrees", "SCS-2-02", text("<TD>10.0</TD>", "<TD>0.1745</TD>"), CONE),
    Fault(
        "cone-order",
        "SCS-2-01",
        failing,
        lambda a: a.path == "cone" and a.first("SR") == "0.5" and a.pairs[0][0] == "SR",
    ),
    Fault("cone-unknown-parameter", "SCS-2-05", failing, on("cone", having="VOLINT")),
    Fault("cone-verb-3-less", "SCS-2-04", text('name="name"', 'name="title"'), at("VERB", "3")),
    Fault("cone-takes-91", "SCS-2-16", everything, at("DEC", "91")),
    Fault("cone-takes-words", "SCS-2-16", everything, at("RA", "volint")),
    Fault("cone-takes-no-radius", "SCS-2-16", everything, on("cone", lacking="SR", having="RA")),
    Fault("cone-error-in-capitals", "SCS-2-17", text('name="Error"', 'name="ERROR"'), CONE),
    Fault(
        "cone-error-twice",
        "SCS-2-17",
        text('<INFO name="Error"', '<INFO name="Error" value="x"/><INFO name="Error"'),
        CONE,
    ),
    Fault("cone-nobody-is-an-error", "SCS-2-19", failing, at("SR", "0.00001")),
    Fault("cone-without-profile", "SCS-3-01", text("<maxSR>180</maxSR>", ""), TEST),
    Fault(
        "cone-of-more-records",
        "REG-SDR-04",
        both(
            text("<maxRecords>1000<", "<maxRecords>1<"),
            pattern("<TR><TD>one</TD>(.*?</TR>)", r"<TR><TD>one</TD>\1<TR><TD>other</TD>\1"),
        ),
        on("capabilities", "cone"),
    ),
    Fault(
        "cone-wider-than-its-limit",
        "REG-SDR-04",
        both(
            text("<maxSR>180<", "<maxSR>0.9<"),
            text("<TD>10.0</TD><TD>20.0</TD>", "<TD>10.0</TD><TD>21.5</TD>"),
        ),
        lambda a: a.path == "capabilities" or (a.path == "cone" and a.first("SR") == "1.8"),
    ),
)
