"""A FITS file that is not yet written: its size is known, its bytes come as they are asked for."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from soda_core.cutout.errors import UnreadableFile
from soda_core.cutout.plan import Piece, Plan, buffer
from soda_core.storage import Account, ReadError, WouldWait

__all__ = ["SMALL", "Cutout"]

CHUNK = 1 << 20

SMALL = 8 << 20
"""Bytes up to which a cutout is made in one piece of memory."""


class Cutout:
    """A FITS file made of parts of another one."""

    def __init__(self, plan: Plan) -> None:
        self._plan: Plan | None = plan
        self.pieces: tuple[Piece, ...] = plan.pieces
        self.parts = tuple(piece.part for piece in plan.pieces)
        self.media_type = plan.media_type
        self.size = plan.size
        self.account = Account()
        """Bytes and calls of reading so far."""

    @property
    def plan(self) -> Plan:
        """What is read from where."""
        if self._plan is None:
            raise ValueError("the cutout is closed")
        return self._plan

    def chunks(self, size: int = CHUNK) -> Iterator[bytes | memoryview]:
        """Yield the bytes of the file in pieces of about *size* bytes, read as they are asked for."""
        if self.size <= SMALL:
            body = self.body()
            for at in range(0, len(body), size):
                yield body[at : at + size]
            return
        plan = self.plan
        try:
            for chunk in plan.chunks(size, self.account):
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
