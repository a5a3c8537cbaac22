"""Files that come with the parameters of a job, kept with its results (UWS 1.1, 2.2.3.1.1)."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from soda_core.dali import TYPES, BadValue, ServiceUnavailable, Upload, UsageError, shown
from soda_core.jobs import New

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from soda_core.jobs import ResultStore
    from soda_core.registry import Request
    from soda_core.standards import Standard

__all__ = ["Brought", "brought", "file_of", "forget", "keep", "size_of", "uploaded"]

Pairs: TypeAlias = "tuple[tuple[str, str], ...]"

UPLOAD = "upload"
"""The type of parameters that name a file."""

CLIENT = 0
"""The attempt under which the client's own files are kept."""

CHUNK = 1 << 20

LONGEST = 80
"""Characters of a file's name."""

_ODD = re.compile(r"[^A-Za-z0-9._-]+")

Brought: TypeAlias = "Mapping[str, BinaryIO]"
"""Open files by the names under which they will be kept."""


def brought(standard: Standard, pairs: Pairs, files: Mapping[str, BinaryIO]) -> tuple[Pairs, Brought]:
    """Return the parameters with new names for the files of the request, and these files.

    Raises `UsageError` for a parameter without its file, and for a file without its parameter.
    """
    named: list[tuple[str, str]] = []
    taken: dict[str, BinaryIO] = {}
    parts: set[str] = set()
    for name, text in pairs:
        upload = _upload(standard, name, text)
        if upload is None or upload.part is None:
            named.append((name, text))
            continue
        if upload.part not in files:
            raise BadValue(name, text, "the name of a part of the request that is a file")
        parts.add(upload.part)
        kept = f"{secrets.token_hex(4)}-{_ODD.sub('_', upload.part)[:LONGEST]}"
        taken[kept] = files[upload.part]
        named.append((name, f"{upload.name},param:{kept}"))
    if unnamed := files.keys() - parts:
        raise UsageError(f"no parameter names the file in the part {shown(min(unnamed))}: name,param:PART")
    return tuple(named), taken


def keep(results: ResultStore, job_id: str, files: Brought) -> None:
    """Store the files of a job; raises `ServiceUnavailable` if that cannot be done."""
    try:
        results.write(job_id, CLIENT, [New(name, _chunks(file)) for name, file in files.items()])
    except OSError as error:
        raise ServiceUnavailable("the file could not be stored; try again later") from error


def forget(results: ResultStore, job_id: str, standard: Standard, pairs: Pairs) -> None:
    """Remove the files of a job that its parameters do not name."""
    uploads = (_upload(standard, name, text) for name, text in pairs)
    results.prune(
        job_id, CLIENT, frozenset(_key(job_id, each.part) for each in uploads if each and each.part)
    )


def size_of(file: BinaryIO) -> int:
    """Return the bytes of a file, which is read from its begin on afterwards."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def file_of(results: ResultStore, job_id: str, standard: Standard, pair: tuple[str, str]) -> BinaryIO | None:
    """Return the file that a parameter of a job names, None where it names none."""
    upload = _upload(standard, *pair)
    return results.open(_key(job_id, upload.part)) if upload and upload.part else None


@contextmanager
def uploaded(results: ResultStore, job_id: str, request: Request) -> Iterator[BinaryIO | None]:
    """Give the file that a job works with, None where it has none."""
    files = (file_of(results, job_id, request.standard, pair) for pair in request.sent)
    file = next((file for file in files if file), None)
    try:
        yield file
    finally:
        if file:
            file.close()


def _upload(standard: Standard, name: str, text: str) -> Upload | None:
    """Return what a parameter says of a file, None where it is of another type."""
    declared = standard.parameters.get(name)
    if declared is None or declared.type != UPLOAD:
        return None
    value = TYPES[UPLOAD].read(name, text)
    return value if isinstance(value, Upload) else None


def _key(job_id: str, name: str) -> str:
    return f"{job_id}/{CLIENT}/{name}"


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk
