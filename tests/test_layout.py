"""The house: which folders there are, who may import whom, how large things get."""

from __future__ import annotations

import ast
import importlib
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

# Lowest first: a part imports only parts above it in this table, and of third parties only its own list.
PARTS: dict[str, frozenset[str]] = {
    "resources": frozenset(),
    "standards": frozenset(),
    "settings": frozenset({"pydantic", "pydantic_settings"}),
    "dali": frozenset(),
    "sky": frozenset({"numpy", "mocpy", "cdshealpix", "pydantic_core"}),
    "storage": frozenset({"numpy", "obstore"}),
    "cutout": frozenset({"astropy", "imagecodecs", "llvmlite", "numba", "numpy", "PIL"}),
    "xml": frozenset({"ivoa_schemas", "xsdata", "lxml"}),
    "votable": frozenset({"ivoa_schemas", "pyarrow", "pydantic_core"}),
    "schemas": frozenset({"lxml"}),
    "documents": frozenset({"ivoa_schemas", "xsdata", "lxml"}),
    "inventory": frozenset({"alembic", "astropy", "numpy", "pyarrow", "pyvo", "requests", "sqlalchemy"}),
    "jobs": frozenset({"sqlalchemy", "celery", "kombu", "obstore"}),
    "registry": frozenset(),
    "services": frozenset({"ivoa_schemas", "sqlalchemy"}),
    "web": frozenset({"starlette", "jinja2", "anyio", "sqlalchemy"}),
    "scaffold": frozenset({"jinja2"}),
    "demo": frozenset({"astropy", "numpy"}),
    "cli": frozenset({"cyclopts", "rich", "uvicorn"}),
}

VOLINT = frozenset({"standards", "dali", "schemas"})
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
    for file in sorted((root / "soda_core").rglob("*.py")):
        part = part_of(file, root)
        if part and part not in PARTS:
            yield f"{file.relative_to(root)}:1: {part} is no part of the table"
        elif part:
            alone = file.parent.name == "soda_core"
            for found in imports_of(file):
                if complaint := complaint_about(found.module, part, alone=alone):
                    yield f"{file.relative_to(root)}:{found.line}: {complaint}"


def complaint_about(module: str, part: str, *, alone: bool) -> str:
    """Return what is wrong with *part* importing *module*, if anything; *alone* is a part of one module."""
    first, *rest = module.split(".")
    if module.startswith(".."):
        return "reaches over its parent"
    if module.startswith("."):
        return f"{part} imports a neighbour without naming soda_core" if alone else ""
    if first == "soda_core":
        order = list(PARTS)
        later = rest and rest[0] in order[order.index(part) + 1 :]
        return f"{part} imports {rest[0]}, which comes after it in the table" if later else ""
    known = first in sys.stdlib_module_names or first in PARTS[part]
    return "" if known else f"{part} imports {first}, which is not in its list"


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
        ("dali", "from soda_core import web", "dali imports web"),
        ("dali", "def late():\n    import soda_core.web", "dali imports web"),
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


def test_a_module_beside_the_parts_names_what_it_imports(tmp_path: Path) -> None:
    """A part of one module cannot slip past the table by a relative import."""
    folder = tmp_path / "soda_core"
    folder.mkdir()
    (folder / "settings.py").write_text('"""Wrong."""\nfrom .web import application\n')

    assert ["soda_core/settings.py:2: settings imports a neighbour without naming soda_core"] == list(
        offences(tmp_path)
    )


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


def oversized(file: Path) -> Iterator[str]:
    """Yield a sentence with file and line for what is too large, or does not say what is public."""
    text = file.read_text("utf-8")
    tree = ast.parse(text)
    if text.count("\n") > LINES:
        yield f"{file}:{LINES + 1}: the module has more than {LINES} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{file}:{node.lineno}: {node.name} has {lines} lines, more than {FUNCTION_LINES}"
    if file.name != "__main__.py" and len(tree.body) > 1 and public_names(tree) is None:
        yield f"{file}:1: there is no __all__"


def public_names(tree: ast.Module) -> list[str] | None:
    """Return the value of `__all__`, None if there is none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and "__all__" in map(ast.unparse, node.targets):
            return list(ast.literal_eval(node.value))
    return None


@pytest.mark.parametrize("file", sources(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_modules_are_small_and_say_what_is_public(file: Path) -> None:
    """A module has at most 400 lines, no function above 60, and an `__all__`."""
    assert [] == list(oversized(file))


def test_what_is_too_large_is_found(tmp_path: Path) -> None:
    """The check can fail, and says where."""
    file = tmp_path / "large.py"
    file.write_text('"""Large."""\n\ndef long():\n' + "    x = 1\n" * LINES)

    assert [
        f"{file}:{LINES + 1}: the module has more than {LINES} lines",
        f"{file}:3: long has {LINES + 1} lines, more than {FUNCTION_LINES}",
        f"{file}:1: there is no __all__",
    ] == list(oversized(file))


@pytest.mark.parametrize("part", [part for part in PARTS if (ROOT / "soda_core" / part).is_dir()])
def test_what_a_part_gives_out_is_public_where_it_is_made(part: str) -> None:
    """Each name of a part's `__all__` is there, imported from one of its modules and public in it."""
    package = ROOT / "soda_core" / part
    tree = ast.parse((package / "__init__.py").read_text("utf-8"))
    imported = {
        alias.asname or alias.name: (node.module or "").rpartition(".")[2]
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    names = public_names(tree) or []
    module = importlib.import_module(f"soda_core.{part}")

    assert [] == [name for name in names if not hasattr(module, name)]
    assert set(imported) == set(names)
    for name, origin in imported.items():
        home = package / f"{origin}.py"
        assert name in (public_names(ast.parse(home.read_text("utf-8"))) or []), (
            f"{home}: {name} is not public"
        )
