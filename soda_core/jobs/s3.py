"""Results as objects of a bucket, for deployments of many machines."""

from __future__ import annotations

import errno
import io
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError
from obstore.store import S3Store

from soda_core.dali import NotFoundError, ServiceUnavailable, shown

from .keys import is_key, is_left_over, key_of, step
from .results import SIDE_BY_SIDE, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from obstore.store import ClientConfig, RetryConfig, S3Config

    from .results import New

__all__ = ["S3Results"]

WHOLE = 8 << 20
"""Bytes up to which a result is written by one request, on the condition that nothing is there yet."""

AHEAD = 1 << 20
"""Bytes that are read by one request."""

RETRIES, PATIENCE = 20, "20"
CLIENT: ClientConfig = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60)}


class S3Results:
    """Results under a prefix of a bucket; *place* is `s3://bucket/prefix`.

    Its query may tell `endpoint`, `region`, `public` (the endpoint as clients see it) and `signed`, for how
    many seconds a client may fetch a result from there; without it the service hands results on; `patience`
    for how many seconds a bucket that does not answer is asked again. Who may write is told by the
    environment alone: AWS_ACCESS_KEY_ID and what else there is.

    A process that has used this must not fork and use it in the child: the threads behind it are gone there.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        address = urlsplit(place)
        told = {name: values[0] for name, values in parse_qs(address.query).items()}
        self._bucket = address.netloc
        self._prefix = address.path.strip("/")
        self._endpoint = told.get("endpoint", "")
        self._region = told.get("region", "")
        self._public = told.get("public", "") or self._endpoint
        self._signed = int(told.get("signed", "0"))
        patience = timedelta(seconds=int(told.get("patience", PATIENCE)))
        self._retry: RetryConfig = {"max_retries": RETRIES, "retry_timeout": patience}
        self._opened: dict[tuple[int, str], S3Store] = {}

    def write(self, job_id: str, attempt: int, files: Sequence[New]) -> list[Stored]:
        """Store each file whole or not at all, some side by side; raises `OSError`."""
        named = [(key_of(job_id, attempt, new.name), new) for new in files]
        if len(named) == 1:
            return [self._write(*named[0])]
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return list(pool.map(self._write, *zip(*named, strict=True)))

    def open(self, key: str) -> BinaryIO:
        """Return the bytes, seekable; raises `NotFoundError`."""
        try:
            with _unavailable():
                size = obstore.head(self._store(), key)["size"] if is_key(key) else -1
        except FileNotFoundError:
            size = -1
        if size < 0:
            raise NotFoundError(f"there is no result {shown(key)}")
        return cast("BinaryIO", io.BufferedReader(_Object(self._store(), key, size), AHEAD))

    def signed(self, key: str) -> str:
        """Return where a client may fetch the bytes for a while; empty where the service hands them on."""
        if not self._signed:
            return ""
        with _unavailable():
            return obstore.sign(self._store(self._public), "GET", key, timedelta(seconds=self._signed))

    def delete(self, job_id: str) -> None:
        """Remove everything of a job, if anything is there; raises `OSError`."""
        with _told():
            self._remove(self._keys(job_id))

    def prune(self, job_id: str, attempt: int, keys: frozenset[str] | None) -> None:
        """Remove earlier attempts and, unless None, all but *keys* of a job; raises `OSError`."""
        with _told():
            self._remove(key for key in self._keys(job_id) if is_left_over(key, attempt, keys))

    def jobs(self) -> Iterator[str]:
        """Yield the jobs of which there is anything, which need not exist any more; raises `OSError`."""
        with _told():
            found = obstore.list_with_delimiter(self._store())["common_prefixes"]
        yield from (prefix.rpartition("/")[2] for prefix in found)

    def _write(self, key: str, new: New) -> Stored:
        described = {"Content-Type": new.media_type or "application/octet-stream"}
        described["Content-Disposition"] = f'attachment; filename="{new.name}"'
        counted = _Counted(new.data)
        first = b"".join(counted.up_to(WHOLE))
        with _told():
            if counted.size <= WHOLE:
                self._create(key, first, described)
            else:
                obstore.put(self._store(), key, chain((first,), counted), attributes=described)
        return Stored(key, counted.size)

    def _create(self, key: str, content: bytes, described: dict[str, str]) -> None:
        """Write what must not be there; it is if an answer was lost and the request came twice."""
        store = self._store()
        try:
            obstore.put(store, key, content, mode="create", attributes=described)
        except NotSupportedError:  # such a store can only overwrite
            obstore.put(store, key, content, use_multipart=False, attributes=described)
        except AlreadyExistsError:
            if bytes(obstore.get(store, key).bytes()) != content:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), key) from None

    def _keys(self, job_id: str) -> Iterator[str]:
        for page in obstore.list(self._store(), step(job_id)):
            yield from (entry["path"] for entry in page)

    def _remove(self, keys: Iterable[str]) -> None:
        if found := list(keys):
            obstore.delete(self._store(), found)

    def _store(self, endpoint: str | None = None) -> S3Store:
        """Return the connection of this process, to the usual endpoint or to another one."""
        asked = self._endpoint if endpoint is None else endpoint
        mine = (os.getpid(), asked)
        if mine not in self._opened:
            config: S3Config = {}
            if self._region:
                config["region"] = self._region
            if asked:
                config["endpoint"] = asked
            client = CLIENT | {"allow_http": asked.startswith("http:")}
            self._opened[mine] = S3Store(
                self._bucket,
                prefix=self._prefix or None,
                config=config,
                client_options=client,
                retry_config=self._retry,
            )
        return self._opened[mine]


class _Counted:
    """Bytes that are counted as they pass."""

    def __init__(self, data: Iterable[bytes]) -> None:
        self._data = iter(data)
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._data:
            self.size += len(block)
            yield block

    def up_to(self, size: int) -> Iterator[bytes]:
        """Yield until there were more bytes than *size*, or all."""
        for block in self:
            yield block
            if self.size > size:
                return


class _Object(io.RawIOBase):
    """The bytes of an object, read by ranges."""

    def __init__(self, store: S3Store, key: str, size: int) -> None:
        self._store = store
        self._key = key
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read anywhere."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go somewhere else; costs nothing."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._at

    def readall(self) -> bytes:
        """Read the rest at once."""
        rest = bytearray(max(0, self._size - self._at))
        with memoryview(rest) as view:
            self.readinto(view)
        return bytes(rest)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any buffer will do, which has no name yet
        """Read what fits."""
        count = min(len(buffer), self._size - self._at)
        if count <= 0:
            return 0
        with _unavailable():
            found = obstore.get_range(self._store, self._key, start=self._at, length=count)
        buffer[: len(found)] = bytes(found)
        self._at += len(found)
        return len(found)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the store says into an error of input and output."""
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        if isinstance(error, FileNotFoundError) and error.errno is not None:  # of a file of ours
            raise
        raise OSError(errno.EIO, f"the store of the results: {error}") from error


@contextmanager
def _unavailable() -> Iterator[None]:
    """Turn what the store says into what a client is told."""
    try:
        yield
    except BaseError as error:
        raise ServiceUnavailable("the store of the results does not answer; try again later") from error
