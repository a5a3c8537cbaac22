"""What ran where: cores, memory, kernel and versions; no names of machines or folders."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.peers import is_compiled

__all__ = ["describe"]

PACKAGES = ("sodalite", "astropy", "numpy", "astrocut", "fitsio", "imagecodecs", "numba", "uvicorn")
DEBIAN = {"nginx": "nginx", "wrk": "wrk", "fitscopy": "libcfitsio-bin", "mSubimage": "montage"}


def describe() -> list[str]:
    """Return the lines of a list in Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    loop = "a compiled loop" if is_compiled() else "a loop in Python (no compiler found)"
    return [
        f"- {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, Linux {platform.release()}",
        f"- {platform.python_implementation()} {platform.python_version()}; {', '.join(_packages())}",
        f"- Debian packages: {', '.join(_programs()) or 'none'}",
        f"- raw reads: {loop}",
    ]


def _processor() -> str:
    """Return what the processor calls itself."""
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _packages() -> list[str]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def _programs() -> list[str]:
    """Return the Debian packages of the programs that are here, with their versions where dpkg knows them."""
    found = []
    for program, package in DEBIAN.items():
        if shutil.which(program) is None:
            continue
        name = f"{package}-common" if package == "nginx" else package
        words = ("dpkg-query", "--show", "--showformat=${Version}", name)
        known = (
            subprocess.run(words, capture_output=True, text=True, check=False)
            if shutil.which(words[0])
            else None
        )
        found.append(f"{package} {known.stdout}".strip() if known else package)
    return found
