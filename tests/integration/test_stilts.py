"""STILTS, whose checks other archives trust, on what the service answers."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import httpx2
import pytest
from support import M13

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("stilts") is None, reason="STILTS is not installed")


def stilts(*words: str) -> str:
    """Return what a STILTS task prints; its exit status says nothing."""
    done = subprocess.run(["stilts", *words], capture_output=True, text=True, check=False, timeout=200)
    return done.stdout + done.stderr


def test_the_description_is_a_sound_datalink_document(service: str) -> None:
    """The linter of links has no error and no warning for the answer to a bare GET."""
    report = stilts("datalinklint", f"votable={service}/sync")

    assert "Totals: Errors: 0; Warnings: 0;" in report, report


def test_the_description_is_a_sound_votable(service: str, tmp_path: Path) -> None:
    """The linter of VOTables says nothing about it."""
    document = tmp_path / "sync.vot"
    document.write_bytes(httpx2.get(f"{service}/sync").content)

    assert "" == stilts("votlint", f"votable={document}").strip()


@pytest.mark.parametrize("query", ["MAXREC=0", "MAXREC=5", "POS=CIRCLE+150.12+2.2+1", "POS=FOO"])
def test_what_is_found_is_a_sound_votable(service: str, tmp_path: Path, query: str) -> None:
    """The linter of VOTables says nothing about tables, descriptors and errors of `/sia`."""
    document = tmp_path / "sia.vot"
    document.write_bytes(httpx2.get(f"{service}/sia?{query}", timeout=60).content)

    assert "" == stilts("votlint", f"votable={document}").strip()


def test_both_serializations_are_read_alike(service: str, tmp_path: Path) -> None:
    """TABLEDATA and BINARY2 are the same table (votlint 3.4 loses its place in any BINARY2)."""
    read = []
    for form in ("votable", "votable/b2"):
        document = tmp_path / "sia.vot"
        document.write_bytes(httpx2.get(f"{service}/sia?RESPONSEFORMAT={form}", timeout=60).content)
        read.append(stilts("tpipe", f"in={document}", "ofmt=csv"))

    assert 41 == read[0].count("\n")
    assert read[0] == read[1]


def test_lists_of_jobs_and_jobs_are_valid(service: str, tmp_path: Path) -> None:
    """By the schema of UWS that STILTS brings."""
    made = httpx2.post(f"{service}/async", data={"ID": M13, "CIRCLE": "250.4226 36.4602 0.01"})
    for number, address in enumerate((f"{service}/async", made.headers["location"])):
        document = tmp_path / f"{number}.xml"
        document.write_bytes(httpx2.get(address).content)
        words = ["stilts", "xsdvalidate", "uselocals=true", f"doc={document}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=200)
        assert 0 == done.returncode, done.stdout + done.stderr
