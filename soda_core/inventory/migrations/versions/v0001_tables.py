"""Datasets with the columns of ObsCore 1.1, the files left out, and the indexes of a search.

Boxes of the sky, times and wavelengths are found by R*Trees in SQLite, which triggers keep in step with the
table, and by GiST indexes in PostgreSQL, of types that need no extension.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, String, Text

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0001"
down_revision = None

BOX = ("x_min", "x_max", "y_min", "y_max", "z_min", "z_max")
EXTENTS = {"sky": BOX, "t": ("t_min", "t_max"), "em": ("em_min", "em_max")}

NUMBER = BigInteger().with_variant(Integer, "sqlite")
TYPES: dict[str, Any] = {"text": Text(), "int": Integer(), "long": BigInteger(), "double": Float(53)}

OBSCORE = {
    "dataproduct_type": "text",
    "calib_level": "int",
    "obs_id": "text",
    "access_format": "text",
    "access_estsize": "long",
    "target_name": "text",
    "s_ra": "double",
    "s_dec": "double",
    "s_fov": "double",
    "s_region": "text",
    "s_resolution": "double",
    "s_xel1": "long",
    "s_xel2": "long",
    "t_min": "double",
    "t_max": "double",
    "t_exptime": "double",
    "t_resolution": "double",
    "t_xel": "long",
    "em_min": "double",
    "em_max": "double",
    "em_res_power": "double",
    "em_xel": "long",
    "o_ucd": "text",
    "pol_states": "text",
    "pol_xel": "long",
    "facility_name": "text",
    "instrument_name": "text",
    "dataproduct_subtype": "text",
    "target_class": "text",
    "obs_creation_date": "text",
    "obs_creator_name": "text",
    "obs_creator_did": "text",
    "obs_title": "text",
    "publisher_id": "text",
    "bib_reference": "text",
    "data_rights": "text",
    "obs_release_date": "text",
    "s_ucd": "text",
    "s_unit": "text",
    "s_resolution_min": "double",
    "s_resolution_max": "double",
    "s_pixel_scale": "double",
    "s_calib_status": "text",
    "s_stat_error": "double",
    "t_calib_status": "text",
    "t_stat_error": "double",
    "em_ucd": "text",
    "em_unit": "text",
    "em_calib_status": "text",
    "em_res_power_min": "double",
    "em_res_power_max": "double",
    "em_resolution": "double",
    "em_stat_error": "double",
    "o_unit": "text",
    "o_calib_status": "text",
    "o_stat_error": "double",
    "proposal_id": "text",
}

INDEXED = (
    *("obs_collection", "target_name", "facility_name", "instrument_name", "dataproduct_type", "calib_level"),
    *("access_format", "pol_states", "s_fov", "s_resolution", "em_res_power", "t_exptime", "t_resolution"),
)


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "dataset",
        Column("number", NUMBER, primary_key=True),
        Column("did_folded", Text, nullable=False, unique=True),
        *(Column(name, Float(53)) for name in BOX),
        Column("key", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("mtime_ns", BigInteger, nullable=False),
        Column("naxis", Text, nullable=False),
        Column("hdus", Text),
        Column("obs_publisher_did", Text, nullable=False),
        Column("obs_collection", Text, nullable=False),
        *(Column(name, TYPES[type_]) for name, type_ in OBSCORE.items()),
    )
    op.create_table(
        "skipped",
        Column("obs_collection", String(64), primary_key=True),
        Column("key", String(1024), primary_key=True),
        Column("mtime_ns", BigInteger, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("reason", Text, nullable=False),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in INDEXED:  # SQLite ends each entry with the number of the row by itself
        op.create_index(f"dataset_{name}", "dataset", [name] if sqlite else [name, "number"])
    for statement in _trees() if sqlite else _gist():
        op.execute(statement)


def _trees() -> list[str]:
    """Return what makes R*Trees and the triggers that fill them."""
    statements = []
    gone = [f"DELETE FROM extent_{name} WHERE number = old.number;" for name in EXTENTS]  # noqa: S608 - names of ours
    come = []
    for name, columns in EXTENTS.items():
        statements.append(f"CREATE VIRTUAL TABLE extent_{name} USING rtree(number, {', '.join(columns)})")
        pairs = zip(columns[::2], columns[1::2], strict=True)
        values = ", ".join(f"min(new.{low}, new.{high}), max(new.{low}, new.{high})" for low, high in pairs)
        known = " AND ".join(f"new.{column} IS NOT NULL" for column in columns)
        come.append(f"INSERT INTO extent_{name} SELECT new.number, {values} WHERE {known};")
    watched = ", ".join(column for some in EXTENTS.values() for column in some)
    for event, body in {
        "INSERT": come,
        "DELETE": gone,
        f"UPDATE OF number, {watched}": gone + come,
    }.items():
        name = f"dataset_{event.partition(' ')[0].lower()}"
        statements.append(f"CREATE TRIGGER {name} AFTER {event} ON dataset BEGIN {' '.join(body)} END")
    return statements


def _gist() -> list[str]:
    """Return what makes indexes of boxes and ranges."""
    sky = "box(point(x_min, y_min), point(x_max, y_max)), box(point(z_min, 0), point(z_max, 0))"
    statements = [f"CREATE INDEX extent_sky ON dataset USING gist ({sky})"]
    for name in ("t", "em"):
        low, high = (f"{name}_{end}" for end in ("min", "max"))
        both = f"least({low}, {high})::numeric, greatest({low}, {high})::numeric, '[]'"
        known = f"{low} IS NOT NULL AND {high} IS NOT NULL"
        statements.append(
            f"CREATE INDEX extent_{name} ON dataset USING gist (numrange({both})) WHERE {known}"
        )
    return statements
