"""`sodalite`: one command, its subcommands each in a module of their own."""

from __future__ import annotations

import importlib.metadata
import sys

from cyclopts import App

from soda_core.cutout import NothingSelected
from soda_core.dali import DaliError
from soda_core.documents import CatalogError
from soda_core.settings import SettingsError
from soda_core.standards import SpecError

from . import console
from .cutout import cutout
from .demo import demo
from .schemas import schemas
from .serve import serve

__all__ = ["app", "main"]

app = App(
    name="sodalite",
    help="Image cutouts and other data access by the standards of the Virtual Observatory.",
    version=importlib.metadata.version("sodalite"),
)
app.command(demo)
app.command(serve)
app.command(cutout)
app.command(schemas)

OURS = (DaliError, NothingSelected, SettingsError, CatalogError, SpecError, console.Stop)


def main() -> None:
    """Run the command line; what a person can mend is told in one line, with exit status 1."""
    try:
        app()
    except OURS as error:
        console.error(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
