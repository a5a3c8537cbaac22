"""What other projects take from here: an action and a hook."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # has no types
from volint.reports import FORMS

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "tests" / "faults" / "documents"
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    """The action as it is read by those who use it."""
    file = ROOT / "deploy" / "volint-action" / "action.yml"
    found: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return found


@pytest.fixture
def commands(tmp_path: Path) -> str:
    """A PATH on which `volint` is that of this checkout."""
    script = tmp_path / "bin" / "volint"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m volint "$@"\n', "utf-8")
    script.chmod(0o755)
    return f"{script.parent}{os.pathsep}{os.environ['PATH']}"


def test_the_action_uses_the_inputs_that_it_declares(action: dict[str, Any]) -> None:
    """Each is used once, as a variable: text of strangers never becomes part of a command."""
    steps = action["runs"]["steps"]
    used = re.findall(r"inputs\.([\w-]+)", str(steps))

    assert sorted(action["inputs"]) == sorted(used)
    assert not [step["run"] for step in steps if "${{" in step.get("run", "")]
    assert action["inputs"]["format"]["default"] in FORMS
    assert (ROOT / "deploy" / "volint-action" / ".." / ".." / "pyproject.toml").is_file()


def test_the_command_of_the_action_works(action: dict[str, Any], commands: str, tmp_path: Path) -> None:
    """It writes the report, and its status is that of the validator."""
    step = action["runs"]["steps"][-1]
    wrong = tmp_path / "wrong.xml"
    wrong.write_text("<availability/>", "utf-8")
    for target, status in ((DOCUMENTS / "availability.xml", 0), (wrong, 1)):
        output = tmp_path / "out.sarif"
        given = {name: entry.get("default", "") for name, entry in action["inputs"].items()}
        given |= {"target": str(target), "output": str(output)}
        env = {name: given[re.findall(r"inputs\.([\w-]+)", value)[0]] for name, value in step["env"].items()}
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            env=os.environ | {"PATH": commands} | env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

        assert status == done.returncode, done.stderr
        assert '"version": "2.1.0"' in output.read_text("utf-8")


def test_the_hook_takes_tables(commands: str, tmp_path: Path) -> None:
    """Its command is one of ours and takes many files; its pattern chooses tables."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    table = tmp_path / "a.vot"
    table.write_text(
        '<VOTABLE version="1.5" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE/></VOTABLE>'
    )
    done = subprocess.run(
        [*hook["entry"].split(), str(table), str(table)],
        env=os.environ | {"PATH": commands},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert hook["entry"] in SCRIPTS
    assert "python" == hook["language"]
    assert 2 == done.stdout.count(f"{table}: no findings"), done.stdout + done.stderr
    names = ("a.vot", "b.votable", "c.vot.gz", "d.xml", "e.pivot")
    assert [*names[:3]] == [name for name in names if re.search(hook["files"], name)]
