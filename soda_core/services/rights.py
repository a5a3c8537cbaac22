"""Who may have a dataset, as its row tells (ObsCore 1.1, appendix C, with erratum 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_public", "released"]


def is_public(row: Mapping[str, Any]) -> bool:
    """Tell whether everybody may have it: by its rights, else once the day of its release has come.

    A row that tells neither is public, as most archives record neither for what they publish.
    """
    rights, day = row["data_rights"], row["obs_release_date"]
    match rights and str(rights).lower():
        case "public":
            return True
        case "secure":
            return False
        case "proprietary":
            return released(day)
        case _:
            return day is None or released(day)


def released(day: object) -> bool:
    """Tell whether a day (UTC, without a zone) is known and has come; one that cannot be read has not."""
    try:
        moment = datetime.fromisoformat(str(day))
    except ValueError:
        return False
    return moment.replace(tzinfo=moment.tzinfo or UTC) <= datetime.now(UTC)
