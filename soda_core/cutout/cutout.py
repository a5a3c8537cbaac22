"""A FITS file that is not yet written: its size is known, its bytes come as they are asked for."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from soda_core.cutout.buffers import buffer
from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.plan import Piece, Plan
from soda_core.cutout.provenance import Stamp
from soda_core.storage import ReadError, WouldWait

__all__ = ["SMALL", "Cutout"]

CHUNK = 1 << 20

AT_ONCE = 2 << 20
"""Bytes up to which a cutout is made without handing the work to a thread."""

SMALL = 8 << 20
"""Bytes up to which a cutout is made in one piece of memory."""


class Cutout:
    """A FITS file made of parts of another one."""

    def __init__(self, plan: Plan, stamp: Stamp) -> None:
        self._plan: Plan | None = plan
        self._stamp = stamp
        self._size: int | None = None
        self.pieces: tuple[Piece, ...] = plan.pieces
        self.parts = tuple(piece.part for piece in plan.pieces)
        self.media_type = plan.media_type
        self._done = False
        self.account = plan.account
        """Bytes and calls of reading so far."""

    @property
    def tag(self) -> str:
        """A short text that is the same exactly as long as the bytes of the answer are."""
        return self._stamp.tag

    @property
    def size(self) -> int:
        """Bytes of the file; where images are compressed anew this takes that work."""
        if self._size is None:
            try:
                self._size = self.plan.size
            except ReadError as error:
                raise UnreadableFile(f"the data cannot be read to its end: {error}") from None
        return self._size

    @property
    def plan(self) -> Plan:
        """What is read from where."""
        if self._plan is None:
            raise ValueError("the cutout is closed")
        return self._plan

    @property
    def is_light(self) -> bool:
        """Whether nothing needs to be worked out for its size and its bytes."""
        return self.plan.is_light

    @property
    def cost(self) -> tuple[int, int]:
        """Bytes and calls of reading: those that were, or until it is done those that it will take."""
        account = self.account
        if self._done:
            return account.bytes_read, account.reads
        return self.plan.predicted_bytes, self.plan.predicted_reads

    def at_once(self) -> memoryview | None:
        """Return the whole file if it is small and its bytes can be had without waiting."""
        if not self.is_light or self.size > AT_ONCE:
            return None
        self.account.may_wait = False
        try:
            return self.body()
        except WouldWait:
            return None
        finally:
            self.account.may_wait = True

    def chunks(self, size: int = CHUNK, *, start: int = 0) -> Iterator[bytes | memoryview]:
        """Yield the file from byte *start* on in pieces of about *size* bytes, read as they are asked for."""
        if self.size <= SMALL:
            body = self.body()
            for at in range(start, len(body), size):
                yield body[at : at + size]
            return
        plan = self.plan
        try:
            for chunk in plan.chunks(size, self.account, start):
                plan.reader.check()
                yield chunk
        except ReadError as error:
            raise UnreadableFile(f"the data cannot be read to its end: {error}") from None

    def body(self) -> memoryview:
        """Return the whole file in one piece of memory; ask for it only if it is small.

        Raises `WouldWait` where the account does not allow to wait.
        """
        target = buffer(self.size)
        plan = self.plan
        try:
            plan.fill(target, self.account)
            plan.reader.check()
        except WouldWait:
            raise
        except ReadError as error:
            raise UnreadableFile(f"the data cannot be read to its end: {error}") from None
        self._done = True
        return target

    def close(self) -> None:
        """Let go of the source; nothing can be read after that."""
        self._plan = None
        self.pieces = ()

    def __bytes__(self) -> bytes:
        return bytes(self.body()) if self.size <= SMALL else b"".join(self.chunks())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
