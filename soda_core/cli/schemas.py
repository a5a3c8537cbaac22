"""`sodalite schemas`: the repository of IVOA schemas."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - cyclopts reads the annotations

from cyclopts import App

from soda_core.documents import Catalog

from .console import done, table

__all__ = ["schemas"]

schemas = App(name="schemas", help="The IVOA schemas that Sodalite carries.")


@schemas.command(name="list")
def list_schemas() -> None:
    """List the schemas: identifier, version, status, namespace."""
    entries = Catalog.load().schemas.values()
    rows = [(entry.id, entry.version, entry.status, entry.namespace) for entry in entries]
    table(("id", "version", "status", "namespace"), rows)


@schemas.command
def path(identifier: str) -> None:
    """Print where a schema lies.

    Parameters
    ----------
    identifier
        Identifier as `sodalite schemas list` shows it.

    """
    print(Catalog.load().by_id(identifier).path)


@schemas.command
def export(directory: Path) -> None:
    """Copy all schemas to a folder, with an OASIS XML catalog for other tools.

    Parameters
    ----------
    directory
        Folder to write to; made if it is not there.

    """
    done(f"{len(Catalog.load().export(directory))} files in {directory}")
