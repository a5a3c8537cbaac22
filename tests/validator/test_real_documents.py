"""Documents as services send them, right and wrong: our verdict, and that of STILTS on the same text."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from volint import validate

ROOT = Path(__file__).parents[2]
REAL = ROOT / "tests" / "data" / "real"
VERDICTS: dict[str, dict[str, Any]] = tomllib.loads((REAL / "verdicts.toml").read_text("utf-8"))


def stilts(path: Path) -> str:
    """Return the worst that STILTS says: error, warning or sound; its exit status tells nothing."""
    task = "datalinklint" if path.name.startswith("links") else "votlint"
    command = ["stilts", task, f"votable={path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    lines = (done.stdout + done.stderr).splitlines()
    if any(line.startswith(("ERROR", "E-", "F-")) for line in lines):
        return "error"
    return "warning" if any(line.startswith(("WARNING", "W-")) for line in lines) else "sound"


def test_every_document_has_a_verdict() -> None:
    """Nothing lies there unjudged."""
    assert sorted(VERDICTS) == sorted(path.stem for path in REAL.glob("*.vot"))


@pytest.mark.parametrize("name", VERDICTS)
def test_we_tell_what_is_wrong(name: str) -> None:
    """The rules broken, those that are only to know aside."""
    found = validate(str(REAL / f"{name}.vot")).findings

    assert VERDICTS[name]["volint"] == sorted({entry.code for entry in found if entry.level != "info"})


@pytest.mark.skipif(shutil.which("stilts") is None, reason="STILTS is not installed")
@pytest.mark.parametrize("name", VERDICTS)
def test_stilts_says_as_much(name: str) -> None:
    """A verdict that changed is a new difference, or one less."""
    assert VERDICTS[name]["stilts"] == stilts(REAL / f"{name}.vot")


@pytest.mark.parametrize("name", VERDICTS)
def test_differences_have_a_reason(name: str) -> None:
    """Where one of the two finds nothing wrong, the table and the documentation say why."""
    verdict = VERDICTS[name]
    differs = bool(verdict["volint"]) != (verdict["stilts"] != "sound")

    assert differs == bool(verdict.get("why"))
    assert not differs or f"`{name}`" in (ROOT / "docs" / "validate.md").read_text("utf-8")
