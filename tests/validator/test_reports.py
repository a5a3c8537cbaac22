"""Reports in all forms, baselines, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]  # has no types
import pytest
from faults.catalogue import CATALOGUE
from faults.holdings import BASE
from faults.transport import Wire
from lxml import etree
from volint.baseline import compare, read_baseline
from volint.manners import Limits
from volint.reports import FORMS, render
from volint.validation import Options, validate

if TYPE_CHECKING:
    from volint.model import Report

FAULT = next(fault for fault in CATALOGUE if fault.name == "nothing-is-404")
DOCUMENTS = Path(__file__).parents[1] / "faults" / "documents"


@pytest.fixture(scope="module")
def report() -> Report:
    """A report with one finding."""
    return validate(BASE, Options(limits=Limits(rate=1e9), transport=Wire(FAULT)))


def test_json_has_the_published_form(report: Report) -> None:
    """The report obeys its schema, and tells what repeats the finding."""
    schema = json.loads(resources.files("volint.reports").joinpath("report.schema.json").read_text("utf-8"))
    content: dict[str, Any] = json.loads(render(report, "json"))
    jsonschema.Draft202012Validator(schema).validate(content)
    (finding,) = content["findings"]

    assert (FAULT.code, "error", "SODA", "5.1") == tuple(
        finding[name] for name in ("code", "level", "standard", "section")
    )
    assert finding["request"].startswith("curl -i 'http://reference.test/dal/sync?ID=")
    assert finding["response"].startswith("HTTP 400, text/plain")
    assert content["rules"]["run"] == content["rules"]["passed"] + 1


def test_junit_counts_the_failure(report: Report) -> None:
    """One test case failed, and says why."""
    suite = etree.fromstring(render(report, "junit").encode())

    assert "1" == suite.get("failures")
    assert [FAULT.code] == suite.xpath("testcase[failure]/@name")
    assert str(len(suite.findall("testcase"))) == suite.get("tests")


def test_sarif_names_the_rule(report: Report) -> None:
    """A result points to its rule."""
    (run,) = json.loads(render(report, "sarif"))["runs"]
    (result,) = run["results"]

    assert (FAULT.code, "error") == (result["ruleId"], result["level"])
    assert FAULT.code == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]


def test_the_page_stands_alone(report: Report) -> None:
    """It has no script, nothing from elsewhere, and all that was found."""
    page = render(report, "html")

    assert FAULT.code in page
    assert "<script" not in page
    assert "src=" not in page


def test_text_ends_with_what_counts(report: Report) -> None:
    """The last line is the sum."""
    assert f"{BASE}: 1 error; " in render(report, "text").splitlines()[-1]


def test_a_baseline_forgives_what_was_known(report: Report, tmp_path: Path) -> None:
    """The same findings are not told again, and the status is that of success."""
    path = tmp_path / "before.json"
    path.write_text(render(report, "json"), "utf-8")
    known = read_baseline(path)
    again = validate(BASE, Options(limits=Limits(rate=1e9), transport=Wire(FAULT), known=known))

    assert 1 == report.status
    assert (0, ()) == (again.status, again.findings)
    assert ([], []) == compare(path, path)


def command(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", *module.split(), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("module", ["volint", "soda_core.cli validate"])
def test_the_status_says_how_it_went(tmp_path: Path, module: str) -> None:
    """0 without errors, 1 with, 2 where nothing could be tried."""
    wrong = tmp_path / "wrong.xml"
    wrong.write_text((DOCUMENTS / "availability.xml").read_text("utf-8").replace(">true<", ">yes<"), "utf-8")
    good = command(module, str(DOCUMENTS / "availability.xml"))
    bad = command(module, str(wrong), "--format", "json")
    none = command(module, str(tmp_path / "none.xml"))

    assert (0, "") == (good.returncode, good.stderr)
    assert (1, ["VOSI-3.2-03"]) == (bad.returncode, [f["code"] for f in json.loads(bad.stdout)["findings"]])
    assert (2, f"volint: '{tmp_path / 'none.xml'}': No such file or directory\n") == (
        none.returncode,
        none.stderr,
    )


def test_a_rule_is_explained() -> None:
    """The text of a rule, how it is tried, and where it stands."""
    told = command("volint", "explain", "soda-5.1-02")

    assert 0 == told.returncode
    assert "SODA 1.0, section 5.1" in told.stdout
    assert 2 == command("volint", "explain", "SODA-9-99").returncode


def test_all_forms_are_there(report: Report) -> None:
    """Each form that the command offers can be made."""
    assert all(render(report, form).strip() for form in FORMS)
