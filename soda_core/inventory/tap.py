"""A TAP service as a source of rows, read through pyvo."""

from __future__ import annotations

import importlib
import logging
from typing import Any

from soda_core.cutout.quiet import quiet
from soda_core.dali import ServiceUnavailable

from .errors import InventoryError
from .plain import plain_column

__all__ = ["Remote"]

logger = logging.getLogger(__name__)

PATIENCE = (5.0, 60.0)
"""Seconds within which the service must be reached, and within which it must go on answering."""

Row = dict[str, Any]


class Remote:
    """The `sync` resource of a TAP service."""

    def __init__(self, address: str) -> None:
        try:
            dal = importlib.import_module("pyvo.dal")
            requests = importlib.import_module("requests")
        except ImportError:
            raise InventoryError("an inventory behind TAP needs the extra `sodalite[tap]`") from None
        self._session = requests.Session()
        self._session.request = _impatient(self._session.request)
        self._service = dal.TAPService(address, session=self._session)

    def rows(self, query: str, most: int) -> tuple[list[Row], bool]:
        """Return at most *most* rows, and whether the service held others back.

        Raises `ServiceUnavailable`, which does not repeat what the service said: that goes into the log.
        """
        try:
            with quiet():
                answer = self._service.run_sync(query, maxrec=most)
                return rows_of(answer.to_table()), answer.status[0].upper() == "OVERFLOW"
        except Exception as error:  # pyvo, requests and the readers of VOTable each have errors of their own
            logger.exception("the TAP service failed: %s", query)
            raise ServiceUnavailable("the inventory, which is kept elsewhere, does not answer") from error

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()


def rows_of(table: Any) -> list[Row]:  # noqa: ANN401 - astropy is not typed
    """Return the rows of a table by columns in small letters; masked and empty values are None."""
    names = [str(name).lower() for name in table.colnames]
    columns = [[*map(_known, plain_column(table[name]))] for name in table.colnames]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _known(value: Any) -> Any:  # noqa: ANN401 - as above
    """Return a value, None for a text without characters: VOTable has no other null for texts."""
    return None if isinstance(value, str) and not value else value


def _impatient(request: Any) -> Any:  # noqa: ANN401 - requests is not typed
    """Give up after a while, which requests does not by itself."""

    def wrapped(method: str, url: str, **options: Any) -> Any:  # noqa: ANN401 - as above
        return request(method, url, **{"timeout": PATIENCE, **options})

    return wrapped
