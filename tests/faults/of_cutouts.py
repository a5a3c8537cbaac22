"""Faults of cutouts that show by POST, in one shape, on one axis or with one dataset alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .messages import Given
from .of_soda import ANY, HTML, errors, fulfilled, refused, sync
from .transport import Fault, both, on, posted, status

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked

__all__ = ["FAULTS"]

METHODS = "DALI-2.2-01"
NOTHING = "SODA-5.1-02"
POSTED = posted(on("sync"))
PAGE = both(lambda _, given: replace(given, kind="text/html", body=HTML.encode()))


def has(*names: str) -> Callable[[Asked], bool]:
    """Pick cutouts with all of these parameters."""
    return sync(lambda asked: all(asked.values(name) for name in names))


def pos(word: str, count: int = 0) -> Callable[[Asked], bool]:
    """Pick cutouts of a shape of POS, with so many words."""
    return sync(
        lambda asked: asked.first("POS").startswith(word) and count in (0, len(asked.first("POS").split()))
    )


def of_nothing(change: Callable[[Asked, Given], Given]) -> Callable[[Asked, Given], Given]:
    """Change answers without pixels alone."""
    return lambda asked, given: change(asked, given) if given.status == 204 else given


def end(name: str, *, low: bool, high: bool) -> Callable[[Asked], bool]:
    """Pick intervals that are open below, above or at both ends."""
    return sync(lambda asked: ("-Inf" in asked.first(name), "+Inf" in asked.first(name)) == (low, high))


def image(_asked: Asked, _given: Given) -> Given:
    """Give a file without an image."""
    return Given(200, "application/fits", b"SIMPLE  =")


def not_found(_asked: Asked, _given: Given) -> Given:
    """Say that nothing was found."""
    return Given(404, body=b"UsageError: nothing\n")


FAULTS = (
    Fault(
        "cutout-is-a-page",
        "SODA-5.1-03",
        lambda _, g: replace(g, body=HTML.encode()) if g.status == 200 else g,
        ANY,
    ),
    Fault(
        "cutout-cut-off",
        "SODA-5.1-03",
        lambda _, g: replace(g, body=g.body[:-2000]) if g.status == 200 else g,
        ANY,
    ),
    Fault(
        "error-after-a-line", "SODA-5.2-02", errors(lambda _, g: replace(g, body=b"\n" + g.body)), on("sync")
    ),
    Fault("error-without-text", "SODA-5.2-02", errors(lambda _, g: replace(g, body=b"")), on("sync")),
    Fault("nothing-of-ten-bytes", NOTHING, of_nothing(lambda _, g: g.having(Content_Length="10")), ANY),
    Fault("errors-by-post-in-html", METHODS, errors(PAGE), POSTED),
    Fault("errors-by-post-200", METHODS, errors(status(200)), POSTED),
    Fault("errors-by-post-500", METHODS, errors(status(500)), POSTED),
    Fault("names-by-post-have-case", METHODS, lambda a, g: refused(a, g) if a.lower else g, POSTED),
    Fault("nothing-by-post-200", METHODS, of_nothing(image), POSTED),
    Fault("nothing-by-pos-500", NOTHING, of_nothing(status(500)), has("POS")),
    Fault("nothing-by-range-404", NOTHING, of_nothing(not_found), pos("RANGE")),
    Fault("nothing-by-polygon-404", NOTHING, of_nothing(not_found), has("POLYGON")),
    Fault("nothing-by-time-404", NOTHING, of_nothing(not_found), has("TIME")),
    Fault("nothing-by-pol-404", NOTHING, of_nothing(not_found), has("POL")),
    Fault(
        "nothing-by-band-with-body",
        NOTHING,
        of_nothing(lambda _, g: replace(g, kind="application/fits", body=b" ")),
        has("BAND"),
    ),
    Fault("nan-in-pos-taken", "SODA-5.2-03", fulfilled, sync(lambda a: "NaN" in a.first("POS"))),
    Fault("pos-circle-of-two", "SODA-5.2-03", fulfilled, pos("CIRCLE", 3)),
    Fault("pos-range-of-three", "SODA-5.2-03", fulfilled, pos("RANGE", 4)),
    Fault("pos-polygon-odd", "SODA-5.2-03", fulfilled, pos("POLYGON", 6)),
    Fault("range-finds-nothing", "SODA-3.3-02", lambda _a, _g: Given(204, ""), pos("RANGE 9")),
    Fault("band-not-open-above", "SODA-3.3-04", refused, end("BAND", low=False, high=True)),
    Fault("band-not-open-below", "SODA-3.3-04", refused, end("BAND", low=True, high=False)),
    Fault("time-not-open-above", "SODA-3.3-04", refused, end("TIME", low=False, high=True)),
    Fault("second-dataset-fails", "SODA-2.1-03", status(500), sync(lambda a: a.first("ID").endswith("two"))),
    Fault("circle-and-band-500", "DALI-4.2-01", status(500), has("CIRCLE", "BAND")),
    Fault("band-and-time-500", "DALI-4.2-01", status(500), has("BAND", "TIME")),
    Fault("formats-twice-taken", "SODA-6-04", fulfilled, sync(lambda a: len(a.values("RESPONSEFORMAT")) > 1)),
    Fault(
        "cutout-without-type", "SODA-5.1-03", lambda _, g: replace(g, kind="") if g.status == 200 else g, ANY
    ),
    Fault(
        "head-of-another-type",
        "DALI-4.1-02",
        lambda _, g: replace(g, kind="text/html"),
        sync(lambda a: a.method == "HEAD"),
    ),
)
