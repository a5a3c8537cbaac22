"""What the command line does: run, tell, explain, compare, count."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from .baseline import BaselineError, compare, read_baseline
from .checks import all_checks
from .coverage import count
from .discovery import NothingFound
from .facts import facts
from .files import Unreadable
from .manners import Credentials, Limits, NoAnswer
from .profile import Profile, ProfileError
from .reports import render
from .reports.text_form import lines
from .validation import Options, validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .cli import Asking, Telling
    from .model import Report

__all__ = ["coverage", "diff", "explain", "guarded", "run", "run_each"]

TROUBLES = (NothingFound, Unreadable, ProfileError, BaselineError, NoAnswer, OSError)
"""What keeps a run from starting, for reasons that a person can mend."""


def guarded(work: Callable[[], int]) -> int:
    """Return the exit status of *work*; what a person can mend is told in one line, with status 2."""
    try:
        return work()
    except TROUBLES as error:
        known = isinstance(error, OSError) and error.filename is not None
        text = f"{error.filename!r}: {error.strerror}" if known and isinstance(error, OSError) else str(error)
        sys.stderr.write(f"volint: {text}\n")
        return 2


def run_each(targets: tuple[str, ...], asking: Asking, telling: Telling) -> int:
    """Validate one after the other and return the worst status: errors, then what could not be tried."""
    if len(targets) > 1 and (telling.format != "text" or telling.output is not None):
        sys.stderr.write("volint: several targets are told as text in the terminal\n")
        return 2
    found = {guarded(partial(run, target, asking, telling)) for target in targets}
    return next(status for status in (1, 2, 0) if status in found)


def run(target: str, asking: Asking, telling: Telling) -> int:
    """Validate, write the report, return the exit status."""
    options = Options(
        write=asking.write,
        follow=asking.follow,
        record=asking.record,
        profile=Profile.read(asking.profile) if asking.profile else Profile(),
        limits=Limits(rate=asking.rate, timeout=asking.timeout),
        who=_who(asking),
        known=read_baseline(telling.baseline) if telling.baseline else frozenset(),
    )
    report = validate(target, options)
    text = _text(report, telling)
    if telling.output is not None:
        telling.output.write_text(text, "utf-8")
    elif telling.format == "text" and sys.stdout.isatty():
        _show(text)
    else:
        sys.stdout.write(text)
    return report.status


def _who(asking: Asking) -> Credentials:
    """Return who asks."""
    user, _, password = asking.user.partition(":")
    return Credentials(asking.token, user, password, asking.certificate)


def _text(report: Report, telling: Telling) -> str:
    if telling.format == "text":
        return "\n".join(lines(report, exchanges=telling.verbose, skipped=telling.verbose)) + "\n"
    return render(report, telling.format)


def _show(text: str) -> None:
    """Write to a terminal, the levels in colour."""
    from rich.console import Console  # noqa: PLC0415 - a pipe has no use for it
    from rich.text import Text  # noqa: PLC0415 - the same

    colours = {"error ": "bold red", "warning ": "bold yellow", "info ": "bold blue"}
    console = Console(highlight=False, soft_wrap=True)
    for line in text.splitlines():
        style = next((colour for start, colour in colours.items() if line.startswith(start)), "")
        console.print(Text(line, style=style))


def explain(code: str) -> int:
    """Say what a rule demands and how it is tried."""
    rule = facts().get(code.upper())
    if rule is None:
        sys.stderr.write(f"volint: there is no rule {code!r}\n")
        return 2
    out = [
        f"{rule.id} ({rule.must}{', draft' if rule.draft else ''})",
        f"{rule.standard} {rule.version}, section {rule.section}",
    ]
    out += [rule.document, "", rule.rule, "", f"How to see it: {rule.test}"]
    out += [f"volint: {check.title}" for check in all_checks() if rule.id in check.codes]
    sys.stdout.write("\n".join(out) + "\n")
    return 0


def diff(before: Path, after: Path) -> int:
    """Compare two reports; the status is 1 if there is a new error."""
    gone, new = compare(before, after)
    for sign, entries in (("-", gone), ("+", new)):
        for entry in entries:
            sys.stdout.write(
                f"{sign} {entry['level']} {entry['code']} {entry['place']}: {entry['message']}\n"
            )
    return 1 if any(entry["level"] == "error" for entry in new) else 0


def coverage(*, left: bool) -> int:
    """Count the rules of each standard."""
    for line in count():
        must = f"{line.must_covered}/{line.must_testable}"
        sys.stdout.write(
            f"{line.standard:<10} {len(line.covered):>3} covered, {len(line.untestable):>3} not testable,"
            f" {len(line.left):>3} left; MUST {must}\n"
        )
        if left:
            sys.stdout.writelines(f"    {code} {facts()[code].rule}\n" for code in line.left)
    return 0
