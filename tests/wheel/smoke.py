"""Use an installed Sodalite as a stranger does: run with its Python, outside the tree, in an empty folder."""

from __future__ import annotations

import importlib.resources
import subprocess
import sys
from pathlib import Path

from astropy.io import fits

from soda_core import resources, standards
from soda_core.documents import Catalog

__all__ = ["main"]

PACKAGES = ("soda_core", "ivoa_schemas", "volint")
CIRCLE = "250.4226 36.4602 0.02"


def main() -> None:
    """Check packages, data and commands; what is wrong ends the run with its traceback."""
    prefix = Path(sys.prefix).resolve()
    for name in PACKAGES:
        package = importlib.resources.files(name)
        assert Path(str(package)).is_relative_to(prefix), f"{name} comes from {package}"
        assert (package / "py.typed").is_file(), f"{name} has no py.typed"
    for folder in (resources.specs(), resources.xsd(), resources.templates()):
        assert folder.is_relative_to(prefix), f"{folder} is not in the installation"
    assert "CIRCLE" in standards.load("soda").parameters
    assert Catalog.load().by_id("votable-1.5").path.is_file()

    assert sodalite("--version").strip()
    assert "votable-1.5" in sodalite("schemas", "list")
    sodalite("demo", "--no-serve")
    sodalite("cutout", "demo-archive/real/m13.fits", "--circle", CIRCLE, "-o", "own.fits")
    for made in ("m13-cutout.fits", "own.fits"):
        assert fits.getdata(made).ndim == 2
    sys.stdout.write("the installation works\n")


def sodalite(*arguments: str) -> str:
    """Run the installed command and return what it prints."""
    command = [str(Path(sys.prefix, "bin", "sodalite")), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=120).stdout


if __name__ == "__main__":
    main()
