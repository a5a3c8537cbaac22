"""Faults of jobs in what their documents, their parts and the answers to changes say together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from volint.manners import Credentials

from .holdings import BASE
from .of_jobs import JOB, listing, making, part, same, slow
from .transport import Fault, both, deaf, header, kind, on, once, pattern, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked, Given

__all__ = ["FAULTS"]

ANNA = Credentials("anna")
NOBODY = '<uws:ownerId xsi:nil="true"/>'


def jobs(asked: Asked) -> bool:
    """Pick requests to jobs."""
    return asked.path.partition("/")[0] == "async"


WORDS = (b"EXECUTING", b"EXECUTING", b"QUEUED", b"QUEUED")


def backwards() -> Callable[[Asked, Given], Given]:
    """Return what lets jobs be queued after they were executed."""
    asked_for: dict[str, int] = {}

    def change(asked: Asked, given: Given) -> Given:
        done = b"<uws:phase>COMPLETED"
        if done not in given.body:
            return given
        number = asked_for[asked.path] = asked_for.get(asked.path, -1) + 1
        word = WORDS[number] if number < len(WORDS) else b"COMPLETED"
        return replace(given, body=given.body.replace(done, b"<uws:phase>" + word))

    return change


def page(_: Asked, given: Given) -> Given:
    """Give a page as long as the result."""
    return replace(given, kind="text/html", body=b"<html>".ljust(len(given.body)))


def to_itself(asked: Asked, given: Given) -> Given:
    """Lead back to the job that is no more."""
    return given.having(Location=f"{BASE}/{asked.path}")


FAULTS = (
    Fault("waiting-fails", "UWS-2.2.1.2-03", status(500), lambda a: JOB(a) and a.first("WAIT") == "2"),
    Fault("after-fails", "UWS-2.2.2.1-04", status(500), lambda a: listing(a) and bool(a.values("AFTER"))),
    Fault(
        "phase-of-the-list-fails",
        "UWS-2.2.2.1-02",
        status(500),
        lambda a: listing(a) and bool(a.values("PHASE")),
    ),
    Fault("last-fails", "UWS-2.2.2.1-05", status(500), lambda a: listing(a) and a.pairs == (("LAST", "2"),)),
    Fault("job-of-no-version", "UWS-2.2.1.1-01", text('<uws:job version="1.1"', "<uws:job"), JOB),
    Fault("result-nowhere", "UWS-2.2.2.3-01", pattern(' xlink:href="[^"]*"', ""), part("results")),
    Fault(
        "owner-of-somebody-missing", "UWS-3-02", lambda _, g: replace(g, body=b""), part("owner"), who=ANNA
    ),
    Fault("owner-of-somebody-else", "UWS-3-02", text("anna", "otto"), part("owner"), who=ANNA),
    Fault(
        "one-result-for-two-circles",
        "SODA-6-02",
        same,
        lambda a: making(a) and not a.values("BAND"),
        frozenset(),
        once("CIRCLE"),
    ),
    Fault(
        "first-band-of-two",
        "SODA-6-02",
        same,
        lambda a: making(a) and len(a.values("BAND")) > 1,
        frozenset(),
        once("BAND"),
    ),
    Fault(
        "tap-without-a-list",
        "UWS-2.1-01",
        status(404),
        lambda a: a.path == "tap/async" and a.method == "GET",
        target=f"{BASE}/tap",
    ),
    Fault(
        "tap-loses-the-query",
        "DALI-2.1-04",
        same,
        lambda a: a.path == "tap/async" and a.method == "POST",
        ask=deaf("QUERY"),
        also=frozenset({"UWS-2.2.3.5-01"}),
        target=f"{BASE}/tap",
    ),
    Fault(
        "tap-of-no-adql",
        "REG-TRE-01",
        text("<name>ADQL", "<name>SQL"),
        on("tap/capabilities"),
        target=f"{BASE}/tap",
    ),
    Fault("nothing-without-a-word", "SODA-6-03", text("Error: nothing", "nothing"), jobs),
    Fault("duration-by-another-name", "UWS-2.2.1-02", status(404), part("executionduration")),
    Fault("two-owners", "UWS-2.1-02", text(NOBODY, NOBODY * 2), JOB),
    Fault("destruction-of-two-minds", "UWS-2.1-12", text("2098", "2097"), part("destruction")),
    Fault("phase-of-two-minds", "UWS-2.1-03", text("PENDING", "QUEUED"), part("phase")),
    Fault("duration-of-two-minds", "UWS-2.1-10", text("600", "601"), part("executionduration")),
    Fault("phases-backwards", "UWS-2.1-06", backwards(), JOB),
    Fault(
        "results-root",
        "UWS-2.2.2.3-01",
        both(text("<uws:results", "<uws:resultlist"), text("</uws:results>", "</uws:resultlist>")),
        part("results"),
    ),
    Fault(
        "result-without-id", "UWS-2.2.2.3-02", text('<uws:result id="cutout"', "<uws:result"), part("results")
    ),
    Fault("parameter-without-id", "UWS-2.2.2-02", pattern(' id="[A-Z]+"', "", 9), part("parameters")),
    Fault("destruction-200", "UWS-2.2.3.3-01", status(200), part("destruction", "POST")),
    Fault("run-leads-elsewhere", "UWS-2.2.3-01", header("Location", f"{BASE}/async"), part("phase", "POST")),
    Fault(
        "change-leads-nowhere", "UWS-2.2.3-01", header("Location", BASE), part("executionduration", "POST")
    ),
    Fault("delete-leads-to-the-job", "UWS-2.2.3.2-01", to_itself, part("", "DELETE")),
    Fault("result-deletable", "UWS-2.1-17", status(303), part("results/cutout", "DELETE")),
    Fault(
        "destruction-of-words-500",
        "DALI-4.2-01",
        status(500),
        lambda a: part("destruction", "POST")(a) and a.first("DESTRUCTION") == "volint",
    ),
    Fault("waits-too-long", "UWS-2.2.1.2-01", slow, lambda a: JOB(a) and a.first("WAIT") == "2"),
    Fault("summary-in-other-words", "DALI-4.2-04", text("UsageError", "Oops"), JOB),
    Fault("error-400", "DALI-4.2-03", status(400), part("error")),
    Fault("result-as-text", "SODA-3-01", kind("text/plain"), part("results/cutout")),
    Fault("result-as-page", "SODA-3-01", page, part("results/cutout")),
    Fault("created-302", "DALI-2.1-02", lambda a, g: status(302)(a, g) if g.status == 303 else g, making),
    Fault("created-nowhere", "DALI-2.1-03", header("Location", f"{BASE}/jobs/none"), making),
    Fault("aborted-is-completed", "UWS-2.2.3.6-01", text("<uws:phase>ABORTED", "<uws:phase>COMPLETED"), JOB),
)
