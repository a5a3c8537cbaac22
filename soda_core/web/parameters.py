"""Names and texts of a request, from the query and from either form of body, and its files (DALI 1.1, 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from soda_core.dali import UsageError
from soda_core.registry import FIELDS

from .errors import BodyTooLarge

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from typing import BinaryIO

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.types import Scope

__all__ = ["Bounds", "Form", "form_of", "has_parts"]

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a request may bring: bytes of its body without the file, parameters, bytes of the file."""

    form_bytes: int
    fields: int = FIELDS
    file_bytes: int = 0

    @property
    def text_bytes(self) -> int:
        """Bytes of the body but for the file; where there may be more fields it may be longer as well."""
        return self.form_bytes * max(1, self.fields // FIELDS)


@dataclass(frozen=True, slots=True)
class Form:
    """All parameters in their order, and open files by the names of their parts."""

    pairs: list[tuple[str, str]]
    files: Mapping[str, BinaryIO] = field(default_factory=dict)


def has_parts(scope: Scope) -> bool:
    """Tell whether the body of a request is one of parts, as it is where there are files."""
    return any(
        name == b"content-type" and MULTIPART.encode() in value.lower() for name, value in scope["headers"]
    )


async def form_of(request: Request, bounds: Bounds) -> Form:
    """Return all parameters and files of a request, within *bounds*."""
    found = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    files: dict[str, BinaryIO] = {}
    if request.method == "POST":
        for name, value in (await _form(request, bounds)).multi_items():
            if isinstance(value, UploadFile):
                files[name] = value.file
            else:
                found.append((name, value))
    if len(found) > bounds.fields:
        for file in files.values():
            file.close()
        raise UsageError(f"the request has {len(found)} parameters: expected at most {bounds.fields}")
    return Form(found, files)


async def _form(request: Request, bounds: Bounds) -> FormData:
    """Read the body by its media type."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if media_type == MULTIPART:
            return await _Parts(request, bounds).parse()
        if media_type in {FORM, ""}:
            body = _limited(request, bounds.text_bytes)
            return await FormParser(request.headers, body, max_fields=bounds.fields).parse()
    except (MultiPartException, HTTPException, ValueError) as error:
        raise UsageError(f"the body is no {media_type}: {getattr(error, 'message', error)}") from error
    raise UsageError(f"the body is {media_type!r}: expected {FORM} or {MULTIPART}")


class _Parts(MultiPartParser):
    """A body of parts, one of them perhaps a file: it goes to disk as it comes."""

    def __init__(self, request: Request, bounds: Bounds) -> None:
        super().__init__(
            request.headers,
            _limited(request, bounds.text_bytes, self._uncounted if bounds.file_bytes else None),
            max_files=1 if bounds.file_bytes else 0,
            max_fields=bounds.fields,
        )
        self._most = bounds.file_bytes
        self._file_bytes = 0
        self._is_whole = False

    async def parse(self) -> FormData:
        """Read all parts; raises `MultiPartException` where the body ends before its last boundary."""
        form = await super().parse()
        if not self._is_whole:
            await form.close()
            for file in self._files_to_close_on_error:
                file.close()
            raise MultiPartException("it ends before its last boundary")
        return form

    def on_end(self) -> None:
        """Note that the last boundary came."""
        self._is_whole = True

    def _uncounted(self) -> int:
        """Return the bytes of the file so far."""
        return self._file_bytes

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Count what belongs to the file."""
        if self._current_part.file is not None:
            self._file_bytes += end - start
            if self._file_bytes > self._most:
                raise BodyTooLarge(f"the file has more than {self._most} bytes")
        super().on_part_data(data, start, end)


async def _limited(
    request: Request, limit: int, uncounted: Callable[[], int] | None = None
) -> AsyncGenerator[bytes, None]:
    """Pass the body on as long as it is not too large.

    What *uncounted* tells of it does not count; that is known of a chunk only when it was read.
    """
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if uncounted is None and size > limit:
            raise BodyTooLarge(f"the body has more than {limit} bytes")
        yield chunk
        if uncounted is not None and size - uncounted() > limit:
            raise BodyTooLarge(f"the body has more than {limit} bytes beside the file")
