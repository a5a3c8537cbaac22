"""Read `specs/*.toml` and merge the extensions in."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from soda_core import resources

from .errors import SpecError, Where, hint
from .merge import File, merge
from .model import (
    Column,
    Endpoint,
    ErrorLabel,
    Format,
    Head,
    Parameter,
    Phase,
    Requirement,
    Shape,
    Standard,
    Transition,
)
from .tables import read_table, reject_unknown_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["LISTS", "available", "load", "read", "terms", "vocabulary"]

LISTS: Mapping[str, type] = {
    "endpoint": Endpoint,
    "parameter": Parameter,
    "shape": Shape,
    "format": Format,
    "error": ErrorLabel,
    "column": Column,
    "phase": Phase,
    "transition": Transition,
    "requirement": Requirement,
}
"""The tables that a file may repeat, by name."""


def available(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names under which declarations can be loaded, extensions as `ext/NAME`."""
    root = folder or resources.specs()
    names = [path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.toml")]
    return tuple(sorted(name for name in names if _is_declaration(root / f"{name}.toml")))


def _is_declaration(path: Path) -> bool:
    """Tell a declaration from a vocabulary."""
    return "[standard]" in path.read_text("utf-8").splitlines()


@cache
def load(name: str, *, extensions: tuple[str, ...] | None = None) -> Standard:
    """Return the declaration *name* (such as `soda`) with its extensions merged in.

    Without *extensions* all of `specs/ext` that extend this standard are taken.
    """
    root = resources.specs()
    stems = (
        extensions if extensions is not None else tuple(sorted(p.stem for p in (root / "ext").glob("*.toml")))
    )
    return read(_existing(name), [_existing(f"ext/{stem}") for stem in stems])


@cache
def vocabulary(name: str) -> Mapping[str, Any]:
    """Return what a file of `specs/vocabularies` holds: `terms`, and what else is known of them."""
    return _content(_existing(f"vocabularies/{name}"))


def terms(name: str) -> frozenset[str]:
    """Return the words of a vocabulary of `specs/vocabularies`."""
    return frozenset(vocabulary(name)["terms"])


def _existing(name: str) -> Path:
    """Return the file of the declaration *name*."""
    path = resources.specs() / f"{name}.toml"
    if not path.is_file():
        raise SpecError(Where(path), f"no declaration {name!r}{hint(name, available())}")
    return path


def read(path: Path, extensions: Iterable[Path] = ()) -> Standard:
    """Return the declaration in *path*, merged with those *extensions* that add to it."""
    base = _read_file(path)
    others = [_read_file(extension) for extension in extensions]
    return merge(base, _inherited(base), [other for other in others if other.head.extends == base.head.name])


def _read_file(path: Path) -> File:
    """Read one TOML file into its typed tables."""
    at = Where(path)
    content = _content(path)
    reject_unknown_keys(content, ["standard", *LISTS], at)
    if "standard" not in content:
        raise SpecError(at, "the table [standard] is missing")
    head = read_table(Head, content["standard"], at.at("standard"))
    return File(at, head, {name: _tables(kind, content, at.at(name)) for name, kind in LISTS.items()})


def _content(path: Path) -> dict[str, Any]:
    """Return what is written in *path*."""
    content = path.read_bytes()
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpecError(Where(path, number=line), f"not UTF-8: {error.reason}") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))  # otherwise it is the end of the document
        line = int(found[1]) if found else content.count(b"\n") + 1
        raise SpecError(Where(path, number=line), f"not TOML: {error}") from error


def _tables(kind: type, content: Mapping[str, object], at: Where) -> tuple[Any, ...]:
    """Return all tables of one name."""
    entries = content.get(at.table, [])
    if not isinstance(entries, list):
        raise SpecError(at, f"{at.table} may come several times, expected [[{at.table}]]")
    return tuple(read_table(kind, entry, at.at(at.table, n)) for n, entry in enumerate(entries))


def _inherited(base: File) -> tuple[Parameter, ...]:
    """Return the parameters of the standards that *base* builds on, found beside it or in `specs/`."""
    found: list[Parameter] = []
    for stem in base.head.builds_on:
        paths = [folder / f"{stem}.toml" for folder in (base.where.path.parent, resources.specs())]
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            known = available()
            raise SpecError(
                base.where.at("standard").key("builds_on"), f"no declaration {stem!r}{hint(stem, known)}"
            )
        found += read(path).parameters.values()
    return tuple(found)
