"""Names and texts of a request, from the query and from either form of body (DALI 1.1, 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from soda_core.dali import UsageError
from soda_core.registry import FIELDS

from .errors import BodyTooLarge

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.datastructures import FormData
    from starlette.requests import Request

__all__ = ["pairs"]

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


async def pairs(request: Request, limit: int, fields: int = FIELDS) -> list[tuple[str, str]]:
    """Return all parameters in their order, at most *fields* of them.

    A body of more than *limit* bytes is refused; where there may be more fields it may be longer as well.
    """
    found = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if request.method == "POST":
        form = await _form(request, limit * max(1, fields // FIELDS), fields)
        found += [(name, value) for name, value in form.multi_items() if not isinstance(value, UploadFile)]
    if len(found) > fields:
        raise UsageError(f"the request has {len(found)} parameters: expected at most {fields}")
    return found


async def _form(request: Request, limit: int, fields: int) -> FormData:
    """Read the body by its media type."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = _limited(request, limit)
    try:
        if media_type == MULTIPART:
            return await MultiPartParser(request.headers, body, max_files=0, max_fields=fields).parse()
        if media_type in {FORM, ""}:
            return await FormParser(request.headers, body, max_fields=fields).parse()
    except (MultiPartException, HTTPException, ValueError) as error:
        raise UsageError(f"the body is no {media_type}: {getattr(error, 'message', error)}") from error
    raise UsageError(f"the body is {media_type!r}: expected {FORM} or {MULTIPART}")


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """Pass the body on as long as it is not too large."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(f"the body has more than {limit} bytes")
        yield chunk
