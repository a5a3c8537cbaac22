"""Move the fragments of `changes/` into `CHANGELOG.md` under the heading of a version."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["KINDS", "Fragment", "FragmentError", "assemble", "fragments", "main", "release"]

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("added", "changed", "fixed", "removed")
MARK = "<!-- releases: tools/changelog.py writes below this line -->\n"
AROUND = ("README.md",)


class FragmentError(Exception):
    """A file in `changes/` is no fragment, or the changelog has no place for it."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One change that a user can see."""

    path: Path
    kind: str
    text: str


def fragments(folder: Path) -> list[Fragment]:
    """Return the fragments in *folder* by name; raises `FragmentError` for a file that is none."""
    return [_fragment(path) for path in sorted(folder.iterdir()) if path.name not in AROUND]


def _fragment(path: Path) -> Fragment:
    name, *kind = path.name.removesuffix(".md").rsplit(".", 1)
    if not name or path.suffix != ".md" or "".join(kind) not in KINDS:
        raise FragmentError(f"{path}: expected NAME.KIND.md, KIND one of {', '.join(KINDS)}")
    text = path.read_text("utf-8").strip()
    if not text:
        raise FragmentError(f"{path}: empty")
    return Fragment(path, "".join(kind), text)


def assemble(found: Iterable[Fragment], heading: str) -> str:
    """Return a section: the heading, and under each kind its changes as a list."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for fragment in found:
        by_kind[fragment.kind].append("- " + fragment.text.replace("\n", "\n  "))
    parts = [f"## {heading}"]
    for kind in KINDS:
        if by_kind[kind]:
            parts += [f"### {kind.capitalize()}", "\n".join(by_kind[kind])]
    return "\n\n".join(parts) + "\n"


def release(root: Path, heading: str) -> None:
    """Put the section of a version on top of the changelog and remove its fragments."""
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text("utf-8")
    if MARK not in text:
        raise FragmentError(f"{changelog}: the line {MARK.strip()!r} is missing")
    found = fragments(root / "changes")
    if not found:
        raise FragmentError(f"{root / 'changes'}: no fragments")
    before, after = text.split(MARK, 1)
    changelog.write_text(f"{before}{MARK}\n{assemble(found, heading)}{after}", "utf-8")
    for fragment in found:
        fragment.path.unlink()


def main(arguments: list[str] | None = None) -> int:
    """Write a release, or with `--draft` print what it would say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", help="version of the release")
    today = datetime.now(tz=UTC).date()
    parser.add_argument("--date", type=date.fromisoformat, default=today, help="today by default")
    parser.add_argument("--draft", action="store_true", help="print the section, change nothing")
    options = parser.parse_args(arguments)
    heading = f"{options.version} ({options.date})"
    try:
        if options.draft:
            print(assemble(fragments(ROOT / "changes"), heading), end="")
        else:
            release(ROOT, heading)
    except FragmentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
