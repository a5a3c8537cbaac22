"""The tables of the inventory; `dataset` has the declared columns of ObsCore, and a few of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Float, Integer, MetaData, String, Table, Text

from soda_core import standards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.types import TypeEngine

    from soda_core.standards import model

__all__ = ["BOX", "DATASET", "METADATA", "OBSCORE", "SKIPPED"]

METADATA = MetaData()

OBSCORE: tuple[model.Column, ...] = tuple(
    column for column in standards.load("obscore").columns if column.name != "access_url"
)
"""The columns of ObsCore that are kept; where a file is fetched is the business of the services."""

TYPES: dict[str, type[TypeEngine[Any]] | TypeEngine[Any]] = {
    "char": Text,
    "int": Integer,
    "long": BigInteger,
    "double": Float(53),
}

KEPT = frozenset({"obs_publisher_did", "obs_collection"})
"""Columns without which a row is none; what else ObsCore demands is up to who fills the table."""

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself in a column of this very type only."""


BOX = tuple(f"{axis}_{end}" for axis in "xyz" for end in ("min", "max"))
"""The box about a footprint, in the space of unit vectors."""


def _declared() -> Iterator[Column[Any]]:
    """Yield the columns of ObsCore; an array is kept as the text that VOTable has for it."""
    for column in OBSCORE:
        type_ = Text if column.arraysize else TYPES[column.datatype]
        yield Column(column.name, type_, nullable=column.name not in KEPT, comment=column.unit or None)


DATASET = Table(
    "dataset",
    METADATA,
    Column("number", NUMBER, primary_key=True, comment="the order of rows; ties a row to its extents"),
    Column(
        "did_folded",
        Text,
        nullable=False,
        unique=True,
        comment="the identifier as compared: without case",
    ),
    *(Column(name, Float(53)) for name in BOX),
    Column("key", Text, nullable=False, comment="path below the folder of the collection"),
    Column("size", BigInteger, nullable=False, comment="bytes"),
    Column("mtime_ns", BigInteger, nullable=False, comment="nanoseconds since 1970"),
    Column("naxis", Text, nullable=False, comment="axes of the first image, `300 300`"),
    Column("hdus", Text, comment="JSON: index, name, axes and ctype of each image"),
    *_declared(),
)

SKIPPED = Table(
    "skipped",
    METADATA,
    Column("obs_collection", String(64), primary_key=True),
    Column("key", String(1024), primary_key=True),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)
