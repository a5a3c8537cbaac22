"""Errors → status and text, in the form of the standard at hand."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from soda_core.cutout import UnreadableFile
from soda_core.dali import (
    AuthenticationError,
    AuthorizationError,
    DaliError,
    NotFoundError,
    ServiceUnavailable,
    UsageError,
    label_of,
)
from soda_core.jobs import IllegalTransition, JobStoreAway
from soda_core.votable import failed
from soda_core.xml import serialize

from .responses import content_type
from .streams import RangeNotSatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from soda_core.standards import Standard

__all__ = ["BodyTooLarge", "MethodNotAllowed", "as_dali", "error_response", "http_error", "status_of", "told"]

logger = logging.getLogger(__name__)


class BodyTooLarge(UsageError):
    """The body of the request is larger than this deployment takes."""


class MethodNotAllowed(UsageError):
    """The address does not know the method."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.allowed = ", ".join(sorted(allowed))
        super().__init__(f"Method Not Allowed: {method}; expected one of {self.allowed}")


STATUS: Mapping[type[DaliError], int] = {
    BodyTooLarge: 413,
    MethodNotAllowed: 405,
    RangeNotSatisfiable: 416,
    NotFoundError: 404,
    IllegalTransition: 403,
    UsageError: 400,
    AuthenticationError: 401,
    AuthorizationError: 403,
    ServiceUnavailable: 503,
    UnreadableFile: 500,
    DaliError: 500,
}


GENERAL: Mapping[str, str] = {
    kind.code: kind.code
    for kind in (UsageError, AuthenticationError, AuthorizationError, ServiceUnavailable, DaliError)
}
"""Labels for what no standard has words for, such as an unknown address."""


def status_of(error: DaliError) -> int:
    """Return the HTTP status of the nearest listed base of *error*."""
    return next(STATUS[base] for base in type(error).__mro__ if base in STATUS)


def as_dali(error: Exception) -> DaliError:
    """Return what a client may know of any failure; the rest goes to the log under a reference."""
    if isinstance(error, DaliError):
        if isinstance(error, UnreadableFile):
            logger.error("%s", error)
        return error
    reference = uuid.uuid4().hex[:12]
    logger.error("failure %s", reference, exc_info=error)
    if isinstance(error, SQLAlchemyError):
        what = "list of jobs" if isinstance(error, JobStoreAway) else "inventory"
        return ServiceUnavailable(f"the {what} does not answer (reference {reference})")
    return DaliError(f"this service failed (reference {reference})")


def told(error: DaliError, standard: Standard | None) -> str:
    """Return the label that the standard has for *error*, and its message (SODA 1.0, 5.2; DALI 1.1, 4.2)."""
    return f"{label_of(error, (standard and standard.labels) or GENERAL)}: {error}"


def error_response(error: Exception, standard: Standard | None, media_type: str = "") -> Response:
    """Answer a failure as text, or as a VOTable of *media_type* (DALI 1.1, 4.2 and 4.4)."""
    known = as_dali(error)
    headers = {}
    if isinstance(known, ServiceUnavailable):
        headers["Retry-After"] = "5"
    if isinstance(known, MethodNotAllowed):
        headers["Allow"] = known.allowed
    if isinstance(known, RangeNotSatisfiable):
        headers["Content-Range"] = f"bytes */{known.size}"
    text, status = told(known, standard), status_of(known)
    if not media_type:
        return PlainTextResponse(f"{text}\n", status, headers)
    return Response(serialize(failed(text)), status, headers | {"Content-Type": content_type(media_type)})


async def http_error(_request: Request, error: Exception) -> Response:
    """Answer what the routes themselves refuse: unknown addresses and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    return PlainTextResponse(f"UsageError: {error.detail}\n", error.status_code, error.headers)
