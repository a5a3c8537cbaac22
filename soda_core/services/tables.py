"""The tables that discovery answers come from (VOSI 1.1, 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core import standards
from soda_core.dali import NotFoundError, shown
from soda_core.documents import Described, serialize, table, tableset
from soda_core.registry import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soda_core.registry import Handler, Request

    from .archive import Archive

__all__ = ["handlers"]

OBSCORE = "ivoa.obscore"


def handlers(archive: Archive) -> Mapping[str, Handler]:
    """Return what answers the endpoints of tables; they change with the program alone."""
    known = (Described(OBSCORE, standards.load("obscore")),)

    def all_tables(request: Request) -> Document:
        """Describe all tables, in full unless asked otherwise."""
        brief = request.optional("detail", str) == "min"
        return _document(tableset(known, brief=brief), request)

    def one_table(request: Request) -> Document:
        """Describe the table of exactly this name."""
        (name,) = (request.only(parameter, str) for parameter in request.endpoint.path_parameters)
        for entry in known:
            if entry.name == name:
                return _document(table(entry), request)
        raise NotFoundError(f"there is no table {shown(name)}")

    def _document(content: object, request: Request) -> Document:
        return Document(serialize(content), request.endpoint.media_types[0], modified=archive.started)

    return {"tables": all_tables, "table": one_table}
