"""What README and handbook show works as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from astropy.io import fits

from soda_core import resources, standards
from soda_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark.structures import ParameterSet

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"
PYVO = "[pyvo."
"""What pyvo says of parameters in capabilities, which VODataService allows."""


def blocks(language: str, text: str = README) -> list[str]:
    """Return the code blocks of *language*."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def python_examples() -> Iterator[ParameterSet]:
    """Yield each block of Python in README and handbook, named by its page and place."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for number, code in enumerate(blocks("python", page.read_text("utf-8")), 1):
            yield pytest.param(code, id=f"{page.name}-{number}")


def commands(program: str) -> Iterator[list[str]]:
    """Yield the words of each command line of *program*, without the comment at its end."""
    for line in "".join(blocks("sh")).replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words and Path(words[0]).name == program:
            yield words


@pytest.fixture
def here(demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, from where the demo archive is seen as in a checkout."""
    (tmp_path / "demo-archive").symlink_to(demo_folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_curl_line_gives_a_cutout(service: str, here: Path) -> None:
    """The address is percent-encoded as it must be."""
    [address] = [words[-1] for words in commands("curl") if "/sync" in words[-1]]

    with urllib.request.urlopen(address.replace(ADDRESS, service), timeout=60) as answer:  # noqa: S310 - loopback
        (here / "m13.fits").write_bytes(answer.read())

    assert 300 > fits.getdata(here / "m13.fits").shape[0]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("page", ["README.md", "docs/jobs.md"])
def test_the_job_asked_for_with_curl_gives_a_cutout(service: str, here: Path, page: str) -> None:
    """The lines make a job, wait for its end and fetch a result."""
    [lines] = [block for block in blocks("sh", (ROOT / page).read_text("utf-8")) if "/async" in block]

    subprocess.run(["sh", "-eu", "-c", lines.replace(ADDRESS, service)], cwd=here, check=True, timeout=200)

    assert fits.getdata(here / "001-m13-cutout.fits").size


@pytest.mark.parametrize("code", list(python_examples()))
def test_python_examples_run(service: str, here: Path, code: str) -> None:
    """Each block of README and handbook stands on its own."""
    command = [sys.executable, "-c", code.replace(ADDRESS, service)]

    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, timeout=120)

    told = [line for line in done.stderr.splitlines() if PYVO not in line]
    assert (0, []) == (done.returncode, told)


@pytest.mark.parametrize(
    "words", [words for words in commands("sodalite") if "cutout" in words], ids=" ".join
)
def test_cutouts_on_the_command_line_are_written(here: Path, words: list[str]) -> None:
    """Each command ends well, and its file is FITS."""
    command = [sys.executable, "-m", "soda_core.cli", *words[1:]]

    subprocess.run(command, cwd=here, check=True, timeout=120)

    if "-o" in words:
        fits.open(here / words[words.index("-o") + 1]).close()


def test_the_settings_shown_are_valid(tmp_path: Path) -> None:
    """`sodalite.toml` as shown configures a service, once its folder is there."""
    [shown] = [block for block in blocks("toml") if block.startswith("# sodalite.toml")]
    (tmp_path / "survey").mkdir()
    file = tmp_path / "sodalite.toml"
    file.write_text(shown.replace("/data/survey", "survey"))

    assert "survey" == Settings.from_file(file).collections[0].name


def test_the_new_parameter_is_declared(tmp_path: Path) -> None:
    """The table shown extends `/sync`."""
    [shown] = [block for block in blocks("toml") if block.startswith("# specs/ext/")]
    file = tmp_path / "shown.toml"
    file.write_text(shown)

    soda = standards.read(resources.specs() / "soda.toml", [file])

    assert tomllib.loads(shown)["parameter"][0]["name"] in soda.endpoint("sync").parameters


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/decisions/README.md"]
)
def test_links_to_files_lead_somewhere(name: str) -> None:
    """A relative link names a file of the project."""
    page = ROOT / name
    targets = [urlsplit(target) for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))]

    gone = [
        target.path for target in targets if not target.scheme and not (page.parent / target.path).exists()
    ]
    assert [] == gone


def test_the_make_targets_named_exist() -> None:
    """`make …` in README and CONTRIBUTING is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = README + (ROOT / "CONTRIBUTING.md").read_text("utf-8")

    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets
