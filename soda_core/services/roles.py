"""Which column of a table plays which role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soda_core.dali import UsageError, shown
from soda_core.standards import hint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soda_core.dali import ColumnChoice
    from soda_core.standards import Column

__all__ = ["check_role", "places_of"]

MAIN = ";meta.main"

USUAL: Mapping[str, tuple[str, ...]] = {
    "target": (
        "id",
        "name",
        "target",
        "target_name",
        "source_id",
        "objid",
        "object",
        "designation",
        "main_id",
    ),
    "ra": ("ra", "raj2000", "ra_icrs", "_raj2000", "s_ra", "ra_deg", "ra_j2000", "right_ascension", "alpha"),
    "dec": ("dec", "dej2000", "de_icrs", "_dej2000", "s_dec", "dec_deg", "decj2000", "declination", "delta"),
    "radius": ("radius", "cutout_radius"),
    "size": ("cutout_size",),
    "dataset": ("obs_publisher_did", "publisher_did", "dataset"),
}
"""Names of columns that are taken for a role, without case; what catalogues call a size is not meant here."""

NAMED = 20
"""Columns that an error names."""


def check_role(declared: Sequence[Column], choice: ColumnChoice) -> None:
    """Refuse a role that is not declared."""
    roles = [column.name for column in declared]
    if choice.role not in roles:
        text = f"{choice.role}={choice.column}"
        raise UsageError(
            f"COLUMN={shown(text)}: no role {shown(choice.role)}{hint(choice.role, roles)}; "
            f"expected one of {', '.join(roles)}"
        )


def places_of(
    declared: Sequence[Column], columns: Sequence[Column], choices: Sequence[ColumnChoice]
) -> dict[str, int]:
    """Return the place of the column of each role."""
    found: dict[str, int] = {}
    for choice in choices:
        if choice.role in found:
            raise UsageError(f"COLUMN: the role {choice.role} was given twice")
        found[choice.role] = _named(columns, choice)
    for role in declared:
        if role.name not in found:
            place = _usual(columns, role)
            if place is not None:
                found[role.name] = place
            elif role.mandatory:
                names = ", ".join(column.name for column in columns[:NAMED])
                raise UsageError(
                    f"the table has no column for {role.name}: say COLUMN={role.name}=NAME; it has {names}"
                )
    return found


def _named(columns: Sequence[Column], choice: ColumnChoice) -> int:
    """Return the place of a column by its name, in its case or else in any."""
    names = [column.name for column in columns]
    if choice.column in names:
        return names.index(choice.column)
    folded = [name.casefold() for name in names]
    if choice.column.casefold() in folded:
        return folded.index(choice.column.casefold())
    text = f"{choice.role}={choice.column}"
    raise UsageError(
        f"COLUMN={shown(text)}: the table has no such column{hint(choice.column, names)}; "
        f"it has {', '.join(names[:NAMED])}"
    )


def _usual(columns: Sequence[Column], role: Column) -> int | None:
    """Return the place of the column that is meant for a role: by its UCD, or by its name."""
    ucds = [column.ucd.casefold() for column in columns]
    names = [column.name.casefold() for column in columns]
    ucd = role.ucd.casefold()
    if ucd and ucd + MAIN in ucds:
        return ucds.index(ucd + MAIN)
    for name in USUAL.get(role.name, ()):
        if name in names:
            return names.index(name)
    return ucds.index(ucd) if ucd and ucd in ucds else None
