"""The wheel made of the source distribution works outside the tree, with the declared dependencies alone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("build", reason="the front end of builds is not installed (extra test)")

ROOT = Path(__file__).parents[2]
SMOKE = Path(__file__).with_name("smoke.py")
DATA = ("specs", "xsd", "templates")
CODE = {"soda_core": "soda_core", "generated/ivoa_schemas": "ivoa_schemas", "validators/volint": "volint"}

pytestmark = pytest.mark.timeout(600)


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program and return what it says; a failure is told with its output."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made of the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    [source] = folder.glob("*.tar.gz")
    [made] = folder.glob("*.whl")
    assert source.name.removesuffix(".tar.gz") in made.name
    return made


def test_the_wheel_holds_all_code_and_data(wheel: Path) -> None:
    """Nothing of the packages and data folders is left behind, and nothing else comes along."""
    wanted = {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package in [*CODE.items(), *((name, f"soda_core/{name}") for name in DATA)]
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert wanted == found


def test_the_wheel_works_outside_the_tree(wheel: Path, tmp_path: Path) -> None:
    """A fresh environment with only the wheel and what it declares runs the smoke test."""
    run(sys.executable, "-m", "venv", tmp_path / "fresh", cwd=tmp_path)
    python = tmp_path / "fresh" / "bin" / "python"
    pinned = ("--constraint", ROOT / "constraints.txt")
    run(
        python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pinned, wheel, cwd=tmp_path
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    assert run(python, "-I", SMOKE, cwd=elsewhere).endswith("the installation works\n")
