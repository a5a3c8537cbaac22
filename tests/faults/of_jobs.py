"""Faults of jobs."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from .transport import Fault, both, header, kind, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked, Given

__all__ = ["FAULTS"]

LIST = "async"


def part(name: str, method: str = "GET") -> Callable[[Asked], bool]:
    """Pick requests to one part of any job."""
    return lambda asked: (
        asked.method == method
        and asked.path.split("/")[0] == LIST
        and asked.path.split("/")[2:] == (name.split("/") if name else [])
        and len(asked.path.split("/")) > 1
    )


def listing(asked: Asked) -> bool:
    """Pick requests for the list."""
    return asked.path == LIST and asked.method == "GET"


def making(asked: Asked) -> bool:
    """Pick requests that make a job."""
    return asked.path == LIST and asked.method == "POST"


def slow(_: Asked, given: Given) -> Given:
    """Answer late."""
    time.sleep(6.5)
    return given


def same(_: Asked, given: Given) -> Given:
    """Leave the answer as it is."""
    return given


JOB = part("")
FAULTS = (
    Fault("upload-refused", "DALI-3.4-11", status(400), lambda a: making(a) and bool(a.files)),
    Fault(
        "upload-of-any-name",
        "DALI-3.4-12",
        same,
        lambda a: making(a) and "1a" in a.first("UPLOAD"),
        frozenset(),
        lambda a: replace(a, pairs=tuple(p for p in a.pairs if p[0] != "UPLOAD")),
    ),
    Fault("upload-inline", "UWS-2.2.2.4-01", text(' byReference="true"', ""), JOB),
    Fault("upload-elsewhere", "UWS-2.2.3.1.1-01", text("/parameters/volint", "/uploads/volint"), JOB),
    Fault("upload-gone", "UWS-2.1-18", status(404), part("parameters/volint")),
    Fault(
        "upload-emptied",
        "UWS-2.1-18",
        text("<TABLEDATA><TR><TD>1</TD></TR></TABLEDATA>", "<TABLEDATA/>"),
        part("parameters/volint"),
    ),
    Fault("list-fails", "UWS-2.1-01", status(500), listing),
    Fault("list-root", "UWS-2.1-01", text("uws:jobs", "uws:joblist"), listing),
    Fault("list-no-version", "UWS-2.2.1.1-01", text(' version="1.1"', ""), listing),
    Fault("list-invalid", "UWS-2.2.2-02", text("<uws:jobs ", '<uws:jobs number="1" '), listing),
    Fault(
        "list-filter-ignored",
        "UWS-2.2.2.1-02",
        same,
        lambda a: listing(a) and bool(a.values("PHASE")),
        frozenset(),
        lambda a: replace(a, pairs=()),
    ),
    Fault("unknown-job-200", "UWS-2.2-01", status(200), lambda a: a.path == "async/volint-no-such-job"),
    Fault("created-201", "UWS-2.2.3.1-01", status(201), making),
    Fault("created-without-location", "UWS-2.2.3.1-01", header("Location", None), making),
    Fault(
        "job-root", "DALI-2.1-03", both(text("uws:job ", "uws:task "), text("</uws:job>", "</uws:task>")), JOB
    ),
    Fault("job-phase-word", "UWS-2.1-03", text("<uws:phase>PENDING", "<uws:phase>WAITING"), JOB),
    Fault("job-invalid", "UWS-2.2.2-02", text("<uws:executionDuration>600</uws:executionDuration>", ""), JOB),
    Fault(
        "job-runs-at-once",
        "UWS-2.1-04",
        same,
        making,
        frozenset({"UWS-2.2.3.6-01"}),
        lambda a: replace(a, pairs=(*a.pairs, ("PHASE", "RUN"))),
    ),
    Fault(
        "no-creation-time",
        "UWS-2.2.2.2-01",
        text("<uws:creationTime>2024-01-02T03:04:05Z</uws:creationTime>", ""),
        JOB,
    ),
    Fault(
        "instant-without-z",
        "UWS-2.2.1-03",
        text("03:04:05Z</uws:creationTime>", "03:04:05</uws:creationTime>"),
        JOB,
    ),
    Fault("quote-missing", "UWS-2.2.1-01", status(404), part("quote")),
    Fault("owner-missing", "UWS-2.2.1-01", status(404), part("owner")),
    Fault("phase-in-json", "UWS-2.2.2-01", kind("application/json"), part("phase")),
    Fault("duration-word", "UWS-2.1-10", text("600", "unlimited"), part("executionduration")),
    Fault("owner-of-nobody", "UWS-2.1-15", lambda _, g: replace(g, body=b"anonymous"), part("owner")),
    Fault(
        "parameters-lost",
        "DALI-2.1-04",
        same,
        making,
        frozenset({"UWS-2.2.3.5-01"}),
        lambda a: replace(a, pairs=tuple(p for p in a.pairs if p[0] != "CIRCLE")),
    ),
    Fault(
        "parameters-frozen",
        "DALI-2.1-05",
        lambda a, g: status(405)(a, g) if g.status == 303 else g,
        part("parameters", "POST"),
    ),
    Fault("destruction-refused", "UWS-2.2.3.3-01", status(403), part("destruction", "POST")),
    Fault("duration-refused", "UWS-2.2.3.4-01", status(200), part("executionduration", "POST")),
    Fault("wait-ignores-phase", "UWS-2.2.1.2-03", slow, lambda a: JOB(a) and a.first("PHASE") == "EXECUTING"),
    Fault(
        "run-refused",
        "UWS-2.2.3.5-01",
        status(501),
        lambda a: part("phase", "POST")(a) and a.first("PHASE") == "RUN",
    ),
    Fault(
        "run-at-creation-ignored",
        "UWS-2.2.3.1-03",
        same,
        making,
        frozenset(),
        lambda a: replace(a, pairs=tuple(p for p in a.pairs if p[0] != "PHASE")),
    ),
    Fault(
        "result-of-another", "SODA-3-01", lambda _, g: replace(g, body=b"SIMPLE  ="), part("results/cutout")
    ),
    Fault("run-id-changed", "UWS-2.1-16", text("volint: run 1", "volint"), JOB),
    Fault("job-as-page", "UWS-2.2.2-03", kind("text/html"), JOB),
    Fault(
        "after-ignored",
        "UWS-2.2.2.1-04",
        same,
        listing,
        frozenset(),
        lambda a: replace(a, pairs=tuple(p for p in a.pairs if p[0] != "AFTER")),
    ),
    Fault(
        "last-ignored",
        "UWS-2.2.2.1-05",
        same,
        lambda a: listing(a) and a.pairs == (("LAST", "2"),),
        frozenset(),
        lambda a: replace(a, pairs=()),
    ),
    Fault("result-dead", "UWS-2.2.2.3-01", status(403), part("results/cutout")),
    Fault(
        "results-empty",
        "UWS-2.2.2.3-01",
        lambda _, g: replace(g, body=g.body.partition(b"<uws:result ")[0] + b"</uws:results>"),
        part("results"),
        frozenset({"UWS-2.2.2-02"}),
    ),
    Fault("late-parameters", "DALI-2.1-07", status(303), part("parameters", "POST")),
    Fault(
        "no-such-result-200", "DALI-2.1-09", status(200), lambda a: a.path.endswith("volint-no-such-result")
    ),
    Fault("failure-completed", "UWS-2.2.2.5-01", text("<uws:phase>ERROR", "<uws:phase>COMPLETED"), JOB),
    Fault(
        "failure-unexplained",
        "UWS-2.2.2.5-01",
        lambda _, g: replace(
            g,
            body=g.body.partition(b"<uws:errorSummary")[0]
            + (b"</uws:job>" if b"errorSummary" in g.body else b""),
        ),
        JOB,
    ),
    Fault("error-404", "DALI-4.2-03", status(404), part("error")),
    Fault("error-unlabelled", "DALI-4.2-03", text("UsageError", "Problem"), part("error")),
    Fault(
        "abort-refused",
        "UWS-2.2.3.6-01",
        status(501),
        lambda a: part("phase", "POST")(a) and a.first("PHASE") == "ABORT",
    ),
    Fault(
        "abort-ignored",
        "UWS-2.2.3.6-01",
        same,
        lambda a: a.first("PHASE") == "ABORT",
        frozenset(),
        lambda a: replace(
            a, pairs=(("PHASE", "WAIT"),), path=f"{a.path.rpartition('/')[0]}/executionduration"
        ),
    ),
    Fault("delete-refused", "UWS-2.2.3.2-01", status(501), part("", "DELETE")),
    Fault("delete-200", "UWS-2.2.3.2-01", status(200), part("", "DELETE")),
    Fault(
        "delete-by-post",
        "UWS-2.2.3.2-02",
        status(405),
        lambda a: part("", "POST")(a) and a.first("ACTION") == "DELETE",
    ),
    Fault("results-deletable", "UWS-2.2.3.2-03", status(200), part("results", "DELETE")),
)
