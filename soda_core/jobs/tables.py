"""The tables of the job store."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

from .model import EPOCH, MILLISECOND

if TYPE_CHECKING:
    from sqlalchemy import Dialect

__all__ = ["DOOMED", "GATE", "JOB", "METADATA", "RESULT", "UPLOAD", "Instant"]


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as milliseconds since 1970 so that every database compares it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Return milliseconds."""
        return None if value is None else (value - EPOCH) // MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Return the instant."""
        return None if value is None else EPOCH + value * MILLISECOND


METADATA = MetaData()

JOB = Table(
    "job",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("service", String(64), nullable=False),
    Column("owner", String(256)),
    Column("run_id", Text),
    Column("phase", String(16), nullable=False),
    Column("created", Instant, nullable=False),
    Column("queued", Instant, comment="when RUN was asked: the order of the queue"),
    Column("started", Instant, comment="when the present attempt began"),
    Column("ended", Instant),
    Column("duration", Integer, nullable=False, comment="seconds, 0 for no limit"),
    Column("destruction", Instant),
    Column("quote", Instant),
    Column("parameters", Text, nullable=False, comment="JSON: pairs of name and value"),
    Column("failure_kind", String(16)),
    Column("failure_message", Text),
    Column("failure_detail", Text),
    Column("done", BigInteger),
    Column("total", BigInteger),
    Column("progress_text", Text),
    Column("attempt", Integer, nullable=False, comment="raised by each claim: the fencing token"),
    Column("losses", Integer, nullable=False, comment="workers that died over the job"),
    Column("worker", String(128)),
    Column("lease", Instant, comment="until when the worker has the job for itself"),
    Column("result_bytes", BigInteger, nullable=False),
    Column("version", Integer, nullable=False, comment="raised by each change that a client can see"),
    Index("job_queue", "phase", "queued"),
    Index("job_list", "service", "created"),
    Index("job_owner", "owner", "phase"),
    Index("job_destruction", "destruction"),
)

RESULT = Table(
    "result",
    METADATA,
    Column("job", String(64), primary_key=True),
    Column("id", String(128), primary_key=True),
    Column("number", Integer, nullable=False, comment="place in the list, from 0"),
    Column("key", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("label", Text, nullable=False),
)

UPLOAD = Table(
    "upload",
    METADATA,
    Column("job", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False, comment="bytes that the client has sent with its job"),
)

DOOMED = Table(
    "doomed",
    METADATA,
    Column("job", String(64), primary_key=True, comment="a destroyed job whose files are to go"),
    Column("until", Instant, nullable=False, comment="when no worker can write for it any more"),
)

GATE = Table(
    "gate",
    METADATA,
    Column("name", String(16), primary_key=True, comment="a lock on what has to happen one after the other"),
    Column("passed", BigInteger, nullable=False),
)
