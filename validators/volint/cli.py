"""The command `volint`, and the same as `sodalite validate`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - cyclopts reads the annotations
from typing import Annotated, Literal, TypeAlias

from cyclopts import App, Parameter

__all__ = ["app", "main", "validate"]

Form: TypeAlias = Literal["text", "json", "junit", "sarif", "html"]

app = App(
    name="volint",
    help="Say which rules of the Virtual Observatory's standards a service or a document breaks.",
    version_flags=[],
)


@Parameter(name="*", negative=())
@dataclass(frozen=True)
class Asking:
    """How the service is asked."""

    write: bool = False
    "Allow requests that make jobs; they are deleted in the end."
    follow: bool = False
    "Of a registry record in a file: test the service that it describes."
    profile: Path | None = None
    "TOML file with what the service does not tell: id, circle, band, time, pol, skip."
    token: str = ""
    "Bearer token; sent to the target alone."
    user: str = ""
    "NAME:PASSWORD for basic authentication."
    record: Path | None = None
    "File with the registry record of an IVOID given as target."
    certificate: str = ""
    "File with a client certificate and its key (PEM)."
    rate: float = 50.0
    "Most requests each second."
    timeout: float = 30.0
    "Seconds that one answer may take."


@Parameter(name="*", negative=())
@dataclass(frozen=True)
class Telling:
    """How the findings are told."""

    format: Form = "text"
    "Form of the report."
    output: Path | None = None
    "File for the report instead of the terminal."
    baseline: Path | None = None
    "A JSON report of an earlier run: what it found is not told again."
    verbose: Annotated[bool, Parameter(alias="-v")] = False
    "Show what came back, and the rules passed over."


@app.default
def validate(target: str, *more: str, asking: Asking | None = None, telling: Telling | None = None) -> int:
    """Validate a service or a document, or several one after the other.

    Parameters
    ----------
    target
        Address of a service, its capabilities or any endpoint; a file; or an IVOID whose record is given.
    more
        Further ones; reports of several targets are told as text.

    """
    from . import command  # noqa: PLC0415 - what it needs is slow to import, and --help is to be quick

    return command.run_each((target, *more), asking or Asking(), telling or Telling())


@app.command
def explain(code: str) -> int:
    """Say what a rule demands, why, and how to see whether it is kept.

    Parameters
    ----------
    code
        Such as SODA-5.1-02.

    """
    from . import command  # noqa: PLC0415 - as above

    return command.explain(code)


@app.command
def diff(before: Path, after: Path) -> int:
    """Compare two JSON reports: what is new, what is gone.

    Parameters
    ----------
    before
        The earlier report.
    after
        The later report.

    """
    from . import command  # noqa: PLC0415 - as above

    return command.guarded(lambda: command.diff(before, after))


@app.command
def coverage(*, left: bool = False) -> int:
    """Count, for each standard, the rules that are covered, not testable, and left.

    Parameters
    ----------
    left
        Name the rules that are left.

    """
    from . import command  # noqa: PLC0415 - as above

    return command.coverage(left=left)


def main() -> None:
    """Run the command line; the status is 0 without errors, 1 with, 2 if nothing could be tried."""
    try:
        app(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
