"""The tables of the inventory; column names and units are those of ObsCore 1.1 where it has them."""

from sqlalchemy import BigInteger, Column, Float, MetaData, String, Table, Text

__all__ = ["DATASET", "METADATA", "SKIPPED"]

METADATA = MetaData()

DATASET = Table(
    "dataset",
    METADATA,
    Column("obs_publisher_did", String(1024), nullable=False),
    Column(
        "did_folded", String(1024), primary_key=True, comment="the identifier as it is compared: without case"
    ),
    Column("obs_collection", String(64), nullable=False, index=True),
    Column("key", String(1024), nullable=False, comment="path below the folder of the collection"),
    Column("title", Text, nullable=False),
    Column("access_format", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("s_ra", Float),
    Column("s_dec", Float),
    Column("s_fov", Float),
    Column("s_region", Text, comment="vertices `ra dec …`, ICRS degrees"),
    Column("em_min", Float),
    Column("em_max", Float),
    Column("t_min", Float),
    Column("t_max", Float),
    Column(
        "pol_states", String(64), nullable=False, comment="/I/Q/ as in ObsCore, empty where there are none"
    ),
    Column("naxis", String(128), nullable=False, comment="axes of the first image, `300 300`"),
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
