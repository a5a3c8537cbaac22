"""The pinned versions are such that everybody can install."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
OLDEST = "3.11.2"
"""The Python of Debian 12."""


def test_each_pinned_version_runs_on_the_oldest_python() -> None:
    """No pin asks for a later Python than Debian 12 has; pins that are not installed here are not judged."""
    too_new = []
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        pin = Requirement(line)
        try:
            found = importlib.metadata.metadata(pin.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        wanted = found["Requires-Python"] if "Requires-Python" in found else ""  # noqa: SIM401 - its type has no get
        if pin.specifier.contains(found["Version"]) and not SpecifierSet(wanted).contains(OLDEST):
            too_new.append(f"{line} wants Python {wanted}")

    assert [] == too_new
