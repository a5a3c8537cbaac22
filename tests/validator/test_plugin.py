"""The plugin of pytest, in runs of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "tests" / "faults" / "documents"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of somebody, in an environment where the entry point of our declaration is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    info = tmp_path / "installed" / "somebody-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: somebody\nVersion: 1\n", "utf-8")
    entries = project["entry-points"]["pytest11"].items()
    lines = "\n".join(f"{name} = {value}" for name, value in entries)
    (info / "entry_points.txt").write_text(f"[pytest11]\n{lines}\n", "utf-8")
    (tmp_path / "test_own.py").write_text(
        "def test_own():\n    assert True\n",
        "utf-8",
    )
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = --strict-markers --strict-config -p no:cacheprovider\nfilterwarnings = error\n",
        "utf-8",
    )
    return tmp_path


def run(folder: Path, *words: str, alone: bool = True) -> subprocess.CompletedProcess[str]:
    """Run pytest there, *alone* with no plugin but ours."""
    chosen = ["--disable-plugin-autoload", "-p", "volint"] if alone else []
    path = os.pathsep.join([str(folder / "installed"), *sys.path])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", *chosen, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_runs_without_a_target_are_left_alone(folder: Path) -> None:
    """Nothing is loaded, added or warned of."""
    (folder / "test_loaded.py").write_text(
        "import sys\n\n\ndef test_loaded():\n    assert 'volint.plugin' in sys.modules\n"
        "    assert not {'volint.validation', 'volint.model', 'volint.command'} & sys.modules.keys()\n",
        "utf-8",
    )
    done = run(folder, alone=False)

    assert 0 == done.returncode, done.stdout
    assert "2 passed" in done.stdout
    assert "warning" not in done.stdout


def test_each_rule_is_a_test(folder: Path) -> None:
    """A good document makes tests that pass, beside those of the project, and chosen like these."""
    document = DOCUMENTS / "availability.xml"
    done = run(folder, f"--volint-url={document}", "--volint-level=info", "-vv")
    one = run(folder, f"--volint-url={document}", "-k", "VOSI-3.2-03")

    assert 0 == done.returncode, done.stdout
    assert f"{document}::VOSI-3.2-03[{document}] PASSED" in done.stdout
    assert "1 passed" in one.stdout


def test_a_broken_rule_is_a_test_that_fails(folder: Path) -> None:
    """What was found is told, without a traceback; what it makes vain is skipped with the reason."""
    wrong = folder / "wrong.xml"
    wrong.write_text((DOCUMENTS / "availability.xml").read_text("utf-8").replace(">true<", ">yes<"), "utf-8")
    done = run(folder, f"--volint-url={wrong}")

    assert 1 == done.returncode
    assert "1 failed" in done.stdout
    assert "'yes'" in done.stdout
    assert "because VOSI-3.2-03 is broken" in done.stdout
    assert "plugin.py" not in done.stdout.replace("volint/plugin.py:", "")
    assert "Traceback" not in done.stdout + done.stderr


def test_what_cannot_be_tried_ends_the_run(folder: Path) -> None:
    """A file that is not there, and a profile with a key that means nothing."""
    profile = folder / "profile.toml"
    profile.write_text("idd = 1\n", "utf-8")
    missing = run(folder, f"--volint-url={folder / 'none.xml'}")
    wrong = run(folder, "--volint-url=http://127.0.0.1:9", f"--volint-profile={profile}")

    for done, words in ((missing, "No such file"), (wrong, "did you mean 'id'")):
        assert 4 == done.returncode
        assert words in done.stderr
        assert "Traceback" not in done.stderr
