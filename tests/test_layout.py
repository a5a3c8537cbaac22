"""The house: which folders there are, who may import whom, how large things get."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]

FOLDERS = frozenset(
    {"specs", "xsd", "generated", "soda_core", "templates", "validators", "tests", "bench", "deploy"}
    | {"docs", "changes", "tools"}
)

# Lowest first: a part imports only parts above it in this table, and third-party packages only of its own list.
PARTS: dict[str, frozenset[str]] = {
    "resources": frozenset(),
    "settings": frozenset({"pydantic", "pydantic_settings"}),
    "standards": frozenset(),
    "dali": frozenset(),
    "sky": frozenset({"numpy", "mocpy", "cdshealpix"}),
    "storage": frozenset({"obstore"}),
    "cutout": frozenset({"astropy", "numpy", "PIL"}),
    "votable": frozenset({"ivoa_schemas"}),
    "documents": frozenset({"ivoa_schemas", "xsdata", "lxml"}),
    "inventory": frozenset({"sqlalchemy"}),
    "jobs": frozenset({"sqlalchemy", "pebble", "celery"}),
    "registry": frozenset(),
    "services": frozenset({"sqlalchemy"}),
    "web": frozenset({"starlette", "jinja2", "anyio", "sqlalchemy"}),
    "scaffold": frozenset({"jinja2"}),
    "demo": frozenset({"astropy", "numpy"}),
    "cli": frozenset({"cyclopts", "rich", "uvicorn"}),
}

VOLINT = frozenset({"standards", "dali", "documents"})
"""The parts of soda_core that volint may use: it judges our own service with the same eyes as anybody's."""

LINES, FUNCTION_LINES = 400, 60


class Import(NamedTuple):
    """One imported module and where."""

    file: Path
    line: int
    module: str


def imports_of(file: Path) -> Iterator[Import]:
    """Yield what *file* imports; a relative import keeps its dots."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield Import(file, node.lineno, "." * node.level + (node.module or ""))
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(file, node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def part_of(file: Path, root: Path) -> str:
    """Return the part of soda_core that a file belongs to; empty for the package itself."""
    first = file.relative_to(root / "soda_core").parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def offences(root: Path) -> Iterator[str]:
    """Yield a sentence with file and line for every import that the table forbids."""
    order = list(PARTS)
    for file in sorted((root / "soda_core").rglob("*.py")):
        part = part_of(file, root)
        if not part:
            continue
        if part not in PARTS:
            yield f"{file.relative_to(root)}:1: {part} is no part of the table"
            continue
        allowed = set(order[: order.index(part) + 1])
        for found in imports_of(file):
            where = f"{found.file.relative_to(root)}:{found.line}"
            names = found.module.split(".")
            if found.module.startswith(".."):
                yield f"{where}: reaches over its parent"
            elif found.module.startswith("."):
                continue
            elif names[0] == "soda_core":
                if len(names) > 1 and names[1] in PARTS and names[1] not in allowed:
                    yield f"{where}: {part} imports {names[1]}, which comes after it in the table"
            elif names[0] not in sys.stdlib_module_names and names[0] not in PARTS[part]:
                yield f"{where}: {part} imports {names[0]}, which is not in its list"


def sources() -> list[Path]:
    """Return the modules that we write."""
    return sorted([*(ROOT / "soda_core").rglob("*.py"), *(ROOT / "validators").rglob("*.py")])


def test_parts_import_only_what_lies_below_them() -> None:
    """The table of the parts is obeyed."""
    assert [] == list(offences(ROOT))


@pytest.mark.parametrize(
    ("part", "line", "complaint"),
    [
        ("dali", "from soda_core.web import application", "dali imports web"),
        ("cutout", "import starlette", "cutout imports starlette"),
        ("cutout", "import lxml.etree", "cutout imports lxml"),
        ("web", "from ..dali import errors", "reaches over its parent"),
        ("kitchen", "import json", "kitchen is no part"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, part: str, line: str, complaint: str) -> None:
    """The check can fail, and says where."""
    folder = tmp_path / "soda_core" / part
    folder.mkdir(parents=True)
    (folder / "wrong.py").write_text(f'"""Wrong."""\n{line}\n')

    found = list(offences(tmp_path))

    assert 1 == len(found)
    assert complaint in found[0]
    assert f"soda_core/{part}/wrong.py:" in found[0]


def test_volint_sees_our_service_as_a_stranger() -> None:
    """The validator imports no more of soda_core than declarations, values and schemas."""
    used = {
        found.module.split(".")[1]
        for file in (ROOT / "validators").rglob("*.py")
        for found in imports_of(file)
        if found.module.startswith("soda_core.")
    }

    assert used <= VOLINT


def test_the_core_runs_without_web_database_and_xml() -> None:
    """A worker or a notebook can import the cutout core alone."""
    code = "import sys, soda_core.cutout; print(*sorted(sys.modules))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    loaded = {name.partition(".")[0] for name in output.split()}

    assert "astropy" in loaded
    assert set() == loaded & {"starlette", "sqlalchemy", "lxml", "xsdata", "ivoa_schemas", "uvicorn"}


def test_top_level_folders_are_the_fixed_ones() -> None:
    """No folder appears beside those of the house."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    folders = {name.partition("/")[0] for name in tracked.stdout.split() if "/" in name}

    assert set() == {name for name in folders if not name.startswith(".")} - FOLDERS


@pytest.mark.parametrize("folder", ["specs", "xsd", "templates"])
def test_data_folders_hold_no_python(folder: str) -> None:
    """Data is data; a scaffold's Python files are templates and end in .jinja."""
    assert [] == list((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("file", sources(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_modules_are_small_and_say_what_is_public(file: Path) -> None:
    """A module has at most 400 lines, no function above 60, and an `__all__`."""
    text = file.read_text("utf-8")
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [
        f"{f.name}: {n} lines"
        for f in functions
        if (n := (f.end_lineno or 0) - f.lineno + 1) > FUNCTION_LINES
    ]
    names = {
        t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)
    }
    bare = file.name == "__main__.py" or len(tree.body) <= 1

    assert text.count("\n") <= LINES
    assert [] == long
    assert bare or "__all__" in names
