"""Faults of cutouts and of requests to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2

from . import service
from .holdings import DATASETS
from .messages import Given
from .transport import Fault, answered, body, both, kind, on, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked

__all__ = ["FAULTS"]

HTML = "<html><body>Internal error</body></html>"


def sync(picks: Callable[[Asked], bool], method: str = "") -> Callable[[Asked], bool]:
    """Pick requests of cutouts of a known dataset."""
    return lambda asked: (
        asked.path == "sync"
        and "reference.test" in asked.first("ID")
        and asked.method
        in (
            method or asked.method,
            "HEAD",
        )
        and picks(asked)
    )


def value(name: str, *texts: str) -> Callable[[Asked], bool]:
    """Pick requests with one of these values."""
    return sync(lambda asked: bool(set(texts) & set(asked.values(name))))


def refused(asked: Asked, given: Given) -> Given:
    """Refuse in the form of SODA."""
    del asked, given
    return Given(400, body=b"UsageError: not here\n")


def silent(asked: Asked, given: Given) -> Given:
    """Never answer."""
    raise httpx2.ReadTimeout(f"{asked.path}: no {given.status} came")


def larger(_: Asked, given: Given) -> Given:
    """Give an image of the same pixels that reaches over the edge of the data."""
    return replace(given, body=service.image(32, DATASETS[0]))


def fulfilled(asked: Asked, given: Given) -> Given:
    """Give the whole file whatever was asked."""
    del asked
    return Given(200, "application/fits", b"SIMPLE  =" + bytes(5751)) if given.status == 400 else given


def labelled(word: str) -> Callable[[Asked, Given], Given]:
    """Let error texts open with another word."""

    def change(_: Asked, given: Given) -> Given:
        if given.status < 400:
            return given
        return replace(given, body=given.body.replace(b"UsageError", word.encode()))

    return change


def errors(change: Callable[[Asked, Given], Given]) -> Callable[[Asked, Given], Given]:
    """Change refusals alone."""
    return lambda asked, given: change(asked, given) if given.status >= 400 else given


SYNC = on("sync")
ANY = sync(lambda _: True)
NO_ID = on("sync", lacking="ID")
TWO = sync(lambda asked: any(len(asked.values(name)) > 1 for name in ("CIRCLE", "POS")))

FAULTS = (
    Fault("more-than-there-is", "SODA-3.4-01", larger, value("CIRCLE", "10.00000000 20.00000000 0.15")),
    Fault(
        "cutout-fails",
        "SODA-2.1-03",
        answered(lambda: Given(500, "text/html", HTML.encode())),
        ANY,
        frozenset({"SODA-5.2-01", "SODA-5.2-02", "DALI-2.2-01", "UWS-2.2.3.5-01"}),
    ),
    Fault("cutout-202", "SODA-2.1-03", status(202), ANY, frozenset({"UWS-2.2.3.5-01"})),
    Fault("cutout-empty", "SODA-2.1-03", both(status(200), body(b"")), ANY),
    Fault(
        "post-refused",
        "SODA-2.1-01",
        answered(lambda: Given(405, body=b"UsageError: GET alone\n")),
        on("sync", method="POST"),
    ),
    Fault(
        "post-ignores-form", "SODA-2.1-01", body(b"SIMPLE  =" + bytes(99)), sync(lambda a: a.method == "POST")
    ),
    Fault(
        "cutout-as-octets",
        "SODA-5.1-03",
        lambda _, g: replace(g, kind="application/octet-stream") if g.status == 200 else g,
        ANY,
    ),
    Fault(
        "cutout-as-text",
        "SODA-5.1-03",
        lambda _, g: replace(g, kind="text/plain") if g.status == 200 else g,
        ANY,
    ),
    Fault("nothing-is-404", "SODA-5.1-02", lambda a, g: refused(a, g) if g.status == 204 else g, ANY),
    Fault(
        "nothing-is-200",
        "SODA-5.1-02",
        lambda _, g: Given(200, "application/fits", b"SIMPLE  =") if g.status == 204 else g,
        ANY,
    ),
    Fault(
        "nothing-with-body",
        "SODA-5.1-02",
        lambda _, g: replace(g, body=b"nothing") if g.status == 204 else g,
        ANY,
    ),
    Fault(
        "unknown-id-200",
        "SODA-5.2-03",
        fulfilled,
        lambda a: a.path == "sync" and a.first("ID").startswith("ivo://volint"),
    ),
    Fault("missing-id-200", "SODA-5.2-03", fulfilled, NO_ID),
    Fault("unknown-id-500", "SODA-5.2-03", errors(status(500)), SYNC),
    Fault("label-of-sia2", "SODA-5.2-02", labelled("UsageFault"), SYNC),
    Fault("label-missing", "SODA-5.2-02", labelled("no such thing"), SYNC),
    Fault("label-runs-on", "SODA-5.2-02", labelled("UsageErrors"), SYNC),
    Fault("error-in-html", "SODA-5.2-01", errors(kind("text/html")), SYNC),
    Fault("error-in-json", "SODA-5.2-01", errors(kind("application/json")), SYNC),
    Fault("label-for-two-values", "SODA-3.1-01", text("MultiValuedParamNotSupported", "UsageError"), SYNC),
    Fault("large-circle-refused", "SODA-3.3-01", refused, value("CIRCLE", "10.00000000 20.00000000 0.15")),
    Fault("circle-of-two", "SODA-3.3-05", fulfilled, value("CIRCLE", "10 20")),
    Fault("circle-of-four", "SODA-3.3-05", fulfilled, value("CIRCLE", "1 2 3 4")),
    Fault("circle-nan", "SODA-3.3-05", fulfilled, value("CIRCLE", "NaN 20 1")),
    Fault("circle-500", "SODA-3.3-05", both(status(500)), value("CIRCLE", "10 20 x")),
    Fault("polygon-of-two", "SODA-3.3-06", fulfilled, value("POLYGON", "1 1 2 2")),
    Fault("polygon-odd", "SODA-3.3-06", fulfilled, value("POLYGON", "1 1 2 2 3")),
    Fault("polygon-nan", "SODA-3.3-06", fulfilled, value("POLYGON", "1 1 2 2 3 NaN")),
    Fault("band-nan", "SODA-3.3-07", fulfilled, value("BAND", "NaN NaN")),
    Fault("band-words", "SODA-3.3-07", fulfilled, value("BAND", "one two")),
    Fault("time-of-three", "SODA-3.3-07", fulfilled, value("TIME", "1 2 3")),
    Fault("pos-without-range", "SODA-3.3-02", refused, sync(lambda a: a.first("POS").startswith("RANGE"))),
    Fault(
        "pos-without-polygon", "SODA-3.3-02", refused, sync(lambda a: a.first("POS").startswith("POLYGON"))
    ),
    Fault(
        "pos-circle-larger",
        "SODA-3.3-11",
        body(b"SIMPLE  =" + bytes(99999)),
        sync(lambda a: a.first("POS").startswith("CIRCLE")),
    ),
    Fault(
        "infinity-refused",
        "SODA-3.3-04",
        refused,
        sync(lambda a: "Inf" in a.first("BAND")),
        frozenset({"SODA-4-02"}),
    ),
    Fault(
        "band-in-nanometres",
        "SODA-3.3-08",
        lambda _a, _g: Given(204, ""),
        sync(lambda a: "e-07" in a.first("BAND")),
    ),
    Fault(
        "time-as-jd",
        "SODA-3.3-09",
        lambda _a, _g: Given(204, ""),
        sync(lambda a: a.first("TIME").startswith("5")),
    ),
    Fault("pol-refused", "SODA-3.3-10", refused, value("POL", "Q")),
    Fault(
        "pol-single",
        "SODA-3.1-03",
        answered(lambda: Given(400, body=b"MultiValuedParamNotSupported: POL\n")),
        sync(lambda a: len(a.values("POL")) > 1),
    ),
    Fault(
        "declared-time-refused",
        "SODA-4-02",
        refused,
        sync(lambda a: a.first("TIME") == "-Inf +Inf"),
        frozenset({"SODA-3.3-04"}),
    ),
    Fault("names-have-case", "DALI-3.1-01", lambda a, g: refused(a, g) if a.lower else g, ANY),
    Fault("exponents-refused", "DALI-3.3-01", refused, sync(lambda a: "e+" in a.first("CIRCLE"))),
    Fault(
        "runid-twice-taken",
        "DALI-3.2-01",
        lambda _a, _g: Given(200, "application/fits", b"SIMPLE  ="),
        sync(lambda a: len(a.values("RUNID")) > 1),
    ),
    Fault("runid-refused", "DALI-3.4-14", refused, on("sync", having="RUNID ID")),
    Fault("format-ignored", "DALI-3.4-03", fulfilled, sync(lambda a: "volint" in a.first("RESPONSEFORMAT"))),
    Fault("nonsense-500", "DALI-4.2-01", status(500), on("sync", having="ID POS MAXREC")),
    Fault(
        "cutout-of-elsewhere",
        "SODA-3.3-03",
        lambda _, g: replace(
            g, body=g.body.replace(b"CRVAL2  =                 20.0", b"CRVAL2  =                 21.0")
        ),
        ANY,
    ),
    Fault("radius-negative", "DALI-3.3-06", fulfilled, value("CIRCLE", "10.0 20.0 -0.1")),
    Fault("pos-empty-is-whole", "SODA-5.2-03", fulfilled, value("POS", "")),
    Fault("pos-unknown-shape", "SODA-5.2-03", fulfilled, value("POS", "HEXAGON 1 2 3")),
    Fault(
        "quarter-of-the-sky-is-nothing",
        "SODA-3.3-01",
        answered(lambda: Given(204, "")),
        value("CIRCLE", "10.0 20.0 90"),
    ),
    Fault(
        "band-beyond-is-a-plane",
        "SODA-5.1-02",
        lambda _a, _g: Given(200, "application/fits", b"SIMPLE  ="),
        sync(lambda a: a.first("BAND").startswith("6e-06")),
    ),
    Fault(
        "circle-and-pos-500",
        "DALI-4.2-01",
        status(500),
        sync(
            lambda a: (
                {"CIRCLE", "POS"} <= {name for name, _ in a.pairs} and "RESPONSEFORMAT" not in dict(a.pairs)
            )
        ),
    ),
    Fault("head-hangs", "DALI-4.1-02", silent, sync(lambda a: a.method == "HEAD")),
    Fault("cutout-hangs", "SODA-2.1-03", silent, sync(lambda a: a.first("CIRCLE") != "volint")),
    Fault("head-405-is-500", "DALI-4.1-02", status(500), sync(lambda a: a.method == "HEAD")),
)
