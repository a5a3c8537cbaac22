"""`sodalite`: one command, its subcommands each in a module of their own."""

from __future__ import annotations

import importlib.metadata
import os
import sys

from cyclopts import App

from . import console

__all__ = ["app", "main"]

app = App(
    name="sodalite",
    help="Image cutouts and other data access by the standards of the Virtual Observatory.",
    version=importlib.metadata.version("sodalite"),
)
COMMANDS = {
    "demo": "Build a small archive of the sky, serve it, and cut M13 out of it through the network.",
    "serve": "Serve the FITS files of a folder, or what a configuration names.",
    "worker": "Do the jobs that servers of the same settings queue.",
    "ingest": "Record FITS files, or rows of a table, in the inventory.",
    "cutout": "Cut a region of sky, wavelength, time or polarisation out of a FITS file.",
    "schemas": "The IVOA schemas that Sodalite carries.",
}

app.command("volint.cli:validate", name="validate", help="Say which rules a service or a document breaks.")

# By name: a command is imported when it is called, so that --version need not wait for astropy.
for _name, _help in COMMANDS.items():
    app.command(f"soda_core.cli.{_name}:{_name}", name=_name, help=_help)


def main() -> None:
    """Run the command line; what a person can mend is told in one line, with exit status 1."""
    try:
        app(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # `_told` decides which are faults of the program and go on
        told = _told(error)
        if told is None:
            raise
        console.error(told)
        sys.exit(1)


def _told(error: Exception) -> str | None:
    """Return what a person reads about *error*, None if it is a fault of the program."""
    from . import failures  # noqa: PLC0415 - its imports are slow, and nearly always in vain

    if isinstance(error, failures.OURS):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{os.fsdecode(error.filename)!r}: {error.strerror}"
    return None
