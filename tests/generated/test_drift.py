"""The committed dataclasses are those that the schemas give."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "ivoa_schemas"

pytest.importorskip("toposort", reason="xsdata's code generator is not installed (extra dev)")


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the generator so that it compares with *folder* and writes nothing."""
    command = [sys.executable, str(ROOT / "tools" / "generate.py"), "--check", "--output", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_the_package_is_up_to_date() -> None:
    """Compiling `xsd/` again changes no file; if it does, run: nox -s generate."""
    done = check(PACKAGE)

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


def test_a_stale_package_is_noticed(tmp_path: Path) -> None:
    """An edited, a missing and a stray module are each named, with the cure."""
    folder = Path(shutil.copytree(PACKAGE, tmp_path / "ivoa_schemas"))
    (folder / "uws.py").write_text("# edited\n")
    (folder / "sia.py").unlink()
    (folder / "stray.py").write_text("")

    done = check(folder)

    lines = [f"{name}.py: out of date, run: nox -s generate" for name in ("sia", "stray", "uws")]
    assert (1, lines) == (done.returncode, done.stdout.splitlines())
